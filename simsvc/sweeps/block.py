"""Blocks of a design: which settings vary over which values, under which scenarios and structures."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import qmc

from simsvc.errors import InputError, nearest
from simsvc.runs.own import Own
from simsvc.scenario.explaining import shown
from simsvc.scenario.loading import changed, load_scenario, named_structures
from simsvc.scenario.settings import Scenario, setting_field, setting_names
from simsvc.scenario.sources import short_name
from simsvc.scenario.structure import Structure

METHODS = ("factorial", "list", "latin_hypercube", "sobol")
"""How a block's points follow from what varies: every combination; parallel lists; two random designs that fill
the space evenly (McKay, Beckman & Conover 1979; Sobol 1967, scrambled as by Owen 1998)."""
MOST_STEPS, MOST_POINTS = 1_000_000, 1 << 24
"""Of one range, and of a method that samples: all of them are held in memory."""
SAMPLED = ("latin_hypercube", "sobol")


@dataclass(frozen=True)
class Span:
    """A range of values of a setting.

    Attributes:
        low: smallest value.
        high: largest value.
        steps: values from low to high, both included, in a full factorial; not used by methods that sample.
        scale: `"linear"` or `"log"`: how values are spaced.
    """

    low: float
    high: float
    steps: int | None = None
    scale: str = "linear"

    def at(self, share: float, whole: bool) -> float | int:
        """The value a share (0-1) of the way from low to high; whole numbers have equal chances."""
        if whole:
            return int(min(math.floor(self.low + share * (self.high - self.low + 1)), self.high))
        if self.scale == "log":
            return _rounded(math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low))))
        return _rounded(self.low + share * (self.high - self.low))

    def values(self, whole: bool) -> list[float | int]:
        """The steps of a factorial design; for whole numbers rounded, each once."""
        if not self.steps:
            return []
        found = [self.at(k / max(self.steps - 1, 1), False) for k in range(self.steps)]
        return list(dict.fromkeys(round(value) for value in found)) if whole else found


def _rounded(value: float) -> float:
    """A value as a person would write it: without the dust of binary fractions."""
    return float(f"{value:.12g}")


@dataclass(frozen=True)
class Block:
    """Points that differ in some settings, each under some structures.

    Attributes:
        scenario: what is simulated: a `Scenario`, a preset's name or a file; or several names, or scenarios by name,
            which then vary too.
        structures: names or files; or a mapping from own names to structures.
        settings: changed at every point, by full name.
        vary: settings that vary, by full name: a list of values or a `Span`.
        method: one of `METHODS`.
        points: number of points of a method that samples.
        own: the user's rules, phases and metrics under which all of it is run.
    """

    scenario: Scenario | str | Path | Sequence[str | Path] | Mapping[str, Scenario] = "contact_centre"
    structures: Sequence[str | Path] | Mapping[str, Structure] = ("traditional", "inverted")
    settings: Mapping[str, Any] | None = None
    vary: Mapping[str, Span | Sequence[Any]] | None = None
    method: str = "factorial"
    points: int | None = None
    own: Own | None = field(default=None, kw_only=True)

    @functools.cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """Scenarios by name, with the settings of the block."""
        if isinstance(self.scenario, Scenario):
            found = {"own": self.scenario}
        elif isinstance(self.scenario, Mapping):
            found = dict(self.scenario)
        else:
            names = [self.scenario] if isinstance(self.scenario, str | Path) else list(self.scenario)
            short = [short_name(name) for name in names]
            if not short or len(set(short)) < len(short):
                raise InputError(f"scenario = {short}: needs at least one name, and each only once")
            found = dict(zip(short, map(load_scenario, names), strict=True))
        found = {name: changed(one, self.settings or {}, "set") for name, one in found.items()}
        return {name: one.carrying(self.own or one.own) for name, one in found.items()}

    @functools.cached_property
    def charts(self) -> dict[str, Structure]:
        """Structures by name."""
        return named_structures(self.structures)

    @property
    def varied(self) -> tuple[str, ...]:
        """Names of the settings that vary."""
        return tuple(self.vary or {})

    @functools.cached_property
    def _varying(self) -> dict[str, Span | list[Any]]:
        """What varies; values without NumPy's types, which JSON does not know."""
        return {
            name: values
            if isinstance(values, Span)
            else [value.item() if isinstance(value, np.generic) else value for value in values]
            for name, values in (self.vary or {}).items()
        }

    @functools.cached_property
    def _levels(self) -> list[list[Any]]:
        return [
            values.values(is_whole(name)) if isinstance(values, Span) else values
            for name, values in self._varying.items()
        ]

    def vary_as_data(self) -> dict[str, Any]:
        """What varies, as plain data."""
        return {name: vars(values) if isinstance(values, Span) else values for name, values in self._varying.items()}

    def combinations(self, seed: int) -> Iterator[dict[str, Any]]:
        """Values of what varies at each point, in order.

        Args:
            seed: of methods that sample.
        """
        if self.method == "factorial":
            rows: Iterator[tuple[Any, ...]] = itertools.product(*self._levels)
        elif self.method == "list":
            rows = zip(*self._levels, strict=True)
        else:
            rows = self._sampled(seed)
        for row in rows:
            yield dict(zip(self.varied, row, strict=True))

    def _sampled(self, seed: int) -> Iterator[tuple[Any, ...]]:
        kind = qmc.LatinHypercube if self.method == "latin_hypercube" else qmc.Sobol
        shares = kind(len(self.varied), rng=np.random.default_rng(seed)).random(self.points or 0)
        for row in shares.tolist():
            yield tuple(
                values.at(share, is_whole(name)) if isinstance(values, Span) else values[int(share * len(values))]
                for share, (name, values) in zip(row, self._varying.items(), strict=True)
            )

    @property
    def combination_count(self) -> int:
        """Number of points for each scenario."""
        if self.method in SAMPLED:
            return self.points or 0
        lengths = [len(values) for values in self._levels]
        return math.prod(lengths) if self.method == "factorial" else lengths[0]

    def check_block(self) -> None:
        """See that the block says what can be enumerated.

        Raises:
            InputError: for unknown names and impossible ranges, lists and numbers.
        """
        if self.method not in METHODS:
            raise InputError(
                f"method = '{self.method}': there is no such method{nearest(self.method, METHODS)}; "
                f"have: {', '.join(METHODS)}"
            )
        for name, values in (self.vary or {}).items():
            check_varied(name, values)
            if isinstance(values, Span) and values.steps is None and self.method not in SAMPLED:
                raise InputError(f"vary: {name}: a range needs 'steps' unless method is one of {', '.join(SAMPLED)}")
            if isinstance(values, Span) and values.steps is not None and self.method in SAMPLED:
                raise InputError(f"vary: {name}: 'steps' has no meaning with method = '{self.method}'; leave it out")
            if name in (self.settings or {}):
                raise InputError(f"vary: {name}: is also set to one value; leave one of the two out")
        if self.method in SAMPLED:
            self._check_points()
        elif self.points is not None:
            raise InputError(f"points = {self.points}: only {' and '.join(SAMPLED)} take a number of points")
        if self.method == "list":
            lengths = {name: len(values) for name, values in zip(self.varied, self._levels, strict=True)}
            if not lengths:
                raise InputError("method = 'list': needs lists of values to vary")
            if len(set(lengths.values())) > 1:
                told = ", ".join(f"{name} {n}" for name, n in lengths.items())
                raise InputError(f"method = 'list': lists run in parallel and must be equally long; have: {told}")

    def _check_points(self) -> None:
        if not self.vary:
            raise InputError(f"method = '{self.method}': needs settings to vary")
        n = self.points
        if type(n) is not int or not 1 <= n <= MOST_POINTS:
            raise InputError(
                f"points = {shown(n)}: '{self.method}' needs a number of points; allowed: 1 to {MOST_POINTS}"
            )
        if self.method == "sobol" and n & (n - 1):
            below = 1 << (n.bit_length() - 1)
            raise InputError(
                f"points = {n}: a Sobol sequence is even only for powers of two; nearest: {below} and {2 * below}"
            )


