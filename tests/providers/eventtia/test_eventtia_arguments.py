"""Arguments of Eventtia's operations that travel in an odd form."""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.plans import WritePlan
from tests.support import rehearse

pytestmark = pytest.mark.anyio
HARBOR = "harbor-design-days"


async def test_own_fields_are_searched_by_an_entry_each() -> None:
    async with rehearse("eventtia") as r:
        wanted = {"12": "Design", "13": ["a", "b"], "14": 7}
        await r.provider.read_operation("list_events", {"search_custom_fields": wanted, "name": "Harbor"})
        assert parse_qsl(r.seen[-1].query) == [
            ("name", "Harbor"), ("search_custom_fields[12]", "Design"), ("search_custom_fields[13][]", "a"),
            ("search_custom_fields[13][]", "b"), ("search_custom_fields[14]", "7"),
        ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "a]", "a b", "é", "x" * 61, "a&b"])
async def test_a_field_id_that_could_not_be_sent_is_refused(name: str) -> None:
    async with rehearse("eventtia") as r:
        with pytest.raises(InvalidArguments) as caught:
            await r.provider.read_operation("list_events", {"search_custom_fields": {name: "x"}})
        assert caught.value.field == "arguments.search_custom_fields"
        assert r.seen == []


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"a": 1}, {"a": 1}), ([{"a": 1}], [{"a": 1}]), ('{"a": [1]}', {"a": [1]}), ("a text", "a text"), ("5", "5"), (5, 5),
        (False, False), ([], []),
    ],
)  # fmt: skip
async def test_the_data_of_integrations_may_be_any_json(value: Any, kept: Any) -> None:
    async with rehearse("eventtia") as r:
        given = {"event": HARBOR, "param_name": "aux_json_data"}
        plan = await r.provider.plan_operation("set_event_param", given | {"param_value": value})
        assert isinstance(plan, WritePlan)
        await r.carry_out(plan)
        assert r.writes[-1].json() == {"param_value": kept}
        assert str(kept) in str(await r.provider.read_operation("get_event_param", given))


async def test_the_data_of_integrations_is_not_emptied_by_a_null_and_has_a_bound() -> None:
    async with rehearse("eventtia") as r:
        for value in (None, ["x" * 300_000]):
            with pytest.raises(InvalidArguments):
                await r.provider.plan_operation(
                    "set_event_param", {"event": HARBOR, "param_name": "aux_json_data", "param_value": value}
                )
        assert r.seen == []
