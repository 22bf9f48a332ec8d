"""Keys: the checks before every keyed endpoint, and the endpoints that hand keys out."""

import hashlib
import math
import secrets
from datetime import timedelta

from eventdesk_server.sandbox.eventschedule import php, times
from eventdesk_server.sandbox.eventschedule.answers import Answer, FrameworkError, check, refused, success
from eventdesk_server.sandbox.eventschedule.inputs import Call
from eventdesk_server.sandbox.eventschedule.render import user_data
from eventdesk_server.sandbox.eventschedule.state import LANGUAGES, Row, State
from eventdesk_server.sandbox.eventschedule.validation import (
    EMAIL,
    NULLABLE,
    PERMANENT_EMAIL,
    REQUIRED,
    STRING,
    Rule,
    at_least,
    at_most,
    exactly,
    one_of,
    validate,
)  # fmt: skip

READS, WRITES = 300, 30
CREATES = 30
_MINUTE = timedelta(seconds=60)
_FAILURES = 10
_BLOCK = timedelta(minutes=15)


def digest(password: str) -> str:
    """A password as it is stored."""
    return hashlib.sha256(password.encode("utf-8", "surrogatepass")).hexdigest()


def throttle(state: State, call: Call) -> dict[str, str]:
    """The framework's throttle on creating events: 30 a fixed minute and address, before any key is looked at.

    Answers the headers that the reply carries.

    Raises:
        FrameworkError: The minute's attempts are used up.
    """
    if not state.world.limits:
        return {}
    name = f"throttle:{call.ip}"
    row = state.store.row("select value, expires_at from eventschedule_cache where name = ?", (name,))
    now = state.now().timestamp()
    used, ends = (int(row["value"]), float(row["expires_at"])) if row is not None else (0, now)
    if ends <= now:
        state.remember(name, 0, _MINUTE)
        used, ends = 0, now + _MINUTE.total_seconds()
    if used >= CREATES:
        wait = max(1, math.ceil(ends - now))
        headers = {
            "X-RateLimit-Limit": str(CREATES),
            "X-RateLimit-Remaining": "0",
            "Retry-After": str(wait),
            "X-RateLimit-Reset": str(int(now) + wait),
        }
        raise FrameworkError(429, "Too Many Attempts.", headers=headers)
    state.store.execute("update eventschedule_cache set value = ? where name = ?", (str(used + 1), name))
    return {"X-RateLimit-Limit": str(CREATES), "X-RateLimit-Remaining": str(CREATES - used - 1)}


def authenticate(state: State, call: Call) -> Row | Answer:
    """The key's account, or the refusal."""
    if call.key is None:
        return refused(401, "API key is required")
    reading = call.method in {"GET", "HEAD"}
    bucket = f"bucket:{'read' if reading else 'write'}:{call.ip}"
    used = state.count(bucket)
    if state.world.limits and used >= (READS if reading else WRITES):
        return refused(429, "Rate limit exceeded")
    failures = f"failures:{digest(call.key)}"
    failed = state.count(failures)
    if failed >= _FAILURES:
        return refused(423, "API key temporarily blocked")
    user = state.store.row("select * from eventschedule_user where api_key = ?", (call.key,))
    if user is None:
        state.remember(failures, failed + 1, _BLOCK)
        answer = refused(401, "Invalid API key")
        answer.pause = pause(state)
        return answer
    if user["api_key_expires_at"] is not None and user["api_key_expires_at"] <= state.stamp():
        return refused(401, "API key expired")
    state.forget(failures)
    if state.world.limits:
        # Each counted request starts the minute anew: the count falls only after a minute without one.
        state.remember(bucket, used + 1, _MINUTE)
    return user


def pause(state: State) -> float:
    """How long a refused key or password waits."""
    return float(state.world.switch("eventschedule.pause", 0.25))


def _code_name(email: str) -> str:
    return f"code:{email}"


def pending_code(state: State, email: str) -> str | None:
    """The code that was mailed to an address and not used yet."""
    return state.recall(_code_name(email.lower()))


