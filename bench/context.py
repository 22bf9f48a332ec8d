"""`python -m bench.context [--json]`: what an assistant's context holds with Eventdesk, with the platforms' raw answers, and
with an automatic wrapper of Event Schedule's API. Tokens are o200k's.

The last line of `--json` is one object; its `tool_list`, `morning` and `wrapper_morning` are the figures that have a goal.
"""

import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import anyio

from bench.morning import MORNING
from bench.sides import Wrapper, listed, ours, wrapper
from eventdesk_server.binding import published
from eventdesk_tools.catalog import CATALOG, INSTRUCTIONS
from eventdesk_tools.effects import Effect
from tests.tokens import count

_HEAD = "<!-- Printed by `EVENTDESK_DOCS=write pytest tests/docs`, from `python -m bench.context`. Do not edit. -->"
Calls = Callable[[Wrapper], Awaitable[Any]]


class Disagreement(Exception):
    """The two sides found different things, so their costs cannot be compared."""


@dataclass(frozen=True)
class Single:
    """One call beside the platforms' raw answers to the requests that it makes, in a server that has just started."""

    tool: str
    arguments: dict[str, Any]
    wrapped: Calls | None = None


SINGLES: tuple[Single, ...] = (
    Single("list_events", {}),
    Single("list_events", {"account": "demo-eventschedule"}, lambda w: w.pages("list_events")),
    Single("get_event", {"event": "demo-eventschedule:8oBfKB"}, lambda w: w.call("show_event", id="8oBfKB")),
    Single("get_event", {"event": "demo-eventtia:harbor-design-days"}),
    Single("list_sessions", {"event": "demo-eventtia:harbor-design-days"}),
    Single("list_sessions", {"event": "demo-heysummit:4711"}),
    Single(
        "list_attendees", {"event": "demo-eventschedule:60bRli"}, lambda w: w.pages("list_sales", event_id="60bRli")
    ),
    Single("list_attendees", {"event": "demo-eventtia:harbor-design-days"}),
    Single("list_attendees", {"event": "demo-heysummit:4711"}),
    Single(
        "list_sales",
        {"event": "demo-eventschedule:8oBfKB"},
        lambda w: w.call("list_sales", event_id="8oBfKB", per_page=30),
    ),
    Single("event_summary", {"events": ["demo-eventtia:harbor-design-days"]}),
    Single("event_summary", {"events": ["demo-eventhq:pond-survey-april-2027"]}),
    Single("event_summary", {}),
    Single("list_accounts", {}),
)


@cache
def measured() -> dict[str, Any]:
    """Everything that is measured, in one run.

    Raises:
        Disagreement: A question of the morning was answered differently.
    """
    return anyio.run(_measure)


async def _measure() -> dict[str, Any]:
    every = [published(spec) for spec in CATALOG]
    reading = [published(spec) for spec in CATALOG if spec.effect is Effect.READ]
    default = [published(spec) for spec in CATALOG if spec.opt_in is None]
    lists = {"every tool": listed(every), "without the opt-in tool": listed(default), "read only": listed(reading)}
    async with wrapper() as side:
        lists["wrapper"] = listed(list(await side.client.list_tools()))
    singles = [await _single(single) for single in SINGLES]
    questions = await _morning()
    return {
        "tool_list": lists["every tool"]["tokens"],
        "instructions": count(INSTRUCTIONS),
        "wrapper_tool_list": lists["wrapper"]["tokens"],
        "morning": sum(question["ours"] for question in questions),
        "raw_morning": sum(question["raw"] for question in questions),
        "wrapper_morning": sum(question["wrapper"] for question in questions),
        "lists": lists,
        "answers": singles,
        "questions": questions,
    }


async def _single(single: Single) -> dict[str, Any]:
    async with ours() as side:
        await side.call(single.tool, **single.arguments)
        found: dict[str, Any] = {
            "tool": single.tool,
            "arguments": single.arguments,
            "ours": side.answered,
            "raw": side.raw(),
        }
    if single.wrapped is not None:
        async with wrapper() as other:
            await single.wrapped(other)
            found["wrapper"] = other.answered
    return found


async def _morning() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with ours("eventschedule") as mine, wrapper() as other:
        for question in MORNING:
            before = (mine.calls, mine.tokens, other.calls, other.tokens)
            facts, wrapped = await question.ours(mine), await question.wrapper(other)
            if facts != wrapped:
                raise Disagreement(f"{question.asked} {facts} {wrapped}")
            after = (mine.calls, mine.tokens, other.calls, other.tokens)
            own, tokens, calls, theirs = (b - a for a, b in zip(before, after, strict=True))
            found.append(
                {"asked": question.asked, "calls": own, "ours": tokens, "raw": mine.raw(), "wrapper_calls": calls,
                 "wrapper": theirs, "how": question.how}
            )  # fmt: skip
    return found


