"""Call records: read from any layout, estimates recover what made them, and a scenario follows that behaves so."""

from __future__ import annotations

import heapq
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from scipy import stats
from typer.testing import CliRunner

from simsvc.calibration.arrivals import estimate_arrivals
from simsvc.calibration.calls import CallEstimates, estimate_calls
from simsvc.calibration.calls_folder import as_json, save_calls
from simsvc.calibration.days import jackknife
from simsvc.calibration.hours import ordinary_hours
from simsvc.calibration.patience import exponential_mean, fit_family, hazards, kaplan_meier
from simsvc.calibration.records import CallRecords, read_calls
from simsvc.calibration.repeats import estimate_repeats
from simsvc.calibration.scenario_from_calls import fit_scenario, scenario_file
from simsvc.calibration.service import agents_spread
from simsvc.calibration.waits_by_time import (
    erlang_by_time,
    measures,
    observed_by_time,
    queue_of,
    rates_servers_work,
    simulated_by_time,
)
from simsvc.cli_calibrate import calibrate
from simsvc.errors import InputError
from simsvc.model.organization import ServiceOrganization
from simsvc.model.parameters import shift_table
from simsvc.present.calls import figures, waits_figure
from simsvc.scenario.loading import changed, load_scenario

# What made the records below: rates per hour by the hour of the day, 8:00 to 16:00; minutes.
RATES = (20.0, 40.0, 60.0, 50.0, 40.0, 40.0, 30.0, 20.0)
AGENTS = (2, 3, 4, 4, 3, 3, 3, 2)
SERVICE, SERVICE_CV, PATIENCE = 4.0, 1.0, 6.0
OPENS, HOUR = 8 * 3600.0, 3600.0


