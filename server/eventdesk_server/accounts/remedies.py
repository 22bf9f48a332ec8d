"""What a person does about an account that does not work. Failures speak to the model; these sentences speak to people."""

import os
import re
import shlex
import urllib.request
from dataclasses import dataclass

from eventdesk_server import keyrings
from eventdesk_server.accounts.guides import GUIDES
from eventdesk_server.http.exchange import ExchangeFailed, Trouble
from eventdesk_server.secret import KeyringError, Secret
from eventdesk_server.settings import AccountSettings, EventHQSettings, EventtiaSettings, EvvntSettings, SettingsError
from eventdesk_tools.errors import (
    AuthenticationFailed,
    EventdeskError,
    NotFound,
    PermissionDenied,
    PlanRequired,
    ProviderChanged,
    RateLimited,
)
from eventdesk_tools.ports import PROVIDER_TITLES, ProviderName

_SECOND_FACTOR = re.compile(
    r"two.?(factor|step)|2fa|mfa|multi.?factor|\botp\b|one.?time|authenticator|verification code|second factor",
    re.IGNORECASE,
)
_NO_TOKEN = "holds no usable token"  # noqa: S105 - words of a message


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, in sentences, and the command that comes last; "" where there is none."""

    text: str
    command: str = ""


class KeyUnread(AuthenticationFailed):
    """A key is not where the settings say."""

    def __init__(self, name: str, setting: str, secret: Secret, cause: SettingsError) -> None:
        super().__init__(f"The account {name} has no usable {setting}: {cause}.")
        self.remedy = _unread(name, setting, secret, cause)


def _unread(name: str, setting: str, secret: Secret, cause: SettingsError) -> Remedy:
    if isinstance(cause, KeyringError):
        if cause.trouble is keyrings.Trouble.LOCKED:
            return Remedy(
                "Unlock the keyring: log in to this computer's desktop, or open its password manager and unlock it there. On a "
                f"computer without a desktop, keep the {setting} in a file: {replacing(name, '--store', 'file')}",
                testing(name),
            )
        return Remedy(f"Keep the {setting} in a file that only you can read.", replacing(name, "--store", "file"))
    if secret.env:
        return Remedy(
            f"Set the variable {secret.env}. A chat app does not see the variables of your terminal: put it into the app's own "
            "settings of Eventdesk, under env. Or let Eventdesk keep the key.",
            replacing(name),
        )
    if secret.file:
        return Remedy(
            "See that the file is there, that you may read it and that it is not empty. Or give the key anew.",
            replacing(name),
        )
    if secret.command:
        return Remedy(
            "Run the command in a terminal and see what it says. Or let Eventdesk keep the key.", replacing(name)
        )
    return Remedy("Give the key anew.", replacing(name))


def replacing(name: str, *more: str) -> str:
    """The command that gives an account other keys or settings."""
    return shlex.join(["eventdesk", "accounts", "add", "--name", name, "--replace", *more])


def testing(name: str) -> str:
    """The command that looks at an account again."""
    return shlex.join(["eventdesk", "accounts", "test", name])


def remedy(name: str, settings: AccountSettings, error: EventdeskError | None) -> Remedy:
    """What to do about a check that failed; `None` is one that was not over in time."""
    if isinstance(error, KeyUnread):
        return error.remedy
    cause = error.__cause__ if error is not None else None
    if isinstance(cause, ExchangeFailed):
        return _unreached(name, settings, cause)
    provider = ProviderName(settings.model_dump()["provider"])
    title = PROVIDER_TITLES[provider]
    match error:
        case AuthenticationFailed():
            return _refused(name, settings, provider, error.message)
        case PlanRequired():
            return Remedy(f"{title} gives API access on a higher plan only: upgrade there.", testing(name))
        case PermissionDenied():
            return _not_allowed(name, settings, provider, error.message)
        case NotFound() | ProviderChanged():
            return _elsewhere(name, settings, provider, error.message)
        case RateLimited():
            wait = f"{error.retry_after:.0f} seconds" if error.retry_after else "a minute"
            return Remedy(f"Nothing is wrong with the key: too many requests were made. Wait {wait}.", testing(name))
        case None:
            slow = "It is slow at the moment, or something on the way holds the connection up. Wait a few minutes."
            return Remedy(_own(settings, slow), testing(name))
        case _:
            return Remedy(
                _own(
                    settings,
                    f"{title} has a problem of its own at the moment. Wait a few minutes; look at its status page.",
                ),
                testing(name),
            )


def _own(settings: AccountSettings, otherwise: str) -> str:
    """A server of one's own is the person's own matter."""
    if settings.base_url:
        return f"See that the server at {settings.base_url} runs and that this address is right."
    return otherwise


def _refused(name: str, settings: AccountSettings, provider: ProviderName, said: str) -> Remedy:
    renew = GUIDES[provider].renew
    if isinstance(settings, EventtiaSettings):
        if settings.client_id is not None:
            return Remedy("Ask Eventtia's support for a client id and secret that are valid.", replacing(name))
        if _SECOND_FACTOR.search(said):
            return _second_factor(name)
        return Remedy(
            f"{renew} If that fails, reset the password there. If it works but asks for a code (two-factor authentication), "
            "a password is not enough for Eventdesk: ask Eventtia's support for a client id and secret.",
            replacing(name),
        )
    if "15 minutes" in said:
        return Remedy(f"Wait 15 minutes. {renew}", replacing(name))
    if isinstance(settings, EventHQSettings) and settings.subdomain:
        renew += f" It must belong to {settings.subdomain}.eventhq.co.uk."
    return Remedy(renew, replacing(name))


def _second_factor(name: str) -> Remedy:
    return Remedy(
        "This login needs a second step (two-factor authentication), which a program cannot take. Ask Eventtia's support for "
        "a client id and secret, and give no e-mail; or use a user without the second step.",
        replacing(name),
    )


def _not_allowed(name: str, settings: AccountSettings, provider: ProviderName, said: str) -> Remedy:
    if isinstance(settings, EvvntSettings):
        return _role(name, settings)
    if isinstance(settings, EventtiaSettings) and _SECOND_FACTOR.search(said):
        return _second_factor(name)
    if provider is ProviderName.HEYSUMMIT:
        if "web page" in said:
            return Remedy(
                "HeySummit's front door took Eventdesk for an unwanted program. In the settings file, put "
                f'user_agent = "Mozilla/5.0" below [accounts.{name}].',
                testing(name),
            )
        return Remedy(GUIDES[provider].renew, replacing(name))
    if "web page" in said:
        return _elsewhere(name, settings, provider, said)
    return Remedy("The key's user may not do this: use the key of an owner or administrator.", replacing(name))


def _role(name: str, settings: EvvntSettings) -> Remedy:
    others = [role for role in ("organiser", "partner", "publisher") if role != settings.role]
    user = ""
    if settings.role == "partner" and settings.user_id:
        user = f"Check that {settings.user_id} is the number of one of your users (--user-id changes it). "
    return Remedy(
        f"{user}The key is set up as that of the role {settings.role}. If evvnt gave it to you as {others[0]} or {others[1]}, "
        "change the role.",
        replacing(name, "--role", others[0]),
    )


def _elsewhere(name: str, settings: AccountSettings, provider: ProviderName, said: str) -> Remedy:
    if isinstance(settings, EventtiaSettings) and _NO_TOKEN in said:
        return _second_factor(name)
    if settings.base_url:
        ends = (
            " The address of a self-hosted server's API ends in /api." if provider is ProviderName.EVENTSCHEDULE else ""
        )
        return Remedy(
            f"At {settings.base_url} there is something else than the API of {PROVIDER_TITLES[provider]}: correct the address.{ends}",
            replacing(name, "--base-url", "ADDRESS"),
        )
    if isinstance(settings, EventHQSettings):
        return Remedy(
            f"Open https://{settings.subdomain}.eventhq.co.uk in a browser. If that is not your EventHQ, give your own address.",
            replacing(name, "--subdomain", "YOURS"),
        )
    if isinstance(settings, EvvntSettings):
        return _role(name, settings)
    return Remedy(
        "Something between this computer and the platform may answer in its place, like the log-in page of a hotel: open the "
        "platform in a browser. If it stays so, update Eventdesk.",
        testing(name),
    )


def _unreached(name: str, settings: AccountSettings, cause: ExchangeFailed) -> Remedy:
    proxy = proxy_in_use()
    through = f" Connections go through the proxy {proxy}: check HTTPS_PROXY." if proxy else ""
    match cause.trouble:
        case Trouble.UNTRUSTED:
            text = _untrusted(settings, cause.detail)
        case Trouble.NO_TRUST_STORE:
            text = bad_trust_store()
        case Trouble.PROXY:
            text = (
                f"The proxy {proxy or 'of this computer'} does not let Eventdesk through. Ask who runs your network; if it "
                "wants a name and a password, they go into HTTPS_PROXY, like http://name:password@host:port"
            )
        case Trouble.UNKNOWN_HOST:
            own = f"{settings.subdomain}.eventhq.co.uk" if isinstance(settings, EventHQSettings) else ""
            where = settings.base_url or own
            text = (
                "Check this computer's internet connection."
                + (f" Check the address {where}." if where else "")
                + through
            )
        case _:
            text = _own(settings, "Check this computer's internet connection and firewall.") + through
    return Remedy(text, testing(name))


def _untrusted(settings: AccountSettings, detail: str) -> str:
    if "expired" in detail or "not yet valid" in detail:
        return "Check this computer's date and time. If they are right, the server's certificate is out of date: tell who runs it."
    if "mismatch" in detail:
        return _own(settings, "Something else answers in the platform's place: try another network.")
    return (
        "A company's proxy, a virus scanner or a server of your own shows a certificate of its own. Ask who runs it for the "
        "certificate of its authority, a .pem file. Have it added to this computer's certificates, or set the variable "
        "SSL_CERT_FILE to that file (for a chat app: in its settings of Eventdesk, under env). The file replaces this "
        "computer's list: where only some connections meet that certificate, it must hold both."
    )


def bad_trust_store() -> str:
    """What to do about a variable that names no usable certificates."""
    named = next(
        (variable for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(variable)), "SSL_CERT_FILE"
    )
    return (
        f"Correct the variable {named} (now {os.environ.get(named, '')}), or remove it to use this computer's own list."
    )


def proxy_in_use() -> str:
    """The proxy for https, without the password that may stand in it; "" where there is none."""
    proxies = urllib.request.getproxies()
    return re.sub(r"//[^/@]*@", "//", proxies.get("https", "") or proxies.get("all", ""))