def is_whole(name: str) -> bool:
    """Whether a setting takes whole numbers only."""
    return setting_field(name).annotation is int


def check_varied(name: str, values: Span | Sequence[Any]) -> None:
    """See that a setting can vary as asked.

    Raises:
        InputError: naming the setting and what is allowed.
    """
    if name not in setting_names():
        raise InputError(f"vary: there is no setting '{name}'{nearest(name, setting_names())}")
    if name.startswith("run."):
        raise InputError(f"vary: {name}: is the same at every point; give days, seed and replications at the top")
    if not isinstance(values, Span):
        if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray):
            raise InputError(f"vary: {name} = {values!r}: should be a list of values or a range {{ low, high, steps }}")
        if len(values) == 0:
            raise InputError(f"vary: {name} = []: needs at least one value")
        return
    for what, value in (("low", values.low), ("high", values.high)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InputError(f"vary: {name}: {what} = {value!r}: should be a finite number")
    if values.low >= values.high:
        raise InputError(f"vary: {name}: low = {values.low:g} must be below high = {values.high:g}")
    if values.scale not in ("linear", "log"):
        raise InputError(f"vary: {name}: scale = {values.scale!r}: allowed: linear, log")
    if values.scale == "log" and (values.low <= 0 or is_whole(name)):
        raise InputError(f"vary: {name}: scale = 'log' needs low above 0 and a setting that is no whole number")
    steps = values.steps
    if steps is not None and (type(steps) is not int or not 2 <= steps <= MOST_STEPS):
        raise InputError(f"vary: {name}: steps = {shown(steps)}: should be a whole number; allowed: 2 to {MOST_STEPS}")
