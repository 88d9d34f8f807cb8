"""What is not known for sure, and over which range it is drawn: coefficients, strengths of rules, settings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import qmc

from simsvc.errors import InputError, nearest
from simsvc.scenario.loading import SIZES, changed
from simsvc.scenario.settings import Scenario, setting_field, setting_names, setting_value
from simsvc.sensitivity_analysis.ranges import Parameter
from simsvc.sweeps.block import Span, is_whole

OVER = ("assumptions", "settings", "both")
"""What is drawn: coefficients of rules with their strengths, settings of the organisation, or both."""
STRENGTHS = Span(0.0, 2.0)
"""Of every rule: absent to twice as strong as described."""
NEAR = 1.25
"""A setting is drawn over so many times less and more than it is."""
FACTOR = 2.0
"""Ranges that reach over so many times their low end are drawn by factors, not by differences."""


def inputs(over: str, scenario: Scenario) -> tuple[Parameter, ...]:
    """What is drawn, with its range, in the order of a scenario file.

    Coefficients are drawn over their plausible ranges, strengths of rules from 0 to 2, settings around what they are.
    Sizes of the organisation, levers of structures and settings that are 0 stay as they are.

    Args:
        over: one of `OVER`.
        scenario: whose present values count.

    Raises:
        InputError: for another word.
    """
    if over not in OVER:
        raise InputError(f"over = '{over}': allowed: {', '.join(OVER)}{nearest(over, OVER)}")
    found = []
    for name in setting_names():
        extra, section = setting_field(name).json_schema_extra or {}, name.partition(".")[0]
        assumed = section == "rules" or "plausible_low" in extra
        if "low" not in extra or (over == "assumptions") > assumed or (over == "settings" and assumed):
            continue
        now = float(setting_value(scenario, name))
        if section == "rules":
            span = STRENGTHS
        elif assumed:
            span = _spaced(extra["plausible_low"], extra["plausible_high"], name)
        elif section in ("run", "structure") or name in SIZES or now == 0:
            continue
        else:
            low, high = sorted((now / NEAR, now * NEAR))
            span = _spaced(max(low, extra["low"]), min(high, extra["high"]), name)
        if span.low < span.high:
            found.append(Parameter(name, span, {"": now}))
    return tuple(found)


def _spaced(low: float, high: float, name: str) -> Span:
    if is_whole(name):
        return Span(math.ceil(low), math.floor(high))
    return Span(low, high, scale="log" if low > 0 and high / low >= FACTOR else "linear")


def sobol_points(dimensions: int, count: int, seed: int) -> Any:
    """Points that fill the unit cube evenly: float (count, dimensions), a scrambled Sobol sequence (Owen 1998)."""
    sampler = qmc.Sobol(dimensions, rng=np.random.default_rng(seed))
    return sampler.random_base2(max(math.ceil(math.log2(max(count, 1))), 0))[:count]


def values_at(parameters: Sequence[Parameter], share: Any) -> dict[str, float | int]:
    """Values of everything drawn at one point of the unit cube."""
    return {one.name: one.at(float(part)) for one, part in zip(parameters, share, strict=True)}


def possible(scenario: Scenario, parameters: Sequence[Parameter], shares: Any) -> Any:
    """Which points of the unit cube give settings that can stand together: bool (points,)."""

    def stands(share: Any) -> bool:
        try:
            changed(scenario, values_at(parameters, share))
        except InputError:
            return False
        return True

    return np.array([stands(share) for share in shares], bool)
