"""Does the effect of turning the chart hang on what a modeller has to choose: network, order of a day, time step?

    python experiments/network_order_step.py            # full size
    python experiments/network_order_step.py --quick    # the same with two pairs per choice

Inverted less traditional in the contact centre, born so, years 2 and 3. One choice is changed at a time, for both
charts, and the effect under it is set against the effect under what stands in its place, pair by pair: a difference of
differences, with its interval. The same luck is keyed to the same people and days everywhere; where days are halved,
those of the same number are other days, and what is left of the pairing is who the people are.

- Network: who talks with whom (random, scale-free, a plain ring), and with how many.
- Order: steps of the evening whose order theory leaves open; customers judging by number instead of by the clock.
- Step: a day, the step of moods, is halved and quartered with everything per hour and per year as it was, with doors
  that close between and on one unbroken clock; and doors are open twice as long with the same hours of work.

Writes to results/network_order_step a figure, `levels.csv` of both charts, `effects.csv` (inverted less traditional),
`changes.csv` (what each choice changes in that) and a finding.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from simsvc.runs.own import Own
from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import changed, load_scenario, with_structure
from simsvc.scenario.settings import Scenario, setting_field, setting_names, setting_value
from simsvc.show.effects import dots
from simsvc.show.numbers import called, difference, difference_unit, in_words, listed
from simsvc.studies.study import Point, Study

METRICS = ("retention", "loyalty", "profit")
CHARTS = ("traditional", "inverted")
USUAL = "as it is"
UNBROKEN = "unbroken clock"

STUDY = Study(
    "network_order_step",
    "Does the effect of turning the chart hang on the network of customers, the order of a day, the time step?",
    [],
    replications=16,
    quick=2,
    timed=True,
)


class Choice(NamedTuple):
    """What is changed, and the choice it is set against."""

    scenario: Scenario
    against: str = USUAL
    parts: int = 1
    """Steps that a day is cut into."""


# -- network ----------------------------------------------------------------------------------

NETWORKS: dict[str, dict[str, Any]] = {
    "network: random": {"market.network": "random"},
    "network: scale-free": {"market.network": "scale_free"},
    "network: ring, no tie reaches far": {"market.rewiring": 0.0},
    "network: 2 ties each": {"market.ties": 2},
    "network: 20 ties each": {"market.ties": 20},
}


# -- order ------------------------------------------------------------------------------------

CUSTOMERS, POSITIONS, STAFF, MANAGERS = "customers_evening", "staffing", "staff_evening", "managers_day"
ORDERS = {
    "order: staff before customers": (POSITIONS, STAFF, CUSTOMERS, MANAGERS, "world"),
    "order: managers first": (MANAGERS, CUSTOMERS, POSITIONS, STAFF, "world"),
    "order: positions reviewed last": (CUSTOMERS, STAFF, MANAGERS, POSITIONS, "world"),
    "order: evening reversed": ("world", MANAGERS, STAFF, POSITIONS, CUSTOMERS),
}
"""The steps between the day's contacts and its count, which are as they are: first customers, last the world."""
REORDERED = """
def phases(day):
    for name in {}:
        function = day[name].function
        day.drop(name)
        day.insert(name, function, before="measure")
"""
BY_NUMBER = """
import numpy as np


def by_number(model):
    '''Whoever has the highest number judges first, everybody's own contacts one after the other.'''
    ended = model.state.ended[: model.state.organisation[0]["ended"]]
    ended[:] = ended[np.argsort(-model.state.cases["customer"][ended], kind="stable")]


def phases(day):
    day.insert("by_number", by_number, before="reactions")
"""


# -- step -------------------------------------------------------------------------------------

PER_DAY = (
    "workforce.day_minutes", "operations.open_minutes", "assumptions.leading.acting_minutes",
    "assumptions.learning.coaching_minutes", "assumptions.morale.support_half", "assumptions.morale.control_minutes",
    "assumptions.screening.control_minutes", "assumptions.voice.floor_half", "assumptions.voice.minutes_to_see",
    "assumptions.voice.evidence_half", "assumptions.learning.gain_from_peers", "assumptions.learning.gain_per_training",
    "assumptions.learning.hospitality_taught", "assumptions.morale.weight_of_today",
)  # fmt: skip
"""Minutes of a day, and what a day does or shows, whose units do not say so; a day of training is cut, too."""
PER_MINUTE_OF_A_DAY = "assumptions.morale.strain_of_control"
PER_STEP = {"per year", "1/year", "money/year", "1/day", "money/day"}
"""Units of what a shorter step has less of; a year is 250 steps."""
IN_STEPS = {"days", "months of pay"}
"""Units of what a shorter step has more of: the pay of a step is less, that of a month is not."""


