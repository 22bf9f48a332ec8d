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
