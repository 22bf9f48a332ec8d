"""Which operation a call names, at which account, and its arguments with refs turned into the platform's ids."""

import difflib
from collections.abc import Mapping, Sequence

from eventdesk_tools.desk import Account, Call
from eventdesk_tools.errors import InvalidArguments, UnknownRef, Unsupported
from eventdesk_tools.models import Json
from eventdesk_tools.operations import OperationInfo
from eventdesk_tools.permissions import tools_reached
from eventdesk_tools.refs import Ref, looks_like_ref, shown


def full_name(account: Account, name: str) -> str:
    """An operation's name as answers show it."""
    return f"{account.provider.name.value}.{name}"


def name_operation(
    call: Call, text: str, account: str, arguments: Mapping[str, Json]
) -> tuple[Account, str, dict[str, Json]]:
    """The account, the operation's own name, and the arguments as the platform takes them.

    Raises:
        InvalidArguments: No operation bears this name, or several accounts have it and none is chosen.
        UnknownRef: The account does not exist, or a ref belongs to another one.
        Unsupported: The operation is withheld.
        PermissionDenied: The settings switch off a tool that does the same.
    """
    provider, dot, name = text.strip().casefold().rpartition(".")
    refs = _refs(call, arguments)
    named = account.strip() or (next(iter(refs.values())).account if refs else "")
    searched = call.accounts(named)
    fits = [a for a in searched if not dot or a.provider.name.value == provider]
    having = [(a, info) for a in fits for info in a.provider.operations() if info.name == name]
    offered = [(a, info) for a, info in having if not info.withheld]
    if not having:
        raise _no_such(text, searched)
    if not offered:
        place, info = having[0]
        raise Unsupported(
            f"{full_name(place, info.name)} is not offered: {info.withheld}.",
            field="operation",
            next="Tell the person; find_operations may know another way.",
        )
    if len(offered) > 1:
        raise InvalidArguments(
            f"{len(offered)} accounts have an operation {name}.",
            field="account",
            allowed=[place.name for place, _ in offered][:10],
            next="Call again with account.",
        )
    chosen = call.use(offered[0][0])
    for tool in tools_reached(chosen.provider.name.value, name):
        call.desk.permit(tool, chosen)
    return chosen, name, {**arguments, **{key: _id(ref, chosen) for key, ref in refs.items()}}


def _no_such(text: str, searched: Sequence[Account]) -> InvalidArguments:
    known = {
        full_name(account, info.name): None
        for account in searched
        for info in account.provider.operations()
        if not info.withheld
    }
    own = {name.partition(".")[2]: name for name in known}
    near = difflib.get_close_matches(text.strip().casefold(), [*known, *own], n=8, cutoff=0.5)
    return InvalidArguments(
        f"There is no operation {shown(text.strip())}.",
        field="operation",
        allowed=list(dict.fromkeys(own.get(name, name) for name in near)),
        next="Call find_operations with what is to be done.",
    )


def _refs(call: Call, arguments: Mapping[str, Json]) -> dict[str, Ref]:
    """The arguments that are refs of configured accounts. Other texts with a colon are what they are."""
    found: dict[str, Ref] = {}
    for name, value in arguments.items():
        if isinstance(value, str) and looks_like_ref(value) and value.partition(":")[0] in call.desk.accounts:
            try:
                found[name] = Ref.parse(value)
            except UnknownRef:
                continue
    return found


def _id(ref: Ref, account: Account) -> str:
    if ref.account != account.name:
        raise UnknownRef(f"{shown(str(ref))} belongs to another account than {account.name}.", field="arguments")
    return ref.id or ref.event


def signature(info: OperationInfo, *, whole: bool) -> str:
    """An operation's arguments in one line: `event! text; status: paid, unpaid`. Whole, each with what it is about."""
    parts: list[str] = []
    for param in sorted(info.params, key=lambda param: not param.required):
        part = f"{param.name}{'!' if param.required else ''} {param.kind}"
        if param.choices:
            part += f": {'|'.join(param.choices)}"
        if whole and param.about:
            part += f" ({param.about})"
        parts.append(part)
    return "; ".join(parts)
