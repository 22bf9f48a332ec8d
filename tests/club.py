"""An invented platform of eleven endpoints, for what operations do whatever the platform: one guarded, one withheld."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from typing_extensions import override

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Effect, Operation, Param
from eventdesk_server.providers.declared import DeclaredOperations
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.ports import Capability, ProviderName, unsupported
from tests.http.support import Clock, Script, build

_EVENT = Param("event", "path", required=True)
LIST = Operation(
    name="list_guests", method="GET", path="events/{event}/guests", effect=Effect.READ, summary="Lists guests.",
    params=(
        _EVENT, Param("page[number]", kind="integer"), Param("status", choices=("invited", "registered")),
        Param("only_new", kind="boolean"), Param("ids[]", kind="list"), Param("since", kind="date"),
    ),
)  # fmt: skip
INVITE = Operation(
    name="create_guest", method="POST", path="events/{event}/guests", effect=Effect.ADD, summary="Invites a guest.",
    params=(
        _EVENT, Param("name", "body", required=True), Param("seats", "body", "integer"), Param("fee", "body", "number"),
        Param("at", "body", "time"), Param("more", "body", "object"), Param("tags", "body", "list"),
        Param("notify"), Param("notify", "body"),
    ),
)  # fmt: skip
CHANGE = Operation(
    name="update_guest", method="PUT", path="guests/{guest}", effect=Effect.CHANGE, summary="Changes a guest.",
    params=(Param("guest", "path"), Param("name", "body")),
)  # fmt: skip
REMOVE = Operation(
    name="delete_guest", method="DELETE", path="guests/{guest}", effect=Effect.REMOVE, summary="Removes a guest.",
    params=(Param("guest", "path"),),
)  # fmt: skip
BUY = Operation(
    name="buy_credits", method="POST", path="credits", effect=Effect.ADD, summary="Buys credits.", cost="20 EUR"
)
MAIL = Operation(name="mail_all", method="POST", path="mails", effect=Effect.ADD, summary="Mails all.", mails=True)
LINK = Operation(
    name="make_link", method="POST", path="links", effect=Effect.ADD, summary="Makes a link.", repeatable=True
)
UPLOAD = Operation(
    name="upload_file", method="POST", path="files", effect=Effect.ADD, summary="Uploads a file.",
    params=(Param("title", "body"), Param("file", "body", "file", required=True)),
)  # fmt: skip
LOG_IN = Operation(
    name="log_in", method="POST", path="auth", effect=Effect.READ, summary="Logs in.", withheld="it answers a token"
)
PARTNERS = Operation(name="list_partners", method="GET", path="partners", effect=Effect.READ, summary="Lists partners.")
CLOSE = Operation(
    name="close_event", method="POST", path="events/{event}/close", effect=Effect.CHANGE, summary="Closes.",
    params=(_EVENT,),
)  # fmt: skip


class Club(DeclaredOperations):
    """A platform of eleven endpoints, one of them guarded, one for partners only."""

    name = ProviderName.EVENTTIA
    support: ClassVar[Mapping[Any, Any]] = dict.fromkeys(Capability, unsupported("it is invented"))
    declared = (LIST, INVITE, CHANGE, REMOVE, BUY, MAIL, LINK, UPLOAD, LOG_IN, PARTNERS, CLOSE)

    def __init__(self, *replies: Any) -> None:
        self.script = Script(*replies)
        self.clock = Clock()
        self._http = build(self.script, clock=self.clock)
        self.met: list[Mapping[str, Json]] = []

    @property
    @override
    def http(self) -> ProviderClient:
        return self._http

    @override
    def offered(self, operation: Operation) -> str:
        return "for partners only" if operation is PARTNERS else ""

    @override
    def guarded(self) -> Mapping[str, Callable[[Mapping[str, Json]], Awaitable[WritePlan | WriteResult]]]:
        return {"close_event": self._close}

    async def _close(self, arguments: Mapping[str, Json]) -> WriteResult:
        self.met.append(arguments)
        return WriteResult(outcome=Outcome.ALREADY_DONE, status="closed")
