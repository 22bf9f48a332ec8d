"""What is switched off is absent and refused, whatever way it is reached: by name, title, token, export or operation."""

import random
import re
from dataclasses import replace
from typing import Any

import pytest

from eventdesk_server.binding import visible_tools
from eventdesk_server.registry import declared
from eventdesk_tools.catalog import CATALOG
from eventdesk_tools.permissions import APPLY, TOOLSET_OF, TOOLSETS, WRITING, Rules, tools_reached
from eventdesk_tools.ports import Capability, Mode, ProviderName
from tests.mcp.conftest import Chat, Era, Human, chatting
from tests.mcp.matrix import ACCOUNTS, MATRIX, usual
from tests.mcp.test_matrix import READING
from tests.support import rehearse

pytestmark = pytest.mark.anyio
BREAKFAST = "demo-eventschedule:60bRli"
HARBOR = "demo-eventtia:harbor-design-days"
WRITES = {"operations_write": True}


def ruled(chat: Chat, account: str, **rules: Any) -> None:
    """Set an account's rules, as a restart with other settings does."""
    accounts = dict(chat.server.desk.accounts)
    accounts[account] = replace(accounts[account], rules=Rules.model_validate(rules))
    object.__setattr__(chat.server.desk, "accounts", accounts)


async def names(chat: Chat) -> set[str]:
    return {tool.name for tool in (await chat.client.list_tools()).tools}


async def test_a_tool_that_is_denied_is_not_listed_and_not_known_to_work(era: Era) -> None:
    rules = Rules.model_validate({"deny": ["archive_event"], "toolsets": {"people": {"read_only": True}, "sales": {"on": False}}})  # fmt: skip
    async with chatting(era=era, human=Human(), options={"rules": rules}) as chat:
        listed = await names(chat)
        gone = {"archive_event", "register_attendee", "register_attendees", "cancel_registration", *TOOLSETS["sales"]}
        assert not gone & listed
        assert "list_attendees" in listed
        for tool in gone:
            error = (await chat.call(tool, event="x"))["error"]
            assert error["code"] == ("read_only" if TOOLSET_OF[tool] == "people" else "permission_denied")
            assert "allowed" not in error
        assert chat.rehearsal.seen == []


async def test_a_tool_that_no_account_may_use_is_not_listed() -> None:
    async with chatting("eventschedule", "eventtia", human=Human()) as chat:
        for account in ("demo-eventschedule", "demo-eventtia"):
            assert "cancel_registration" in await names(chat)
            ruled(chat, account, deny=["cancel_registration"])
        assert "cancel_registration" not in await names(chat)
        error = (await chat.call("cancel_registration", attendees=[f"{HARBOR}:a-600001"]))["error"]
        assert error["code"] == "permission_denied"
        assert error["message"].startswith("cancel_registration is switched off for demo-")


async def test_where_nothing_can_be_previewed_apply_preview_is_not_listed() -> None:
    async with chatting("eventtia") as chat:
        assert APPLY in await names(chat)
        ruled(chat, "demo-eventtia", allow=["list_events", "get_event"])
        assert await names(chat) == {"list_events", "get_event"}


async def test_listing_agrees_with_the_rules_in_every_drawn_combination() -> None:
    """Two accounts and the desk, 200 random settings: a tool is listed where the desk and one able account let it through."""
    draw = random.Random(7)

    def level() -> dict[str, Any]:
        found: dict[str, Any] = {"toolsets": {}}
        for name, tools in TOOLSETS.items():
            if draw.random() < 0.4:
                found["toolsets"][name] = {"on": draw.random() < 0.5, "read_only": draw.random() < 0.3}
                if draw.random() < 0.3:
                    found["toolsets"][name]["allow"] = draw.sample(tools, 2)
        if draw.random() < 0.5:
            found["deny"] = draw.sample(list(TOOLSET_OF), 4)
        if draw.random() < 0.2:
            found["allow"] = draw.sample(list(TOOLSET_OF), 12)
        return found

    async with rehearse("eventschedule", "evvnt") as r:
        seen: set[frozenset[str]] = set()
        for _ in range(200):
            desk_rules, *account_rules = (Rules.model_validate(level()) for _ in range(3))
            accounts = {
                name: replace(account, rules=rules)
                for (name, account), rules in zip(r.desk.accounts.items(), account_rules, strict=True)
            }
            desk = replace(r.desk, accounts=accounts, rules=desk_rules, operations_write=True)
            expected = {
                spec.name
                for spec in CATALOG
                if spec.name != APPLY
                and not desk_rules.refusal(spec.name)
                and any(
                    not account.rules.refusal(spec.name)
                    and (spec.needs is None or account.provider.cell(spec.needs).mode is not Mode.UNSUPPORTED)
                    for account in accounts.values()
                )
            }
            if expected & WRITING:
                expected.add(APPLY)
            listed = {spec.name for spec in visible_tools(desk, asks=False)}
            assert listed == expected
            seen.add(frozenset(listed))
        assert len(seen) > 100


