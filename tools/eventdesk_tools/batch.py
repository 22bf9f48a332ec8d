"""Several records of one call: their refs, and a plan or a refusal for each."""

from collections.abc import Awaitable, Callable, Sequence

from eventdesk_tools.desk import Account, Call
from eventdesk_tools.errors import InvalidArguments, UnknownRef
from eventdesk_tools.models import WriteResult
from eventdesk_tools.plans import Planned, WritePlan, plan_all
from eventdesk_tools.ports import Capability
from eventdesk_tools.refs import KIND_WORDS, Kind, Ref, shown


def records_of(
    call: Call, texts: Sequence[str], kinds: set[Kind], capability: Capability, field: str
) -> tuple[Account, list[Ref]]:
    """The refs of a call, each once, all of one account that can do it.

    Raises:
        UnknownRef: One is no ref, of another kind, or of no configured account. Names are not taken here.
        InvalidArguments: They belong to several accounts.
        Unsupported: The account cannot do it.
    """
    refs: dict[Ref, None] = {}
    for text in texts:
        ref = Ref.parse(text)
        if ref.kind not in kinds:
            words = " or ".join(KIND_WORDS[kind] for kind in sorted(kinds))
            raise UnknownRef(f"{shown(text)} is not the ref of a {words}.", field=field)
        refs[ref] = None
    accounts = {ref.account for ref in refs}
    if len(accounts) > 1:
        raise InvalidArguments(
            "The refs belong to several accounts: call once an account.", field=field, allowed=sorted(accounts)
        )
    account = call.use(call.desk.account(accounts.pop()))
    account.provider.require(capability)
    return account, list(refs)


async def plan_each(
    refs: Sequence[Ref], plan: Callable[[Ref], Awaitable[WritePlan | WriteResult]]
) -> list[tuple[str, Planned]]:
    """A plan for each ref, or why there is none. All are planned before the first is sent."""
    planned = await plan_all(refs, plan)
    return [(str(ref), one) for ref, one in zip(refs, planned, strict=True)]


async def plan_by_event(
    refs: Sequence[Ref], plan: Callable[[str, Sequence[str]], Awaitable[list[Planned]]]
) -> list[tuple[str, Planned]]:
    """The same, planned for the records of each event together."""
    planned: dict[Ref, Planned] = {}
    for event in dict.fromkeys(ref.event for ref in refs):
        group = [ref for ref in refs if ref.event == event]
        planned |= zip(group, await plan(event, [ref.id for ref in group]), strict=True)
    return [(str(ref), planned[ref]) for ref in refs]
