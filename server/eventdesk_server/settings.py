"""Settings: a TOML file, `EVENTDESK_*` variables above it, and flags above those. Typos are errors that name the nearest word."""

import difflib
import os
import re
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args

import platformdirs
from pydantic import Field, TypeAdapter, ValidationError, field_validator

from eventdesk_server.secret import Closed, Secret, SettingsError
from eventdesk_server.settings_http import HttpSettings
from eventdesk_tools.permissions import Names, Rules, ToolsetRules
from eventdesk_tools.refs import ACCOUNT_NAME
from eventdesk_tools.times import zone_of

__all__ = [
    "ACCOUNT", "AccountSettings", "AnyAccountSettings", "EventHQSettings", "EventScheduleSettings", "EventtiaSettings",
    "EvvntContact", "EvvntSettings", "HeySummitSettings", "Secret", "Settings", "SettingsError", "config_path", "data_path",
    "installation_key", "load_settings", "parse_now",
]  # fmt: skip


class AccountSettings(Rules):
    """What every account can set."""

    base_url: str = ""
    zone: str = ""
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    read_only: bool = False
    subjects: Names = ()
    groups: Names = ()
    """Who may use it over HTTP, where logins are told apart; "*" is everybody. Nobody, unless named."""
    user_agent: str = ""
    sandbox: bool = False
    """The account is a rehearsal on stand-ins: every answer says so."""

    @field_validator("zone")
    @classmethod
    def _a_zone(cls, zone: str) -> str:
        if zone and zone_of(zone) is None:
            raise ValueError("not a time zone; write it like Europe/London")
        return zone


class HeySummitSettings(AccountSettings):
    """`api_version` is v2 unless the account must speak v1. `v1_base_url` is used for archiving, which v2 lacks."""

    provider: Literal["heysummit"]
    key: Secret | None = None
    api_version: Literal["v1", "v2"] = "v2"
    v1_base_url: str = ""
    archive_on_v2: bool = False


class EventHQSettings(AccountSettings):
    """`subdomain` is the account's own at the platform; not needed with a `base_url`."""

    provider: Literal["eventhq"]
    key: Secret | None = None
    subdomain: Annotated[str, Field(pattern=r"^([a-z0-9-]{1,63})?$")] = ""


class EventtiaSettings(AccountSettings):
    """E-mail and password of a platform user, or the client id and secret of a server-to-server login."""

    provider: Literal["eventtia"]
    email: Secret | None = None
    password: Secret | None = None
    client_id: Secret | None = None
    client_secret: Secret | None = None


class EvvntContact(Closed):
    name: str
    email: str
    tel: str


class EvvntSettings(AccountSettings):
    """`role` decides which lists are "mine". A partner account acts for one user, `user_id`."""

    provider: Literal["evvnt"]
    key: Secret | None = None
    secret: Secret | None = None
    role: Literal["organiser", "partner", "publisher"] = "organiser"
    user_id: str = ""
    package: str = ""
    contact: EvvntContact | None = None
    organiser: str = ""


class EventScheduleSettings(AccountSettings):
    """`base_url` of a self-hosted server ends in `/api`. `calendar` is the schedule that new events go to."""

    provider: Literal["eventschedule"]
    key: Secret | None = None
    calendar: str = ""


AnyAccountSettings = Annotated[
    HeySummitSettings | EventHQSettings | EventtiaSettings | EvvntSettings | EventScheduleSettings,
    Field(discriminator="provider"),
]
ACCOUNT: TypeAdapter[AccountSettings] = TypeAdapter(AnyAccountSettings)


