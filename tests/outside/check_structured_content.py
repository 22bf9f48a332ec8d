"""The official TypeScript SDK's client takes every tool's structured content: its validator finds it fit for the schema."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from eventdesk_tools.catalog import CATALOG
from tests.outside.support import HERE, NODE, run

pytestmark = pytest.mark.anyio
FOLK = "demo-eventschedule:MWP3fc"
SWIM = "demo-eventschedule:OfEesm"
SALES = [{"item": "General", "quantity": 1}]
ADA = {"name": "Ada Pier", "email": "ada@pier.example"}
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("list_accounts", {}),
    ("list_events", {}),
    ("list_events", {"fields": ["ref", "sold", "left", "capacity", "test", "updated", "tags"], "limit": 5}),
    ("get_event", {"event": FOLK, "include": ["description", "sessions", "fields"]}),
    ("list_sessions", {"event": "demo-eventtia:harbor-design-days"}),
    ("list_sessions", {"event": "demo-eventtia:harbor-design-days", "fields": ["ref", "seats", "left", "status"], "limit": 5}),
    ("list_attendees", {"event": FOLK}),
    ("list_attendees", {"event": FOLK, "fields": ["ref", "paid", "quantity", "amount", "registered"]}),
    ("list_attendees", {"event": FOLK, "count_by": "ticket"}),
    ("list_sales", {}),
    ("list_sales", {"event": FOLK, "fields": ["ref", "quantity", "discount", "method", "occurrence"]}),
    ("event_summary", {}),
    ("event_summary", {"events": [FOLK]}),
    ("export_list", {"list": "events"}),
    ("find_operations", {"query": "discount codes"}),
    ("call_read_operation", {"operation": "eventschedule.list_categories"}),
    ("register_attendees", {"event": "demo-eventtia:loft-sessions", "rows": [ADA], "dry_run": True}),
    ("register_attendee", {"event": "demo-eventtia:harbor-design-days", **ADA, "ticket": "General", "dry_run": True}),
    ("create_sale", {"event": "demo-eventschedule:8oBfKB", **ADA, "items": SALES, "dry_run": True}),
    ("create_event", {"account": "demo-eventschedule", "calendar": "boathouse", "title": "Quay Fair", "starts": "2099-06-12T19:30", "dry_run": True}),
    ("update_event", {"event": SWIM, "title": "Another", "dry_run": True}),
    ("clone_event", {"event": SWIM, "starts": "2099-06-12T19:30", "dry_run": True}),
    ("archive_event", {"event": SWIM, "dry_run": True}),
    ("cancel_registration", {"attendees": ["demo-eventtia:harbor-design-days:a-600001"], "dry_run": True}),
    ("update_sale", {"sales": ["demo-eventschedule:8oBfKB:o-nTWESF"], "action": "refund", "whole_order": True, "dry_run": True}),
    ("apply_preview", {"token": "never given"}),
)  # fmt: skip
ENV = {"EVENTDESK_STRUCTURED_CONTENT": "true", "EVENTDESK_NOW": "2027-03-01T09:00:00Z"}
ALWAYS_REFUSED = {"apply_preview"}
"""Needs the token of a preview, which another test follows."""


async def test_every_tools_answer_fits_its_schema_in_the_typescript_sdks_client(tmp_path: Path) -> None:
    words = [str(NODE), str(HERE / "call_structured.mjs"), json.dumps(CALLS), sys.executable, "-m", "eventdesk_server"]
    ran = await run(words, seconds=240, env={**ENV, "EVENTDESK_EXPORT_FOLDER": str(tmp_path)})
    assert ran.code == 0, ran.said
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["name"] for one in told] == [name for name, _ in CALLS]
    assert [one for one in told if "refused" in one] == []
    assert all(one["schema"] and (one["error"] or one["structured"]) for one in told), told
    answered = {one["name"] for one in told if not one["error"]}
    assert {spec.name for spec in CATALOG if spec.opt_in is None} - answered - ALWAYS_REFUSED == set(), [
        one for one in told if one["error"]
    ]
