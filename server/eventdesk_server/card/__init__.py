"""The page that shows `event_summary` to a person: an MCP App in a chat, and a file by `eventdesk report`.

`page.html` is built from `packaging/card` and committed; nothing here is written by hand but this module.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.server.extension import Extension, ResourceBinding
from mcp.server.mcpserver.resources import FileResource
from typing_extensions import override

from eventdesk_tools.models import Json

TOOL = "event_summary"
URI = "ui://eventdesk/summary"
DATA = "eventdesk/card"
"""In a result's `_meta`: what the page shows. Hosts hand it to the page and not to the model."""
TOOL_META: dict[str, Any] = {"ui": {"resourceUri": URI}}
_PAGE = Path(__file__).resolve().with_name("page.html")
_PLACE = '<script type="application/json" id="data"></script>'


class Card(Extension):
    """The MCP Apps extension with its one page. It is read from the disk when a host asks for it."""

    identifier = EXTENSION_ID

    @override
    def resources(self) -> Sequence[ResourceBinding]:
        return [
            ResourceBinding(
                resource=FileResource(
                    uri=URI, name="event-summary", title="Event summary", path=_PAGE, encoding="utf-8",
                    description="Shows event_summary to a person.", mime_type=APP_MIME_TYPE,
                    meta={"ui": {"csp": {}, "prefersBorder": True}},
                )
            )
        ]  # fmt: skip


def page_with(data: Mapping[str, Json]) -> str:
    """The page as a file that holds its own data. Whatever the texts in it are, they end neither the data nor the page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for mark, harmless in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(mark, harmless)
    page = _PAGE.read_text(encoding="utf-8")
    before, place, after = page.partition(_PLACE)
    if not place:
        raise ValueError("the page has no place for its data")
    return f"{before}{_PLACE.removesuffix('</script>')}{text}</script>{after}"
