"""Parameters of a sensitivity analysis: which settings vary, over what range, and whether they go together."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simsvc.errors import InputError, nearest
from simsvc.scenario.explaining import plain, span
from simsvc.scenario.settings import setting_field, setting_names, setting_value
from simsvc.sweeps.block import Block, Span, check_varied, is_whole
from simsvc.sweeps.design import Design

WIDE = 1000
"""A default range that ends above so many times the present value is hardly what is meant."""


@dataclass(frozen=True)
class Parameter:
    """A setting that varies.

    Attributes:
        name: full name.
        values: range, or for profiles a list of values.
        now: present value by structure; levers have one in each.
        default: whether the range is that of the setting itself, because none was given.
    """

    name: str
    values: Span | tuple[Any, ...]
    now: Mapping[str, Any]
    default: bool = False

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers only."""
        return is_whole(self.name)

    def at(self, share: float) -> float | int:
        """The value a share (0-1) of the way through the range; whole numbers have equal parts of it."""
        assert isinstance(self.values, Span)
        return self.values.at(share, self.whole)

    def share(self, value: float) -> float:
        """How far through the range a value stands, 0 at its low and 1 at its high end."""
        assert isinstance(self.values, Span)
        low, high = self.values.low, self.values.high
        if self.logarithmic:
            return (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
        return (value - low) / (high - low)

    def levels(self, count: int) -> list[Any]:
        """Values of a profile: `steps` of the range, or so many as are asked for; or the list, numbers rising."""
        if not isinstance(self.values, Span):
            return sorted(self.values) if self.ordered else list(self.values)
        return dataclasses.replace(self.values, steps=self.values.steps or count).values(self.whole)

    @property
    def ordered(self) -> bool:
        """Whether its values are numbers."""
        return isinstance(self.values, Span) or not any(isinstance(value, str | bool) for value in self.values)

    @property
    def logarithmic(self) -> bool:
        """Whether its range is spaced by factors."""
        return isinstance(self.values, Span) and self.values.scale == "log"

    def described(self) -> str:
        """The range in words: `0.1 to 0.9`, `0.5 to 60, log`."""
        if not isinstance(self.values, Span):
            return ", ".join(map(str, self.values))
        return f"{plain(self.values.low)} to {plain(self.values.high)}" + ", log" * self.logarithmic


def parameters_of(block: Block, names: Sequence[str], numbers_only: bool) -> tuple[Parameter, ...]:
    """The parameters of a design, in order: those that vary in it, and those that were only named.

    Args:
        block: scenario, structures, and what varies.
        names: further settings, to vary over the whole range that they may have.
        numbers_only: whether lists of values are refused.

    Raises:
        InputError: naming setting, value, and what is allowed.
    """
    found: list[Parameter] = []
    scenario = next(iter(block.scenarios.values()))
    present = {name: scenario.model_copy(update={"structure": chart}) for name, chart in block.charts.items()}
    for name, values in itertools.chain((block.vary or {}).items(), ((name, None) for name in names)):
        where = "parameters" if values is None else "vary"
        if any(other.name == name for other in found):
            raise InputError(f"parameters: {name}: is named twice, or has a range in [vary] besides")
        if name not in setting_names():
            raise InputError(f"{where}: there is no setting '{name}'{nearest(name, setting_names())}")
        if name in (block.settings or {}):
            raise InputError(f"{where}: {name}: is also set to one value; leave one of the two out")
        wanted = _whole_range(name) if values is None else values
        check_varied(name, wanted)
        if isinstance(wanted, Span):
            _check_ends(name, wanted)
        elif numbers_only:
            raise InputError(
                f"vary: {name} = {list(wanted)}: this method needs numbers from a range {{ low, high }}; take "
                "method = 'profile', or make an analysis for each value by [set]"
            )
        now = {chart: setting_value(scenario, name) for chart, scenario in present.items()}
        found.append(Parameter(name, wanted if isinstance(wanted, Span) else tuple(wanted), now, values is None))
    if not found:
        raise InputError("vary: nothing varies; give ranges under [vary], or names as parameters = [...]")
    return tuple(found)


def _whole_range(name: str) -> Span:
    extra = setting_field(name).json_schema_extra or {}
    if "low" not in extra:
        raise InputError(f"parameters: {name}: has no range of numbers; give a list of values under [vary]")
    return Span(extra["low"], extra["high"])


def _check_ends(name: str, wanted: Span) -> None:
    extra = setting_field(name).json_schema_extra or {}
    if "low" not in extra:
        raise InputError(f"vary: {name}: has no range of numbers; give a list of values")
    for what, value in (("low", wanted.low), ("high", wanted.high)):
        if not extra["low"] <= value <= extra["high"]:
            raise InputError(f"vary: {name}: {what} = {plain(value)}: allowed: {span(extra)}")
        if is_whole(name) and value != int(value):
            raise InputError(f"vary: {name}: {what} = {plain(value)}: should be a whole number")


def wide_ranges(parameters: Iterable[Parameter]) -> list[str]:
    """Notes on default ranges that are probably not what is meant, with how to say what is."""
    notes = []
    for one in parameters:
        if not one.default or not isinstance(one.values, Span):
            continue
        now = max(abs(value) for value in one.now.values())
        if one.values.high > WIDE * (now or 1.0):
            notes.append(
                f"{one.name} varies over all it may be, {one.described()}; now it is {plain(now)}. That is probably "
                f"not what is meant: {_advice(one)}"
            )
    return notes


def _advice(one: Parameter) -> str:
    """How to give bounds, by example: half and twice what is."""
    now = max(abs(value) for value in one.now.values())
    low, high = (now // 2, now * 2) if one.whole else (now / 2, now * 2)
    bounds = f"{{ low = {plain(low)}, high = {plain(high)} }}" if now else "{ low = ..., high = ... }"
    return f'give bounds under [vary], for example "{one.name}" = {bounds}'


def check_together(design: Design, parameters: Sequence[Parameter]) -> None:
    """See that parameters go together at every point, before the first run.

    Raises:
        InputError: naming the parameters that collide, with their values, and why.
    """
    for cell in design.cells():
        try:
            design.settings_of(cell)
        except InputError as first:
            collide, error = dict(cell.values), first
            for name in cell.values:
                rest = {key: value for key, value in collide.items() if key != name}
                try:
                    design.settings_of(dataclasses.replace(cell, values=rest))
                except InputError as other:
                    collide, error = rest, other
            reason = str(error).removeprefix(f"point {cell.point}: ")
            told = " and ".join(f"{name} = {_short(value)}" for name, value in collide.items())
            does = "do not go together" if len(collide) > 1 else "is not possible"
            remedy = next(
                (_advice(one) for one in parameters if one.name in collide and one.default), "narrow the range"
            )
            raise InputError(f"vary: {told} {does} ({reason}); {remedy}") from None


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
