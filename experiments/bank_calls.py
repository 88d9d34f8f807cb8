"""Do waits in the model look like those of a bank? Fitted to some days of call records, compared on other days.

    python experiments/bank_calls.py RECORDS

RECORDS is the call-by-call log of the bank's call centre that the Service Engineering group of the Technion
published (Guedj & Mandelbaum; described in Brown et al. 2005), or any other log that `simsvc calibrate` reads.
The records are not part of this project; figures and small tables go to `results/bank_calls/`.

Everything is estimated from the first half of the ordinary days: arrival rates, service times, patience, agents
available by time of day. The second half is not looked at until waits and abandonment are compared. The queue is
simulated by the model with behaviour switched off, as in `simsvc verify`: what is asked is whether arrivals, work,
patience and staff are understood, which is what call records can tell. The whole scenario, with approvals, skills,
morale and customers who come back, is run beside it.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

import simsvc
from simsvc.calibration.calls.estimates import CallEstimates, estimate_calls
from simsvc.calibration.calls.figures import waits_figure
from simsvc.calibration.calls.opening_hours import ordinary_hours
from simsvc.calibration.calls.records import CallRecords, read_calls
from simsvc.calibration.calls.result import CallsFit
from simsvc.calibration.calls.scenario_from_calls import FittedScenario, fit_scenario, scenario_file
from simsvc.calibration.calls.waits_by_time import (
    MEASURES,
    counting_waits,
    erlang_by_time,
    measures,
    observed_by_time,
    queue_of,
    rates_servers_work,
    simulated_by_time,
)
from simsvc.errors import InputError
from simsvc.model.warm import compile_all
from simsvc.process import run_script
from simsvc.runs.executors import executor_for
from simsvc.runs.folder import check_writable, manifest, save_figure, written
from simsvc.scenario.loading import load_scenario
from simsvc.show.terminal import say

FORECAST, ERLANG = "simulated, from the days fitted", "Erlang A, from the days fitted"
OWN, ERLANG_OWN = "simulated, each day's own calls and staff", "Erlang A, each day's own calls and staff"
SHORT = {FORECAST: "simulated", ERLANG: "by Erlang A", OWN: "simulated with each day's own calls and staff"}
CONSTANT_STAFF = "simulated, staff constant over the day"
CONSTANT_WORK = "simulated, service times constant over the day"


def nameless(records: CallRecords) -> CallRecords:
    """The same records with numbers in place of agents' names: results are public."""
    agents = sorted(records.calls["agent"].dropna().unique())
    numbers = {name: f"agent {k}" for k, name in enumerate(agents, 1)}
    calls = records.calls.assign(agent=records.calls["agent"].map(numbers).where(records.calls["agent"].notna(), None))
    return replace(records, calls=calls)


