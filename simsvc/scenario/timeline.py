"""Dated changes: what happens to the organisation on which day."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from simsvc.scenario.fields import Section, number


class Change(Section):
    """What is different from a day on: settings, the chart, who manages.

    In a scenario file::

        [[timeline]]
        day = 250
        structure = "inverted"          # a structure's name: all its levers, or
        components = ["authority"]      # those of the named components,
        domains = ["solutions"]         # those of the named decision domains,
        factors = ["power"]             # those of power or of management,
        levers = ["kpi"]                # those named one by one;
        departments = [0]               # in the named departments (left out: in all of them)

        [[timeline]]
        day = 400
        set = { "demand.contacts_per_year" = 12.0 }
        managers_leave = [0]            # manager 0 goes, somebody new comes
    """

    day: int = number(0, 0, 100_000, "day", "First day on which the change is in force.")
    set: dict[str, Any] = Field({}, description="Settings and their new values.")
    structure: str = Field("", description="Structure whose levers are taken over.")
    components: Annotated[tuple[str, ...], Field(strict=False)] = Field((), description="Only these components.")
    levers: Annotated[tuple[str, ...], Field(strict=False)] = Field((), description="Only these levers.")
    domains: Annotated[tuple[str, ...], Field(strict=False)] = Field((), description="Only these decision domains.")
    factors: Annotated[tuple[str, ...], Field(strict=False)] = Field((), description="Only these factors.")
    departments: Annotated[tuple[int, ...], Field(strict=False)] = Field((), description="Only these departments.")
    managers_leave: Annotated[tuple[int, ...], Field(strict=False)] = Field(
        (), description="Managers, by number from 0, who leave that day; new people take their places."
    )
    note: str = Field("", description="What happens, in words; shown in figures.")
