"""The envelope of Eventtia's answers: JSON:API in style, with any of its parts left out."""

from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import BeforeValidator, Field, TypeAdapter

from eventdesk_server.providers.eventtia.scalars import Count, EmptyList, EmptyObject, Id, Text, Wire

Row = TypeVar("Row")

ANYTHING: TypeAdapter[object] = TypeAdapter(object)
"""For answers whose body says nothing: cloning answers `null`."""


class Linkage(Wire):
    id: Id


class ToOne(Wire):
    data: Linkage | None = None


class ToMany(Wire):
    data: Annotated[list[Linkage], EmptyList] = Field(default_factory=list[Linkage])

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(linkage.id for linkage in self.data)


One = Annotated[ToOne, EmptyObject]
Many = Annotated[ToMany, EmptyObject]


class Links(Wire):
    next: Text = ""


class Meta(Wire):
    total_pages: Count = None
    total_attendees: Count = None


class Page(Wire, Generic[Row]):
    """A page of a list. `links` and `meta` may be missing."""

    data: Annotated[list[Row], EmptyList]
    links: Annotated[Links, EmptyObject] = Field(default_factory=Links)
    meta: Annotated[Meta, EmptyObject] = Field(default_factory=Meta)

    def goes_on(self, number: int) -> bool | None:
        """Whether a page follows this one; None when the page does not tell. The number of its rows tells nothing."""
        if self.meta.total_pages is not None:
            return number < self.meta.total_pages
        return bool(self.links.next) if "next" in self.links.model_fields_set else None

    def counted(self, size: int) -> int | None:
        """How many rows the whole list has. Only people are counted, and whether filters count is not documented: the
        number is taken where it agrees with the number of pages of `size` rows."""
        rows, told = self.meta.total_attendees, self.meta.total_pages
        if rows is None or told is None:
            return None
        return rows if (told - 1) * size < rows <= told * size or (rows == 0 and told <= 1) else None


class Single(Wire, Generic[Row]):
    data: Row


def only(kind: str) -> BeforeValidator:
    """Of `included`, the records of one type: others come along unasked."""

    def pick(value: object) -> object:
        if not isinstance(value, list):
            return []
        records = [cast("dict[str, Any]", item) for item in cast("list[Any]", value) if isinstance(item, dict)]
        return [record for record in records if record.get("type") == kind]

    return BeforeValidator(pick)
