"""What a scenario carries besides settings: the user's own rules, phases and metrics, as those see it who run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

OwnColumns = Mapping[str, tuple[type, float, str]]
"""Own columns of customers by name: type (`float` or `int`), value that everybody begins with, meaning."""


class OwnRules(Protocol):
    """The user's own rules, phases and metrics; see `simsvc.runs.own.Own`, which reads them from a file."""

    @property
    def path(self) -> str:
        """Of the file."""

    @property
    def sha256(self) -> str:
        """Hash of the source."""

    @property
    def rules(self) -> Mapping[str, Callable[..., Any]]:
        """Functions in place of rules of the same name."""

    @property
    def columns(self) -> OwnColumns:
        """Own columns of customers."""

    @property
    def metrics(self) -> Mapping[str, Callable[..., Any]]:
        """Functions of the model and its measured days by name of the metric."""

    def change_day(self, day: Any) -> None:
        """Insert, replace and drop phases."""

    def measure(self, model: Any, days: Any) -> dict[str, float]:
        """Own metrics of a run."""
