"""Dated changes: what happens to the organisation on which day."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from simsvc.scenario.fields import Section, number


class Change(Section):
    """Settings that take new values from a day on.

    In a scenario file::

        [[timeline]]
        day = 250
        structure = "inverted"          # a structure's name: all its levers, or
        components = ["authority"]      # only those of the named components,
        departments = [0]               # in the named departments (left out: in all of them)

        [[timeline]]
        day = 400
        set = { "demand.contacts_per_year" = 12.0 }
    """

    day: int = number(0, 0, 100_000, "day", "First day on which the change is in force.")
    set: dict[str, Any] = Field({}, description="Settings and their new values.")
    structure: str = Field("", description="Structure whose levers are taken over.")
    components: Annotated[tuple[str, ...], Field(strict=False)] = Field((), description="Only these components.")
    departments: Annotated[tuple[int, ...], Field(strict=False)] = Field((), description="Only these departments.")
    note: str = Field("", description="What happens, in words; shown in figures.")
