"""Loyalty and money: spend by satisfaction, what five points of retention are worth, hostages under lock-in.

    python experiments/loyalty_and_money.py            # full size
    python experiments/loyalty_and_money.py --quick    # the same with two runs per point

In the traditional contact centre: what the totally and the somewhat satisfied spend; how money follows retention when
customers have fewer or more reasons of their own to leave; retention and loyalty when leaving is made hard. Writes to
results/loyalty_and_money a figure, `levels.csv`, answers and a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simsvc.organization import ServiceOrganization
from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Market
from simsvc.show.axes import clean, style
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

CLASSES = {"below 0.4": 0.0, "from 0.4": 0.4, "somewhat satisfied, from 0.6": 0.6, "totally satisfied, from 0.8": 0.8}
"""Classes of satisfaction and where each begins; the upper two of five equal ones are the claim's."""
SOMEWHAT, TOTALLY = list(CLASSES)[2:]
OWN_REASONS = (0.04, Market().neutral_churn, 0.12, 0.16)
LOCK_IN = (0.0, 0.2, 0.4, 0.6, 0.8)
SPENDING = (0, 2)
METRICS = ("retention", "loyalty", "satisfaction", "hostage_share", "nps", "profit", "customer_equity")

STUDY = Study(
    "loyalty_and_money",
    "What are satisfaction and retention worth, and is retention loyalty?",
    ["C10", "C14"],
    replications=16,
    quick=2,
)


def spend_by_class(model: ServiceOrganization, rows: Any) -> Mapping[str, float]:
    """Mean spend of customers of ordinary means by class of satisfaction on the last day, money per year."""
    customers = model.state.customers[model.state.customers["since"] >= 0]
    of_class = np.digitize(customers["satisfaction"], list(CLASSES.values())[1:])
    spend = {name: (customers["spend"] / customers["spend_level"])[of_class == k] for k, name in enumerate(CLASSES)}
    return {name: float(mine.mean() * 250e-6) if len(mine) else float("nan") for name, mine in spend.items()}


