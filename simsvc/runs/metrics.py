"""The metrics of a run: what each is, its unit, whether more is better, and how it follows from the days."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simsvc.errors import InputError, nearest
from simsvc.model.compiling import model_version
from simsvc.model.reasons import LEFT, LEFT_FOR_OWN_REASONS
from simsvc.model.rows import DAY, MONEY
from simsvc.scenario.calendar import DAYS_PER_YEAR, MONTHS_PER_YEAR
from simsvc.scenario.settings import Scenario

if TYPE_CHECKING:
    from simsvc.model.engine import Engine


@dataclass(frozen=True)
class Formula:
    """How a number follows from the measured days: as a function, and in writing.

    Args:
        text: over the columns of a day, in the notation of Python; `sum` and `mean` are over the measured days, and
            what is divided by 0 has no value. A test evaluates it and compares.
        of: computes it.
    """

    text: str
    of: Callable[[Any], float]

    def __call__(self, days: Any) -> float:
        """The number that these days give."""
        return self.of(days)


@dataclass(frozen=True)
class Metric:
    """One number of a run.

    Args:
        name: identifier, a column of every table.
        label: for people.
        unit: of the value.
        better: 1 if more is better for customer, staff or firm, -1 if less is, 0 if neither.
        meaning: exact definition.
        of: computes it from the rows of the measured days; for ours a `Formula`.
        percent: whether to show it times 100.
    """

    name: str
    label: str
    unit: str
    better: int
    meaning: str
    of: Callable[[Any], float]
    percent: bool = False

    @property
    def has_zero(self) -> bool:
        """Whether zero means nothing, so that a percentage of a level says something: not of scores."""
        return self.unit != "points"

    @property
    def formula(self) -> str:
        """Its formula in writing; empty for a user's own metric."""
        return self.of.text if isinstance(self.of, Formula) else ""


def _ratio(top: str, *bottom: str) -> Formula:
    def of(days: Any) -> float:
        below = sum(float(days[name].sum()) for name in bottom)
        return float(days[top].sum()) / below if below else float("nan")

    below = " + ".join(f"sum({name})" for name in bottom)
    return Formula(f"sum({top}) / {below if len(bottom) == 1 else f'({below})'}", of)


def _mean(name: str) -> Formula:
    return Formula(f"mean({name})", lambda days: float(days[name].mean()))


def _per_year(name: str, heads: str) -> Formula:
    def of(days: Any) -> float:
        present = float(days[heads].sum())
        return float(days[name].sum()) / present * DAYS_PER_YEAR if present else float("nan")

    return Formula(f"{DAYS_PER_YEAR} * sum({name}) / sum({heads})", of)


def _money(name: str) -> Formula:
    return Formula(f"2.5 * mean({name})", lambda days: float(days[name].mean()) * 2.5)  # cents a day to money a year


def _profit(days: Any) -> float:
    costs = sum(days[name] for name in MONEY if name != "revenue")
    return float((days["revenue"] - costs).mean()) * 2.5


def _left(days: Any, reasons: tuple[str, ...] = LEFT) -> float:
    return sum(float(days[column].sum()) for column in reasons)


def retention(days: Any) -> float:
    """Share of customers who are still customers 12 months later.

    From the mean daily rate of leaving over the measured days, compounded over a year.
    """
    customers = float(days["customers"].sum())
    left = _left(days)
    return (1.0 - left / (customers + left)) ** DAYS_PER_YEAR if customers + left else float("nan")


def _neutral_share(days: Any) -> float:
    left = _left(days)
    return _left(days, LEFT_FOR_OWN_REASONS) / left if left else float("nan")


def _nps(days: Any) -> float:
    return 100.0 * float((days["promoters"] - days["detractors"]).mean())


def _profit_per_thousand(days: Any) -> float:
    return 1000.0 * _profit(days) / float(days["customers"].mean()) if days["customers"].any() else math.nan


DISCOUNT_RATE = 0.10
"""Rate at which future margins are discounted in customer equity, per year."""


def _equity(days: Any) -> float:
    """Customers times their margin times the margin multiple r / (1 + i - r) (Gupta & Lehmann 2003)."""
    kept = retention(days)
    margin = float((days["revenue"] - days["grant_cost"]).mean()) * 2.5
    return margin * kept / (1.0 + DISCOUNT_RATE - kept)


