"""How long a case takes, how work pressure eats into it, and what overwork costs."""

from __future__ import annotations

import math

from simsvc.model.compiling import rule
from simsvc.scenario.assumptions.service_time import SERVICE_TIME, ServiceTime


@rule
def work_pressure(load: float, comfortable: float, strength: float, a: ServiceTime = SERVICE_TIME) -> float:
    """Factor on time per case under pressure, > 0 (Oliva & Sterman 2001).

    Pressure is work demanded over comfortable capacity; time per case is pressure to the power of
    the elasticity. The cut has a floor: nobody serves a case in no time.

    Args:
        load: work demanded over time available, smoothed, >= 0.
        comfortable: load felt as comfortable, in (0, 1].
        strength: of the rule; 0 gives factor 1.
        a: coefficients.
    """
    pressure = max(load / comfortable, 0.05)
    return float(min(max(pressure ** (a.elasticity * strength), a.shortest), a.longest)) if strength > 0.0 else 1.0


@rule
def overwork_after(overwork: float, load: float, a: ServiceTime = SERVICE_TIME) -> float:
    """Overwork of a team after one more day, >= 0: how far its load has lain above the tipping point for weeks.

    Args:
        overwork: before, as a share of the load at the tipping point, >= 0.
        load: work demanded over time available, >= 0.
        a: coefficients.
    """
    return overwork + (max(load / a.tipping_load - 1.0, 0.0) - overwork) / a.overwork_days


@rule
def time_when_overworked(overwork: float, strength: float, a: ServiceTime = SERVICE_TIME) -> float:
    """Factor on time per case, >= 1: long overwork slows people down (KC & Terwiesch 2009).

    Together with `work_pressure` pace against load is an inverted U: a busy day is worked off faster, but whoever is
    overworked for weeks loses all of that and a little more. The time lost does not go into the case, but it is seen:
    the standard follows the time that cases take, so that it stops eroding where people do not get faster any more.

    Args:
        overwork: of the team, see `overwork_after`, >= 0.
        strength: of the rule; 0 gives 1.
        a: coefficients.
    """
    return float((1.0 + overwork) ** (a.overwork_elasticity * strength))


@rule
def pace_of_target(kpi: float, ordinary: float, strength: float, a: ServiceTime = SERVICE_TIME) -> float:
    """Factor on time per case from what managers steer by: a cost KPI hurries (C11).

    Args:
        kpi: cost 0 to customers 1.
        ordinary: what managers ordinarily steer by, 0-1.
        strength: of the rule; 0 gives 1.
        a: coefficients.
    """
    return max(1.0 + a.kpi_pace * strength * (kpi - ordinary), 0.5)


@rule
def time_with_tools(tools: float, ordinary: float, a: ServiceTime = SERVICE_TIME) -> float:
    """Factor on time per case from tools as they come through (C16).

    Args:
        tools: as they come through, 0-1.
        ordinary: tools of the trade, 0-1; factor 1.
        a: coefficients.
    """
    return 1.0 + a.tools_pace * (ordinary - tools)


@rule
def speed(skill: float, exhaustion: float, reference: float, strength: float, a: ServiceTime = SERVICE_TIME) -> float:
    """Factor on time per case from skill and exhaustion, around 1 at reference skill.

    The skilled are faster (C23); the exhausted slow down.

    Args:
        skill: 0-1.
        exhaustion: 0-1.
        reference: skill that the settings hold for, 0-1.
        strength: of the rule; 0 gives factor 1.
        a: coefficients.
    """
    return math.exp(strength * (a.skill_pace * (reference - skill) + a.exhaustion_pace * exhaustion * exhaustion))


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
def unusual_need_time(distance: float, latitude: float, strength: float, a: ServiceTime = SERVICE_TIME) -> float:
    """Factor on time per case for working off the script: authority is work too (H4).

    Who may deviate thinks about it even where the need is standard, and works longer where it is not.

    Args:
        distance: of the need from the standard, 0-1.
        latitude: used for it, 0-1.
        strength: of the rule; 0 gives factor 1.
        a: coefficients.
    """
    return 1.0 + strength * (a.latitude_time * min(distance, latitude) + a.deliberation * latitude)


@rule
def standard_after(
    standard: float, practice: float, recovery: float, strength: float, a: ServiceTime = SERVICE_TIME
) -> float:
    """The time people believe is due to a case, after one more day, as a ratio > 0 (Oliva & Sterman 2001).

    It follows practice: down within some months, up more slowly or never.

    Args:
        standard: today's, ratio to the original, > 0.
        practice: time that cases take, ratio to the original, > 0.
        recovery: speed upwards against downwards, 0-1.
        strength: of the rule; 0 leaves the standard alone.
        a: coefficients.
    """
    gap = practice - standard
    followed = gap if gap < 0.0 else gap * recovery
    return standard + strength * followed / a.erosion_days
