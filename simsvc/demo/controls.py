"""What a class can change: sliders for the main levers and for demand, and what needs a new run."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simsvc.errors import InputError, nearest
from simsvc.scenario.explaining import plain, shown
from simsvc.scenario.loading import load_structure
from simsvc.scenario.settings import Scenario, setting_field, setting_value
from simsvc.scenario.structure import Structure

Scope = Literal["both", "own"]


@dataclass(frozen=True)
class Control:
    """A slider, or a choice among names, for a setting by its full name."""

    setting: str
    label: str
    low: float = 0.0
    high: float = 1.0
    step: float = 0.05
    live: bool = True
    """Acts in a running organisation; otherwise only in a new run."""
    between: tuple[str, str] | None = None
    """What 0 and 1 stand for, if the setting lies between two things."""

    @property
    def scope(self) -> Scope:
        """Whose it is: levers belong to one organisation, everything else to the world of both."""
        return "own" if self.setting.startswith("structure.") else "both"

    @property
    def _field(self) -> Any:
        return setting_field(self.setting)

    @property
    def options(self) -> tuple[str, ...]:
        """The names to choose from; empty for a slider."""
        kind = self._field.annotation
        return () if kind in (int, float) else tuple(kind.__args__)

    def ends(self, value: float) -> tuple[float, float]:
        """The slider's range, wide enough for the value that the scenario begins with."""
        return min(self.low, value), max(self.high, value)

    def describe(self, value: Any) -> dict[str, Any]:
        """The control as the page is told of it."""
        field = self._field
        about = {
            "setting": self.setting,
            "label": self.label + (" {} (0) or {} (1)".format(*self.between) if self.between else ""),
            "meaning": re.sub(r" \([CH0-9, ]+\)", "", field.description),
            "unit": field.json_schema_extra["unit"],
            "live": self.live,
            "scope": self.scope,
            "options": list(self.options),
            "value": value,
        }
        if not self.options:
            about["low"], about["high"] = self.ends(value)
            about["step"] = self.step
        return about

    def text(self, value: Any) -> str:
        """A value as the class reads it."""
        if isinstance(value, str):
            return value
        if self.between:
            low, high = self.between
            part = f"{100.0 * value:g} % {high}, the rest {low}"
            return {0.0: f"{low} alone", 1.0: f"{high} alone"}.get(value, part)
        if self._field.json_schema_extra["unit"] == "share":
            return f"{100.0 * value:g} %"
        return f"{value:,g}"

    def checked(self, given: Any, start: Any) -> Any:
        """A value from outside, as the setting's type; the scenario begins with the value `start`.

        Raises:
            InputError: if it is no number in the slider's range, or none of the names.
        """
        if self.options:
            if given not in self.options:
                raise InputError(f"{self.setting} = {shown(given)}: allowed: {', '.join(self.options)}")
            return given
        low, high = self.ends(start)
        if isinstance(given, bool) or not isinstance(given, (int, float)) or not low <= given <= high:
            raise InputError(f"{self.setting} = {shown(given)}: allowed here: {plain(low)} to {plain(high)}")
        if self._field.annotation is int:
            if given != int(given):
                raise InputError(f"{self.setting} = {shown(given)}: should be a whole number")
            return int(given)
        return float(given)


def controls(scenario: Scenario) -> dict[str, Control]:
    """All controls by setting, with ranges that suit the scenario's size."""
    demand, work = scenario.demand.contacts_per_year, scenario.workforce.frontline
    step = 1.0 if demand >= 10 else 0.5
    customers = max(scenario.market.customers, 1)
    rounded = max(10 ** int(math.log10(customers) - 1), 1)
    people = scenario.market.population
    return {
        control.setting: control
        for control in (
            Control("demand.contacts_per_year", "Demand", step, max(round(2 * demand), 2), step),
            Control("demand.idiosyncrasy", "Customers differ", 0.05, 0.95),
            Control("demand.failure_share", "Failures", 0.0, 0.5, 0.01),
            Control("demand.illegitimate_share", "Unjustified claims", 0.0, 0.6),
            Control("operations.approval_delay", "Delay of approvals", 0.0, 120.0, 2.0),
            Control("operations.tools", "Tools and systems", 0.3, 1.0),
            Control("market.promise", "Promise to the market", 0.4, 0.95, 0.01),
            Control("structure.frontline_limit", "Front line may pay", 0.0, 500.0, 10.0),
            Control("structure.latitude", "Freedom of the front line"),
            Control("structure.escalation", "While approval is awaited"),
            Control("structure.approver_strictness", "Strictness of approvers"),
            Control("structure.ratchet", "Policy ratchet"),
            Control("structure.kpi", "Managers steer", between=("by cost", "by customers")),
            Control("structure.share_causes", "Time for removing causes", 0.0, 0.6),
            Control("structure.share_coaching", "Time for coaching", 0.0, 0.6),
            Control("structure.share_control", "Time for control", 0.0, 0.8),
            Control("structure.reports_answered", "Reports answered"),
            Control("structure.information_share", "Information shared"),
            Control("structure.training_days", "Training", 0.0, 20.0, 1.0),
            Control("structure.smile_training", "Smile training"),
            Control("structure.permeability", "Open departments"),
            Control("structure.generosity", "Generosity", -0.5, 1.0),
            Control("workforce.frontline", "Front line: positions", max(scenario.workforce.departments, work // 2),
                    max(2 * work, work + 2), 1, live=False),
            Control("market.customers", "Customers at the start", rounded, min(people, 2 * customers), rounded,
                    live=False),
        )
    }  # fmt: skip


def checked_settings(
    given: Any, known: Mapping[str, Control], start: Scenario, scope: Scope, live: bool = True
) -> dict[str, Any]:
    """Settings from outside, with every name and value looked at.

    Args:
        given: by full name.
        known: the controls.
        start: the scenario as it begins, for the ranges.
        scope: whose settings they are.
        live: only settings that act in a running organisation.

    Raises:
        InputError: for anything that the page does not offer.
    """
    if not isinstance(given, dict):
        raise InputError(f"settings = {shown(given)}: should be names with values")
    values = {}
    for name, value in given.items():
        if name not in known:
            raise InputError(f"'{shown(name)}' cannot be set on this page{nearest(str(name), known)}")
        if live and not known[name].live:
            raise InputError(f"{name} needs a new run: reset first")
        values[name] = known[name].checked(value, setting_value(start, name))
        if known[name].scope != scope:
            raise InputError(f"{name} belongs to {'one organisation' if scope == 'both' else 'both organisations'}")
    return values


def turned_share(chart: Structure) -> float:
    """How far a chart is turned upside down, 0 (as `traditional`) to 1 (as `inverted`).

    The mean of how far the levers of power have moved from the one to the other; how people are led does not turn
    a chart. Levers that the two have in common do not count.
    """
    moved = []
    charts = load_structure("traditional"), load_structure("inverted"), chart
    for lever in Structure.model_fields:
        here, there, now = (getattr(one, lever) for one in charts)
        if Structure.factor_of(lever) == "power" and here != there:
            moved.append(min(max((now - here) / (there - here), 0.0), 1.0))
    return float(sum(moved) / len(moved))


def differing_factors(a: Structure, b: Structure) -> list[str]:
    """Factors in which two charts differ: `management`, `power`."""
    differing = [lever for lever in Structure.model_fields if getattr(a, lever) != getattr(b, lever)]
    return sorted({Structure.factor_of(lever) for lever in differing})


def whom(side: str) -> str:
    """Whose something is: of A, of B, of both."""
    return "both organisations" if side == "both" else side.upper()
