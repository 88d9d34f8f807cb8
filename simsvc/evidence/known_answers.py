"""The known answers: what the model must give where theory, publications or arithmetic fix the result.

Answers of queueing and screening come from runs of the model itself under public settings. They are
estimates, so each has a tolerance of its own: the half-width of the interval that a correct model
would miss with probability `ERROR_RATE`. Runs are seeded, so a given version of the program always
gives the same verdict; the error rate is what a change of the random numbers risks.
"""

from __future__ import annotations

import functools
import math
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq

from simsvc.evidence.balances import imbalances
from simsvc.evidence.queueing import (
    Estimate,
    erlang_a,
    erlang_c,
    estimate,
    observed,
    observed_queue,
    pooled_scenario,
    pooled_time,
    queue_estimates,
    two_tier_scenario,
    two_tier_time,
    without_behaviour,
)
from simsvc.model.random import DECISION, philox
from simsvc.model.rules.screening import chance_to_grant, judgement
from simsvc.model.rules.service_time import standard_after, work_pressure
from simsvc.organization import ServiceOrganization
from simsvc.runs.executors import AnyExecutor, Executor, executor_for
from simsvc.runs.order import Order, keeping_rows
from simsvc.scenario.loading import load_scenario, with_days, with_structure

ERROR_RATE = 1e-4
"""Chance that a correct model fails one of the statistical checks, of which there are about 30."""


@dataclass(frozen=True)
class Check:
    """One known answer and what the model made of it."""

    name: str
    question: str
    value: float
    expected: float
    tolerance: float
    passed: bool
    unit: str
    source: str


def _check(name: str, question: str, value: float, expected: float, tolerance: float, unit: str, source: str) -> Check:
    passed = abs(value - expected) <= tolerance
    return Check(name, question, float(value), float(expected), float(tolerance), bool(passed), unit, source)


def _simulated(name: str, question: str, found: Estimate, expected: float, unit: str, source: str) -> Check:
    return _check(name, question, found.value, expected, found.half_width(ERROR_RATE), unit, source)


# -- queues -----------------------------------------------------------------------------------

# arrivals, service, servers, rate of giving up (per hour), contacts in thousands: those that forget
# slowly need more of them
QUEUES = (
    (8.0, 5.0, 2, 0.0, 1_500),
    (45.0, 6.0, 8, 0.0, 9_000),
    (100.0, 4.0, 28, 0.0, 5_000),
    (12.0, 5.0, 2, 1.0, 1_000),
    (60.0, 6.0, 10, 2.0, 1_000),
    (100.0, 4.0, 25, 4.0, 1_500),
)
MEASURES = {
    "p_wait": ("wait", "Share that waits", "share"),
    "mean_wait": ("mean wait", "Mean wait", "h"),
    "p_abandon": ("abandonment", "Share that gives up", "share"),
}
TIERS = (50.0, 6.0, 10, 0.3, 4.0, 5)
POOL = (50.0, 6.0, 0.3, 4.0, 15)
APPROXIMATION = 0.005  # relative error allowed to the formula for the pooled queue, besides chance


def queues(effort: float, executor: Executor) -> Iterator[Check]:
    """Erlang C and Erlang A, with a share of the contacts of a full verification."""
    orders = (  # M/M/8 forgets too slowly for much less than what a quick verification has
        observed_queue(arrivals, service, servers, patience, round(1_000 * max(thousands * effort, 250)))
        for arrivals, service, servers, patience, thousands in QUEUES
    )
    for (arrivals, service, servers, patience, _), outcome in zip(QUEUES, executor.in_order(orders), strict=True):
        found = queue_estimates(outcome.or_raise().order.settings, outcome.seen)
        point = f"{arrivals:g}/h arrive, {service:g}/h served by each of {servers}"
        if patience > 0:
            exact, source = erlang_a(arrivals, service, servers, patience), "Palm 1943 (Erlang A)"
            kind, point = f"M/M/{servers}+M", f"{point}, {patience:g}/h give up"
        else:
            exact, source, kind = erlang_c(arrivals, service, servers), "Erlang 1917 (Erlang C)", f"M/M/{servers}"
        for measure, (label, question, unit) in MEASURES.items():
            if measure != "p_abandon" or patience > 0:
                expected = getattr(exact, measure)
                yield _simulated(f"{kind} {label}", f"{question}: {point}", found[measure], expected, unit, source)


