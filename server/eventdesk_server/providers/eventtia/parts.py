"""The parts of an event that Eventtia copies or leaves out, in neutral words."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.refs import shown

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "stands": "clone_zones",
        "speakers": "clone_speakers",
        "sessions": "clone_workshops",
        "places": "clone_pois",
        "tickets": "clone_attendee_types",
        "networking": "clone_business_conference",
        "page": "clone_event_page",
    }
)
"""The flag of each part. What is copied without a flag is not documented, so all seven are always sent."""

_ALSO = {
    "zones": "stands",
    "workshops": "sessions",
    "activities": "sessions",
    "pois": "places",
    "attendee_types": "tickets",
    "business_conference": "networking",
    "event_page": "page",
}


def skipped(words: Sequence[str]) -> frozenset[str]:
    """The parts that `skip` names, in our words or the platform's.

    Raises:
        InvalidArguments: There is no such part.
    """
    found: set[str] = set()
    for word in words:
        plain = "_".join(word.casefold().replace("-", " ").split()).removeprefix("clone_")
        part = _ALSO.get(plain, plain)
        if part not in PARTS:
            raise InvalidArguments(
                f"{shown(word)} is not a part that a copy at Eventtia can leave out.", field="skip", allowed=list(PARTS)
            )
        found.add(part)
    return frozenset(found)
