"""How findings are measured: the runs that each needs, and what is taken from them.

A measure has arms, runs under the same luck that differ in some settings, and makes of one replication of all of
them a value of each of its findings.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simsvc.evidence.branches import conditions, correlation, partial_correlation
from simsvc.evidence.levels import LEVELS
from simsvc.model.rows import FAILURE, RESOLVED, TURNED_AWAY
from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import measured, summary
from simsvc.runs.order import Drive
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.loading import changed, load_scenario, with_structure
from simsvc.scenario.settings import Scenario
from simsvc.scenario.timeline import Change

CHARTS = ("traditional", "inverted")
BETWEEN = "between charts"
"""What stands for the chart where a finding is about a difference between two."""

Values = dict[str, float]
Seen = dict[str, Any]
"""What was seen of each arm, by its label."""

NAN = float("nan")


@dataclass(frozen=True)
class Arm:
    """Runs of one kind within a measure.

    Attributes:
        label: by which the measure knows it.
        scenario: what is simulated.
        luck: arms of the same number share their luck.
    """

    label: str
    scenario: Scenario
    luck: int = 0


@dataclass(frozen=True)
class Measure:
    """What several findings are measured by at once.

    Attributes:
        findings: their names.
        arms: made for a chart.
        drive: takes a run of an arm through its days and gives what is seen.
        values: of the findings, from one replication of all arms; NaN: none.
        charts: under which it is measured.
        times: how many times as many replications it takes as others, because it is noisy.
    """

    findings: tuple[str, ...]
    arms: Callable[[str], list[Arm]]
    drive: Drive
    values: Callable[[Seen], Values]
    charts: tuple[str, ...] = CHARTS
    times: int = 1


def _centre(chart: str, settings: Mapping[str, Any] | None = None) -> Scenario:
    return changed(with_structure(load_scenario("contact_centre"), chart), settings or {})


def _arms(worlds: Mapping[str, Mapping[str, Any]]) -> Callable[[str], list[Arm]]:
    """Arms that differ in some settings of the contact centre."""
    return lambda chart: [Arm(label, _centre(chart, settings)) for label, settings in worlds.items()]


def keep(model: ServiceOrganization, days: int) -> Values:
    """A drive: all days; gives every metric, and further sums over the measured days."""
    model.advance(days)
    settling = model.settings.run.settling
    rows = measured(model.state.days[:days], settling)
    left = sum(float(rows[name].sum()) for name in rows.dtype.names if name.startswith("left_"))
    return {
        **summary(model.state.days[:days], settling),
        "joined": float(rows["joined"].mean()) / float(model.settings.market.population - rows["customers"].mean()),
        "left": left / float(rows["customers"].sum()),
        "time": float(rows["service_time"].sum() / max(rows["served"].sum(), 1)),
        "load": float(rows["load"].mean()),
        "output": float(60 * rows["resolved"].sum() / max(rows["busy"].sum(), 1)),
        "output_of_day": float(rows["served"].sum() / max(rows["present"].sum(), 1)),
    }


# -- customers, contact by contact -----------------------------------------------------------------------


def bend(x: Any, y: Any) -> float:
    """Quadratic coefficient of the parabola through points, by least squares; NaN for fewer than four."""
    return float(np.polyfit(np.asarray(x, float), np.asarray(y, float), 2)[0]) if len(x) > 3 else NAN


NEW, OLD = DAYS_PER_YEAR // 2, 2 * DAYS_PER_YEAR
"""Days as a customer below which somebody is new, and from which long-standing."""
FAST = 1.0
"""Working days within which something is put right fast (TARP)."""


class _Contacts:
    """Adds up, evening by evening, how contacts moved customers."""

    def __init__(self, people: int) -> None:
        self.spell = np.full(people, -1)
        self.failures = np.zeros(people, int)
        self.sums = dict.fromkeys(("new", "new gap", "old", "old gap"), 0.0)
        self.recovered: dict[str, list[float]] = {"first": [], "first loyalty": [], "later": []}

    def look(self, model: ServiceOrganization, is_measured: bool) -> None:
        state = model.state
        organisation = state.organisation[0]
        ended = state.cases[state.ended[: organisation["ended"]]]
        ended = ended[(ended["outcome"] != TURNED_AWAY) & (ended["experience"] > 0)]
        who = ended["customer"]
        customers = state.customers[who]
        stays = (customers["since"] >= 0) & (customers["spell"] == ended["spell"])
        ended, who, customers = ended[stays], who[stays], customers[stays]
        if is_measured:
            before = customers["satisfaction"] - ended["satisfaction_change"]
            gap, moved = np.abs(ended["experience"] - before), np.abs(ended["satisfaction_change"])
            tenure = organisation["day"] - customers["since"]
            for name, mine in (("new", tenure < NEW), ("old", tenure >= OLD)):
                self.sums[name] += float(moved[mine].sum())
                self.sums[f"{name} gap"] += float(gap[mine].sum())
        over = (ended["kind"] == FAILURE) & (ended["legitimate"] == 1) & (ended["attempts"] <= 1)
        for case in ended[over]:
            i = case["customer"]
            if self.spell[i] != case["spell"]:
                self.spell[i], self.failures[i] = case["spell"], 0
            days = (case["ended_at"] - case["first_at"]) / model.settings.operations.open_minutes
            well = case["outcome"] == RESOLVED and case["outcome_felt"] >= 0.6 and days <= FAST
            if is_measured and well:
                which = "first" if self.failures[i] == 0 else "later"
                self.recovered[which].append(float(case["satisfaction_change"]))
                if which == "first":
                    self.recovered["first loyalty"].append(float(case["loyalty_change"]))
            self.failures[i] += 1

    def values(self) -> Values:
        mean = {name: 100 * float(np.mean(moves)) if moves else NAN for name, moves in self.recovered.items()}
        new, old = (self.sums[name] / self.sums[f"{name} gap"] if self.sums[name] else NAN for name in ("new", "old"))
        return {
            "experience_dampens": old / new,
            "paradox_of_satisfaction": mean["first"],
            "no_paradox_of_loyalty": mean["first loyalty"],
            "no_second_paradox": mean["later"],
        }


def follow_customers(model: ServiceOrganization, days: int) -> Values:
    """A drive: looks at every contact, and at who is still there a year before the end and at the end."""
    first = int(days * model.settings.run.settling)
    contacts = _Contacts(len(model.state.customers))
    values: Values = {}
    before: Any = None
    for day in range(days):
        model.advance(1)
        contacts.look(model, day >= first)
        if day == days - DAYS_PER_YEAR - 1:
            before = model.state.customers.copy()
    if before is not None:
        here = before["since"] >= 0
        now, then = model.state.customers[here], before[here]
        kept = (now["since"] >= 0) & (now["spell"] == then["spell"])
        spend = then["spend"] / then["spend_level"]
        values = {
            "staying_is_convex": bend(then["satisfaction"], kept),
            "spending_is_convex": bend(then["satisfaction"], spend / spend.mean()),
            "intent_is_concave": bend(then["satisfaction"], then["counted_score"]),
        }
    rows = measured(model.state.days[:days], model.settings.run.settling)
    for size in ("silent", "fast"):
        losses = float(rows[f"losses_small_{size}"].sum())
        values[f"small_loss_{size}"] = 100 * float(rows[f"kept_small_{size}"].sum()) / losses if losses else NAN
    bad = float(rows["told_bad"].sum())
    values["good_words"] = float(rows["told_good"].sum()) / bad if bad else NAN
    return {**values, **contacts.values(), **{level.name: level.of(rows) for level in LEVELS}}


# -- overload --------------------------------------------------------------------------------------------

BEFORE, OVERLOAD, SLACK = 250, 100, 125
"""Days before, of overload, of slack."""


def _overloaded(chart: str) -> list[Arm]:
    usual = changed(_centre(chart, {"workforce.staffing": "fixed"}), {"run.days": BEFORE + OVERLOAD + SLACK})
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


STAFF = (30, 27, 24, 22, 20, 18, 16)
"""Numbers of staff, from a light load to a heavy one."""
FEW = (32, 28, 26, 24, 22, 20, 17)
"""The same where customers cannot leave, whatever they wait."""
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


def follow_staff(model: ServiceOrganization, days: int) -> float:
    """A drive: correlation of surface acting per contact and exhaustion over staff there all the last half year."""
    model.advance(days - NEW)
    staff = model.state.staff
    person, present = staff["person"].copy(), staff["present"].copy()
    many = len(staff)
    acting, contacts, tired = (np.zeros(many) for _ in range(3))
    for _ in range(NEW):
        model.advance(1)
        staff = model.state.staff
        acting += staff["acting"][:many]
        contacts += staff["contacts"][:many]
        tired += staff["exhaustion"][:many]
    staff = staff[:many]
    same = (staff["person"] == person) & (present == 1) & (staff["present"] == 1) & (contacts > 0)
    return correlation(acting[same] / contacts[same], tired[same])


TENTH = 1.755
"""Mean of the best tenth of a normal distribution, in standard deviations."""


def _bosses(chart: str) -> list[Arm]:
    usual = _centre(chart)
    reach = TENTH * usual.workforce.boss_spread
    return [
        Arm(label, changed(usual, {"workforce.boss_quality": round(usual.workforce.boss_quality + reach * sign, 4),
                                   "workforce.boss_spread": 0.0}))
        for label, sign in (("worst", -1), ("best", 1))
    ]  # fmt: skip


def _output(seen: Seen) -> Values:
    return {"bosses": 100 * (seen["best"]["output"] / seen["worst"]["output"] - 1)}


def _voices(chart: str) -> list[Arm]:
    """Reports answered or not, with time to remove causes or none; control takes the rest of what both have."""
    levers = _centre(chart).structure
    both = levers.share_control + levers.share_causes
    return [
        Arm(f"{answered:g} {causes:g}", _centre(chart, {
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
        Arm(f"{name} {misaligned:g}", _centre(name, {"workforce.misalignment": misaligned}))
        for misaligned in (0.0, 0.4) for name in ("traditional", "power_only")
    ]  # fmt: skip


def _autonomy(seen: Seen) -> Values:
    kept = {label: 100 * arm["retention"] for label, arm in seen.items()}
    gain = {m: kept[f"power_only {m}"] - kept[f"traditional {m}"] for m in ("0", "0.4")}
    return {"autonomy": gain["0"], "autonomy_and_misalignment": gain["0.4"] - gain["0"]}


def _words(seen: Seen) -> Values:
    change = {name: abs(seen["talk"][name] / seen["silence"][name] - 1) for name in ("joined", "left")}
    return {"words_recruit": 100 * (change["joined"] - change["left"])}


def _hostages(seen: Seen) -> Values:
    return {"hostages": 100 * (seen["hard"]["hostage_share"] - seen["easy"]["hostage_share"])}


MEASURES = (
    Measure(
        ("spending_is_convex", "staying_is_convex", "intent_is_concave", "experience_dampens",
         "paradox_of_satisfaction", "no_paradox_of_loyalty", "no_second_paradox", "small_loss_silent",
         "small_loss_fast", "good_words", *(level.name for level in LEVELS)),
        _arms({"usual": {}}), follow_customers, lambda seen: seen["usual"],
    ),
    Measure(("standard_erodes", "erosion_is_permanent"), _overloaded, standards, _erosion),
    Measure(
        ("optimal_productivity",),
        _arms({str(n): {"workforce.staffing": "fixed", "workforce.frontline": n} for n in STAFF}), keep,
        _by_productivity,
    ),
    Measure(
        ("tipping_load", "overwork_slows"),
        _arms({str(n): HELD | {"workforce.frontline": n, "run.days": 500} for n in FEW}), keep, _by_load,
    ),
    Measure(
        ("morale_and_satisfaction", "climate_and_satisfaction", "climate_and_performance", "quality_mediates",
         "turnover_and_performance"),
        _branches, keep, _over_branches, times=3,
    ),
    Measure(("words_recruit",), _arms({"talk": {}, "silence": {"rules.word_of_mouth": 0.0}}), keep, _words),
    Measure(
        ("hostages",), _arms({n: {"market.switching_cost": v} for n, v in (("easy", 0.0), ("hard", 0.8))}), keep,
        _hostages,
    ),
    Measure(
        ("surface_acting",), _arms({"smiles": {"structure.smile_training": 0.5}}), follow_staff,
        lambda seen: {"surface_acting": seen["smiles"]}, times=2,
    ),
    Measure(("bosses",), _bosses, keep, _output),
    Measure(("voice_with_resources", "voice_in_vain"), _voices, keep, _turnover),
    Measure(("autonomy", "autonomy_and_misalignment"), _power, keep, _autonomy, (BETWEEN,)),
)  # fmt: skip
"""All measures; every finding belongs to one of them."""


@functools.cache
def measure_of() -> Mapping[str, Measure]:
    """The measure of each finding."""
    return {name: measure for measure in MEASURES for name in measure.findings}
