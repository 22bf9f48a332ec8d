"""Events, sessions and people as Eventtia tells them, and the neutral records made of them. Tickets: `tickets`."""

from collections.abc import Mapping as Names
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from eventdesk_server.providers.eventtia.envelope import Many, One, Page, ToMany, ToOne, only
from eventdesk_server.providers.eventtia.scalars import (
    Count,
    EmptyObject,
    Flag,
    Id,
    LongText,
    Mapping,
    Prices,
    Text,
    When,
    Wire,
    agrees,
    moment,
)
from eventdesk_server.providers.zone_names import told_zone
from eventdesk_tools.models import Event, EventStatus, PersonStatus, Session, Speaker
from eventdesk_tools.refs import RECORD_ID
from eventdesk_tools.times import zone_of


class EventAttributes(Wire):
    """Lists hold the first four only, with an offset; the detail tells the rest, with times in UTC."""

    name: Text
    event_uri: Text
    start_date: When = None
    end_date: When = None
    address: Text = ""
    iso_code: Text = ""
    active: Flag = None
    timezone: Text = ""
    virtual_timezone: Text = ""
    is_virtual: Flag = None
    attendance_mode: Text = ""
    currency: Text = ""
    description: LongText = ""
    website: Text = ""
    is_template: Flag = None
    cloned_from_id: Text = ""
    created_at: When = None
    updated_at: When = None
    total_attendees: Count = None


class EventLinks(Wire):
    attendee_types: Many = Field(default_factory=ToMany)


class EventRecord(Wire):
    id: Id
    attributes: EventAttributes
    relationships: Annotated[EventLinks, EmptyObject] = Field(default_factory=EventLinks)

    @property
    def key(self) -> str:
        """What stands in paths and refs: the URI. The id serves only where a URI cannot stand in a path, or would
        meet another endpoint there."""
        uri = self.attributes.event_uri
        return uri if RECORD_ID.fullmatch(uri) and uri != "slim" else self.id

    @property
    def online(self) -> bool | None:
        if self.attributes.is_virtual is None and not self.attributes.attendance_mode:
            return None
        return bool(self.attributes.is_virtual) or self.attributes.attendance_mode == "online"

    def zone(self, account_zone: str) -> str | None:
        """The event's zone: the virtual one online, else that of its city.

        A list tells no zone, only offsets: there the account's zone is taken where it has that offset.
        """
        told = (self.attributes.timezone, self.attributes.virtual_timezone)
        for name in reversed(told) if self.online else told:
            if told_zone(name):
                return told_zone(name)
        if not account_zone or zone_of(account_zone) is None:
            return None
        detail = "timezone" in self.attributes.model_fields_set
        return account_zone if detail or agrees(self.attributes.start_date, account_zone) else None

    def status(self, now: datetime) -> EventStatus:
        """Inactive, ended, live; unknown where the platform does not say whether it is active, as in lists."""
        if self.attributes.active is False:
            return EventStatus.INACTIVE
        last = moment(self.attributes.end_date or self.attributes.start_date, None)
        if last is not None and last.utc() < now:
            return EventStatus.ENDED
        return EventStatus.UNKNOWN if self.attributes.active is None else EventStatus.LIVE

    def to_event(self, now: datetime, account_zone: str, account_currency: str) -> Event:
        told = self.attributes
        zone = self.zone(account_zone)
        return Event(
            id=self.key,
            title=told.name,
            status=self.status(now),
            starts=moment(told.start_date, zone),
            ends=moment(told.end_date, zone),
            zone=zone,
            place=told.address,
            online=self.online,
            url=told.website,
            tags=("template",) if told.is_template else (),
            updated=told.updated_at if isinstance(told.updated_at, datetime) and told.updated_at.tzinfo else None,
            registered=told.total_attendees,
            currency=told.currency.upper() or account_currency or None,
            aliases=(self.id,) if self.id != self.key else (),
        )


class CloneProgress(Wire):
    finished: Flag = None


# Sessions and speakers ------------------------------------------------------------------------------------------------


class SpeakerAttributes(Wire):
    full_name: Text
    position: Text = ""
    company: Text = ""


