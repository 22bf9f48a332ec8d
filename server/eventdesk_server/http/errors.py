"""What went wrong, as the model should read it: who, what, the platform's own words, and the next step."""

from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import SecretStr

from eventdesk_server.http.answers import decoded
from eventdesk_server.http.exchange import Answer, ExchangeFailed, Trouble
from eventdesk_server.http.limits import retry_after
from eventdesk_server.http.policy import Dialect, Refusal
from eventdesk_server.http.redaction import redact
from eventdesk_tools.errors import (
    AuthenticationFailed,
    Conflict,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    ProviderChanged,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RejectedByProvider,
)
from eventdesk_tools.text import line

MAX_MESSAGE = 300
MAX_SENTENCE = 200

_MOVED = {301, 307, 308}
"""Redirects that ask for the same request elsewhere (RFC 9110, 15.4). Others often point to the result of one carried out."""
_CHECK_URL = "Tell the person to check this account's base_url in Eventdesk's settings. Do not retry."
_STATUSES: dict[int, tuple[type[ProviderError], str]] = {
    400: (RejectedByProvider, "refused the request"),
    401: (AuthenticationFailed, "does not accept the account's key"),
    403: (PermissionDenied, "does not allow this with the account's key"),
    404: (NotFound, "has no such record"),
    409: (Conflict, "says that this conflicts with what is there"),
    410: (NotFound, "no longer has this record"),
    422: (RejectedByProvider, "refused the values"),
    423: (RateLimited, "has locked this for a while"),
    429: (RateLimited, "takes no more requests for now"),
}
_NEXT: dict[type[ProviderError], str] = {
    Conflict: "Read the record's present state and tell the person before trying anything else."
}

_DOCTOR = "Tell the person to run `eventdesk doctor` in a terminal: it says what to do. Do not retry."
_UNREACHED: dict[Trouble, str] = {
    Trouble.UNKNOWN_HOST: "Tell the person to check the internet connection, and this account's base_url or subdomain.",
    Trouble.UNTRUSTED: _DOCTOR,
    Trouble.NO_TRUST_STORE: _DOCTOR,
    Trouble.PROXY: _DOCTOR,
}