class Settings(Rules):
    """All settings. With no account configured, the sandbox answers, as accounts named `demo-…`."""

    read_only: bool = False
    confirm_channel: Literal["auto", "page", "terminal"] = "auto"
    """Where a yes is given that no chat may give: on a page on this computer, in a terminal, or either."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    operations_write: bool = False
    """Lists `call_write_operation`: every documented endpoint that writes, by name, under the same guards and questions."""
    structured_content: bool = False
    """Publishes output schemas, and answers twice: as text and as structured content."""
    personal_data: Literal["full", "masked", "none"] = "full"
    """What the model is told of people: all, values that stand for them, or nothing."""
    masking_key: Secret | None = None
    """What masked values are made with, where several installations are to make the same. Else this one makes its own."""
    import_folder: str = ""
    """Where tools may read files; none is read elsewhere."""
    export_folder: str = ""
    """Where tools may write files; none is written elsewhere."""
    state_folder: str = Field(
        default_factory=lambda: platformdirs.user_state_path("eventdesk", appauthor=False).as_posix()
    )
    """Where the journal of writes and the audit are kept. All local processes of one person share it."""
    now: datetime | None = None
    """Pins the clock, for rehearsals."""
    http: HttpSettings = HttpSettings()
    """For `eventdesk serve-http` alone."""
    accounts: dict[str, AnyAccountSettings] = {}

    @field_validator("accounts")
    @classmethod
    def _names(cls, accounts: dict[str, Any]) -> dict[str, Any]:
        for name in accounts:
            if not ACCOUNT_NAME.fullmatch(name):
                raise ValueError(f"account name {name!r}: use lower-case letters, digits, - and _, at most 32")
        return accounts

    @field_validator("now", mode="before")
    @classmethod
    def _written_out(cls, now: object) -> object:
        # A bare number would be taken for seconds since 1970.
        if isinstance(now, str) and not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", now):
            raise ValueError("write it like 2027-06-12T09:00+01:00")
        return now

    @field_validator("now")
    @classmethod
    def _aware(cls, now: datetime | None) -> datetime | None:
        if now is not None and now.tzinfo is None:
            raise ValueError("needs an offset, like 2027-06-12T09:00+01:00")
        return now


def parse_now(text: str) -> datetime:
    """A time that pins the clock.

    Raises:
        SettingsError: It is none.
    """
    try:
        found = Settings.model_validate({"now": text}).now
    except ValidationError as exc:
        raise SettingsError(exc.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")) from None
    assert found is not None  # noqa: S101 - a time was given
    return found


def config_path(environ: Mapping[str, str]) -> Path:
    """Where the settings file is looked for."""
    given = environ.get("EVENTDESK_CONFIG", "")
    return (
        Path(given).expanduser()
        if given
        else Path(platformdirs.user_config_path("eventdesk", appauthor=False)) / "config.toml"
    )


def data_path() -> Path:
    """Where Eventdesk keeps what it makes itself."""
    return Path(platformdirs.user_data_path("eventdesk", appauthor=False))


def installation_key(path: Path) -> bytes:
    """A key that was made for this installation once and is kept in a file of the person's own.

    Raises:
        SettingsError: It can be neither read nor made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as exc:
        raise SettingsError(f"{path} cannot be made: set masking_key") from exc
    if len(key) != 32:
        raise SettingsError(f"{path} is no key that Eventdesk made: remove it, or set masking_key")
    return key


def _make_key(path: Path) -> None:
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    made.touch(0o600)
    try:
        made.write_bytes(secrets.token_bytes(32))
        os.link(made, path)  # whole or not at all, and never over one that another process has just made
    except FileExistsError:
        pass
    finally:
        made.unlink()