def networks(effort: float, executor: Executor) -> Iterator[Check]:
    """Two tiers with parked cases, and the same work and head-count in one pool."""
    contacts = round(2_000_000 * max(effort, 0.25))
    orders = [observed(scenario, contacts) for scenario in (two_tier_scenario(*TIERS), pooled_scenario(*POOL))]
    tiered, pooled = (
        estimate(
            outcome.order.settings, outcome.or_raise().seen, ("wait", "delay", "service_time"), ("calls_judged",), 60.0
        )
        for outcome in executor.in_order(orders)
    )
    yield _simulated(
        "two tiers, parked", "Mean time of a case: 50/h, 10 people of 6/h pass 30 % on to 5 people of 4/h",
        tiered, two_tier_time(*TIERS), "h", "Jackson 1957, Burke 1956",
    )  # fmt: skip
    expected = pooled_time(*POOL)
    yield _check(
        "one pool", "Mean time of a case: the same work done by 15 people who do all of it", pooled.value, expected,
        pooled.half_width(ERROR_RATE) + APPROXIMATION * expected, "h", "M/G/c, Allen and Cunneen",
    )  # fmt: skip
    gain = 1.0 - pooled.value / tiered.value
    slack = math.hypot(pooled.half_width(ERROR_RATE), tiered.half_width(ERROR_RATE)) / tiered.value + APPROXIMATION
    yield _check(
        "pooling artefact", "Time saved by pooling alone, with no behaviour at all", gain,
        1.0 - expected / two_tier_time(*TIERS), slack, "share", "Jackson 1957; Allen and Cunneen",
    )  # fmt: skip


# -- screens ----------------------------------------------------------------------------------


def _share(hits: float, trials: float) -> Estimate:
    share = hits / trials
    return Estimate(share, (max(share * (1.0 - share), 1.0 / trials) / trials) ** 0.5, int(trials) - 1)


def screens_in_a_row(legitimate: bool, effort: float) -> Order:
    """A run in which claims passed up are granted, or not, by two levels of an organisation; see `observed`.

    Every need is a claim, nobody may grant anything alone, and nothing is lost on the way. Managers
    are as skilled as makes the accuracy of their judgement 1 in the mean; there are many, so that how
    they differ averages out.
    """
    skill = float(brentq(lambda s: judgement(s, 1.0, 0.6) - 1.0, 0.0, 1.0))
    claims = {"demand.failure_share": 1.0, "demand.illegitimate_share": 0.0 if legitimate else 1.0}
    claims |= {"demand.remedy": 50.0, "demand.remedy_cv": 0.5, "rules.screening": 1.0, "rules.skill": 1.0}
    people: dict[str, float] = {"workforce.frontline": 40, "workforce.managers": 4_000, "workforce.directors": 1_000}
    people |= {"workforce.manager_skill": skill, "structure.clarity": 0.6, "structure.approver_strictness": 0.5}
    times = {"operations.service_minutes": 1.0, "operations.approval_minutes": 1.0}
    scenario = without_behaviour(600.0, {**claims, **people, **times})
    return observed(scenario, round(400_000 * effort))


def two_screens(legitimate: bool, claims: int) -> tuple[Estimate, Estimate]:
    """Shares of claims that both and that at least one of two screens grants, from the rule and keyed draws."""
    chance = chance_to_grant(legitimate, 1.0, 0.0, 1.0)
    none, purpose = np.uint32(0), np.uint32(DECISION << 24)
    draws = np.array([philox(np.uint32(i), none, purpose, none, none, none)[:2] for i in range(claims)])
    granted = (draws + 0.5) * 2.0**-32 < chance
    return _share(granted.all(axis=1).sum(), claims), _share(granted.any(axis=1).sum(), claims)