async def test_an_account_that_denies_a_tool_is_left_out_and_refused_by_ref_and_title(era: Era) -> None:
    async with chatting("eventschedule", "eventtia", era=era, human=Human()) as chat:
        ruled(chat, "demo-eventtia", deny=["update_event", "list_events"])
        rows = await chat.call("list_events", when="all", limit=200)
        assert not [row for row in rows["rows"] if row[0].startswith("demo-eventtia")]
        assert "Left out: demo-eventtia (accounts.demo-eventtia.deny in the settings)." in rows["notes"]
        assert (await chat.call("list_events", account="demo-eventtia"))["error"]["code"] == "permission_denied"
        before = len(chat.rehearsal.seen)
        error = (await chat.call("update_event", event=HARBOR, title="X", dry_run=True))["error"]
        assert error["code"] == "permission_denied"
        assert "accounts.demo-eventtia.deny" in error["next"]
        assert len(chat.rehearsal.seen) == before
        assert (await chat.call("update_event", event="Harbor Design Days", title="X"))["error"]["code"] == "not_found"
        assert chat.rehearsal.writes == []
        shown = await chat.call("list_accounts", account="demo-eventtia")
        assert "update_event: off" in shown["rows"][0][-1]


async def test_a_source_needs_only_be_read() -> None:
    async with chatting("eventschedule", "eventtia", human=Human()) as chat:
        ruled(chat, "demo-eventschedule", toolsets={"events": {"read_only": True}})
        ask: dict[str, Any] = {
            "account": "demo-eventtia",
            "from_event": BREAKFAST,
            "zone": "Europe/Madrid",
            "dry_run": True,
        }
        assert (await chat.call("create_event", **ask))["outcome"] == "preview"
        ruled(chat, "demo-eventschedule", deny=["get_event"])
        assert (await chat.call("create_event", **ask))["error"]["code"] == "permission_denied"


async def test_an_export_is_of_what_the_list_may_show(tmp_path: Any) -> None:
    async with chatting("eventtia", options={"export_folder": str(tmp_path)}) as chat:
        ask = {"list": "attendees", "event": HARBOR}
        assert (await chat.call("export_list", **ask))["rows"] > 0
        ruled(chat, "demo-eventtia", deny=["list_attendees"])
        assert (await chat.call("export_list", **ask))["error"]["code"] == "permission_denied"
        ruled(chat, "demo-eventtia")
        object.__setattr__(chat.server.desk, "rules", Rules(deny=("list_attendees",)))
        assert (await chat.call("export_list", **ask))["error"]["code"] == "permission_denied"
        assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("where", ["desk", "account", "apply"])
async def test_a_token_made_before_carries_out_nothing_that_is_off_now(where: str) -> None:
    async with chatting("eventschedule", "eventtia") as chat:
        preview = await chat.call("archive_event", event=BREAKFAST)
        if where == "desk":
            object.__setattr__(chat.server.desk, "rules", Rules(deny=("archive_event",)))
        else:
            ruled(chat, "demo-eventschedule", deny=["archive_event" if where == "account" else APPLY])
        assert (await chat.call(APPLY, token=preview["token"]))["error"]["code"] == "permission_denied"
        assert chat.rehearsal.writes == []


OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("cancel_registration", "eventtia.cancel_registration", {"event": "harbor-design-days", "attendee": "600001"}),
    ("cancel_registration", "eventschedule.update_sale", {"sale": "ChyN2I", "action": "cancel"}),
    ("cancel_registration", "eventschedule.delete_sale", {"sale": "ChyN2I"}),
    ("archive_event", "eventschedule.update_event", {"event": "60bRli", "is_draft": True}),
    ("archive_event", "eventschedule.delete_event", {"event": "60bRli"}),
    ("register_attendee", "heysummit.assign_ticket", {"event": "4711", "attendee": "33002", "ticket_price_id": "1"}),
    ("update_event", "evvnt.update_event", {"event": "67956", "title": "X"}),
]