def plot(spend: pd.DataFrame, worth: pd.DataFrame, lock_in: pd.DataFrame) -> Figure:
    """Spend by class, money by retention, what lock-in does."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    reach = [spend["mean"] - spend["low"], spend["high"] - spend["mean"]]
    left.bar(range(len(spend)), spend["mean"], yerr=np.nan_to_num(reach), color="#0072B2", capsize=3)
    left.set_xticks(range(len(spend)), [name.replace(" ", "\n", 1).replace(", ", ",\n") for name in CLASSES])
    left.set_title("Spend by satisfaction", fontsize=10, loc="left")
    left.set_ylabel("money a year", fontsize=8)
    for k, (rate, mine) in enumerate(worth.groupby("value")):
        look = {"color": style(k)["color"], "label": f"own reasons to leave, {rate:g} a year"}
        middle.plot(100 * mine["retention"], mine["customer_equity"] / 1e6, "oDs^"[k], markersize=3.5, **look)
    middle.set_title("Customer equity, one mark per run", fontsize=10, loc="left")
    middle.set_xlabel("retention, % a year", fontsize=8)
    middle.set_ylabel("million", fontsize=8)
    middle.legend(fontsize=7, frameon=False)
    for k, metric in enumerate(("retention", "loyalty", "hostage_share")):
        mine = lock_in[lock_in["metric"] == metric]
        reach = [100 * (mine["mean"] - mine["low"]), 100 * (mine["high"] - mine["mean"])]
        words = metric.replace("hostage_share", "share of hostages")
        right.errorbar(mine["value"], 100 * mine["mean"], yerr=reach, capsize=3, label=words, **style(k))
    right.set_title("Made hard to leave", fontsize=10, loc="left")
    right.set_xlabel("mean cost of switching, 0-1", fontsize=8)
    right.set_ylabel("%, points of 100", fontsize=8)
    right.legend(fontsize=8, frameon=False)
    for axes in (left, middle, right):
        clean(axes)
    title = "Loyalty and money in the traditional contact centre (95 % intervals)"
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    return figure


def main(study: Study) -> None:
    """Spend by class, money by retention, lock-in."""
    base = load_scenario("contact_centre")
    worlds: list[tuple[str, float, dict[str, Any]]] = [
        *(("own reasons", rate, {"market.neutral_churn": rate}) for rate in OWN_REASONS),
        *(("lock-in", cost, {"market.switching_cost": cost}) for cost in LOCK_IN if cost != base.market.switching_cost),
        *(("spending", strength, {"rules.spending": strength}) for strength in SPENDING),
    ]
    points = [
        Point({"varied": varied, "value": value}, load_scenario("contact_centre", settings))
        for varied, value, settings in worlds
    ]
    runs = study.runs(points, probe=spend_by_class)
    study.table(intervals(runs, ["varied", "value"], (*METRICS, *CLASSES)), "levels")
    worth = runs[runs["varied"] == "own reasons"]
    as_it_is = worth[worth["value"] == base.market.neutral_churn]
    doubled = runs[(runs["varied"] == "spending") & (runs["value"] == SPENDING[-1])]

    factor = [
        study.answer(
            "C14", f"spend of the totally over the somewhat satisfied, rules.spending {strength:g}",
            mine[TOTALLY] / mine[SOMEWHAT], "times",
            meaning="Mean spend at satisfaction from 0.8 over that at 0.6 to 0.8; reported, never fitted; "
            "practitioners say 2.6.",
        )
        for strength, mine in ((1, as_it_is), (2, doubled))
    ]  # fmt: skip
    slopes: dict[str, list[float]] = {"customer_equity": [], "profit": []}
    for _, mine in worth.groupby("replication"):
        now = mine[mine["value"] == base.market.neutral_churn]
        for metric, values in slopes.items():
            slope = np.polyfit(mine["retention"], mine[metric], 1)[0]
            values.append(100 * 0.05 * float(slope) / float(now[metric].iloc[0]))
    five = {
        metric: study.answer(
            "C14", f"{metric} for five points of retention", values, "%",
            meaning="Slope over organisations whose customers have fewer or more reasons of their own to leave, "
            "nothing else differing, over the level as it is.",
        )
        for metric, values in slopes.items()
    }  # fmt: skip
    moved = as_it_is.assign(varied="lock-in", value=base.market.switching_cost)
    locked = pd.concat([runs[runs["varied"] == "lock-in"], moved]).sort_values(["value", "replication"])
    held = contrast(locked, "value", LOCK_IN[-1], LOCK_IN[0])
    hostage = {}
    for metric in ("retention", "loyalty", "hostage_share", "profit"):
        scale, unit = difference_unit(metric)
        hostage[metric] = study.answer(
            "C10", f"{metric}, hard to leave less easy to leave", scale * held[metric], unit,
            meaning=f"Switching cost {LOCK_IN[-1]} against {LOCK_IN[0]}; retention without loyalty is lock-in.",
        )  # fmt: skip
    spend, lock_in = intervals(as_it_is, ["varied"], list(CLASSES)), intervals(locked, ["value"], METRICS)
    study.figure(plot(spend, worth, lock_in), "loyalty_and_money")
    lock = [tell(hostage[metric], " points") for metric in ("retention", "loyalty", "hostage_share")]
    study.finding(
        f"The totally satisfied spend {factor[0].mean:.2f} times [{factor[0].low:.2f}, {factor[0].high:.2f}] what the "
        f"somewhat satisfied do, {factor[1].mean:.2f} times were the slope of spending double. Five points of "
        f"retention change customer equity by {tell(five['customer_equity'], ' %')} and profit by "
        f"{tell(five['profit'], ' %')}. Making it hard to leave changes retention by {lock[0]}, loyalty by {lock[1]}, "
        f"the share of hostages by {lock[2]}."
    )


if __name__ == "__main__":
    STUDY.command(main)
