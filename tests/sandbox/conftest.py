"""Fixtures that several tests of a stand-in share."""

from collections.abc import Iterator

import pytest

from tests.sandbox.organiser import Desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    """An organiser at the Event Schedule stand-in."""
    made = Desk()
    yield made
    made.world.store.close()