@pytest.mark.parametrize(("tool", "operation", "arguments"), OPERATIONS, ids=[f"{o[0]}-{o[1]}" for o in OPERATIONS])
async def test_an_operation_is_off_where_a_tool_that_does_the_same_is(
    tool: str, operation: str, arguments: dict[str, Any]
) -> None:
    provider, _, _ = operation.partition(".")
    async with chatting(provider, human=Human(), options=WRITES) as chat:
        ruled(chat, f"demo-{provider}", deny=[tool])
        answer = await chat.call("call_write_operation", operation=operation, arguments=arguments)
        assert answer["error"]["code"] == "permission_denied"
        found = await chat.call("find_operations", query=operation.replace("_", " "), account=f"demo-{provider}")
        assert operation not in [row[0] for row in found.get("rows", [])]
        assert chat.rehearsal.seen == []


@pytest.mark.parametrize("where", ["desk", "account"])
@pytest.mark.parametrize("action", ["cancel", "refund"])
async def test_no_sale_is_ended_where_cancelling_is_denied(action: str, where: str) -> None:
    """Ending the order takes the person off the event, whichever tool does it."""
    sale = f"{BREAKFAST}:o-ChyN2I"
    async with chatting("eventschedule", human=Human()) as chat:
        if where == "desk":
            object.__setattr__(chat.server.desk, "rules", Rules(deny=("cancel_registration",)))
        else:
            ruled(chat, "demo-eventschedule", deny=["cancel_registration"])
        for dry_run in (True, False):
            error = (await chat.call("update_sale", sales=[sale], action=action, dry_run=dry_run))["error"]
            assert error["code"] == "permission_denied"
            assert "cancel_registration" in error["message"]
        assert chat.rehearsal.seen == []
        assert "error" not in await chat.call("update_sale", sales=[sale], action="mark_paid", dry_run=True)


async def test_an_approval_ends_no_sale_after_cancelling_was_denied() -> None:
    async with chatting("eventschedule") as chat:
        asked = await chat.call("update_sale", sales=[f"{BREAKFAST}:o-ChyN2I"], action="cancel")
        await chat.rehearsal.desk.journal.approve(chat.links[0])
        ruled(chat, "demo-eventschedule", deny=["cancel_registration"])
        answer = await chat.call("update_sale", sales=[f"{BREAKFAST}:o-ChyN2I"], action="cancel")
        assert asked["outcome"] == "preview"
        assert answer["error"]["code"] == "permission_denied"
        assert chat.rehearsal.writes == []


async def test_a_reading_operation_is_off_where_its_tool_is() -> None:
    async with chatting("eventtia") as chat:
        ask = {"operation": "list_attendees", "arguments": {"event": "harbor-design-days"}}
        assert "answer" in await chat.call("call_read_operation", **ask)
        ruled(chat, "demo-eventtia", toolsets={"people": {"on": False}})
        assert (await chat.call("call_read_operation", **ask))["error"]["code"] == "permission_denied"


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_every_request_that_a_tool_would_send_is_known_as_that_tools(account: str) -> None:
    """Else an operation could do what the settings forbid the tool."""
    provider, settings = ACCOUNTS[account]
    operations = [
        (o.method, re.compile("(^|/)" + re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(o.path)) + r"($|\?)"), o.name)
        for o in declared(ProviderName(provider))
    ]
    async with chatting(provider, settings={provider: settings}, human=Human()) as chat:
        for capability, cell in MATRIX[account].items():
            if capability in READING or cell.mode not in {Mode.NATIVE, Mode.EMULATED}:
                continue
            arguments = usual(account, capability) | dict(cell.arguments) | {"dry_run": True}
            shown = await chat.call(capability, **arguments)
            for request in shown["requests"]:
                names = [n for m, path, n in operations if m == request["method"] and path.search(request["path"])]
                assert names, request
                copies = capability is Capability.CLONE_EVENT  # made of what creates and changes
                assert copies or any(capability in tools_reached(provider, name) for name in names), request