def made_day(rng: np.random.Generator, factor: float = 1.0) -> list[dict[str, Any]]:
    """One day of a queue, first come first served, by its own small simulation."""
    sigma = math.sqrt(math.log1p(SERVICE_CV**2))
    times = np.sort(
        np.concatenate([OPENS + HOUR * (k + rng.random(rng.poisson(rate * factor))) for k, rate in enumerate(RATES)])
    )
    free = [(OPENS, f"agent{k}") for k in range(max(AGENTS))]
    heapq.heapify(free)
    calls = []
    for time in times:
        patience = 60.0 * rng.exponential(PATIENCE)
        minutes = rng.lognormal(math.log(SERVICE) - sigma**2 / 2, sigma)
        waiting = []
        while True:  # the agent free first whose shift covers the moment
            ready, agent = heapq.heappop(free)
            begins = max(ready, time)
            hour = min(int((begins - OPENS) // HOUR), len(AGENTS) - 1)
            if int(agent[5:]) < AGENTS[hour]:
                break
            waiting.append((OPENS + (hour + 1) * HOUR, agent))
        if begins - time > patience:
            waiting.append((ready, agent))
            calls.append({"second": time, "wait": patience, "outcome": "abandoned", "service": "", "agent": ""})
        else:
            served = {"service": round(60.0 * minutes, 1), "agent": agent}
            calls.append({"second": time, "wait": begins - time, "outcome": "served", **served})
            waiting.append((begins + 60.0 * minutes, agent))
        for entry in waiting:
            heapq.heappush(free, entry)
    return calls


def made_log(path: Path, weeks: int = 4, seed: int = 1, spread: float = 0.0) -> Path:
    """A log of weekdays in the plain layout; `spread` is the deviation of the days' volumes."""
    rng = np.random.default_rng(seed)
    dates = pd.bdate_range("2024-03-04", periods=5 * weeks)
    lines = ["arrival,wait,outcome,service_time,agent,customer,type"]
    for date in dates:
        for call in made_day(rng, math.exp(spread * rng.standard_normal())):
            arrival = (date + pd.Timedelta(seconds=round(call["second"], 2))).isoformat(sep=" ")
            kind = "sales" if rng.random() < 0.3 else "support"
            who = f"c{rng.integers(400)}"
            lines.append(
                f"{arrival},{call['wait']:.2f},{call['outcome']},{call['service']},{call['agent']},{who},{kind}"
            )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_log(tmp_path_factory.mktemp("records") / "calls.csv")


@pytest.fixture(scope="module")
def found(log: Path) -> CallEstimates:
    return estimate_calls(read_calls(log), slot_minutes=60.0)


# -- reading ------------------------------------------------------------------------------------


def same_calls(one: Any, other: Any) -> None:
    names = ["date", "wait", "served", "service", "agent", "customer", "type"]
    pd.testing.assert_frame_equal(one.calls[names], other.calls[names], check_dtype=False)
    np.testing.assert_allclose(one.calls["second"], other.calls["second"], atol=1e-6)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_separators_do_not_matter(log: Path, tmp_path: Path, end: str) -> None:
    for number, separator in enumerate(",;\t"):
        text = log.read_text().replace(",", separator).replace("\n", end)
        path = tmp_path / f"{number}.txt"
        path.write_bytes(text.encode())
        same_calls(read_calls(path), read_calls(log))


def test_columns_of_any_name_are_read_when_named_and_times_may_be_split_and_in_minutes(
    log: Path, tmp_path: Path
) -> None:
    plain = pd.read_csv(log, dtype=str, keep_default_na=False)
    moments = pd.to_datetime(plain["arrival"], format="ISO8601")
    seconds = pd.to_numeric(plain["wait"]).round()
    renamed = pd.DataFrame(
        {
            "when": moments.dt.strftime("%d.%m.%Y"),
            "at": moments.dt.strftime("%H:%M:%S.%f"),
            "held": [f"{int(s) // 3600}:{int(s) % 3600 // 60:02d}:{int(s) % 60:02d}" for s in seconds],
            "how": plain["outcome"].map({"served": "OK_1", "abandoned": "LOST_CALL"}),
            "talk_min": pd.to_numeric(plain["service_time"]) / 60.0,
            "who": plain["agent"],
        }
    )
    path, layout = tmp_path / "other.csv", tmp_path / "layout.toml"
    renamed.to_csv(path, index=False)
    layout.write_text(
        '[columns]\ndate = "when"\ntime = "at"\nwait = "held"\noutcome = "how"\n'
        '[outcomes]\nserved = ["OK_1"]\nabandoned = ["LOST_CALL"]\n[formats]\ndate = "%d.%m.%Y"\n'
    )
    read = read_calls(path, str(layout), {"service_time": "talk_min", "agent": "who"})
    expected = read_calls(log)
    assert len(read.calls) == len(expected.calls)
    np.testing.assert_allclose(read.calls["second"], expected.calls["second"], atol=0.01)
    np.testing.assert_allclose(read.calls["wait"], expected.calls["wait"].round(), atol=0.51)
    np.testing.assert_allclose(read.calls["service"], expected.calls["service"])
    assert (read.calls["served"] == expected.calls["served"]).all()


TECHNION = (
    "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\t"
    "outcome\tser_start\tser_exit\tser_time\tserver"
)


def technion(*rows: str) -> str:
    return "\r\n".join([TECHNION, *(row.replace(" ", "\t") for row in rows)]) + "\r\n"


def test_the_layout_of_the_technion_is_known_with_all_its_quirks(tmp_path: Path) -> None:
    path = tmp_path / "month.txt"
    path.write_text(
        technion(
            "A 1 0 0 PS 990201 7:02:47 7:02:56 9 0:00:00 0:00:00 0 AGENT 7:02:55 7:05:41 166 ANNA",
            "A 2 77 2 NW 990201 23:59:58 0:00:05 7 0:00:05 0:00:25 20 HANG 0:00:00 0:00:00 0 NO_SERVER",
            "A 3 77 2 NW 990201 24:10:00 24:10:05 5 24:10:05 24:10:10 5 AGENT 24:10:10 24:10:14 4 BEN",
            "A 4 0 0 PS 990202 8:00:00 8:00:09 9 0:00:00 0:00:00 0 PHANTOM 0:00:00 0:00:00 0 NO_SERVER",
            "A 5 0 0 PS 990202 8:00:00 8:00:09 9 0:00:00 0:00:00 0 HANG 0:00:00 0:00:00 0 NO_SERVER",
            "A 6 0 0 PS 990202 9:00:00 8:59:00 -60 8:59:00 9:00:30 90 AGENT 9:00:30 9:01:30 60 NO_SERVER",
        )
    )
    read = read_calls(path)
    calls = read.calls
    assert (read.rows, read.ignored, read.unreadable) == (6, 1, 0)
    assert list(calls["second"]) == [7 * 3600 + 176, 86_405, 87_005, 8 * 3600 + 9, 9 * 3600 - 60]
    assert list(calls["date"].dt.strftime("%y%m%d")) == ["990201"] * 3 + ["990202"] * 2
    assert list(calls["customer"]) == [None, "77", "77", None, None]
    assert list(calls["agent"]) == ["ANNA", None, "BEN", None, None]
    assert calls["served"].tolist() == [True, False, True, False, True]
    assert np.isnan(calls["service"][1])
    told = " ".join(read.notes)
    for part in ("2 calls came after midnight", "1 services", "1 calls were served by nobody", "1 calls were given up"):
        assert part in told


def test_rows_that_cannot_be_read_are_counted_and_named_with_their_lines(log: Path, tmp_path: Path) -> None:
    lines = log.read_text().splitlines()
    lines[9] = lines[9].replace("2024-03-04", "soon")
    lines[19] = lines[19].rsplit(",", 2)[0]
    cells = lines[29].split(",")
    lines[29] = ",".join([cells[0], "-5", *cells[2:]])
    path = tmp_path / "damaged.csv"
    path.write_text("\n".join(lines))
    read = read_calls(path)
    assert read.unreadable == 3
    assert len(read.calls) == len(lines) - 4
    assert [reason.split(":")[0] for reason in read.reasons] == ["line 10", "line 20", "line 30"]
    assert "is not a date" in read.reasons[0]


@pytest.mark.parametrize(
    ("content", "columns", "message"),
    [
        ("", {}, "is empty"),
        ("nothing\nhere\n", {}, "single column"),
        ("arrival,wait\n", {}, "no rows"),
        ("arrival,arrival\n1,2\n", {}, "two columns are called 'arrival'"),
        ("wait,outcome\n1,served\n", {}, "no column was found for arrival"),
        ("arrival,outcome\n2024-01-01,served\n", {}, "--column wait=NAME"),
        ("arrival,wait,outcome\n2024-01-01,1,served\n", {"arival": "arrival"}, "did you mean 'arrival'"),
        ("arrival,wait,outcome\n2024-01-01,1,served\n", {"wait": "wiat"}, "no column 'wiat' for wait; did you mean"),
        ("arrival,wait,outcome\n" + "2024-01-01,x,served\n" * 9, {}, "9 of 9 rows cannot be read (line 2: wait 'x'"),
        ("arrival,wait,outcome\n" + "2024-01-01,1,maybe\n" * 9, {}, "outcome 'maybe' is unknown"),
    ],
)
def test_a_file_that_cannot_be_used_gives_one_line_that_says_why(
    tmp_path: Path, content: str, columns: dict[str, str], message: str
) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(content)
    with pytest.raises(InputError) as error:
        read_calls(path, None, columns)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_too_few_days_and_missing_files_are_told(log: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_calls(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_calls(tmp_path)
    with pytest.raises(InputError, match="neither a layout"):
        read_calls(log, "technoin")
    records = read_calls(log)
    with pytest.raises(InputError, match="at least 5"):
        ordinary_hours(records.on(records.dates[:4]))


# -- estimates ----------------------------------------------------------------------------------


def test_weekdays_hours_and_breakdowns_are_found(log: Path, tmp_path: Path) -> None:
    lines = log.read_text().splitlines()
    quiet = [f"2024-03-0{9 + k // 40}T12:{k % 40:02d}:00,0,served,100,agent0,c1,sales" for k in range(40)]
    broken = [f"2024-03-06T13:{k // 2:02d}:30,0,abandoned,,,c1,sales" for k in range(58)]
    path = tmp_path / "calls.csv"
    path.write_text("\n".join([*lines, *quiet, *broken]))
    hours = ordinary_hours(read_calls(path))
    assert (hours.opens, hours.closes, len(hours.dates)) == (8 * HOUR, 16 * HOUR, 20)
    assert hours.disturbed.sum() == 1
    assert hours.disturbed[2, 10]
    assert "Saturday" in " ".join(hours.left_out)


def test_arrival_rates_are_recovered_and_poisson_arrivals_pass_for_poisson(found: CallEstimates) -> None:
    profile = found.arrivals.profile
    np.testing.assert_array_equal(profile["hour"], np.arange(8, 16))
    covered = (profile["low"] <= np.array(RATES)) & (profile["high"] >= np.array(RATES))
    assert covered.sum() >= 6  # fewer with probability 0.006, were the intervals exact
    assert found.arrivals.per_day.low < sum(RATES) < found.arrivals.per_day.high
    for dispersion in (found.arrivals.cells, found.arrivals.totals, found.arrivals.within):
        assert dispersion.p > 0.001


def test_days_that_differ_more_than_chance_are_noticed(tmp_path: Path) -> None:
    records = read_calls(made_log(tmp_path / "calls.csv", weeks=3, seed=3, spread=0.25))
    arrivals = estimate_arrivals(records, ordinary_hours(records, 60.0))
    assert arrivals.totals.p < 1e-6
    assert arrivals.totals.index > 5
    assert arrivals.within.index < 1.5  # once a day's volume is known, the rest is chance


def test_service_times_are_recovered_with_their_shape(found: CallEstimates) -> None:
    service = found.service
    assert service is not None
    real = np.array(service.minutes)
    assert service.mean.low < SERVICE * (1 + 0.002) < service.mean.high  # drops under 10 s take 0.2 % off
    assert service.cv.mean == pytest.approx(SERVICE_CV, rel=0.15)
    assert service.log_sd.low < math.sqrt(math.log(2)) < service.log_sd.high
    assert service.lognormal
    assert len(real) > 5000
    assert service.by_time["ratio"].between(0.9, 1.1).all()  # no time of day had other calls


def test_patience_is_recovered_although_most_waits_end_by_being_served(found: CallEstimates) -> None:
    patience = found.patience
    assert patience is not None
    assert patience.gave_up < 0.5 * patience.waited
    assert patience.mean.low < PATIENCE < patience.mean.high
    shape = patience.fits.set_index("distribution").loc["weibull"]
    assert shape["shape_low"] < 1.0 < shape["shape_high"]
    curve = patience.survival
    for minutes in (1.0, 3.0):
        at = curve[curve["minutes"] <= minutes].iloc[-1]
        assert at["low"] < math.exp(-minutes / PATIENCE) < at["high"]


def censored(rng: np.random.Generator, n: int, mean: float, offered: float) -> tuple[Any, Any]:
    patience, wait = rng.exponential(mean, n), rng.exponential(offered, n)
    return np.minimum(patience, wait), patience < wait


def test_the_interval_of_patience_covers_as_often_as_it_says() -> None:
    """200 logs of 150 callers; a correct 95 % interval fails this with probability below 0.001."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(200):
        interval = exponential_mean(*censored(rng, 150, PATIENCE, 2.0))
        hits += interval.low < PATIENCE < interval.high
    low, high = stats.binom.ppf([0.0005, 0.9995], 200, 0.95)
    assert low <= hits <= high


def test_intervals_from_days_cover_as_often_as_they_say() -> None:
    """Ratios of daily sums over 12 days, 300 times; fails a correct interval with probability below 0.001."""
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(300):
        level = rng.gamma(20, 1 / 20, 12)
        calls = rng.poisson(300 * level)
        sums = np.column_stack([rng.normal(2.0 * calls, 20.0), calls])
        interval = jackknife(lambda t: float(t[0] / t[1]), sums)
        hits += interval.low < 2.0 < interval.high
    low, high = stats.binom.ppf([0.0005, 0.9995], 300, 0.95)
    assert low <= hits <= high


def test_distributions_of_patience_are_told_apart() -> None:
    rng = np.random.default_rng(7)
    patience, wait = 5.0 * rng.weibull(0.6, 4000), rng.exponential(3.0, 4000)
    waits, gave_up = np.minimum(patience, wait), patience < wait
    fit = fit_family("weibull", waits, gave_up)
    assert fit["shape_low"] < 0.6 < fit["shape_high"]
    assert fit["scale_low"] < 5.0 < fit["scale_high"]
    assert fit["aic"] < fit_family("lognormal", waits, gave_up)["aic"]


def test_a_peak_of_giving_up_shows_in_the_hazard() -> None:
    rng = np.random.default_rng(8)
    patience = rng.exponential(6.0, 5000)
    at_message = rng.random(5000) < 0.1  # a tenth of those still there give up at one minute
    patience = np.where(at_message & (patience > 1.0), 1.02, patience)
    wait = rng.exponential(3.0, 5000)
    table = hazards(np.minimum(patience, wait), patience < wait, np.arange(0.0, 3.01, 0.25))
    peak = table.iloc[4]
    assert (peak["start"], peak["end"]) == (1.0, 1.25)
    assert peak["low"] > 1.5 / 6.0
    others = table.drop(index=4)
    assert (others["low"] < 1.0 / 6.0).all()
    curve = kaplan_meier(np.minimum(patience, wait), patience < wait)
    assert curve["survival"].is_monotonic_decreasing


def test_agents_who_differ_are_told_from_agents_who_happened_to() -> None:
    rng = np.random.default_rng(9)
    effect = rng.normal(0.0, 0.25, 30)
    calls = rng.integers(30, 150, 30)
    frame = pd.DataFrame(
        {
            "agent": np.repeat([f"a{k:02d}" for k in range(30)], calls),
            "service": np.exp(rng.normal(np.repeat(effect, calls) + 5.0, 0.9)),
            "type": None,
        }
    )
    spread = agents_spread(frame)
    assert spread is not None
    assert spread.sigma.low < 0.25 < spread.sigma.high
    assert spread.within == pytest.approx(0.9, abs=0.05)
    table = spread.agents.set_index("agent").sort_index()
    truth = effect - effect.mean()
    shrunk, raw = np.log(table["shrunk"]) - truth, np.log(table["ratio"]) - truth
    assert (shrunk**2).sum() < (raw**2).sum()
    alike = frame.assign(service=np.exp(rng.normal(5.0, 0.9, len(frame))))
    none = agents_spread(alike)
    assert none is not None
    assert none.sigma.low < 0.03


def test_staff_on_duty_is_inferred_from_who_served_when(found: CallEstimates) -> None:
    staffing = found.staffing
    assert staffing is not None
    inner = slice(1, 7)  # the first and last hours are cut by the first and last call
    np.testing.assert_allclose(staffing.profile["on_duty"][inner], AGENTS[inner], atol=0.45)
    assert staffing.availability.mean > 0.93  # nobody had a break
    assert staffing.agents.mean == pytest.approx(max(AGENTS), abs=0.2)


def test_matters_that_come_back_are_told_from_new_ones() -> None:
    rng = np.random.default_rng(10)
    dates = pd.bdate_range("2024-03-04", periods=25)
    rows = []
    for customer in range(3000):
        due = {int(day) for day in np.flatnonzero(rng.random(25) < 0.05)}
        day = 0
        while due:
            day = min(due)
            due.discard(day)
            served = rng.random() < 0.7
            rows.append((dates[day], 36_000.0 + rng.integers(10_000), 10.0, served, 60.0, "x", f"c{customer}", None))
            if rng.random() < (0.05 if served else 0.6):
                later = day + int(rng.geometric(0.5))
                if later < 25:
                    due.add(later)
    names = ["date", "second", "wait", "served", "service", "agent", "customer", "type"]
    calls = pd.DataFrame(rows, columns=names).sort_values(["date", "second"]).reset_index(drop=True)
    records = CallRecords(calls, len(calls), has=frozenset({"customer"}))
    repeats = estimate_repeats(records, ordinary_hours(records))
    assert repeats is not None
    assert repeats.identified
    assert repeats.after_giving_up.low < 0.6 < repeats.after_giving_up.high
    assert repeats.return_days.low < 2.0 < repeats.return_days.high
    assert repeats.after_served.mean == pytest.approx(0.05, abs=0.03)


# -- staff and service times by time of day in the model ----------------------------------------


def test_everybody_on_duty_all_day_is_what_no_shifts_mean() -> None:
    def bytes_of(settings: dict[str, Any]) -> bytes:
        model = ServiceOrganization(load_scenario("classroom", settings), rng=1)
        model.advance(30)
        return bytes(model.state.days[:30].tobytes())

    plain = bytes_of({})
    parts = {"workforce.shift_profile": (1.0,) * 5, "operations.service_profile": (1.0,) * 3}
    assert bytes_of(parts) == plain
    assert bytes_of({"workforce.shift_profile": (1.0, 0.5)}) != plain
    assert bytes_of({"operations.service_profile": (1.0, 1.5)}) != plain


def test_shares_on_duty_are_met_and_shifts_are_of_similar_length() -> None:
    shares = (0.2, 0.5, 0.8, 0.5, 0.3)
    settings = {"workforce.frontline": 7, "workforce.departments": 2, "workforce.quit_rate": 0.0}
    scenario = load_scenario("classroom", {**settings, "workforce.shift_profile": shares})
    model = ServiceOrganization(scenario, rng=1)
    at_work = []

    def look(model: ServiceOrganization) -> None:
        at_work.append(model.state.staff["scheduled"].copy())

    model.phases.insert("look", look, after="opening")
    model.advance(400)
    minutes = np.array(at_work)
    day = model.settings.operations.open_minutes
    assert minutes.mean() == pytest.approx(day * np.mean(shares), rel=0.02)
    assert minutes.mean(axis=0) == pytest.approx(np.full(7, day * np.mean(shares)), rel=0.05)  # all take their turns
    table = shift_table(shares)
    assert (np.diff(table[:, 0]) >= 0).all()  # who has gone home does not come back
    assert (np.diff(table.sum(axis=1)) >= -1e-12).all()


def test_half_the_staff_on_duty_serve_as_half_the_staff_do() -> None:
    """M/M/8+M with every second agent at home is M/M/4+M; 4 standard errors.

    Those who go home at the two changes of shift finish their calls, which is worth up to a tenth of an agent: three
    busy agents of 4 for 8 minutes more, twice in 480 minutes.
    """
    rate, slots, days = 30.0, 8, 500
    queue = queue_of(np.full(slots, rate), np.full(slots, 4.0), np.full(slots, 8.0), 0.0, 5.0, 60.0)
    half = {"workforce.frontline": 8, "workforce.shift_profile": (0.5, 0.5), "operations.continuous": True}
    queue = changed(queue, half)
    batches = np.array([simulated_by_time(queue, slots, days // 10, seed=k).sum(axis=0) for k in range(10)])
    exact = erlang_by_time([rate, rate], [4.0, 4.1], [8.0, 8.0], 5.0)
    for name in ("mean_wait", "p_wait", "p_abandon"):
        values = measures(batches)[name]
        slack = 4.0 * values.std(ddof=1) / math.sqrt(10)
        assert exact[name][1] - slack < values.mean() < exact[name][0] + slack, name


def test_nobody_is_served_while_nobody_is_on_duty() -> None:
    slots = 4
    queue = queue_of(np.full(slots, 30.0), np.array([4.0, 0.0, 4.0, 4.0]), np.full(slots, 3.0), 0.0, 10.0, 60.0)
    shown = measures(simulated_by_time(queue, slots, 200))
    assert shown["p_wait"][1] > 0.99
    assert shown["p_abandon"][1] > 0.6
    assert shown["p_abandon"][0] < 0.05


def test_longer_service_at_a_time_of_day_makes_that_time_wait() -> None:
    slots = 4
    shown = measures(
        simulated_by_time(
            queue_of(np.full(slots, 40.0), np.full(slots, 4.0), np.array([2.0, 8.0, 2.0, 2.0]), 0.7, 6.0, 60.0),
            slots,
            100,
        )
    )
    assert shown["mean_wait"][1] > 5 * shown["mean_wait"][0]
    assert shown["mean_wait"][3] < 0.3 * shown["mean_wait"][1]


# -- from records to waits and to a scenario ----------------------------------------------------


def test_a_queue_with_what_was_estimated_waits_as_the_records_do(found: CallEstimates) -> None:
    """Arrivals, work, patience and staff are estimated; waits are not fitted, and come out within a quarter."""
    assert found.service is not None
    assert found.patience is not None
    rates, servers, work = rates_servers_work(found)
    queue = queue_of(rates, servers, work, found.service.cv.mean, found.patience.mean.mean, 60.0)
    shown = measures(simulated_by_time(queue, found.hours.slots, 300).sum(axis=0))
    assert shown["mean_wait"] == pytest.approx(60.0 * found.wait.mean, rel=0.25)
    assert shown["p_abandon"] == pytest.approx(found.abandonment.mean, rel=0.25)
    formula = erlang_by_time(rates, servers, work, found.patience.mean.mean)
    observed = observed_by_time(found.records, found.hours)
    assert len(observed) == len(formula) + 1
    assert observed["calls"].iloc[:-1].sum() == pytest.approx(observed["calls"].iloc[-1])
    title = waits_figure(observed, {"Erlang A": formula.assign(hour=found.hours.starts)}, "made").get_suptitle()
    assert title == "made"


def test_the_scenario_can_be_loaded_and_a_run_of_it_looks_like_the_records(
    found: CallEstimates, tmp_path: Path
) -> None:
    base = load_scenario("classroom")
    fitted = fit_scenario(found, base)
    for quantity in ("calls a day (fitted)", "service time, min (fitted)", "agents' hours a day (fitted)"):
        seen, run = fitted.check[quantity]
        assert run == pytest.approx(seen, rel=0.06), quantity
    files = save_calls(found, fitted, "classroom", tmp_path / "out")
    loaded = load_scenario(tmp_path / "out" / "scenario.toml")
    assert loaded == fitted.scenario
    assert loaded.market == base.market
    assert len(loaded.demand.profile) == len(loaded.workforce.shift_profile) == 8
    assert {"arrivals.png", "service.png", "patience.png", "staffing.png", "estimates.csv"} <= {f.name for f in files}
    assert set(figures(found)) == {"arrivals", "service", "patience", "staffing"}
    json.dumps(as_json(found, fitted), allow_nan=False)


def test_customers_are_as_many_as_told_and_must_be_enough(found: CallEstimates, tmp_path: Path) -> None:
    fitted = fit_scenario(found, load_scenario("classroom"), customers=2000)
    assert (fitted.scenario.market.customers, fitted.scenario.market.population) == (2000, 5000)
    text = scenario_file(found, fitted, "classroom", tmp_path)
    assert "population = 5000" in text
    with pytest.raises(InputError, match="--customers"):
        fit_scenario(found, load_scenario("classroom"), customers=50)


# -- command line -------------------------------------------------------------------------------


def run(*words: str) -> Any:
    app = typer.Typer()
    app.command()(calibrate)
    return CliRunner().invoke(app, list(words))


def test_the_command_prints_estimates_and_writes_a_scenario(log: Path, tmp_path: Path) -> None:
    result = run(str(log), "classroom", "--slot", "60", "--set", "demand.difficulty=0.3", "--out", str(tmp_path / "o"))
    assert result.exit_code == 0, result.output
    assert "operations.service_minutes" in result.stdout
    loaded = load_scenario(tmp_path / "o" / "scenario.toml")
    assert loaded.demand.difficulty == 0.3
    assert loaded.operations.open_minutes == 480
    as_data = run(str(log), "classroom", "--slot", "60", "--open", "8:00-16:00", "--weekdays", "mon,tue,wed", "--json")
    content = json.loads(as_data.stdout)
    assert content["days"] == 12
    assert content["settings"]["operations.open_minutes"] == 480


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--slot", "0.5"], "--slot"),
        (["--customers", "0"], "--customers"),
        (["--weekdays", "mon,dog"], "'dog' is no day"),
        (["--open", "8-26:99"], "FROM-TO"),
        (["--column", "wait"], "FIELD=NAME"),
        (["--fit", "market.neutral_churn=0.1:0.2"], "for monthly figures"),
        (["--set", "demand.dificulty=1"], "difficulty"),
    ],
)
def test_wrong_options_are_told_before_anything_runs(log: Path, words: list[str], message: str) -> None:
    result = run(str(log), "classroom", *words)
    assert isinstance(result.exception, InputError)
    assert message in str(result.exception)
