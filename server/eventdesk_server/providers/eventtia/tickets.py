"""Attendee types, what they ask for, seats, and purchase items, as Eventtia tells them."""

from collections.abc import Mapping as Names
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, RootModel

from eventdesk_server.providers.eventtia.envelope import Many, One, Page, ToMany, ToOne, only
from eventdesk_server.providers.eventtia.scalars import (
    Amount,
    Count,
    EmptyList,
    EmptyObject,
    Flag,
    Id,
    LongText,
    Prices,
    Text,
    When,
    Wire,
)
from eventdesk_tools.models import Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.refs import Kind


class SeatCount(Wire):
    """A row of the ticket stats, which carries no id. `seats_limit` is a number or `∞`."""

    name: Text
    used_seats: Count = None
    seats_limit: Count = None


class SeatCounts(RootModel[Annotated[list[SeatCount], EmptyList]]):
    """A bare array."""


class TypeAttributes(Wire):
    name: Text
    price: Amount = None
    price_end_date: When = None
    description: LongText = ""
    capacity: Count = None
    availability: Count = None
    confirmation_required: Flag = None


class TypeLinks(Wire):
    attendee_type_custom_fields: Many = Field(default_factory=ToMany)


class AttendeeType(Wire):
    id: Id
    attributes: TypeAttributes
    relationships: Annotated[TypeLinks, EmptyObject] = Field(default_factory=TypeLinks)

    @property
    def left(self) -> int | Literal["unlimited"] | None:
        """Seats left. A type without limit shows no capacity together with an availability of 0: that is not sold out.

        The help centre says to leave the limit at 0 for none, so a capacity of 0 is read in the same way.
        """
        if not self.attributes.capacity:
            return "unlimited"
        return None if self.attributes.availability is None else max(0, self.attributes.availability)

    def to_ticket(self, currency: str | None, sold: int | None = None) -> Ticket:
        told = self.attributes
        notes = [
            "sold out" if self.left == 0 else "",
            "waits for confirmation" if told.confirmation_required else "",
            f"price until {told.price_end_date.strftime('%Y-%m-%d')}" if told.price_end_date is not None else "",
        ]
        return Ticket(
            id=self.id,
            name=told.name,
            price=None if told.price is None else Money(told.price, currency),
            sold=sold,
            left=self.left,
            on_sale=False if self.left == 0 else None,
            description=told.description,
            note=", ".join(note for note in notes if note),
        )


class FieldAttributes(Wire):
    name: Text
    alias: Text = ""
    required: Flag = None
    default: Flag = None
    input_type: Count = None
    values: Any = None
    display: Flag = None
    max_chars: Count = None
    include_time: Flag = None
    order: Count = None


class FieldLinks(Wire):
    attendee_type: One = Field(default_factory=ToOne)


class FormField(Wire):
    """A question of the registration form. Each attendee type has its own, with its own ids."""

    id: Id
    attributes: FieldAttributes
    relationships: Annotated[FieldLinks, EmptyObject] = Field(default_factory=FieldLinks)


class TypesPage(Page[AttendeeType]):
    included: Annotated[list[FormField], only("attendee_type_custom_fields")] = Field(default_factory=list[FormField])


class ItemAttributes(Wire):
    name: Text
    description: LongText = ""
    quantity: Count = None
    maximum_quantity_per_attendee: Count = None
    available_for_attendee_types: Prices = Field(default_factory=dict[str, Decimal | None])


class PurchaseItem(Wire):
    id: Id
    attributes: ItemAttributes

    def to_ticket(self, types: Names[str, str]) -> Ticket:
        """As an extra. What `quantity` and the amounts by type mean is not documented: they are shown, not counted."""
        told = self.attributes
        amounts = [
            types[type_id] if amount is None else f"{types[type_id]}: {amount}"
            for type_id, amount in told.available_for_attendee_types.items()
            if type_id in types
        ]
        notes = [
            f"quantity {told.quantity}" if told.quantity is not None else "",
            f"at most {told.maximum_quantity_per_attendee} each" if told.maximum_quantity_per_attendee else "",
            f"for {', '.join(amounts)}" if amounts else "",
        ]
        return Ticket(
            id=self.id,
            name=told.name,
            kind=Kind.EXTRA,
            description=told.description,
            note=", ".join(note for note in notes if note),
        )


class PurchaseLinks(Wire):
    purchase_item: One = Field(default_factory=ToOne)


class PurchaseAttributes(Wire):
    quantity: Count = None


class Purchase(Wire):
    id: Id
    attributes: PurchaseAttributes
    relationships: Annotated[PurchaseLinks, EmptyObject] = Field(default_factory=PurchaseLinks)
