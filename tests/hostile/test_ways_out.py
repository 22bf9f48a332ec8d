"""Every way by which a text leaves the server for a client or a browser is known, and passes what cleans it.

What is not listed here fails: a way out that nobody looked at is a way around the gate.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import eventdesk_server

ROOT = Path(eventdesk_server.__file__).parent
EXITS = frozenset(
    # The protocol's contents, results, questions and errors
    "TextContent ImageContent AudioContent EmbeddedResource ResourceLink CallToolResult TextResourceContents BlobResourceContents "
    "ReadResourceContents ReadResourceResult FunctionResource TextResource Completion ElicitRequestFormParams ElicitRequestURLParams "
    "GetPromptResult PromptMessage Message UserMessage AssistantMessage SamplingMessage ErrorData MCPError ToolError ResourceError "
    "ResourceNotFoundError "
    # What the SDK's objects send
    "report_progress elicit elicit_form elicit_url send_log_message send_notification send_message create_message "
    "send_resource_updated add_request_handler add_resource add_prompt add_tool resource tool prompt custom_route "
    # Pages
    "Response HTMLResponse JSONResponse PlainTextResponse StreamingResponse FileResponse RedirectResponse".split()
)
"""Names that, called, make or send what a client or a browser is given."""
OURS = ""
"""In place of a gate: what leaves there is our own words, the settings', or what the client itself has sent."""
KNOWN: Mapping[tuple[str, str, str], str] = {
    ("binding.py", "call_tool.report", "report_progress"): "gate",
    ("binding.py", "_called", "ElicitRequestFormParams"): "question_text",
    ("binding.py", "_succeeded", "CallToolResult"): "rendered",
    ("binding.py", "_succeeded", "TextContent"): "rendered",
    ("binding.py", "refused", "CallToolResult"): "rendered",
    ("binding.py", "refused", "TextContent"): "rendered",
    ("binding.py", "no_prompt", "MCPError"): "shown",
    ("asking.py", "_elicit", "elicit_form"): "question_text",
    ("resources.py", "add_resources", "resource"): "_read",
    ("resources.py", "_read", "ResourceError"): "told",
    ("resources.py", "_read", "ResourceNotFoundError"): "told",
    ("completions.py", "add_completions", "add_request_handler"): "_proposed",
    ("completions.py", "add_completions.complete", "Completion"): "_proposed",
    ("prompting.py", "add_prompts", "add_prompt"): "_published",
    ("prompting.py", "render", "MCPError"): "shown",
    ("approval.py", "_page", "JSONResponse"): "shown_of",
    ("approval.py", "_html", "HTMLResponse"): OURS,
    ("web/serving.py", "asgi", "custom_route"): OURS,
    ("web/serving.py", "asgi.alive", "JSONResponse"): OURS,
    ("web/serving.py", "asgi.ready", "JSONResponse"): OURS,
}  # fmt: skip
"""By module, function and exit: the function that cleans, which must be called there."""


def named(node: ast.AST) -> str:
    """The last part of a name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, ast.AST]]:
    """The functions of a module, the inner ones as `outer.inner`; classes do not count."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{within}.{node.name}" if within else node.name
            yield name, node
            yield from functions(node, name)
        else:
            yield from functions(node, within)


def uses(node: ast.AST) -> Iterator[str]:
    """The functions that a function calls and the classes that it names, without those of inner functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.arguments):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and child is node.returns:
            continue
        if (isinstance(node, ast.ExceptHandler) and child is node.type) or (
            isinstance(child, ast.Call) and named(child.func) == "isinstance"
        ):
            continue
        name = named(child)
        if name[:1].isupper() or (isinstance(node, ast.Call) and child is node.func):
            yield name
        yield from uses(child)


@cache
def every_use() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """By module and function what it uses; the module itself is the function ""."""
    return tuple(_every_use())


def _every_use() -> Iterator[tuple[str, str, frozenset[str]]]:
    for path in sorted(ROOT.rglob("*.py")):
        module = path.relative_to(ROOT).as_posix()
        if not module.startswith("sandbox/"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield module, "", frozenset(uses(tree))
            for name, node in functions(tree):
                yield module, name, frozenset(uses(node))


def found() -> set[tuple[str, str, str]]:
    return {(module, name, way) for module, name, used in every_use() for way in used & EXITS}


def test_there_is_no_way_out_that_nobody_looked_at() -> None:
    unknown = sorted(found() - KNOWN.keys())
    assert unknown == [], (
        "A new way out of the server. Pass every text of it through `Call.gate()` or the desk's `people.told`, let "
        "tests/hostile/test_each_wall_alone.py read what comes out there, then add it to KNOWN with what cleans it."
    )
    assert sorted(KNOWN.keys() - found()) == []


def test_each_way_out_calls_what_cleans_it() -> None:
    for (module, name, way), cleaner in KNOWN.items():
        within = {
            one for at, each, used in every_use() if at == module and f"{each}.".startswith(f"{name}.") for one in used
        }
        assert not cleaner or cleaner in within, (module, name, way)