_LEAVERS = f"sum({' + '.join(LEFT)})"
_COSTS = " - ".join(name for name in MONEY if name != "revenue")


class _Metrics(dict[str, Metric]):
    """Metrics by name. It knows none but ours, yet tells of a user's own metric what tables and figures need.

    That cannot be computed here: `Own.measure` has done it. Whoever asks all the same has misspelt a name.
    """

    def __missing__(self, name: str) -> Metric:
        def unknown(days: Any) -> float:
            raise KeyError(f"there is no metric '{name}'")

        return Metric(name, name.replace("_", " ").capitalize(), "", 0, "An own metric", unknown)


METRICS: dict[str, Metric] = _Metrics({
    metric.name: metric
    for metric in (
        Metric("retention", "Customer retention, 12 months", "share", 1,
               "Share of customers still there a year later",
               Formula(f"(1 - {_LEAVERS} / (sum(customers) + {_LEAVERS})) ** {DAYS_PER_YEAR}", retention), True),
        Metric("loyalty", "Loyalty (attitude)", "0-1", 1, "Mean loyalty of customers", _mean("loyalty")),
        Metric("satisfaction", "Satisfaction", "0-1", 1, "Mean cumulative satisfaction of customers",
               _mean("satisfaction")),
        Metric("nps", "Net promoter score", "points", 1, "Promoters minus detractors, in percent",
               Formula("100 * mean(promoters - detractors)", _nps)),
        Metric("csat", "Satisfied contacts (top box)", "share", 1, "Contacts rated with the best of five marks",
               _ratio("top_box", "calls_judged"), True),
        Metric("loyal_share", "Loyal customers", "share", 1, "Customers loyal by attitude and behaviour",
               _mean("loyal"), True),
        Metric("hostage_share", "Hostages", "share", -1, "Dissatisfied customers held by switching costs",
               _mean("hostages"), True),
        Metric("morale", "Staff morale", "0-1", 1, "Mean morale of the front line", _mean("morale")),
        Metric("exhaustion", "Staff exhaustion", "0-1", -1, "Mean exhaustion of the front line", _mean("exhaustion")),
        Metric("commitment", "Staff commitment", "0-1", 1, "Mean commitment of the front line", _mean("commitment")),
        Metric("staff_turnover", "Staff turnover", "per year", -1, "Quits and dismissals per head and year",
               _per_year("quits", "present"), True),
        Metric("positions", "Positions at the front line", "people", 0, "Mean number, vacant ones included",
               _mean("positions")),
        Metric("climate", "Service climate", "0-1", 1,
               "Mean of information, tools, training, support and answers that the front line gets", _mean("climate")),
        Metric("manager_morale", "Managers' morale", "0-1", 1, "Mean morale of managers", _mean("manager_morale")),
        Metric("skill", "Staff skill", "0-1", 1, "Mean skill of the front line", _mean("skill")),
        Metric("first_contact_resolution", "First-contact resolution", "share", 1,
               "Of cases served when the customer first got in touch: settled there and then, without a call back",
               _ratio("first_contact_resolved", "first_contact_judged"), True),
        Metric("mean_wait", "Mean wait", "min", -1, "Minutes a caller spends waiting: in the queue and on hold",
               _ratio("wait", "calls_judged", "abandoned")),
        Metric("service_level", "Service level", "share", 1,
               "Contacts answered within `demand.answer_within`; who gives up or is turned away is not",
               _ratio("answered_in_time", "contacts"), True),
        Metric("callback_delay", "Delay until called back", "min", -1,
               "Open minutes from putting a case aside until the call back begins or the customer gives up, per case",
               _ratio("delay", "callbacks")),
        Metric("callbacks_given_up", "Call backs given up", "share", -1,
               "Cases put aside on which the customer gave up before being called back",
               _ratio("withdrawn", "callbacks"), True),
        Metric("hung_up", "Hung up on hold", "share", -1,
               "Of what was passed up: given up on the line while the answer was awaited", _ratio("hung_up", "asked"),
               True),
        Metric("abandonment", "Abandonment", "share", -1, "Contacts given up while waiting",
               _ratio("abandoned", "contacts"), True),
        Metric("escalation_rate", "Escalations per contact", "share", 0,
               "Times that something was passed up, per contact served; above 1 where more is passed up than served",
               _ratio("asked", "served"), True),
        Metric("refused_justified", "Justified wishes refused", "share", -1, "Of contacts served",
               _ratio("refused_justified", "served"), True),
        Metric("granted_unjustified", "Unjustified claims granted", "share", -1, "Of all claims granted",
               _ratio("granted_unjustified", "grants"), True),
        Metric("grave_errors", "Grave errors", "share", -1, "Of contacts served", _ratio("grave_errors", "served"),
               True),
        Metric("occupancy", "Occupancy with overtime", "share", 0,
               "Staff's time on contacts, per time on duty, meetings too; above 1 where work goes on after closing",
               _ratio("busy", "scheduled"), True),
        Metric("causes_open", "Causes of failure", "per department", -1,
               "Mean prevalence of causes: share of needs they spoil", _mean("prevalence"), True),
        Metric("manager_approvals", "Managers' approvals with overtime", "share", 0,
               "Managers' time on approvals, per open time of theirs; above 1 where it goes on after closing",
               _ratio("approvals", "manager_time"), True),
        Metric("customers", "Customers", "people", 1, "Mean number of customers", _mean("customers")),
        Metric("neutral_leavers", "Leavers for reasons of their own", "share", 0,
               "Share of leavers that no structure could have kept",
               Formula(f"sum({' + '.join(LEFT_FOR_OWN_REASONS)}) / {_LEAVERS}", _neutral_share), True),
        Metric("revenue", "Revenue", "money/year", 1, "From customers' spend", _money("revenue")),
        Metric("grant_cost", "Cost of grants", "money/year", -1, "Paid to customers: remedies and gestures",
               _money("grant_cost")),
        Metric("people_cost", "Cost of hiring and training", "money/year", -1, "Besides wages",
               Formula("2.5 * (mean(hiring) + mean(training))",
                       lambda days: _money("hiring")(days) + _money("training")(days))),
        Metric("programme_cost", "Cost of programmes", "money/year", -1, "Smile training and repairs",
               _money("programmes")),
        Metric("profit", "Profit", "money/year", 1, "Revenue less all costs",
               Formula(f"2.5 * mean(revenue - {_COSTS})", _profit)),
        Metric("customer_equity", "Customer equity", "money", 1,
               "Value of today's customers: revenue less grants, kept at the retention rate, discounted",
               Formula(f"2.5 * mean(revenue - grant_cost) * retention / (1 + {DISCOUNT_RATE} - retention)", _equity)),
        Metric("profit_per_thousand", "Profit per 1,000 customers", "money/year", 1,
               "Over the mean number of customers",
               Formula("1000 * profit / mean(customers)", _profit_per_thousand)),
    )
})  # fmt: skip
"""All metrics, in the order of tables."""