def halves(records: CallRecords) -> tuple[CallEstimates, CallEstimates]:
    """Estimates from the first half of the ordinary days, and those of the second half in the same hours."""
    days = ordinary_hours(records).dates
    cut = days[len(days) // 2]
    fitted = estimate_calls(records.on(records.dates[records.dates < cut]))
    hours = fitted.hours
    later = records.on(records.dates[records.dates >= cut])
    opening = (hours.opens / 3600.0, hours.closes / 3600.0)
    weekdays = sorted(set(hours.dates.day_of_week))
    held_out = estimate_calls(later, hours.slot / 60.0, weekdays, opening)
    if fitted.patience is None or fitted.staffing is None or fitted.service is None or held_out.staffing is None:
        raise InputError("the records need service times, agents, and callers who give up")
    return fitted, held_out


def _table(sums: Any, hours: Any) -> pd.DataFrame:
    return pd.DataFrame({"hour": hours, "calls": sums[:, 0], **measures(sums)})


def _queue(found: CallEstimates, rates: Any, servers: Any, work: Any) -> Any:
    """The queue with the service times and the patience of the days fitted."""
    assert found.service is not None
    assert found.patience is not None
    cv = found.service.cv.mean if found.service.lognormal else 0.0
    return queue_of(rates, servers, work, cv, found.patience.mean.mean, found.hours.slot / 60.0)


def own_days(fitted: CallEstimates, held_out: CallEstimates) -> tuple[Any, Any]:
    """Calls an hour and available agents on each day held out, float (days, slots); calls in breakdowns 0.

    How many of the agents on duty are available at each time of day is taken from the days fitted.
    """
    assert fitted.staffing is not None
    assert held_out.staffing is not None
    rates = np.nan_to_num(held_out.arrivals.counts) * 3600.0 / held_out.hours.slot
    profile = fitted.staffing.profile
    share = (profile["available"] / profile["on_duty"].clip(lower=1e-9)).to_numpy()
    return rates, np.nan_to_num(held_out.staffing.on_duty) * share


def predictions(fitted: CallEstimates, held_out: CallEstimates, days: int) -> dict[str, pd.DataFrame]:
    """Measures by part of the day, by what predicts them; sums over days weigh by calls."""
    assert fitted.patience is not None
    slots, hours = fitted.hours.slots, fitted.hours.starts
    rates, servers, work = rates_servers_work(fitted)
    patience = fitted.patience.mean.mean
    result = {FORECAST: _table(simulated_by_time(_queue(fitted, rates, servers, work), slots, days), hours)}
    formula = erlang_by_time(rates, servers, work, patience)
    per_slot = rates * fitted.hours.slot / 3600.0
    result[ERLANG] = formula.assign(hour=hours, calls=per_slot)

    own_rates, own_servers = own_days(fitted, held_out)
    total, by_formula = np.zeros((slots, 4)), np.zeros((slots, 4))
    orders = (
        counting_waits(_queue(fitted, rate, number, work), slots, max(days // 10, 10), seed=1 + day)
        for day, (rate, number) in enumerate(zip(own_rates, own_servers, strict=True))
    )
    with executor_for() as place:
        for outcome in place.in_order(orders):
            total += outcome.or_raise().seen
    for rate, number in zip(own_rates, own_servers, strict=True):
        answers = erlang_by_time(rate, number, work, patience)
        calls = rate * fitted.hours.slot / 3600.0
        by_formula += np.column_stack([calls, *(calls * answers[name] for name in MEASURES)])
    result[OWN], result[ERLANG_OWN] = _table(total, hours), _table(by_formula, hours)
    for name, some_servers, some_work in (
        (CONSTANT_STAFF, np.full(slots, float(servers.mean())), work),
        (CONSTANT_WORK, servers, np.full(slots, float(np.average(work, weights=rates)))),
    ):
        result[name] = _table(simulated_by_time(_queue(fitted, rates, some_servers, some_work), slots, days), hours)
    return result


def compared(observed: pd.DataFrame, predicted: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Whole day and parts of the day: prediction against observation, for every measure."""
    parts = observed[observed["hour"].notna()]
    whole = observed[observed["hour"].isna()].iloc[0]
    rows = []
    for name, table in predicted.items():
        weights = table["calls"].to_numpy()
        for measure, unit in MEASURES.items():
            day = float(np.average(table[measure], weights=weights))
            gap = np.abs(table[measure].to_numpy() - parts[measure].to_numpy())
            inside = (table[measure].to_numpy() >= parts[f"{measure}_low"]) & (
                table[measure].to_numpy() <= parts[f"{measure}_high"]
            )
            rows.append(
                {
                    "prediction": name, "measure": measure, "unit": unit, "predicted": day,
                    "observed": whole[measure], "low": whole[f"{measure}_low"], "high": whole[f"{measure}_high"],
                    "error_by_part": float(np.average(gap, weights=parts["calls"])),
                    "parts_within_interval": float(inside.mean()),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def finding(
    fitted: CallEstimates,
    held_out: CallEstimates,
    table: pd.DataFrame,
    in_sample: pd.DataFrame,
    predicted: dict[str, pd.DataFrame],
    whole: FittedScenario,
) -> str:
    """What came out, in sentences made from the numbers."""
    assert fitted.staffing is not None
    assert fitted.service is not None
    assert held_out.service is not None

    def of(name: str, measure: str) -> Any:
        return table[(table["prediction"] == name) & (table["measure"] == measure)].iloc[0]

    def told(measure: str, scale: float, unit: str) -> str:
        seen = of(FORECAST, measure)
        others = ", ".join(f"{of(name, measure)['predicted'] * scale:.1f} {short}" for name, short in SHORT.items())
        ends = f"[{seen['low'] * scale:.1f}, {seen['high'] * scale:.1f}]"
        return f"{seen['observed'] * scale:.1f} {unit} {ends} observed, {others}"

    def missed(name: str, of_table: pd.DataFrame) -> str:
        row = of_table[(of_table["prediction"] == name) & (of_table["measure"] == "mean_wait")].iloc[0]
        return f"{row['error_by_part']:.0f} s"

    dates, later = fitted.hours.dates, held_out.hours.dates
    unstable = int(np.isinf(predicted[ERLANG]["mean_wait_c"]).sum())
    queue = whole.check["mean wait in the queue, s"][1], whole.check["calls that give up, %"][1]
    return " ".join(
        [
            f"Fitted to {len(dates)} ordinary days until {dates[-1]:%d %b}, compared on {len(later)} later ones.",
            f"Mean wait: {told('mean_wait', 1, 's')}.",
            f"Calls that wait: {told('p_wait', 100, '%')}.",
            f"Calls that give up: {told('p_abandon', 100, '%')}.",
            f"By part of the day the mean wait is missed by {missed(FORECAST, table)} on average (Erlang A: "
            f"{missed(ERLANG, table)}; with each day's own calls and staff {missed(OWN, table)}); on the days fitted "
            f"by {missed(FORECAST, in_sample)}, there by {missed(CONSTANT_STAFF, in_sample)} were staff constant over "
            f"the day and by {missed(CONSTANT_WORK, in_sample)} were service times.",
            f"The later days had {held_out.arrivals.per_day.mean:.0f} calls of {held_out.service.work.mean:.2f} min "
            f"(before: {fitted.arrivals.per_day.mean:.0f} of {fitted.service.work.mean:.2f} min): no model of the "
            "earlier days knows that.",
            f"Erlang C has no answer in {unstable} of {len(predicted[ERLANG])} parts of the day: more came than could "
            "be served.",
            f"Of the agents who seemed on duty, {100 * fitted.staffing.availability.mean:.0f} % served while somebody "
            f"waited; the days' totals vary {fitted.arrivals.totals.index:.0f} times as much as Poisson's.",
            f"The whole scenario, with approvals and customers who come back, gives {queue[0]:.0f} s in the queue and "
            f"{queue[1]:.1f} % who give up, against {whole.check['mean wait in the queue, s'][0]:.0f} s and "
            f"{whole.check['calls that give up, %'][0]:.1f} % of the days it was fitted to (neither was fitted).",
        ]
    )


def main(
    records: Annotated[Path, typer.Argument(help="Call records.")],
    layout: Annotated[str | None, typer.Option(help="Layout of the records. [default: from the columns]")] = None,
    days: Annotated[int, typer.Option(help="Days simulated for every prediction.")] = 1000,
    out: Annotated[Path, typer.Option(help="Folder of results.")] = Path("results/bank_calls"),
) -> None:
    """Fit the model to half of the days of call records and compare waits on the other half."""
    check_writable(out)
    fitted, held_out = halves(nameless(read_calls(records, layout)))
    compile_all(say)
    begun = time.monotonic()
    predicted = predictions(fitted, held_out, days)
    observed = observed_by_time(held_out.records, held_out.hours)
    table = compared(observed, predicted)
    in_sample = compared(
        observed_by_time(fitted.records, fitted.hours),
        {name: found for name, found in predicted.items() if name not in (OWN, ERLANG_OWN)},
    )
    base = "contact_centre"
    whole = fit_scenario(fitted, load_scenario(base))

    about = f"simsvc {simsvc.__version__}, bank_calls, {days} days simulated"
    shown = {name: predicted[name] for name in (FORECAST, ERLANG, OWN)}
    title = f"Days not used for fitting: {len(held_out.hours.dates)} ordinary days"
    result = CallsFit(fitted, whole, base)
    for name, draw in result.figures().items():
        save_figure(draw(), out, name, about, ("png",))
    save_figure(waits_figure(observed, shown, title), out, "waits", about, ("png",))
    by_time = pd.concat([t.assign(prediction=name) for name, t in predicted.items()], ignore_index=True)
    kept = {
        **result.tables(),
        "waits_observed": observed,
        "waits_predicted": by_time,
        "waits_compared": table,
        "waits_in_sample": in_sample,
    }
    for name, frame in kept.items():
        written(out / f"{name}.csv", frame.to_csv(index=False, float_format="%.5g"))
    written(out / "scenario.toml", scenario_file(fitted, whole, base, out))
    text = finding(fitted, held_out, table, in_sample, predicted, whole)
    written(out / "finding.txt", text + "\n")
    note = manifest(
        whole.scenario, "python experiments/bank_calls.py RECORDS", kind="calibration to call records",
        data=fitted.records.source, days=days, seconds=round(time.monotonic() - begun),
    )  # fmt: skip
    written(out / "manifest.json", json.dumps(note, indent=1))
    print(text)


if __name__ == "__main__":
    run_script(main, "bank_calls")
