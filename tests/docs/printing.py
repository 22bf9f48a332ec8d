"""What of the documentation is printed from the code: the tools, what each platform offers, and its operations."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

from bench import context
from bench.mutants import page as mutants
from eventdesk_prompts import load
from eventdesk_server.doctor_hosts import confirms
from eventdesk_server.hosts import HOSTS
from eventdesk_server.providers.declared import info_of
from eventdesk_server.registry import declared
from eventdesk_tools.catalog import CATALOG
from eventdesk_tools.operations import OperationInfo
from eventdesk_tools.ports import PROVIDER_TITLES, Capability, Cell, EventProvider, Mode, ProviderName
from eventdesk_tools.spec import ToolSpec

_HEAD = "<!-- Printed from the code by `EVENTDESK_DOCS=write pytest tests/docs`. Do not edit. -->"
_MODES = {Mode.NATIVE: "native", Mode.EMULATED: "emulated", Mode.HAND_OFF: "hand-off", Mode.UNSUPPORTED: "–"}


def adapter(name: ProviderName) -> type[EventProvider]:
    """A platform's adapter class."""
    module = importlib.import_module(f"eventdesk_server.providers.{name}.adapter")
    (found,) = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, EventProvider)
        and value.__module__ == module.__name__
        and not getattr(value, "__abstractmethods__", None)
    ]
    return found


def cell_text(text: str) -> str:
    """Text as it may stand in a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").strip()


def table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(cell_text(item) for item in row)} |"


def page(title: str, *parts: str) -> str:
    return "\n".join([_HEAD, "", f"# {title}", "", *parts]).rstrip() + "\n"


def capabilities() -> str:
    """Tool by platform, then each platform with how, or why not."""
    support = {name: adapter(name).support for name in PROVIDER_TITLES}
    rows = [
        (f"`{capability.value}`", *(_MODES[support[name][capability].mode] for name in PROVIDER_TITLES))
        for capability in Capability
    ]
    parts = [
        "What each tool does on each platform. **native**: the platform's own call. **emulated**: by other calls; the answer",
        "says how. **hand-off**: a link for a person, nothing was done. **–**: refused before any request, with the reason.",
        "Settings of an account, such as a role or an API version, may change this; `list_accounts` tells.",
        "",
        *table(("tool", *PROVIDER_TITLES.values()), rows),
    ]
    for name, title in PROVIDER_TITLES.items():
        own = [(f"`{capability.value}`", *_cell(support[name][capability])) for capability in Capability]
        parts += ["", f"## {title}", "", *table(("tool", "how", "what to know", "source"), own)]
    return page("What each platform can do", *parts)


def _cell(cell: Cell) -> tuple[str, str, str]:
    instead = f"{cell.how}. {cell.instead}" if cell.instead else cell.how
    return _MODES[cell.mode], instead, cell.source


def tools() -> str:
    """Each tool with its arguments, as clients are sent them."""
    parts = ["The tools in the order in which clients are sent them. `!` marks required arguments.", ""]
    for spec in CATALOG:
        parts += [f"## `{spec.name}`", "", spec.description, "", f"*{_kind(spec)}*", ""]
        properties: Mapping[str, Any] = spec.schema.get("properties", {})
        required = spec.schema.get("required", [])
        rows = [
            (f"`{name}`{'!' if name in required else ''}", _type(schema), schema.get("description", ""))
            for name, schema in properties.items()
        ]
        if rows:
            parts += [*table(("argument", "type", "about"), rows), ""]
    return page("Tools", *parts)


def _kind(spec: ToolSpec) -> str:
    words = [{"read": "reads", "add": "adds", "change": "changes", "remove": "removes"}[spec.effect.value]]
    if spec.only_without_asking:
        words.append("listed only where the client cannot ask a person")
    if spec.opt_in is not None:
        words.append("off unless the settings switch it on")
    return "; ".join(words)


def _type(schema: Mapping[str, Any]) -> str:
    default = f" = {schema['default']}" if "default" in schema else ""
    if "enum" in schema:
        return " \\| ".join(f'"{choice}"' for choice in schema["enum"]).replace("\\|", "|") + default
    match schema.get("type"):
        case "array":
            return f"[{_type(schema['items'])}]{default}"
        case "object":
            inner = schema.get("properties", {})
            required = schema.get("required", [])
            parts = [f"{name}{'!' if name in required else ''}: {_type(item)}" for name, item in inner.items()]
            return f"{{{', '.join(parts)}}}{default}" if parts else f"object{default}"
        case "string":
            return f"text{default}"
        case kind:
            return f"{kind}{default}"


def operations() -> str:
    """Each platform's documented endpoints, whatever the accounts."""
    parts = [
        "Every documented endpoint of the five platforms. `find_operations` searches them, `call_read_operation` and",
        "`call_write_operation` call them by name; those that are withheld are never called for an assistant.",
    ]
    for name, title in PROVIDER_TITLES.items():
        infos = [info_of(operation) for operation in declared(name)]
        withheld = sum(1 for info in infos if info.withheld)
        reads = sum(1 for info in infos if info.effect == "read" and not info.withheld)
        parts += [
            "", f"## {title}", "",
            f"{len(infos)} operations: {reads} read, {len(infos) - reads - withheld} write, {withheld} withheld.", "",
            *table(("operation", "effect", "request", "what it does", "arguments"), [_row(info) for info in infos]),
        ]  # fmt: skip
    return page("Operations", *parts)


def _row(info: OperationInfo) -> tuple[str, ...]:
    about = info.summary
    if info.cost:
        about += f" Costs {info.cost}."
    if info.withheld:
        about += f" **Withheld:** {info.withheld}."
    arguments = ", ".join(f"{param.name}{'!' if param.required else ''}" for param in info.params)
    return f"`{info.name}`", info.effect.value, f"`{info.method} {info.path}`", about, arguments


def prompts() -> str:
    """Each prompt as its file has it."""
    parts = ["What a person picks from the chat app's menu of prompts. `!` marks required arguments.", ""]
    for prompt in load().values():
        parts += [f"## {prompt.title} (`{prompt.name}`)", "", prompt.description, ""]
        rows = [(f"`{a.name}`{'!' if a.required else ''}", a.description) for a in prompt.arguments]
        parts += [
            *table(("argument", "about"), rows),
            "",
            *(f"> {line}".rstrip() for line in prompt.body.splitlines()),
            "",
        ]
    return page("Prompts", *parts)


def hosts() -> str:
    """Each chat app: whether it can ask its person, which way a yes is given, and from where that is known."""
    rows = [
        (
            host.title,
            "yes" if host.asks else "no",
            "the question in the chat" if host.asks else "a preview and the app's own approval",
            "the question in the chat" if confirms(host) == "chat" else "the page or the terminal",
            host.asks_source,
        )
        for host in HOSTS.values()
    ]
    head = ("chat app", "can ask", "reversible", "irreversible, paid, public, mail", "known from")
    return "\n".join(["", *table(head, rows), ""])


PARTS = {("safety.md", "hosts"): hosts}
"""What is printed inside a page that is written by hand, between comments of that name."""
PAGES = {
    "prompts.md": prompts,
    "capabilities.md": capabilities,
    "tools.md": tools,
    "operations.md": operations,
    "context.md": context.page,
    "mutants.md": mutants.page,
}
"""By file name in `docs/`."""
