"""The fixture that wires one adapter to its stand-in."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

import pytest

from tests.support import NOW, Rehearsal, rehearse

Rehearse = Callable[..., AbstractAsyncContextManager[Rehearsal]]


@pytest.fixture
def rehearsal() -> Rehearse:
    """`async with rehearsal("evvnt", season=…, settings=…) as r:` with that provider's own season and settings."""

    def start(
        provider: str,
        *,
        season: Mapping[str, Any] | None = None,
        now: datetime | None = NOW,
        settings: Mapping[str, Any] | None = None,
        switches: Mapping[str, Any] | None = None,
        limits: bool = False,
    ) -> AbstractAsyncContextManager[Rehearsal]:
        return rehearse(
            provider,
            season=None if season is None else {provider: season},
            now=now,
            settings={provider: settings} if settings else None,
            switches=switches,
            limits=limits,
        )

    return start
