"""A scenario from call records: which settings follow from the data, and what they cannot tell."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simsvc.calibration.calls.estimates import CallEstimates
from simsvc.calibration.calls.opening_hours import Hours, clock
from simsvc.calibration.calls.service_times import ServiceTimes
from simsvc.calibration.calls.staffing import Staffing
from simsvc.errors import InputError
from simsvc.model.rules.needs import distance_from_standard
from simsvc.model.rules.service_time import difficult_case_time, speed
from simsvc.runs.order import Order, keeping_rows
from simsvc.runs.perform import simulate
from simsvc.runs.statistics import Interval
from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.loading import changed, differences, load_scenario, presets, with_days
from simsvc.scenario.settings import Scenario, section_and_key, setting_field, setting_value
from simsvc.scenario.writing import toml_value

MOST_SKILL_SPREAD = 0.2
"""Differences of skill beyond this would press many people against the ends of the scale."""
TUNING_DAYS, SETTLING_DAYS, ROUNDS = 60, 30, 8
SCALED = ("approval_minutes", "approval_delay", "reexplain_minutes")
"""Times that belong to a case and are not in call records: they keep their proportion to the service time."""
MOST_PARTS = 96
MATCHED = 0.1
"""Share by which a run may miss what was fitted before that is warned of."""
FAR = 2.0
"""Ratio of a run to the records, or the reverse, from which on what was not fitted is warned of ..."""
NOTICED = {"mean wait in the queue, s": 10.0, "calls that give up, %": 3.0}
"""... if the difference is larger than this."""
_RATIOS = {"operations.service_profile": (0.01, 100.0)}


class Setting(NamedTuple):
    """A setting that follows from the data, by its full name; `why`: estimate, interval and how it follows."""

    name: str
    value: Any
    why: str


@dataclass(frozen=True)
class FittedScenario:
    """A scenario fitted to call records.

    Attributes:
        scenario: with the settings in force.
        settings: those that follow from the data.
        left: sentences on what the data do not tell, left as in the base.
        check: what a run of the scenario gives: by quantity the value of the data and of the run.
        doubts: warnings: settings that could not be as the data have them, and what a run is far from.
    """

    scenario: Scenario
    settings: tuple[Setting, ...]
    left: tuple[str, ...]
    check: dict[str, tuple[float, float]]
    doubts: tuple[str, ...] = ()


def in_range(name: str, value: Any) -> Any:
    """A value of a setting, by its full name, or the nearest one that the setting may have."""
    if isinstance(value, tuple) and name in _RATIOS:
        low, high = _RATIOS[name]
        return tuple(min(max(part, low), high) for part in value)
    said = setting_field(name).json_schema_extra
    if isinstance(value, (int, float)) and "low" in said:
        return type(value)(min(max(value, said["low"]), said["high"]))
    return value


def _kept(scenario: Scenario, values: Mapping[str, Any], beyond: dict[str, Any]) -> Scenario:
    """The scenario with some settings changed; of those that may not be so, the value asked for is kept in `beyond`."""
    within = {name: in_range(name, value) for name, value in values.items()}
    for name, value in values.items():
        beyond.pop(name, None)
        if within[name] != value:
            beyond[name] = value
    return changed(scenario, within, "calibration")


def _doubts(beyond: Mapping[str, Any], check: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    """What does not come out as the records have it, each a sentence."""
    for name, value in beyond.items():
        asked = f"{value:,.6g}" if isinstance(value, (int, float)) else "what some parts of the day have"
        yield f"WARNING: {name} would have to be {asked}, which is out of its range; it is at the end of it."
    for name, (seen, run) in check.items():
        low, high = sorted((seen, run))
        if name in NOTICED:
            far = high - low > NOTICED[name] and high > FAR * low
            why = "it was not fitted; see what is left as in the base, and whether the records tell who is on duty"
        else:
            far, why = abs(run - seen) > MATCHED * seen, "no values of the settings were found that match it"
        if far:
            yield f"WARNING: {name}: {run:.3g} in a run of the scenario, {seen:.3g} in the records; {why}."


def _number(found: Interval, unit: str, scale: float = 1.0, digits: int = 2) -> str:
    ends = "" if math.isnan(found.low) else f" [{found.low * scale:,.{digits}f}, {found.high * scale:,.{digits}f}]"
    return f"{found.mean * scale:,.{digits}f}{ends} {unit}".rstrip()


def _case_cv(service: ServiceTimes, skill_spread: float, base: Scenario) -> float:
    """Coefficient of variation that remains for cases once people's skill and cases' difficulty have had their part."""
    strength, pace = base.rules.skill, plain_numbers(base.assumptions.service_time)
    usual = base.assumptions.tempering.reference_skill
    u = (np.arange(400) + 0.5) / 400
    difficult = [
        difficult_case_time(distance_from_standard(x, base.demand.difficulty), base.demand.difficulty, strength)
        for x in u
    ]
    skills = np.clip(base.workforce.skill + skill_spread * np.array([-1.0, 1.0]), 0.05, 0.93)
    by_skill = np.diff(np.log([speed(x, 0.0, usual, strength, pace) for x in skills]))[0] / 2.0
    left = service.log_sd.mean**2 - float(np.var(np.log(difficult))) - by_skill**2
    return min(math.sqrt(math.expm1(max(left, 0.0))), 5.0)


def _demand(found: CallEstimates, base: Scenario, customers: int) -> Iterator[Setting]:
    arrivals, hours = found.arrivals, found.hours
    yearly = arrivals.per_day.mean * DAYS_PER_YEAR
    if yearly > DAYS_PER_YEAR * customers:
        raise InputError(
            f"{yearly:,.0f} calls a year of {customers} customers are {yearly / max(customers, 1):,.0f} each, allowed "
            f"are {DAYS_PER_YEAR}: say how many customers there are with --customers "
            f"(at least {math.ceil(yearly / DAYS_PER_YEAR)})"
        )
    calls = _number(arrivals.per_day, "calls a day", digits=0)
    yield Setting("demand.contacts_per_year", yearly / customers, f"{calls} of {customers} customers, some coming back")
    weights = tuple(round(float(w), 2) for w in arrivals.profile["calls_per_hour"].fillna(0.0))
    when = f"{clock(hours.opens / 3600)} to {clock(hours.closes / 3600)}"
    yield Setting("demand.profile", weights, f"calls an hour from {when}, mean of {len(hours.dates)} days")
    if found.patience:
        mean, hidden = found.patience.mean, found.patience.hidden
        why = f"min: total waiting{f' beyond {60.0 * hidden:g} s' if hidden else ''} over those who gave up"
        yield Setting("demand.patience", round(mean.mean, 3), _number(mean, why))
    if found.repeats and found.repeats.identified:
        back, days = found.repeats.after_giving_up, found.repeats.return_days
        yield Setting("demand.persistence", round(back.mean, 3), _number(back, "of those who gave up"))
        yield Setting("demand.return_days", round(days.mean, 2), _number(days, "days"))
    yield Setting("operations.open_minutes", hours.minutes, when)


def _work(found: CallEstimates, base: Scenario) -> Iterator[Setting]:
    yield Setting("workforce.departments", 1, "the records are of one queue")
    yield Setting("workforce.staffing", "fixed", "as many as the records show")
    skill_spread = base.workforce.skill_spread
    if (s := found.service) and s.spread and base.rules.skill > 0:
        pace = plain_numbers(base.assumptions.service_time)
        usual = base.assumptions.tempering.reference_skill
        slow, fast = (speed(x, 0.0, usual, 1.0, pace) for x in (0.0, 1.0))
        wanted = s.spread.sigma.mean / math.log(slow / fast) / base.rules.skill
        skill_spread = min(wanted, MOST_SKILL_SPREAD)
        why = f"agents' log service times differ by {_number(s.spread.sigma, '')}"
        if wanted > skill_spread:
            why += f"; all of it as skill would be {wanted:.2f}, the rest went into service_cv"
        yield Setting("workforce.skill_spread", round(skill_spread, 3), why)
    if s:
        why = f"{_number(s.work, 'min, technical drops included')}; set so that a run gives this mean"
        yield Setting("operations.service_minutes", s.work.mean, why)
        means, ratios = s.by_time["mean"], tuple(round(float(r), 3) for r in s.by_time["ratio"])
        why = f"mean by time of day from {means.min():.2f} to {means.max():.2f} min"
        yield Setting("operations.service_profile", ratios, why)
        kind = "lognormal" if s.lognormal else "exponential"
        yield Setting("operations.distribution", kind, "the better fit of the two")
        if s.lognormal:
            why = f"{_number(s.cv, '')} in all; log sd {s.log_sd.mean:.2f} less the parts of skill and difficulty"
            yield Setting("operations.service_cv", round(_case_cv(s, skill_spread, base), 3), why)
    if t := found.staffing:
        people = max(round(t.agents.mean), math.ceil(float(t.profile["available"].max())), 1)
        shares = tuple(round(float(a) / people, 4) for a in t.profile["available"].fillna(0.0))
        yield Setting("workforce.frontline", people, _number(t.agents, "different agents a day", digits=1))
        why = (
            f"on duty as far as seen from who served when, times the {100 * t.availability.mean:.0f} % who serve while "
            "somebody waits (by part of the day)"
        )
        yield Setting("workforce.shift_profile", shares, why)


def _left(found: CallEstimates) -> tuple[str, ...]:
    left = []
    if not found.patience:
        late = f" after more than {found.records.wait_hidden:g} s" if found.records.wait_hidden else ""
        unknown = 100 * found.records.waits_unknown
        why = f"of {unknown:.0f} % of those who gave up the records hold no wait" if unknown else ""
        left.append(f"demand.patience: {why or f'hardly anybody gave up{late}'}.")
    if not found.service:
        left.append("operations.service_minutes, service_cv: the records hold no service times.")
    if not found.staffing:
        left.append("workforce.frontline, shift_profile, skill_spread: the records do not say which agent served when.")
    if not (found.repeats and found.repeats.identified):
        why = "too few customers are known"
        if r := found.repeats:
            why = (
                f"after giving up {_number(r.after_giving_up, '%', 100, 0)} come back within days, after being served "
                f"{_number(r.after_served, '%', 100, 0)}: what comes back cannot be told from what is new"
            )
        left.append(f"demand.persistence, return_days: {why}.")
    left += [
        "market.*: the records say who called, not who the customers are; --customers sets their number.",
        "demand.*_share, idiosyncrasy, difficulty, remedy: what the calls were about.",
        "workforce: skill, turnover, managers; operations.approval_*, resolution, causes: not seen in call records.",
        "economics.*, structure.*, rules.*: not seen in call records.",
    ]
    return tuple(left)


def fit_scenario(
    found: CallEstimates, base: Scenario, customers: int | None = None, watch: Callable[[str], None] | None = None
) -> FittedScenario:
    """A scenario of which calls, service times and staff are those of the records.

    Some settings are not what is seen: calls include those that come back, time with an agent includes waiting for
    an approval and depends on skill, tools and pressure, and staff have vacancies and meetings. These three are
    scaled until a short run of the scenario gives what was seen.

    Args:
        found: from the records.
        base: everything that the records do not tell.
        customers: how many there are; the base's if left out.
        watch: told what is being done.

    Raises:
        InputError: if no scenario can have such values.
    """
    if found.hours.slots > MOST_PARTS:
        raise InputError(f"--slot: {found.hours.slots} parts of the day; allowed: at most {MOST_PARTS}")
    number = customers if customers is not None else base.market.customers
    settings = [*_demand(found, base, number), *_work(found, base)]
    if customers is not None:
        population = round(customers * base.market.population / max(base.market.customers, 1))
        settings.append(Setting("market.customers", customers, "as given"))
        settings.append(Setting("market.population", population, "in proportion to the base"))
    if found.service:
        ratio = found.service.work.mean / base.operations.service_minutes
        for name in SCALED:
            value, why = getattr(base.operations, name) * ratio, "not in the records: scaled with service_minutes"
            settings.append(Setting(f"operations.{name}", value, why))
    beyond: dict[str, Any] = {}
    scenario = _kept(base, {s.name: s.value for s in settings}, beyond)
    scenario = _tuned(found, scenario, beyond, watch)

    def tuned(setting: Setting) -> Setting:
        value = setting_value(scenario, setting.name)
        return setting._replace(value=in_range(setting.name, round(value, 3) if isinstance(value, float) else value))

    final = tuple(tuned(setting) for setting in settings)
    scenario = changed(base, {setting.name: setting.value for setting in final}, "calibration")
    check = _check(found, scenario)
    return FittedScenario(scenario, final, _left(found), check, tuple(_doubts(beyond, check)))


def _run(scenario: Scenario) -> Any:
    """Days of a short run, after those in which it settles."""
    order = Order(with_days(scenario, SETTLING_DAYS + TUNING_DAYS), seed=1, drive=keeping_rows)
    return simulate(order).seen[SETTLING_DAYS:]


def _agents_minutes(found: Staffing, hours: Hours) -> float:
    """Minutes that agents are available on an ordinary day."""
    return float(found.profile["available"].mean()) * hours.minutes


def _time_per_call(days: Any) -> float:
    """Minutes that a call served keeps an agent, waiting for an approval included."""
    return float(days["busy"].sum() / max(days["served"].sum(), 1))


def _tuned(
    found: CallEstimates, scenario: Scenario, beyond: dict[str, Any], watch: Callable[[str], None] | None
) -> Scenario:
    """Scale needs, service time and shifts until a run shows the calls, times and staff of the records."""
    for step in range(ROUNDS):
        if watch:
            watch(f"run {step + 1} of {ROUNDS} to match calls, service times and staff")
        days = _run(scenario)
        calls = float(days["contacts"].mean())
        if calls <= 0:
            break
        rate = scenario.demand.contacts_per_year * found.arrivals.per_day.mean / calls
        values: dict[str, Any] = {"demand.contacts_per_year": rate}
        if found.service:
            factor = found.service.work.mean / _time_per_call(days)
            for name in ("service_minutes", *SCALED):
                values[f"operations.{name}"] = getattr(scenario.operations, name) * factor
        if found.staffing:
            factor = _agents_minutes(found.staffing, found.hours) / max(float(days["available"].mean()), 1e-9)
            shares = scenario.workforce.shift_profile
            values["workforce.shift_profile"] = tuple(round(min(share * factor, 1.0), 4) for share in shares)
        scenario = _kept(scenario, values, beyond)
    return scenario


def _check(found: CallEstimates, scenario: Scenario) -> dict[str, tuple[float, float]]:
    """What a run of the scenario gives, beside the data; only the first three were fitted."""
    days = _run(scenario)
    judged = max(float((days["calls_judged"] + days["abandoned"]).sum()), 1.0)
    calls = max(float(days["contacts"].sum()), 1.0)
    check = {"calls a day (fitted)": (found.arrivals.per_day.mean, float(days["contacts"].mean()))}
    if found.service:
        check["service time, min (fitted)"] = (found.service.work.mean, _time_per_call(days))
    if found.staffing:
        wanted = _agents_minutes(found.staffing, found.hours) / 60.0
        check["agents' hours a day (fitted)"] = (wanted, float(days["available"].mean()) / 60.0)
    held = float((days["busy"] - days["service_time"]).sum())  # on the line with an agent who waits for an approval
    queued = max(float(days["wait"].sum()) - held, 0.0)
    check["mean wait in the queue, s"] = (60.0 * found.wait.mean, 60.0 * queued / judged)
    check["calls that give up, %"] = (100.0 * found.abandonment.mean, 100.0 * float(days["abandoned"].sum()) / calls)
    return check


def scenario_file(found: CallEstimates, fitted: FittedScenario, base: str, folder: Path) -> str:
    """The scenario as TOML: what follows from the data, with estimates as comments, on top of the base.

    Args:
        found: from the records.
        fitted: to it.
        base: preset or file that the rest comes from; where the scenario differs from it by what the records do not
            tell, the file says so.
        folder: where the file will be, from which a base that is a file is named.
    """
    origin = base if base in presets() else os.path.relpath(base, folder)
    hours = found.hours
    settings = {setting.name: setting for setting in fitted.settings}
    for name, (_, value) in differences(load_scenario(base), fitted.scenario).items():
        settings.setdefault(name, Setting(name, value, "as given, not from the records"))
    lines = [
        f"# A call centre as seen in {found.records.source or 'call records'}: {len(hours.dates)} ordinary days from "
        f"{hours.dates[0]:%Y-%m-%d} to {hours.dates[-1]:%Y-%m-%d}.",
        "# The settings below follow from the records (95 % intervals in brackets); all others are the base's.",
        f"base = {toml_value(Path(origin).as_posix())}",
    ]
    for section in dict.fromkeys(section_and_key(name)[0] for name in settings):
        lines += ["", f"[{section}]"]
        for name, value, why in settings.values():
            if name.startswith(f"{section}."):
                lines += [f"# {why}", f"{section_and_key(name)[1]} = {toml_value(value)}"]
    lines += ["", *(f"# {doubt}" for doubt in fitted.doubts)] if fitted.doubts else []
    lines += ["", "# Not in the records, and left as in the base:"]
    lines += [f"#   {sentence}" for sentence in fitted.left]
    return "\n".join(lines) + "\n"
