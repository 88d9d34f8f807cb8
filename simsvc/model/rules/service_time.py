"""How long a case takes, how work pressure eats into it, and what overwork costs."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.model.rules.tempering import ORDINARY_KPI, REFERENCE_SKILL

ELASTICITY = -0.64  # of time per case to work pressure, Oliva & Sterman 2001
EROSION_DAYS = 18.83 * 5  # working days in which the standard follows practice down, same source
TIPPING_LOAD = 0.93  # above which stress takes over: 92.5 % of beds in Kuntz, Mennicken & Scholtes 2015 (abstract)
# of time per case to overwork: a per cent more of it adds six hours of stay, where a per cent more load saves 4.8 (ten
# per cent: two days; KC & Terwiesch 2009, abstract), so 1.25 times the elasticity to pressure, the other way
OVERWORK_ELASTICITY = 0.8
OVERWORK_DAYS = 20.0  # over which load above the tipping point wears people down; assumption
LATITUDE_TIME = 0.35  # share of extra time for a need at full distance (H4)
DELIBERATION = 0.10  # share of extra time where nothing is laid down (Bowen & Lawler 1992: slower service)


@rule
def work_pressure(load: float, comfortable: float, strength: float) -> float:
    """Factor on time per case under pressure, 0.5-1.25 (Oliva & Sterman 2001).

    Pressure is work demanded over comfortable capacity; time per case is pressure to the power of
    the elasticity. The cut has a floor: nobody serves a case in no time.

    Args:
        load: work demanded over time available, smoothed, >= 0.
        comfortable: load felt as comfortable, in (0, 1].
        strength: of the rule; 0 gives factor 1.
    """
    pressure = max(load / comfortable, 0.05)
    return float(min(max(pressure ** (ELASTICITY * strength), 0.5), 1.25)) if strength > 0.0 else 1.0


@rule
def overwork_after(overwork: float, load: float) -> float:
    """Overwork of a team after one more day, >= 0: how far its load has lain above the tipping point for weeks.

    Args:
        overwork: before, as a share of the load at the tipping point.
        load: work demanded over time available, >= 0.
    """
    return overwork + (max(load / TIPPING_LOAD - 1.0, 0.0) - overwork) / OVERWORK_DAYS


@rule
def time_when_overworked(overwork: float, strength: float) -> float:
    """Factor on time per case, >= 1: long overwork slows people down (KC & Terwiesch 2009).

    Together with `work_pressure` pace against load is an inverted U: a busy day is worked off faster, but whoever is
    overworked for weeks loses all of that and a little more. The time lost does not go into the case.

    Args:
        overwork: of the team, see `overwork_after`, >= 0.
        strength: of the rule; 0 gives 1.
    """
    return float((1.0 + overwork) ** (OVERWORK_ELASTICITY * strength))


@rule
def pace_of_target(kpi: float, strength: float) -> float:
    """Factor on time per case from what managers steer by: a cost KPI hurries (C11).

    Args:
        kpi: cost 0 to customers 1; 0.25 is ordinary.
        strength: of the rule; 0 gives 1.
    """
    return max(1.0 + 0.1 * strength * (kpi - ORDINARY_KPI), 0.5)


@rule
def time_with_tools(tools: float) -> float:
    """Factor on time per case from tools as they come through, 0-1; 1 at 0.7 (C16)."""
    return 1.0 + 0.3 * (0.7 - tools)


@rule
def speed(skill: float, exhaustion: float, strength: float) -> float:
    """Factor on time per case from skill and exhaustion, around 1 at reference skill.

    The skilled are faster (C23); the exhausted slow down.

    Args:
        skill: 0-1.
        exhaustion: 0-1.
        strength: of the rule; 0 gives factor 1.
    """
    return math.exp(strength * (0.6 * (REFERENCE_SKILL - skill) + 0.3 * exhaustion * exhaustion))


@rule
def difficult_case_time(difficulty: float, mean: float, strength: float) -> float:
    """Factor on time per case from its difficulty, 1 at the mean.

    Args:
        difficulty: of the case, 0-1.
        mean: of all cases, 0-1.
        strength: of the rule; 0 gives factor 1.
    """
    return max(1.0 + strength * (difficulty - mean), 0.05)


@rule
def unusual_need_time(distance: float, latitude: float, strength: float) -> float:
    """Factor on time per case for working off the script: authority is work too (H4).

    Who may deviate thinks about it even where the need is standard, and works longer where it is not.

    Args:
        distance: of the need from the standard, 0-1.
        latitude: used for it, 0-1.
        strength: of the rule; 0 gives factor 1.
    """
    return 1.0 + strength * (LATITUDE_TIME * min(distance, latitude) + DELIBERATION * latitude)


@rule
def standard_after(standard: float, practice: float, recovery: float, strength: float) -> float:
    """The time people believe is due to a case, after one more day, as a ratio > 0 (Oliva & Sterman 2001).

    It follows practice: down within 18.83 weeks, up more slowly or never.

    Args:
        standard: today's, ratio to the original.
        practice: time actually given, ratio to the original.
        recovery: speed upwards against downwards, 0-1.
        strength: of the rule; 0 leaves the standard alone.
    """
    gap = practice - standard
    return standard + strength * (gap if gap < 0.0 else gap * recovery) / EROSION_DAYS
