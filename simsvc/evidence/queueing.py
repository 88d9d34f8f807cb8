"""Queues with exact answers: the formulas, and the same queues as scenarios of the model.

With all behaviour off, an organisation is a queueing network. This module holds what theory says
about some of them, builds each as a scenario out of public settings, and measures it with an
interval. Rates are per hour and times in hours, as textbooks have them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from simsvc.errors import InputError
from simsvc.model.rows import DAY
from simsvc.organization import ServiceOrganization
from simsvc.runs.order import Order
from simsvc.runs.perform import simulate
from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.loading import changed, with_days
from simsvc.scenario.settings import Rules, Scenario

CUSTOMERS = 10_000
CONTACTS_PER_DAY = 2_000.0  # at most; a faster queue gets a shorter day, since the clock never stops anyway
CONTACTS = 2_000_000
BATCHES = 40
RELAXATIONS = 20  # times the queue must be able to forget its past within a batch
LONGEST = 200_000  # days, as many as fit into memory with ease
FOREVER = 1e9  # min, patience of somebody who never gives up

NOTHING = (
    "market.neutral_churn", "market.dissatisfaction_churn", "market.incident_churn", "market.joining_rate",
    "demand.contact_rate_cv", "demand.request_share", "demand.failure_share", "demand.idiosyncrasy_spread",
    "demand.illegitimate_share", "demand.misrouted_share", "demand.silent_share", "demand.persistence",
    "workforce.quit_rate", "operations.approval_delay", "operations.reexplain_minutes", "operations.information_loss",
    "structure.frontline_limit", "structure.manager_limit", "structure.latitude", "structure.training_days",
)  # fmt: skip
NO_ONE = ("market.ties", "workforce.managers", "workforce.directors", "operations.causes")
"""Rates and numbers that are 0 where nothing is left but a queue."""


# -- theory -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class QueueAnswer:
    """What theory says of a queue: share that waits, mean wait of all in hours, share that gives up."""

    p_wait: float
    mean_wait: float
    p_abandon: float


def _erlang_b(load: float, servers: int) -> float:
    """Share of contacts lost if nobody could wait (Erlang's B), for an offered load in servers."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(arrivals: float, service: float, servers: int) -> QueueAnswer:
    """M/M/c: Poisson arrivals, exponential service, everybody waits (Erlang 1917).

    Args:
        arrivals: per hour, > 0 and below `servers * service`.
        service: rate of one server, per hour, > 0.
        servers: number of them, >= 1.

    Raises:
        InputError: if more arrives than can be served: the queue would grow for ever.
    """
    occupancy = arrivals / (servers * service)
    if occupancy >= 1.0:
        raise InputError(
            f"unstable queue: {arrivals:g} arrivals per hour for {servers} servers of {service:g} per hour; "
            f"without a rate of giving up, arrivals must be below {servers * service:g}"
        )
    blocked = _erlang_b(arrivals / service, servers)
    p_wait = blocked / (1.0 - occupancy * (1.0 - blocked))
    return QueueAnswer(p_wait, p_wait / (servers * service - arrivals), 0.0)


def waiting_weights(arrivals: float, service: float, servers: int, patience: float) -> tuple[Any, float]:
    """Weights of 0, 1, 2, ... people waiting in M/M/c+M, float (n,), and that of a server being free."""
    busy = _erlang_b(arrivals / service, servers)
    if busy < 1e-300:  # so many servers that nobody ever waits
        return np.zeros(1), 1.0
    # relative to that of nobody waiting with all servers busy
    first, scale = 0, 0.0  # logarithm of the last weight, which may be far beyond the range of floats
    logs: list[Any] = [np.zeros(1)]
    while True:
        k = np.arange(first + 1, first + 100_001)
        log = scale + np.cumsum(np.log(arrivals) - np.log(servers * service + k * patience))
        logs.append(log)
        first, scale = int(k[-1]), float(log[-1])
        peak = max(float(part.max()) for part in logs)
        if log[-1] < peak - 45.0 and arrivals < servers * service + first * patience:
            break
        if first >= 5_000_000:
            raise InputError(f"patience = {patience:g}: too small a rate of giving up for an overloaded queue")
    weights = np.exp(np.concatenate(logs) - peak)
    return weights, math.exp(-peak) * (1.0 / busy - 1.0)


def erlang_a(arrivals: float, service: float, servers: int, patience: float) -> QueueAnswer:
    """M/M/c+M: those who wait give up at an exponential rate, per hour, > 0 (Palm 1943)."""
    weights, below = waiting_weights(arrivals, service, servers, patience)
    total = float(weights.sum())
    in_queue = float(weights @ np.arange(len(weights)))
    mean_wait = in_queue / (total + below) / arrivals
    return QueueAnswer(total / (total + below), mean_wait, patience * mean_wait)


def two_tier_time(
    arrivals: float, service: float, servers: int, passed_on: float, second_service: float, second_servers: int
) -> float:
    """Mean time in a network of two M/M/c stations of which the second sees a share, in hours (Jackson 1957).

    The output of an M/M/c queue is Poisson (Burke 1956), so both are M/M/c queues of their own.
    """
    first = erlang_c(arrivals, service, servers).mean_wait + 1.0 / service
    second = erlang_c(passed_on * arrivals, second_service, second_servers).mean_wait + 1.0 / second_service
    return first + passed_on * second


def pooled_time(arrivals: float, service: float, passed_on: float, second_service: float, servers: int) -> float:
    """Mean time, in hours, if one pool does the work of both tiers: M/G/c after Allen and Cunneen.

    Service is an exponential time and, for a share, a second one. The approximation scales the wait
    of M/M/c by (1 + squared coefficient of variation) / 2.
    """
    a, b = 1.0 / service, 1.0 / second_service
    mean = a + passed_on * b
    second_moment = 2.0 * a * a + passed_on * (2.0 * a * b + 2.0 * b * b)
    return mean + second_moment / (2.0 * mean * mean) * erlang_c(arrivals, 1.0 / mean, servers).mean_wait


# -- the same queues as scenarios ---------------------------------------------------------------


def without_behaviour(arrivals: float, values: Mapping[str, Any]) -> Scenario:
    """An organisation of which nothing is left but a queueing network on one unbroken clock.

    Args:
        arrivals: contacts per hour; each customer's needs are a Poisson process, and so is their sum.
        values: further settings by full name.
    """
    minutes = min(1440.0, 60.0 * CONTACTS_PER_DAY / arrivals)
    settings: dict[str, Any] = {f"rules.{rule}": 0.0 for rule in Rules.model_fields}
    settings |= dict.fromkeys(NOTHING, 0.0) | dict.fromkeys(NO_ONE, 0)
    settings |= {
        "market.population": CUSTOMERS,
        "market.customers": CUSTOMERS,
        "demand.contacts_per_year": arrivals * minutes / 60.0 * DAYS_PER_YEAR / CUSTOMERS,
        "demand.profile": (1.0,),
        "demand.idiosyncrasy": 0.99,
        "demand.patience": FOREVER,
        "demand.patience_aside": 1e6,
        "workforce.frontline": 1,
        "workforce.departments": 1,
        "workforce.staffing": "fixed",
        "operations.open_minutes": minutes,
        "operations.continuous": True,
        "operations.distribution": "exponential",
        "operations.diagnosis_share": 1.0,
        "operations.ask_share": 1.0,
        "operations.resolution": 1.0,
    }
    return changed(Scenario(), {**settings, **values})


def queue_scenario(arrivals: float, service: float, servers: int, patience: float = 0.0) -> Scenario:
    """M/M/c, or M/M/c+M if people give up, as a scenario.

    Args:
        arrivals: per hour, > 0.
        service: rate of one server, per hour, > 0.
        servers: number of them, >= 1.
        patience: rate of giving up of one who waits, per hour; 0: nobody does.

    Raises:
        InputError: for values that no scenario can have, such as a rate below 0.
    """
    for name, value in (("arrivals", arrivals), ("service", service), ("servers", servers)):
        if not 0 < value < math.inf:
            raise InputError(f"{name} = {value:g}: should be a number above 0")
    if not 0 <= patience < math.inf:
        raise InputError(f"patience = {patience:g}: should be a rate of 0 or more")
    return without_behaviour(
        arrivals,
        {
            "workforce.frontline": servers,
            "operations.service_minutes": 60.0 / service,
            "demand.patience": 60.0 / patience if patience > 0 else FOREVER,
        },
    )


def two_tier_scenario(
    arrivals: float, service: float, servers: int, passed_on: float, second_service: float, second_servers: int
) -> Scenario:
    """A front line that puts a share of the cases aside for managers to finish, as a scenario.

    Without latitude every request, and no routine need, exceeds the front line's authority; all of
    the front line's work is done before it asks, so that the managers' word ends the case.
    """
    return without_behaviour(
        arrivals,
        {
            "workforce.frontline": servers,
            "workforce.managers": second_servers,
            "operations.service_minutes": 60.0 / service,
            "operations.approval_minutes": 60.0 / second_service,
            "demand.request_share": passed_on,
            "structure.escalation": "parked",
        },
    )


def pooled_scenario(arrivals: float, service: float, passed_on: float, second_service: float, servers: int) -> Scenario:
    """The same work done by one pool, as a scenario.

    Staff stay with the case while it is blocked, and there are managers for all of them: each case
    occupies its member of staff for both parts of the work.
    """
    tiers = two_tier_scenario(arrivals, service, servers, passed_on, second_service, servers)
    return changed(tiers, {"structure.escalation": "blocked"})


# -- measuring --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Estimate:
    """A simulated value with its standard error, from `BATCHES` batches."""

    value: float
    error: float
    freedom: int
    """Degrees of freedom of the error."""

    def half_width(self, error_rate: float = 0.05) -> float:
        """Half the width of the interval that misses the true value with this probability."""
        return float(stats.t.ppf(1.0 - error_rate / 2.0, self.freedom)) * self.error


def relaxation_hours(arrivals: float, service: float, servers: int, patience: float = 0.0) -> float:
    """Roughly the time in which a queue forgets its past, in hours; infinite at saturation."""
    gap = max(math.sqrt(servers * service) - math.sqrt(arrivals), 0.0) ** 2
    return max(1.0 / service, 1.0 / (gap + patience) if gap + patience > 0 else math.inf)


def _days_for(scenario: Scenario, contacts: int) -> int:
    """Days that bring about so many contacts, a multiple of `BATCHES`."""
    per_day = scenario.demand.contacts_per_year / DAYS_PER_YEAR * CUSTOMERS
    return max(round(contacts / per_day / BATCHES), 1) * BATCHES


def observed(scenario: Scenario, contacts: int, seed: int = 1) -> Order:
    """A run of a queue that sums its days in `BATCHES` batches, after a warm-up as long as one batch.

    It brings back one row of `simsvc.model.rows.DAY` per batch; `day` counts the days in it.
    """
    days = _days_for(scenario, contacts)
    return Order(with_days(scenario, days + days // BATCHES), seed, drive=_batches)


def _batches(model: ServiceOrganization, days: int) -> Any:
    model.advance(days)
    length = days // (BATCHES + 1)
    batches = np.zeros(BATCHES, DAY)
    for name in DAY.names or ():
        batches[name] = [model.state.days[name][begun : begun + length].sum() for begun in range(length, days, length)]
    batches["day"] = length
    return batches


def observe(scenario: Scenario, contacts: int) -> Any:
    """What one run of `observed` brings back."""
    return simulate(observed(scenario, contacts)).seen


def estimate(scenario: Scenario, batches: Any, top: Sequence[str], below: Sequence[str], unit: float = 1.0) -> Estimate:
    """A ratio of sums over batches, with its standard error.

    Arrivals and service times are known in the mean; where a batch had more of them by chance, the
    part of its result that goes with that is taken out (control variates, Lavenberg and Welch 1981).

    Args:
        scenario: that was run, as made by one of the functions above.
        batches: result of `observe`.
        top: names of the fields of a day whose sum is divided
        below: by the sum of these.
        unit: divides the result, for example 60 to turn minutes into hours.
    """
    numerator = sum(batches[name] for name in top) / unit
    denominator = sum(batches[name] for name in below)
    ratio = float(numerator.sum() / denominator.sum())
    expected = scenario.demand.contacts_per_year / DAYS_PER_YEAR * CUSTOMERS * batches["day"]
    controls = np.column_stack(
        [
            batches["contacts"] / expected - 1.0,
            batches["service_time"] / (np.maximum(batches["served"], 1.0) * scenario.operations.service_minutes) - 1.0,
        ]
    )
    deviation = (numerator - ratio * denominator) / denominator.mean()
    design = np.column_stack([np.ones(len(batches)), controls])
    coefficients, *_ = np.linalg.lstsq(design, deviation, rcond=None)
    residual = deviation - design @ coefficients
    freedom = len(batches) - design.shape[1]
    variance = float(residual @ residual) / freedom * float(np.linalg.pinv(design.T @ design)[0, 0])
    return Estimate(ratio + float(coefficients[0]), math.sqrt(variance), freedom)


def contacts_needed(arrivals: float, service: float, servers: int, patience: float = 0.0) -> int:
    """Contacts from which on batches are long enough to be independent of each other."""
    return math.ceil(BATCHES * RELAXATIONS * relaxation_hours(arrivals, service, servers, patience) * arrivals)


def observed_queue(
    arrivals: float, service: float, servers: int, patience: float = 0.0, contacts: int | None = None, seed: int = 1
) -> Order:
    """A run of M/M/c or M/M/c+M, long enough for its intervals to be trusted; see `queue_scenario` and `observed`.

    About so many contacts are observed; if left out, `CONTACTS`, or more if the queue needs more.

    Raises:
        InputError: for impossible values, an unstable queue, or too short a run for its intervals to
            be trusted.
    """
    scenario = queue_scenario(arrivals, service, servers, patience)
    if patience == 0:
        erlang_c(arrivals, service, servers)
    needed = contacts_needed(arrivals, service, servers, patience)
    if contacts is None:
        contacts = max(CONTACTS, min(needed, 20 * CONTACTS))
    if contacts < needed:
        raise InputError(
            f"contacts = {contacts}: too few for a queue that forgets so slowly; it takes at least {needed}"
        )
    if (days := _days_for(scenario, contacts)) > LONGEST:
        raise InputError(
            f"arrivals = {arrivals:g}: so few that {contacts} contacts take {days} days of 24 hours "
            f"(at most {LONGEST}); multiply all rates by the same factor, or ask for fewer contacts"
        )
    return observed(scenario, contacts, seed)


def queue_estimates(scenario: Scenario, batches: Any) -> dict[str, Estimate]:
    """Simulated `p_wait`, `mean_wait` (hours) and `p_abandon` of a queue, from what `observed_queue` brings back."""
    ended = ("calls_judged", "abandoned")
    return {
        "p_wait": estimate(scenario, batches, ["waited_at_all"], ended),
        "mean_wait": estimate(scenario, batches, ["wait"], ended, 60.0),
        "p_abandon": estimate(scenario, batches, ["abandoned"], ended),
    }


def simulate_queue(
    arrivals: float, service: float, servers: int, patience: float = 0.0, contacts: int | None = None, seed: int = 1
) -> dict[str, Estimate]:
    """What one run of `observed_queue` tells; see `queue_estimates`."""
    order = observed_queue(arrivals, service, servers, patience, contacts, seed)
    return queue_estimates(order.settings, simulate(order).seen)
