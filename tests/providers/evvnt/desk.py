"""A scripted evvnt account for these tests."""

from pathlib import Path
from typing import Any

from tests.providers.scripted import Reply, Scripted, answers, example

HERE = Path(__file__).parent
QUAY: dict[str, Any] = example(HERE, "quay")
PACKAGES: list[dict[str, Any]] = example(HERE, "packages_mine")
PACKAGE = PACKAGES[0]["uuid"]
USER = "af356362-b1cd-3e2a-22aa-112142abcded"
SETTINGS: dict[str, Any] = {
    "provider": "evvnt", "key": "canary-key", "secret": "canary-secret", "zone": "Europe/London", "package": PACKAGE,
}  # fmt: skip
PARTNER: dict[str, Any] = SETTINGS | {"role": "partner", "user_id": USER}
PUBLISHER: dict[str, Any] = SETTINGS | {"role": "publisher"}
PAGE = "https://quay.example.org/autumn"


def site(listing: dict[str, Any] = QUAY, own: list[dict[str, Any]] | None = None, **more: Reply) -> Scripted:
    """An organiser's evvnt with one listing."""
    script: dict[str, Reply] = {
        "GET /events/70021": answers(listing),
        "GET /events/mine": answers([listing] if own is None else own),
        "GET /categories": answers(example(HERE, "categories")),
        "GET /packages/mine": answers(PACKAGES),
        "GET /contract": answers(example(HERE, "contract")),
        "POST /events": answers({"id": "70099x"}),
    }
    return Scripted(script | more)


BOOKABLE: dict[str, Any] = QUAY | {"links": {"Booking": "https://go.evvnt.com/b"}}
