"""Coefficients as plain numbers, as rules take them."""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from typing import Any, TypeVar, cast

from simsvc.scenario.fields import Section

S = TypeVar("S", bound=Section)


@cache
def _kind(model: type[Section]) -> Any:
    return namedtuple(model.__name__, model.model_fields)  # fields follow from the declaration


def plain_numbers(section: S) -> S:
    """The coefficients of a mechanism as a named tuple, which compiled code can be given.

    Args:
        section: of `Assumptions`, for example `Leaving(satisfaction=5.0)`.
    """
    return cast("S", _kind(type(section))(*(getattr(section, name) for name in type(section).model_fields)))