def screening(effort: float, executor: Executor) -> Iterator[Check]:
    """Two screens of acceptance 0.8 and 0.2, one behind the other or side by side."""
    source = "Sah and Stiglitz 1986"
    kinds = ((True, "good", "grants", 0.64, 0.96), (False, "bad", "granted_unjustified", 0.04, 0.36))
    runs = executor.in_order(screens_in_a_row(legitimate, effort) for legitimate, *_ in kinds)
    for (legitimate, kind, granted, hierarchy, polyarchy), outcome in zip(kinds, runs, strict=True):
        both, either = two_screens(legitimate, round(400_000 * effort))
        batches = outcome.or_raise().seen
        levels = _share(float(batches[granted].sum()), float(batches["asked"].sum()))
        for name, question, found, expected in (
            ("hierarchy", "Share granted if two must agree: rule and keyed draws", both, hierarchy),
            ("polyarchy", "Share granted if one of two is enough: rule and keyed draws", either, polyarchy),
            ("two levels", "Share granted by manager and director in a run of the model", levels, hierarchy),
        ):
            yield _simulated(f"{name}, {kind} claims", question, found, expected, "share", source)


# -- work pressure and the standard -----------------------------------------------------------


def standard_lost(recovery: float, weeks: int, steps: int = 500, constant_practice: bool = True) -> float:
    """Percentage by which the standard is lower after a surge of a tenth more orders in weeks 10-21.

    Args:
        recovery: speed of the standard upwards against downwards, 0-1.
        weeks: simulated.
        steps: of integration per week of five working days; the rule's strength scales a step.
        constant_practice: whether practice is settled once a week, as in the known answer, or follows
            the standard at every step, as on the days of a run.
    """
    capacity, orders, hours = 1080.0, 1000.0, 1.08
    standard = practice = 1.0
    for week in range(weeks):
        demand = orders * (1.1 if 10 <= week <= 21 else 1.0) * hours
        for step in range(steps):
            if step == 0 or not constant_practice:
                practice = standard * work_pressure(demand * standard / capacity, 1.0, 1.0)
            standard = standard_after(standard, practice, recovery, 5.0 / steps)
    return 100.0 * (1.0 - standard)


def erosion() -> Iterator[Check]:
    """The core of the service-quality model: erosion under pressure that does not come back.

    The known answer settles practice once a week and lets the standard approach it continuously with
    a time constant of 18.83 weeks. The rule closes the same gap in daily steps, which overshoot a little
    (`results/known_answers/steps.csv`); a hundred steps a day make the two agree.
    """
    source = "Oliva and Sterman 2001"
    yield _check(
        "standard lost for good", "A tenth more orders for 12 weeks, no recovery", standard_lost(0.0, 60), 3.0568,
        0.001, "%", source,
    )  # fmt: skip
    yield _check(
        "standard recovering", "The same after 104 weeks, with recovery as fast as erosion", standard_lost(1.0, 104),
        0.1945, 0.0005, "%", source,
    )  # fmt: skip
    yield _check(
        "standard, day by day", "As the first, in the daily steps of a run (2 % for the coarser steps)",
        standard_lost(0.0, 60, steps=5, constant_practice=False), 3.0568, 0.06, "%", source,
    )  # fmt: skip


# -- identities -------------------------------------------------------------------------------


PEOPLE = ("customers", "staff", "managers", "causes")
"""Tables of rows that are compared, besides the days."""


def _all_rows(model: ServiceOrganization, days: int) -> tuple[bytes, ...]:
    """A drive: all days in one go; gives days, customers, staff and managers as bytes."""
    rows = keeping_rows(model, days)
    return rows.tobytes(), *(getattr(model.state, name).tobytes() for name in PEOPLE)


