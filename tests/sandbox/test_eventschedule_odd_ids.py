"""Ids that no id can be: they answer as unknown ones do, whatever characters they hold."""

import httpx2
import pytest

from eventdesk_server.sandbox.world import Sandbox
from tests.support import NOW, ROOT

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("odd", ["a%0Ab", "%0A", "%00", "a%0D%0Ab", "%C2%85", "%E2%80%A8", "%25", "..%2F", "%FF"])
@pytest.mark.parametrize("path", ["events", "sales", "schedules"])
async def test_an_id_with_any_character_is_an_unknown_one_and_not_an_unknown_path(path: str, odd: str) -> None:
    with Sandbox(now=NOW) as sandbox:
        given = sandbox.connections(ROOT)["eventschedule"]
        async with httpx2.AsyncClient(
            transport=sandbox.transport(), headers={"X-API-Key": given["key"], "Accept": "application/json"}
        ) as client:
            answer = await client.get(f"{given['base_url']}/{path}/{odd}")
    if "%2F" in odd:
        assert answer.status_code in {302, 404}
        return
    assert answer.status_code == 404
    assert answer.json()["error"].endswith("not found")