def in_steps(scenario: Scenario, parts: int) -> Scenario:
    """The same organisation in steps of a part of a day: per hour and per year all is equal."""
    units = {name: setting_field(name).json_schema_extra["unit"] for name in setting_names()}
    less = [*PER_DAY, *(name for name, unit in units.items() if unit in PER_STEP)]
    more = [PER_MINUTE_OF_A_DAY, *(name for name, unit in units.items() if unit in IN_STEPS)]
    values = {name: setting_value(scenario, name) / parts for name in less}
    return changed(scenario, values | {name: setting_value(scenario, name) * parts for name in more})


# -- the study --------------------------------------------------------------------------------


def choices(base: Scenario) -> dict[str, Choice]:
    """Every choice by what is said of it, those that others are set against first."""
    unbroken = changed(base, {"operations.continuous": True})
    twice = {"operations.open_minutes": 960.0, "workforce.shift_profile": (0.5, 0.5)}
    found = {USUAL: Choice(base), UNBROKEN: Choice(unbroken)}
    found |= {name: Choice(changed(base, values)) for name, values in NETWORKS.items()}
    found |= {name: Choice(base.carrying(Own(name, REORDERED.format(order)))) for name, order in ORDERS.items()}
    found["order: customers judge by number"] = Choice(base.carrying(Own("by_number", BY_NUMBER)))
    found["step: half a day, doors close between"] = Choice(in_steps(base, 2), parts=2)
    for words, parts in (("half", 2), ("a quarter of", 4)):
        found[f"step: {words} a day, unbroken clock"] = Choice(in_steps(unbroken, parts), UNBROKEN, parts)
    found["step: doors open twice as long"] = Choice(changed(base, twice))
    return found


def main(study: Study) -> None:
    """Turn the chart under every choice."""
    planned = choices(load_scenario("contact_centre"))
    runs = study.runs(
        [
            Point({"choice": name, "structure": chart}, with_structure(choice.scenario, chart))
            for name, choice in planned.items()
            for chart in CHARTS
        ]
    )
    parts = runs["choice"].map({name: choice.parts for name, choice in planned.items()})
    runs["retention"] **= parts  # 250 steps are that part of a year
    runs["profit"] *= parts
    study.table(intervals(runs, ["choice", "structure"], METRICS), "levels")
    effects = contrast(runs[["choice", "structure", "replication", *METRICS]], "structure", "inverted", "traditional",
                       by=["choice"])  # fmt: skip
    table = intervals(effects, ["choice"], METRICS)
    changes = pd.concat(
        contrast(effects, "choice", name, choice.against).assign(choice=name, against=choice.against)
        for name, choice in planned.items()
        if name not in (USUAL, UNBROKEN)
    )
    moved = intervals(changes, ["choice", "against"], METRICS)
    study.table(table, "effects")
    study.table(moved, "changes")
    usual = listed(
        f"{called(row['metric'])} {words(row)}" for row in table[table["choice"] == USUAL].to_dict("records")
    )
    title = (
        f"What each choice changes in the effect of turning the chart, which is: {usual} ({study.replications} pairs, "
        "95 % intervals of differences of differences)"
    )
    study.figure(dots(moved, "choice", METRICS, title, what="change"), "network_order_step")
    study.finding(finding(table, moved, usual))


def words(row: Mapping[Hashable, Any]) -> str:
    """An effect, or a change of one, with its unit and interval."""
    return in_words(*(row[name] for name in ("metric", "mean", "low", "high")))


def finding(table: pd.DataFrame, moved: pd.DataFrame, usual: str) -> str:
    """How far the effect moves, and under which choice most."""
    seen = moved[(moved["low"] > 0) | (moved["high"] < 0)]
    said = [
        f"Turning the chart (contact centre, born so, years 2 and 3) gives {usual}. Of {len(moved)} changes of that by "
        f"{moved['choice'].nunique()} choices, {len(seen)} leave out zero in their 95 % intervals; "
        f"{0.05 * len(moved):.0f} would if none made a difference."
    ]
    for metric in METRICS:
        effects, mine = table[table["metric"] == metric], moved[moved["metric"] == metric]
        most = max(mine.to_dict("records"), key=lambda row: abs(row["mean"]))
        low, high = (difference(metric, end).number for end in (effects["mean"].min(), effects["mean"].max()))
        said.append(
            f"{called(metric).capitalize()}: between {low} and {high} {difference_unit(metric).name} under all of "
            f"them; moved most by '{most['choice']}', {words(most)}."
        )
    return " ".join(said)


if __name__ == "__main__":
    STUDY.command(main)
