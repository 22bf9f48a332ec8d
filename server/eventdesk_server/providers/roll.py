"""Who is registered for an event, read once where many people are to be registered."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TypeVar

from eventdesk_tools.errors import ListIncomplete
from eventdesk_tools.records import Page

Row = TypeVar("Row")

PAGES_MOST = 20
"""A list of more pages is not read for a batch: of a hundred people each is looked up when its turn comes instead."""


async def read_roll(pages: AsyncIterator[Page[Row]], people: int) -> tuple[Row, ...] | None:
    """All rows of a list; None where it is not to be had whole, or takes more requests than a look-up for each of `people`."""
    most = min(people, PAGES_MOST)
    rows: list[Row] = []
    read = rest = 0
    with suppress(ListIncomplete):
        async for page in pages:
            rows.extend(page.rows)
            read += 1
            rest = (page.total or 0) - len(rows)
            if rest > 0 and (most - read) * len(rows) < rest * read:
                return None
            if read > most:
                return None
        return None if rest > 0 else tuple(rows)
    return None