HEADLINES = ("retention", "loyalty", "profit")
"""What sentences, figures and small tables are about, unless other metrics are asked for."""

OUTCOMES = ("retention", "profit")
"""The same where each metric has a figure or a long table of its own: what customers do, what the firm has of it."""

GROUPS = {
    "Customers": ("retention", "loyalty", "satisfaction", "nps", "csat"),
    "Service": ("first_contact_resolution", "mean_wait", "abandonment", "escalation_rate", "refused_justified"),
    "Staff": ("morale", "staff_turnover", "occupancy", "positions"),
    "Money": ("revenue", "grant_cost", "people_cost", "profit", "profit_per_thousand"),
}
"""Metrics of the table of a comparison; all others are in its files and JSON."""

FURTHER = tuple(name for name in METRICS if not any(name in names for names in GROUPS.values()))
"""Metrics in none of the groups."""


def metrics_under(scenario: Scenario) -> tuple[str, ...]:
    """Names of all metrics of a run, in the order of tables; a user's own ones come last."""
    return (*METRICS, *(scenario.own.metrics if scenario.own else ()))


def groups_of(metrics: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Groups of the table that shows all metrics, with a user's own ones; empty if only some were chosen."""
    if metrics[: len(METRICS)] != tuple(METRICS):
        return {}
    own = metrics[len(METRICS) :]
    return {**GROUPS, "Own": own} if own else GROUPS


def check_metrics(metrics: Sequence[str] | None, scenario: Scenario | None = None) -> None:
    """See that metrics, if any are named, exist, that there is one, and each only once.

    Args:
        metrics: names.
        scenario: what is run, which may have metrics of its own.

    Raises:
        InputError: naming the nearest valid one.
    """
    if metrics is None:
        return
    known = metrics_under(scenario) if scenario else tuple(METRICS)
    for name in metrics:
        if name not in known:
            raise InputError(f"there is no metric '{name}'{nearest(name, known)}; have: {', '.join(known)}")
    if not metrics or len(set(metrics)) < len(metrics):
        raise InputError(f"metrics = {', '.join(metrics) or 'none'}: needs at least one, and each only once")


def one_event(metric: str, scenario: Scenario, days: int) -> float:
    """What one event more or less in a run does to a metric of which a run may hold hardly any; 0 for other metrics.

    The event is somebody who leaves the front line and is replaced; of positions, that one is opened or given up.

    Args:
        metric: its name.
        scenario: what is run.
        days: measured, see `measured`.
    """
    years, heads = days / DAYS_PER_YEAR, scenario.workforce.frontline
    if not (years and heads):
        return 0.0
    pay = scenario.economics
    cost = pay.replacement_months * DAYS_PER_YEAR / MONTHS_PER_YEAR * pay.frontline_wage / years
    customers = max(scenario.market.customers, 1)
    of = {"staff_turnover": 1.0 / (heads * years), "people_cost": cost, "profit": cost,
          "profit_per_thousand": 1000.0 * cost / customers,
          "positions": float(scenario.workforce.staffing != "fixed")}  # fmt: skip
    return of.get(metric, 0.0)


_NOTHING = {
    "csat": "nobody was served", "first_contact_resolution": "no case was served", "mean_wait": "nobody got in touch",
    "callback_delay": "nobody was called back", "callbacks_given_up": "nobody was to be called back",
    "hung_up": "nothing was passed up", "abandonment": "nobody got in touch", "service_level": "nobody got in touch",
    "escalation_rate": "nobody was served", "refused_justified": "nobody was served",
    "granted_unjustified": "nothing was granted", "grave_errors": "nobody was served",
    "occupancy": "nobody was at work", "staff_turnover": "nobody was at work", "manager_approvals": "nobody managed",
    "neutral_leavers": "nobody left",
}  # fmt: skip
"""Why a metric has no value where it has none."""


def no_value(metric: str) -> str:
    """Why a metric has no value in runs in which it has none, in words."""
    return _NOTHING.get(metric, "nothing happened that it could be taken from")


def measured(days: Any, settling: float) -> Any:
    """The days that count: those after the settling share of a run."""
    return days[int(len(days) * settling) :]


def summary(days: Any, settling: float, model: Engine | None = None) -> dict[str, float]:
    """All metrics of a run.

    Args:
        days: rows of `simsvc.model.rows.DAY`, one per day.
        settling: share of the days left out at the start, 0-1.
        model: of the run, for metrics of the user's own.

    Returns:
        Values by name of the metric; NaN where nothing happened that it could be taken from.
    """
    rows = measured(days, settling)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {name: metric.of(rows) for name, metric in METRICS.items()}
    own = model.settings.own if model else None
    return {**found, **own.measure(model, rows)} if own else found


PROBES = 12
"""Made-up tables of days by which a metric's definition is known."""


@functools.cache
def _probes() -> list[Any]:
    random = np.random.default_rng(1)
    tables = [np.zeros(5, DAY) for _ in range(PROBES)]
    for table in tables[1:]:  # the first one has nothing but zeros, where nothing happened
        for name in DAY.names or ():
            table[name] = 1 + 1000.0 ** random.random() * random.random(len(table))
    return tables


def definitions() -> dict[str, str]:
    """What each metric makes of made-up days, as eight hexadecimal digits: others if it is defined otherwise.

    Values tell definitions apart where texts of functions do not: these change with every comment and moved line,
    and do not change with a number that a function takes from elsewhere.
    """
    found = {}
    with np.errstate(all="ignore"):
        for name, metric in METRICS.items():
            values = " ".join(f"{metric.of(table):.10g}" for table in _probes())
            found[name] = hashlib.sha256(values.encode()).hexdigest()[:8]
    return found


@functools.cache
def program_version() -> str:
    """What must be the same wherever runs of one sweep are performed: the model, and how it is measured."""
    measures = hashlib.sha256(repr(definitions()).encode()).hexdigest()[:8]
    return f"{model_version()}-{measures}"
