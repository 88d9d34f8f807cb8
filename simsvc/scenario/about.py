"""Who made a scenario, from what, and what they want to be known: no run depends on it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from simsvc.scenario.fields import Section


def _listed(value: Any) -> Any:
    """One text is a list of one."""
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(strict=False)]


class About(BaseModel):
    """Title, authors, sources and notes of a scenario, in its section `[about]` or at the top of its file.

    A file that starts from another one does not take them over.
    """

    model_config = Section.model_config

    title: str = Field(default="", max_length=200, description="What it is called in reports.")
    authors: Texts = Field(default=(), description="Who made it.")
    sources: Texts = Field(default=(), description="Where its numbers come from.")
    notes: Texts = Field(default=(), description="What else is to be known.")