class Voice:
    """Speaks for one account at one platform, without its secrets."""

    def __init__(
        self,
        account: str,
        dialect: Dialect,
        secrets: Callable[[], Sequence[SecretStr]],
        now: Callable[[], datetime],
    ) -> None:
        self.who = f"{dialect.title} ({account})"
        self._dialect = dialect
        self._secrets = secrets
        self._now = now

    def clean(self, text: str) -> str:
        """Text without the account's secrets."""
        return redact(text, self._secrets())

    def told_wait(self, answer: Answer) -> float | None:
        """The seconds of a `Retry-After` header."""
        return retry_after(answer.headers.get("retry-after"), answer.headers.get("date"), self._now)

    def of_answer(self, answer: Answer, *, reading: bool) -> ProviderError:
        """The failure that an answer outside 2xx tells."""
        if not reading and 300 <= answer.status < 400 and answer.status not in _MOVED:
            return OutcomeUnknown(f"{self._redirected(answer.status)}: it may have been done.")
        sentence = self._sentence(answer)
        for refusal in self._dialect.refusals:
            if answer.status in refusal.status and (refusal.says is None or refusal.says.search(sentence)):
                return self._refusal(refusal, sentence, self.told_wait(answer))
        status = answer.status
        if 300 <= status < 400:
            return ProviderChanged(f"{self._redirected(status)}.", next=_CHECK_URL)
        if status >= 500 or status < 200:
            return self._server_failed(answer, sentence, reading=reading)
        kind, what = _STATUSES.get(status, (RejectedByProvider, f"refused the request (status {status})"))
        if answer.is_page:
            what = f"answered a web page instead of data: blocked or misrouted, status {status}"
        return self._tell(kind, what, sentence, next=_NEXT.get(kind, ""), wait=self.told_wait(answer))

    def _redirected(self, status: int) -> str:
        return f"{self.who} redirected the request to another place (status {status}), which is not followed"

    def _server_failed(self, answer: Answer, sentence: str, *, reading: bool) -> ProviderError:
        what = f"failed (status {answer.status})"
        if answer.is_page:
            what = f"answered a web page instead of data: blocked or misrouted, status {answer.status}"
        if reading:
            return self._tell(ProviderUnavailable, what, sentence, wait=self.told_wait(answer))
        return self._tell(OutcomeUnknown, f"{what} after it took the request: it may have been done", sentence)

    def failed_inside(self, answer: Answer) -> ProviderError:
        """The failure inside a 2xx answer that its dialect says is none."""
        sentence = self._sentence(answer)
        for refusal in self._dialect.refusals:
            if answer.status in refusal.status and (refusal.says is None or refusal.says.search(sentence)):
                return self._refusal(refusal, sentence, self.told_wait(answer))
        return self._tell(RejectedByProvider, "refused the request", sentence)

    def of_failure(self, failed: ExchangeFailed, *, reading: bool) -> ProviderError:
        """The failure that no whole answer is."""
        trouble = failed.trouble
        if not failed.left:
            told = f" ({self.clean(line(failed.detail, 120))})" if failed.detail else ""
            return ProviderUnavailable(
                f"{self.who} {trouble}{told}: nothing was sent.", next=_UNREACHED.get(trouble, "")
            )
        if not reading:
            return OutcomeUnknown(f"{self.who} took the request and {trouble}: it may have been done.")
        if trouble in {Trouble.TOO_LARGE, Trouble.GARBLED}:
            return ProviderChanged(f"{self.who} {trouble}.")
        return ProviderUnavailable(f"{self.who} {trouble}.")

    def of_shape(self, where: str, operation: str, *, reading: bool) -> ProviderError:
        """The failure that an answer in another shape is."""
        if reading:
            return ProviderChanged(_fit(f"{self.who} answered {operation} in another shape than documented: {where}."))
        return OutcomeUnknown(
            _fit(f"{self.who} took the request and its answer is not understood: {where}. It may have been done.")
        )

    def limited(self, wait: float) -> RateLimited:
        """The limit that would be passed; nothing was sent."""
        return RateLimited(f"{self.who} takes no more requests for now: nothing was sent.", retry_after=_shown(wait))

    def _refusal(self, refusal: Refusal, sentence: str, wait: float | None) -> ProviderError:
        if not refusal.message:
            kind, what = refusal.raises, "refused the request"
            return self._tell(kind, what, sentence, next=refusal.next or _NEXT.get(kind, ""), wait=wait)
        text = refusal.message.replace("{sentence}", _quotable(sentence))
        return refusal.raises(_fit(f"{self.who}: {text}"), next=refusal.next, retry_after=_shown(wait))

    def _tell(
        self,
        kind: type[ProviderError],
        what: str,
        sentence: str,
        *,
        next: str = "",  # noqa: A002 - the word the answers use
        wait: float | None = None,
    ) -> ProviderError:
        head = f"{self.who} {what}."
        quoted = f' It says: "{_cut(_quotable(sentence), MAX_MESSAGE - len(head) - 13)}"' if sentence else ""
        return kind(_fit(head + quoted), next=next, retry_after=_shown(wait))

    def _sentence(self, answer: Answer) -> str:
        """The platform's sentence, on one line, without what hides or harms, and without the account's secrets."""
        if answer.is_page or not answer.body.strip():
            return ""
        if answer.content_type == "text/plain":
            raw: object = answer.body[:2000].decode("utf-8", "replace")
        else:
            raw = self._told(decoded(answer))
        if not isinstance(raw, str):
            return ""
        # Cut last: a secret cut in two would no longer be known for one.
        return _cut(self.clean(line(raw[:4000], 2000)), MAX_SENTENCE)

    def _told(self, body: object) -> object:
        if body is None:
            return ""
        try:
            return self._dialect.sentence(body)
        except (AttributeError, LookupError, TypeError, ValueError):
            return ""  # an error body of a shape nobody has seen: the status alone must do


def _quotable(sentence: str) -> str:
    return sentence.replace('"', "'")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"


def _fit(message: str) -> str:
    return _cut(message, MAX_MESSAGE)


def _shown(wait: float | None) -> float | None:
    return None if wait is None else max(round(wait + 0.049, 1), 0.1)