def load_settings(
    environ: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None, *, file_needed: bool = True
) -> Settings:
    """Read the file, the variables and the flags. A file that a variable names must be there where it is `file_needed`.

    `EVENTDESK_READ_ONLY=true`; `EVENTDESK_ACCOUNTS__CLUB__KEY` reaches into tables with two underscores.

    Raises:
        SettingsError: The file is missing though named, is no TOML, or holds something unknown or ill-typed.
    """
    environ = os.environ if environ is None else environ
    path = config_path(environ)
    values: dict[str, Any] = {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if file_needed and environ.get("EVENTDESK_CONFIG"):
            raise SettingsError(f"EVENTDESK_CONFIG names {path}, which is not there") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise SettingsError(f"{path}: {exc}") from exc
    for keys, value in _variables(environ):
        _put(values, keys, value)
    _imply_providers(values)
    for key, value in (flags or {}).items():
        if value is not None:
            values[key] = value
    try:
        return Settings.model_validate(values)
    except ValidationError as exc:
        raise SettingsError("\n".join(_explain(exc, path, environ))) from None


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[list[str], str]]:
    for name, value in environ.items():
        if name.startswith("EVENTDESK_") and name != "EVENTDESK_CONFIG":
            yield name.removeprefix("EVENTDESK_").lower().split("__"), value


def _put(values: dict[str, Any], keys: list[str], value: str) -> None:
    here = values
    for key in keys[:-1]:
        # Variable names hold no hyphen: MY_CLUB reaches the account my-club when the file has that one.
        spelt = next((known for known in here if known.replace("-", "_") == key), key)
        inner = here.setdefault(spelt, {})
        if not isinstance(inner, dict):
            raise SettingsError(f"EVENTDESK_{'__'.join(keys).upper()}: {key} is not a table in the settings file")
        here = cast("dict[str, Any]", inner)
    here[keys[-1]] = value


def _imply_providers(values: dict[str, Any]) -> None:
    """An account that bears a platform's name is one of that platform, unless it says otherwise."""
    accounts = values.get("accounts")
    for name, account in cast("dict[str, Any]", accounts).items() if isinstance(accounts, dict) else ():
        if name in _PROVIDERS and isinstance(account, dict):
            cast("dict[str, Any]", account).setdefault("provider", name)


def _explain(exc: ValidationError, path: Path, environ: Mapping[str, str]) -> Iterator[str]:
    for error in exc.errors(include_url=False, include_input=False, include_context=False):
        loc = [str(part) for part in error["loc"]]
        if len(loc) > 2 and loc[0] == "accounts" and loc[2] in _PROVIDERS:
            provider = loc.pop(2)
        else:
            provider = ""
        where = ".".join(loc) or "settings"
        source = _variable_for(loc, environ) or path
        if error["type"] == "extra_forbidden":
            near = difflib.get_close_matches(loc[-1], _known(loc, provider), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield f"{source}: {where} is not a setting{hint}"
        elif error["type"] in {"union_tag_invalid", "union_tag_not_found"}:
            yield f"{source}: {where}.provider must be one of {', '.join(sorted(_PROVIDERS))}"
        else:
            yield f"{source}: {where}: {error['msg'].removeprefix('Value error, ')}"


def _variable_for(loc: list[str], environ: Mapping[str, str]) -> str:
    """The variable that says what stands at this place; "" where the file does."""
    spelt = [part.replace("-", "_") for part in loc]
    found = (keys for keys, _ in _variables(environ) if keys == spelt[: len(keys)])
    return next((f"EVENTDESK_{'__'.join(keys).upper()}" for keys in found), "")


def _known(loc: list[str], provider: str) -> list[str]:
    if "toolsets" in loc[:-1]:
        return list(ToolsetRules.model_fields)
    if loc[0] != "accounts" or len(loc) < 3:
        return list(Settings.model_fields)
    model = _PROVIDERS.get(provider, AccountSettings)
    if len(loc) > 3:
        return [*Secret.model_fields, *EvvntContact.model_fields]
    return list(model.model_fields)


_MODELS: tuple[type[AccountSettings], ...] = (
    HeySummitSettings, EventHQSettings, EventtiaSettings, EvvntSettings, EventScheduleSettings,
)  # fmt: skip
_PROVIDERS = {get_args(model.model_fields["provider"].annotation)[0]: model for model in _MODELS}