def send_code(state: State, call: Call) -> Answer:
    if not state.hosted:
        return refused(400, "Registration codes are only required in hosted mode")
    if php.truthy(call.get("website")):
        return refused(422, "Invalid request")
    check(validate(call.input, {"email": (REQUIRED, STRING, EMAIL, at_most(255), PERMANENT_EMAIL)}))
    email = str(call.get("email")).lower()
    if state.store.row("select 1 from eventschedule_user where email = ?", (email,)):
        return refused(422, "Unable to send verification code")
    attempts = f"code-attempts:{email}"
    if state.world.limits and state.count(attempts) >= 5:
        return refused(429, "Too many verification code requests. Please try again later.")
    state.remember(_code_name(email), f"{secrets.randbelow(1_000_000):06d}", timedelta(minutes=10))
    state.remember(attempts, state.count(attempts) + 1, timedelta(hours=1))
    return success({"message": f"Verification code sent to {email}"})


def register(state: State, call: Call) -> Answer:
    if php.truthy(call.get("website")):
        return refused(422, "Invalid request")
    attempts = f"register:{call.ip}"
    if state.world.limits and state.count(attempts) >= 3:
        return refused(429, "Too many registration attempts. Please try again later.")
    is_open = state.hosted or state.world.switch("eventschedule.registration_open", False)
    if not is_open and state.store.row("select 1 from eventschedule_user"):
        return refused(403, "Registration is closed")
    email_rules: tuple[Rule, ...] = (REQUIRED, STRING, EMAIL, at_most(255))
    rules = {
        "name": (REQUIRED, STRING, at_most(255)),
        "email": (*email_rules, PERMANENT_EMAIL) if state.hosted else email_rules,
        "password": (REQUIRED, STRING, at_least(8)),
        "timezone": (NULLABLE, STRING, at_most(100)),
        "language_code": (NULLABLE, STRING, one_of(*LANGUAGES)),
    }
    if state.hosted:
        rules["verification_code"] = (REQUIRED, STRING, exactly(6))
    check(validate(call.input, rules))
    email = str(call.get("email")).lower()
    if state.hosted:
        code = pending_code(state, email)
        state.forget(_code_name(email))
        if code is None or code != call.get("verification_code"):
            errors = {"verification_code": ["Invalid or expired verification code"]}
            return refused(422, "Validation failed", errors)
    if state.store.row("select 1 from eventschedule_user where email = ?", (email,)):
        return refused(422, "Validation failed", {"email": ["Email is already registered"]})
    number = state.store.insert(
        "eventschedule_user",
        {
            "name": call.get("name"),
            "email": email,
            "password": digest(str(call.get("password"))),
            "timezone": call.get("timezone") or "America/New_York",
            "language_code": call.get("language_code") or "en",
        },
    )
    state.remember(attempts, state.count(attempts) + 1, timedelta(hours=1))
    return success(_issue(state, number), status=201)


def login(state: State, call: Call) -> Answer:
    attempts = f"login:{call.ip}"
    if state.world.limits and state.count(attempts) >= 5:
        return refused(429, "Too many login attempts. Please try again later.")
    check(validate(call.input, {"email": (REQUIRED, STRING, EMAIL), "password": (REQUIRED, STRING)}))
    email = str(call.get("email")).lower()
    user = state.store.row("select * from eventschedule_user where email = ?", (email,))
    if user is None or user["password"] != digest(str(call.get("password"))):
        state.remember(attempts, state.count(attempts) + 1, timedelta(minutes=15))
        answer = refused(401, "Invalid email or password")
        answer.pause = pause(state)
        return answer
    if user["two_factor"]:
        return refused(
            403,
            "This account has two-factor authentication enabled. Please generate an API key from the web UI.",
        )
    expires = user["api_key_expires_at"]
    if user["api_key"] is not None and (expires is None or expires > state.stamp()):
        return refused(
            409,
            "An active API key already exists. To generate a new key, disable and re-enable API access in your account"
            " settings.",
        )
    state.forget(attempts)
    return success(_issue(state, user["id"]))


def _issue(state: State, number: int) -> dict[str, object]:
    key = secrets.token_hex(16)
    expires = times.stamp(state.now() + timedelta(days=365))
    state.store.update("eventschedule_user", {"id": number}, {"api_key": key, "api_key_expires_at": expires})
    user = state.find("user", number)
    return user_data(state, user, key) if user is not None else {}
