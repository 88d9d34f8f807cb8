"""How findings are measured: the runs that each needs, and what is taken from them.

A measure has arms, runs under the same luck that differ in some settings, and makes of one replication of all of
them a value of each of its findings.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from simsvc.evidence.branches import conditions, correlation, partial_correlation
from simsvc.evidence.following import follow_all, follow_staff
from simsvc.evidence.histories import HISTORIES
from simsvc.evidence.levels import LEVELS
from simsvc.evidence.measuring import BETWEEN, CHARTS, NAN, Arm, Measure, Seen, Values, arms_of, centre, keep
from simsvc.organization import ServiceOrganization
from simsvc.scenario.loading import changed, load_scenario, with_structure
from simsvc.scenario.timeline import Change

# -- overload --------------------------------------------------------------------------------------------

BEFORE, OVERLOAD, SLACK = 250, 100, 125
"""Days before, of overload, of slack."""


def _overloaded(chart: str) -> list[Arm]:
    usual = changed(centre(chart, {"workforce.staffing": "fixed"}), {"run.days": BEFORE + OVERLOAD + SLACK})
    needs = usual.demand.contacts_per_year
    dates = tuple(
        Change.model_validate({"day": day, "set": {"demand.contacts_per_year": factor * needs}})
        for day, factor in ((BEFORE, 1.3), (BEFORE + OVERLOAD, 0.8))
    )
    return [Arm("usual", usual), Arm("overload", usual.model_copy(update={"timeline": dates}))]


def standards(model: ServiceOrganization, days: int) -> Any:
    """A drive: gives the standard, evening by evening."""
    model.advance(days)
    return model.state.days[:days]["standard"].copy()


def _erosion(seen: Seen) -> Values:
    change = 100 * (seen["overload"] - seen["usual"])
    drop, later = float(change[BEFORE + OVERLOAD - 1]), float(change[-1])
    return {"standard_erodes": drop, "erosion_is_permanent": later / drop if drop < 0 else NAN}


STAFF = (60, 46, 38, 30, 24, 20, 16)
"""Numbers of staff, from idle to overloaded; an earlier version ended at 30, before profit has its peak."""
FEW = (32, 28, 26, 24, 22, 20, 17)
"""Numbers of staff where customers cannot leave, whatever they wait."""
HELD = {"workforce.staffing": "fixed", "rules.leaving": 0.0, "rules.incidents": 0.0}


def _by_productivity(seen: Seen) -> Values:
    arms = [seen[str(n)] for n in STAFF]
    productivity = np.array([arm["output_of_day"] for arm in arms])
    place = (productivity - productivity[0]) / (productivity[-1] - productivity[0])
    profits = [arm["profit"] for arm in arms]
    a, b, _ = np.polyfit(place, profits, 2)
    peak = -b / (2 * a) if a < 0 else float(profits[-1] > profits[0])
    return {"optimal_productivity": float(np.clip(peak, 0, 1))}


def _by_load(seen: Seen) -> Values:
    arms = [seen[str(n)] for n in FEW]
    times = [arm["time"] for arm in arms]
    return {"tipping_load": arms[int(np.argmin(times))]["load"], "overwork_slows": times[-1] / min(times)}


# -- branches --------------------------------------------------------------------------------------------


def _branches(chart: str) -> list[Arm]:
    classroom = with_structure(load_scenario("classroom"), chart)
    return [Arm(str(b), changed(classroom, place), luck=b) for b, place in enumerate(conditions())]


def _over_branches(seen: Seen) -> Values:
    of = {name: [branch[name] for branch in seen.values()] for name in next(iter(seen.values()))}
    return {
        "morale_and_satisfaction": correlation(of["morale"], of["satisfaction"]),
        "climate_and_satisfaction": correlation(of["climate"], of["satisfaction"]),
        "climate_and_performance": correlation(of["climate"], of["csat"]),
        "quality_mediates": partial_correlation(of["morale"], of["satisfaction"], of["csat"]),
        "turnover_and_performance": correlation(of["staff_turnover"], of["profit"]),
    }


# -- staff and managers ----------------------------------------------------------------------------------


TENTH = 1.755
"""Mean of the best tenth of a normal distribution, in standard deviations."""


def _bosses(chart: str) -> list[Arm]:
    usual = centre(chart)
    reach = TENTH * usual.workforce.boss_spread
    return [
        Arm(label, changed(usual, {"workforce.boss_quality": round(usual.workforce.boss_quality + reach * sign, 4),
                                   "workforce.boss_spread": 0.0}))
        for label, sign in (("worst", -1), ("best", 1))
    ]  # fmt: skip


def _output(seen: Seen) -> Values:
    best, worst = seen["best"], seen["worst"]
    return {
        "bosses": 100 * (best["output"] / worst["output"] - 1),
        "bosses_keep": 100 * (best["staff_turnover"] - worst["staff_turnover"]),
    }


def _voices(chart: str) -> list[Arm]:
    """Reports answered or not, with time to remove causes or none; control takes the rest of what both have."""
    levers = centre(chart).structure
    both = levers.share_control + levers.share_causes
    return [
        Arm(f"{answered:g} {causes:g}", centre(chart, {
            "structure.reports_answered": answered, "structure.share_causes": causes,
            "structure.share_control": round(both - causes, 4),
        }))
        for causes in (0.0, 0.3) for answered in (0.0, 1.0)
    ]  # fmt: skip


def _turnover(seen: Seen) -> Values:
    more = {c: 100 * (seen[f"1 {c}"]["staff_turnover"] - seen[f"0 {c}"]["staff_turnover"]) for c in ("0", "0.3")}
    return {"voice_in_vain": more["0"], "voice_with_resources": more["0.3"]}


def _power(chart: str) -> list[Arm]:
    return [
        Arm(f"{name} {misaligned:g}", centre(name, {"workforce.misalignment": misaligned}))
        for misaligned in (0.0, 0.4) for name in ("traditional", "power_only")
    ]  # fmt: skip


def _autonomy(seen: Seen) -> Values:
    kept = {label: 100 * arm["retention"] for label, arm in seen.items()}
    gain = {m: kept[f"power_only {m}"] - kept[f"traditional {m}"] for m in ("0", "0.4")}
    return {"autonomy": gain["0"], "autonomy_and_misalignment": gain["0.4"] - gain["0"]}


def _involvement(seen: Seen) -> Values:
    turned, usual = seen["inverted"], seen["traditional"]
    return {
        "involvement_and_quits": 100 * (turned["staff_turnover"] - usual["staff_turnover"]),
        "involvement_and_sales": 100 * (turned["revenue"] / usual["revenue"] - 1),
        "involvement_and_time": 100 * (turned["time"] / usual["time"] - 1),
    }


def _spans(seen: Seen) -> Values:
    return {"small_spans": 100 * (seen["small"]["csat"] - seen["large"]["csat"])}


def _words(seen: Seen) -> Values:
    change = {name: abs(seen["talk"][name] / seen["silence"][name] - 1) for name in ("joined", "left")}
    return {"words_recruit": 100 * (change["joined"] - change["left"])}


def _hostages(seen: Seen) -> Values:
    return {"hostages": 100 * (seen["hard"]["hostage_share"] - seen["easy"]["hostage_share"])}


MEASURES = (
    Measure(
        ("spending_is_convex", "staying_is_convex", "intent_is_concave", "experience_dampens",
         "paradox_of_satisfaction", "no_paradox_of_loyalty", "no_second_paradox", "disconfirmation",
         "expectation_met", "bad_as_expected", "small_loss_silent", "small_loss_vain", "small_loss_right",
         "small_loss_fast", "good_words", "morale_and_quitting", "commitment_and_quitting", "autonomy_and_morale",
         "morale_and_performance", *(level.name for level in LEVELS)),
        arms_of({"usual": {}}), follow_all, lambda seen: seen["usual"],
    ),
    Measure(("standard_erodes", "erosion_is_permanent"), _overloaded, standards, _erosion),
    Measure(
        ("optimal_productivity",),
        arms_of({str(n): {"workforce.staffing": "fixed", "workforce.frontline": n} for n in STAFF}), keep,
        _by_productivity,
    ),
    Measure(
        ("tipping_load", "overwork_slows"),
        arms_of({str(n): HELD | {"workforce.frontline": n, "run.days": 500} for n in FEW}), keep, _by_load,
    ),
    Measure(
        ("morale_and_satisfaction", "climate_and_satisfaction", "climate_and_performance", "quality_mediates",
         "turnover_and_performance"),
        _branches, keep, _over_branches, times=3,
    ),
    Measure(("words_recruit",), arms_of({"talk": {}, "silence": {"rules.word_of_mouth": 0.0}}), keep, _words),
    Measure(
        ("hostages",), arms_of({n: {"market.switching_cost": v} for n, v in (("easy", 0.0), ("hard", 0.8))}), keep,
        _hostages,
    ),
    Measure(
        ("surface_acting",), arms_of({"smiles": {"structure.smile_training": 0.5}}), follow_staff,
        lambda seen: {"surface_acting": seen["smiles"]}, times=2,
    ),
    Measure(("bosses", "bosses_keep"), _bosses, keep, _output),
    Measure(("voice_with_resources", "voice_in_vain"), _voices, keep, _turnover),
    Measure(("autonomy", "autonomy_and_misalignment"), _power, keep, _autonomy, (BETWEEN,)),
    Measure(
        ("involvement_and_quits", "involvement_and_sales", "involvement_and_time"),
        lambda _: [Arm(chart, centre(chart)) for chart in CHARTS], keep, _involvement, (BETWEEN,),
    ),
    Measure(
        ("small_spans",), arms_of({"small": {"workforce.managers": 6}, "large": {"workforce.managers": 3}}), keep,
        _spans,
    ),
    *HISTORIES,
)  # fmt: skip
"""All measures; every finding belongs to one of them."""


@functools.cache
def measure_of() -> Mapping[str, Measure]:
    """The measure of each finding."""
    return {name: measure for measure in MEASURES for name in measure.findings}