def difference(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """How many bytes of days, customers, staff and managers differ between two runs."""
    pairs = ((np.frombuffer(table, np.uint8) for table in pair) for pair in zip(one, other, strict=True))
    return sum(int((a != b).sum()) for a, b in pairs)


def _classroom(settings: Mapping[str, Any], days: int) -> Order:
    return Order(with_days(load_scenario("classroom", settings), days), seed=1, drive=_all_rows)


def _differences(orders: Iterable[Order], executor: Executor) -> list[int]:
    """How many bytes differ between each two runs."""
    seen = [outcome.or_raise().seen for outcome in executor.in_order(orders)]
    return [difference(*pair) for pair in zip(seen[::2], seen[1::2], strict=True)]


# lever, two values, and a setting that leaves nothing for the lever to act on
UNUSED = (
    ("peer_learning", 0.1, 0.9, {"rules.peer_learning": 0.0, "rules.participation": 0.0}),
    ("permeability", 0.1, 0.9, {"demand.misrouted_share": 0.0}),
    ("approver_strictness", 0.3, 0.9, {"rules.screening": 0.0}),
    ("manager_limit", 50.0, 500.0, {"operations.ask_share": 0.0}),
    ("generosity", 0.0, 0.5, {"demand.contacts_per_year": 0.0}),
)


def levers_that_act(days: int, idle: bool, executor: Executor) -> int:
    """How many of the levers of `UNUSED` change anything, with nothing to act on (`idle`) or with."""
    orders = (
        _classroom({**(nothing_to_do if idle else {}), f"structure.{lever}": value}, days)
        for lever, low, high, nothing_to_do in UNUSED
        for value in (low, high)
    )
    return sum(differing > 0 for differing in _differences(orders, executor))


def identities(days: int, executor: Executor) -> Iterator[Check]:
    """Names mean nothing, and neither do levers without a use."""
    with tempfile.TemporaryDirectory() as folder:
        twin = Path(folder) / "twin.toml"
        twin.write_text('base = "traditional"\n', encoding="utf-8")
        same = [with_structure(load_scenario("classroom"), structure) for structure in ("traditional", twin)]
    orders = (Order(with_days(scenario, days), seed=1, drive=_all_rows) for scenario in same)
    (differing,) = _differences(orders, executor)
    yield _check(
        "equal levers, two names", "Bytes in which runs of one structure under two names differ", differing, 0, 0,
        "bytes", "by definition",
    )  # fmt: skip
    yield _check(
        "levers without a use", "Levers that change a run although nothing uses them",
        levers_that_act(days, True, executor), 0, 0, "levers", "by definition",
    )  # fmt: skip
    yield _check(
        "levers with a use", "The same levers where something uses them: each changes the run",
        levers_that_act(days, False, executor), len(UNUSED), 0, "levers", "by definition",
    )  # fmt: skip


# -- balances ---------------------------------------------------------------------------------


def balances(preset: str, days: int, executor: Executor) -> Iterator[Check]:
    """People, cases and money balance to the unit on every day."""
    charts = ("traditional", "inverted")
    scenario = with_days(load_scenario(preset), days)
    orders = (Order(with_structure(scenario, chart), seed=1, drive=imbalances) for chart in charts)
    for structure, outcome in zip(charts, executor.in_order(orders), strict=True):
        worst = outcome.or_raise().seen
        for kind, unit in (("people", "people"), ("cases", "cases"), ("money", "cents")):
            yield _check(
                f"balance of {kind}, {structure}", f"Largest imbalance on any of {days} days of '{preset}'",
                worst[kind], 0, 0, unit, "arithmetic",
            )  # fmt: skip


# -- random numbers ---------------------------------------------------------------------------

# counter, key, answer
PHILOX = (
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)


def random_numbers() -> Iterator[Check]:
    """The published vectors of Philox4x32-10."""
    wrong = 0
    for counter, key, answer in PHILOX:
        words = philox(*(np.uint32(word) for word in (*counter, *key)))
        wrong += sum(int(word) != right for word, right in zip(words, answer, strict=True))
    yield _check(
        "Philox4x32-10", "Words that differ from the published vectors", wrong, 0, 0, "words",
        "Salmon et al. 2011, Random123 known answers",
    )  # fmt: skip


def verify(
    quick: bool = False, watch: Callable[[str], None] | None = None, executor: AnyExecutor | None = None
) -> list[Check]:
    """Ask every known answer of the model.

    Args:
        quick: about a tenth of the effort, with correspondingly wider tolerances.
        watch: called with what is being verified next.
        executor: performs the runs, and stays open; threads, as many as cores, if left out.
    """
    effort = 0.1 if quick else 1.0
    groups: tuple[tuple[str, Callable[[Executor], Iterator[Check]]], ...] = (
        ("random numbers", lambda _: random_numbers()),
        ("work pressure and standard", lambda _: erosion()),
        ("identities", functools.partial(identities, 20 if quick else 60)),
        ("balances", functools.partial(balances, "classroom" if quick else "contact_centre", 250)),
        ("screening", functools.partial(screening, effort)),
        ("queueing networks", functools.partial(networks, effort)),
        ("queues", functools.partial(queues, effort)),
    )
    checks: list[Check] = []
    with executor_for(executor=executor) as place:
        for name, group in groups:
            if watch:
                watch(name)
            checks.extend(group(place))
    return checks
