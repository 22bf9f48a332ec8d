"""Whatever a platform puts into a field, a wire model takes it or says that it does not fit; it never breaks."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from eventdesk_server import providers

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 5.5, 10**30, float("inf"), "", "x", "\u0000", "2027-99-99", "9" * 400, [], [None], [[1]], ["x", {}],
    {}, {"x": 1}, {"id": None}, {"data": []}, [{"data": {}}],
)  # fmt: skip


def models() -> Iterator[type[BaseModel]]:
    """Every model that an adapter reads an answer with, generic ones filled with anything."""
    for module in pkgutil.walk_packages(providers.__path__, f"{providers.__name__}."):
        found = importlib.import_module(module.name)
        for _, kind in inspect.getmembers(found, inspect.isclass):
            if (
                issubclass(kind, BaseModel)
                and kind.__module__ == module.name
                and not kind.__pydantic_generic_metadata__["parameters"]
            ):
                yield kind


MODELS = sorted(set(models()), key=lambda kind: f"{kind.__module__}.{kind.__name__}")


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: f"{kind.__module__.split('.')[2]}-{kind.__name__}")
def test_any_value_in_any_field_fits_or_is_refused(kind: type[BaseModel]) -> None:
    for name, field in kind.model_fields.items():
        names = {name, field.alias, *([field.validation_alias] if isinstance(field.validation_alias, str) else [])}
        for odd in ODD:
            for key in names - {None}:
                try:
                    kind.model_validate({key: odd})
                except ValidationError:
                    continue
    for odd in ODD:
        try:
            kind.model_validate(odd)
        except ValidationError:
            continue


def test_every_platform_has_models() -> None:
    assert len(MODELS) > 40
    assert {kind.__module__.split(".")[2] for kind in MODELS} >= {
        "eventhq",
        "eventschedule",
        "eventtia",
        "evvnt",
        "heysummit",
    }