class SpeakerRecord(Wire):
    id: Id
    attributes: SpeakerAttributes

    def to_speaker(self) -> Speaker:
        told = self.attributes
        return Speaker(name=told.full_name, role=told.position, company=told.company)


class CategoryAttributes(Wire):
    name: Text


class CategoryRecord(Wire):
    id: Id
    attributes: CategoryAttributes


class ActivityAttributes(Wire):
    name: Text
    description: LongText = ""
    streaming_url: Text = ""
    start_date: When = None
    end_date: When = None
    location: Text = ""
    availability: Count = None
    used_seats: Count = None
    price: Prices = Field(default_factory=dict[str, Decimal | None])
    booking_deadline_date: When = None


class ActivityLinks(Wire):
    speakers: Many = Field(default_factory=ToMany)
    workshop_categories: Many = Field(default_factory=ToMany)


class Activity(Wire):
    id: Id
    attributes: ActivityAttributes
    relationships: Annotated[ActivityLinks, EmptyObject] = Field(default_factory=ActivityLinks)

    @property
    def left(self) -> int | None:
        """Seats left; None where they are not limited. Here `availability` is the limit, not what is left."""
        limit = self.attributes.availability
        return max(0, limit - (self.attributes.used_seats or 0)) if limit else None

    def price_for(self, type_id: str) -> Decimal | None:
        """What it costs a person of that attendee type; None where nothing is said."""
        return self.attributes.price.get(type_id)

    def to_session(self, zone: str | None, speakers: Names[str, str], tracks: Names[str, str] | None = None) -> Session:
        told = self.attributes
        return Session(
            id=self.id,
            title=told.name,
            starts=moment(told.start_date, zone),
            ends=moment(told.end_date, zone),
            speakers=tuple(speakers[one] for one in self.relationships.speakers.ids if one in speakers),
            room=told.location,
            status="" if told.start_date is not None else "undated",
            seats=told.availability or None,
            left=self.left,
            track=", ".join(
                (tracks or {})[one] for one in self.relationships.workshop_categories.ids if one in (tracks or {})
            ),
            url=told.streaming_url,
            description=told.description,
        )


class ActivitiesPage(Page[Activity]):
    included: Annotated[list[SpeakerRecord], only("speakers")] = Field(default_factory=list[SpeakerRecord])
    tracks: Annotated[list[CategoryRecord], only("workshop_categories")] = Field(
        default_factory=list[CategoryRecord], validation_alias="included"
    )


# People ---------------------------------------------------------------------------------------------------------------

_PERSON = {
    "confirmed": PersonStatus.CONFIRMED,
    "pending": PersonStatus.PENDING,
    "rejected": PersonStatus.REJECTED,
    "cancelled": PersonStatus.CANCELLED,
    "canceled": PersonStatus.CANCELLED,
    "archived": PersonStatus.CANCELLED,
}


class AttendeeAttributes(Wire):
    fields: Mapping = Field(default_factory=dict[str, Any])
    status: Text = ""
    paid: Flag = None
    checked_in: Flag = None
    checked_in_date: When = None
    created_at: When = None


class AttendeeLinks(Wire):
    attendee_type: One = Field(default_factory=ToOne)


class Attendee(Wire):
    """A registration. Name and address are not attributes: they stand in `fields`, under ids that differ by type."""

    id: Id
    attributes: AttendeeAttributes
    relationships: Annotated[AttendeeLinks, EmptyObject] = Field(default_factory=AttendeeLinks)

    @property
    def status(self) -> PersonStatus:
        return _PERSON.get(self.attributes.status.strip().casefold(), PersonStatus.UNKNOWN)

    @property
    def type_id(self) -> str:
        return self.relationships.attendee_type.data.id if self.relationships.attendee_type.data else ""

    def has_address(self, email: str, email_fields: frozenset[str]) -> bool:
        """Whether this is the registration of an address, exactly but for case.

        `email_fields` are the ids of the e-mail questions of all attendee types. Where none of them is among the
        answers, any answer that is the address counts.
        """
        answers = self.attributes.fields
        known = [value for name, value in answers.items() if name in email_fields]
        wanted = email.strip().casefold()
        return any(isinstance(value, str) and value.strip().casefold() == wanted for value in known or answers.values())


class BookingRecord(Wire):
    """The answer to booking somebody into an activity."""

    id: Id