def tables(found: dict[str, Any]) -> Iterator[str]:
    """The three tables."""
    yield from ("## The tool list", "", "| | tools | name, description, input schema | as sent |", "|---|---|---|---|")
    names = {"wrapper": "the wrapper (Event Schedule alone)"}
    for name, size in found["lists"].items():
        yield f"| {names.get(name, 'Eventdesk, ' + name)} | {size['tools']} | {size['tokens']:,} | {size['as_sent']:,} |"
    yield from ("", f"Eventdesk's instructions, which are sent once, are {found['instructions']} tokens.", "")
    yield from ("## Answers", "", "| call | Eventdesk | raw | the wrapper |", "|---|---|---|---|")
    for row in found["answers"]:
        arguments = json.dumps(row["arguments"], ensure_ascii=False) if row["arguments"] else ""
        beside = f"{row['wrapper']:,}" if "wrapper" in row else ""
        yield f"| {row['tool']} `{arguments or '{}'}` | {row['ours']:,} | {row['raw']:,} | {beside} |"
    yield from ("", *_FIFTY)
    yield from (
        "",
        "## A morning",
        "",
        "| question | Eventdesk | raw | the wrapper | calls | the wrapper's way |",
        "|---|---|---|---|---|---|",
    )
    for row in found["questions"]:
        yield (
            f"| {row['asked']} | {row['ours']:,} | {row['raw']:,} | {row['wrapper']:,} | {row['wrapper_calls']} | {row['how']} |"
        )
    mine, raw, other = found["morning"], found["raw_morning"], found["wrapper_morning"]
    calls = sum(row["wrapper_calls"] for row in found["questions"])
    yield f"| **together** | **{mine:,}** | **{raw:,}** | **{other:,}** | {calls} | |"
    last = found["questions"][-1]
    short = (other - last["wrapper"]) / (mine - last["ours"])
    whole = (other + found["wrapper_tool_list"]) / (mine + found["tool_list"] + found["instructions"])
    yield from (
        "",
        f"The morning is 1/{other / mine:.1f} of the wrapper's. Most of that is the last question; without it, it would be",
        f"1/{short:.1f}. With both tool lists and Eventdesk's instructions it is 1/{whole:.1f}.",
    )


def page() -> str:
    """`docs/context.md`."""
    return "\n".join([_HEAD, "", _ABOUT, *tables(measured())]).rstrip() + "\n"


_FIFTY = (
    "Fifty people in the default columns are at most 1,550 tokens where refs are as short as HeySummit's. A ref of Eventtia or",
    "Event Schedule says more to name the event and the registration, so that a person there takes up to 36 tokens and fifty of",
    "them up to 1,800. Without `limit`, as many rows are answered as 1,550 tokens hold, 40 at least in the demo season, and a",
    "cursor leads on; `tests/mcp/test_budgets.py` holds both.",
)


_ABOUT = """# What it costs a model's context

Everything here is counted in o200k tokens and printed by one command, which anybody can run after `make test`:

```sh
.venv/bin/python -m bench.context          # these tables
.venv/bin/python -m bench.context --json   # one object a line, the figures in the last
```

What is compared, in the same run and on the same demo season at the same moment:

- **Eventdesk**: the texts that a chat app's model is given. In the morning also what the model writes to make the calls.
- **raw**: the bodies of the platforms' answers to the requests that Eventdesk makes for it, also those that only check or count.
- **the wrapper**: `FastMCP.from_openapi` on Event Schedule's own description of its API
  (`tests/contract/eventschedule-openapi.json`), called by FastMCP's own client. It is counted once, although its answers
  are sent as text and as structured content. The other platforms publish no such description.

The morning is twelve questions of somebody who runs the events of one Event Schedule account, one call of Eventdesk each
(`bench/morning.py`). The wrapper is used as an economical model would use it: it filters where the platform can, knows from
what it has read, never reads the same twice, follows pages only until the question is answered, and adds up hundreds of
rows without a mistake and for nothing. Both sides must find the same facts, or the command fails.

An order carries a secret that the stand-in draws anew in every run; it is counted as one of average length.
"""


def main(arguments: list[str]) -> int:
    """Print what is measured."""
    found = measured()
    if "--json" not in arguments:
        print("\n".join(tables(found)))
        return 0
    for part in ("lists", "answers", "questions"):
        print(json.dumps({part: found[part]}, ensure_ascii=False))
    print(json.dumps({name: value for name, value in found.items() if isinstance(value, int)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
