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

from simsvc.calibration.calls.arrivals import estimate_arrivals
from simsvc.calibration.calls.estimates import CallEstimates, estimate_calls
from simsvc.calibration.calls.figures import waits_figure
from simsvc.calibration.calls.intervals import jackknife, likeliest
from simsvc.calibration.calls.opening_hours import ordinary_hours
from simsvc.calibration.calls.patience import (
    estimate_patience,
    exponential_mean,
    fit_family,
    hazards,
    kaplan_meier,
    median,
)
from simsvc.calibration.calls.records import CallRecords, read_calls
from simsvc.calibration.calls.repeat_calls import estimate_repeats
from simsvc.calibration.calls.result import CallsFit
from simsvc.calibration.calls.rounded_times import first_cell, resolution, spread_services, spread_waits
from simsvc.calibration.calls.scenario_from_calls import fit_scenario, scenario_file
from simsvc.calibration.calls.service_times import agents_spread
from simsvc.calibration.calls.waits_by_time import (
    erlang_by_time,
    measures,
    observed_by_time,
    queue_of,
    rates_servers_work,
    simulated_by_time,
)
from simsvc.cli.calibrate import calibrate
from simsvc.errors import InputError
from simsvc.model.parameters import shift_table
from simsvc.organization import ServiceOrganization
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
    records = read_calls(log)
    return estimate_calls(records, ordinary_hours(records, 60.0))


# -- reading ------------------------------------------------------------------------------------


def same_calls(one: Any, other: Any) -> None:
    names = ["date", "wait", "served", "service", "agent", "customer", "type"]
    pd.testing.assert_frame_equal(one.calls[names], other.calls[names], check_dtype=False)
    np.testing.assert_allclose(one.calls["second"], other.calls["second"], atol=1e-6)


def test_line_ends_and_separators_do_not_matter(log: Path, tmp_path: Path) -> None:
    plain = read_calls(log)
    for separator, end in ((",", "\r"), (";", "\n"), (";", "\r\n"), ("\t", "\r\n")):
        path = tmp_path / "calls.txt"
        path.write_bytes(log.read_text().replace(",", separator).replace("\n", end).encode())
        same_calls(read_calls(path), plain)


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


def day_month_log(path: Path, form: str, days: int = 20) -> Path:
    """Some calls on each of the first days of March 2025, dates in a notation."""
    moments = [pd.Timestamp(2025, 3, 1 + k % days, 8 + k % 9, 5, 13) for k in range(300)]
    lines = [f"{moment.strftime(form)};{k % 7};served;100" for k, moment in enumerate(moments)]
    path.write_text("\n".join(["entered;wait;result;talk", *lines]))
    return path


@pytest.mark.parametrize(
    ("form", "order"),
    [
        ("%d/%m/%Y %H:%M:%S", "day before month"),
        ("%d.%m.%y %H:%M", "day before month"),
        ("%m/%d/%Y %I:%M:%S %p", "month before day"),
        ("%m-%d-%Y %H:%M:%S", "month before day"),
    ],
)
def test_the_order_of_day_and_month_is_found_where_a_date_shows_it(tmp_path: Path, form: str, order: str) -> None:
    read = read_calls(day_month_log(tmp_path / "calls.csv", form), None, {"arrival": "entered"})
    assert list(read.dates) == list(pd.date_range("2025-03-01", periods=20))
    assert set(read.calls["second"] // 3600) == set(range(8, 17))
    assert (read.calls["second"] % 3600 == (313 if "%S" in form else 300)).all()
    assert order in read.notes[0]


def test_dates_that_may_be_read_both_ways_are_refused_with_the_remedy(tmp_path: Path) -> None:
    path = day_month_log(tmp_path / "calls.csv", "%d/%m/%Y %H:%M:%S", days=12)
    with pytest.raises(InputError, match=r"may be day/month or month/day.*--layout mine.toml") as error:
        read_calls(path, None, {"arrival": "entered"})
    remedy = '[formats] arrival = "%d/%m/%Y %H:%M:%S"'
    assert remedy in str(error.value)
    layout = tmp_path / "mine.toml"
    layout.write_text(remedy.replace("] ", "]\n"))
    read = read_calls(path, str(layout), {"arrival": "entered"})
    assert list(read.dates) == list(pd.date_range("2025-03-01", periods=12))
    layout.write_text('[formats]\ndate = "%d/%m/%Y"')
    with pytest.raises(InputError, match=r"\[formats\] date has no effect.*write \[formats\] arrival"):
        read_calls(path, str(layout), {"arrival": "entered"})
    path.write_text(path.read_text().replace("/03/2025", " mars 2025"))
    with pytest.raises(InputError, match=r"is not a date.*\[formats\] arrival = "):
        read_calls(path, None, {"arrival": "entered"})


def test_a_date_that_cannot_be_in_the_order_of_the_others_is_unreadable_not_turned_round(tmp_path: Path) -> None:
    path = day_month_log(tmp_path / "calls.csv", "%d/%m/%Y %H:%M:%S")
    path.write_text(path.read_text() + "\n03/15/2025 09:00:00;1;served;100")
    read = read_calls(path, None, {"arrival": "entered"})
    assert read.unreadable == 1
    assert "line 302: '03/15/2025 09:00:00' is not a date" in read.reasons[0]


# -- times in whole minutes ---------------------------------------------------------------------

ROUNDED: dict[str, Any] = {"down": np.floor, "nearest": lambda x: np.floor(x + 0.5), "up": np.ceil}


def test_coarse_times_are_noticed_and_others_are_not(log: Path) -> None:
    rng = np.random.default_rng(11)
    waits = rng.exponential(80.0, 2000)
    for unit in (60.0, 30.0, 6.0):
        assert resolution(np.floor(waits / unit) * unit) == unit
    assert resolution(np.floor(waits)) == 0.0
    assert resolution(waits) == 0.0
    assert resolution(np.array([0.0] * 50 + [60.0] * 5)) == 0.0  # too few to tell
    assert read_calls(log).wait_unit == 0.0


@pytest.mark.parametrize("rounding", list(ROUNDED))
def test_the_interval_of_patience_covers_when_waits_are_whole_minutes(rounding: str) -> None:
    """200 logs of 500 callers, a third served at once; a correct 95 % interval fails with probability below 0.001."""
    rng = np.random.default_rng(12)
    hits, hidden = 0, first_cell(60.0, rounding)

    def made(n: int) -> tuple[Any, Any]:
        patience, offered = rng.exponential(3.0, n), rng.exponential(2.0, n) * (rng.random(n) < 0.67)
        gave_up = patience < offered
        coarse = 60.0 * ROUNDED[rounding](np.minimum(patience, offered))
        found = spread_waits(coarse, gave_up, np.zeros(n, int), 60.0, rounding)
        assert ROUNDED[rounding](found / 60.0) == pytest.approx(coarse / 60.0)
        return found, gave_up

    for _ in range(200):
        found, gave_up = made(500)
        longer = found > hidden
        interval = exponential_mean(found[longer] - hidden, gave_up[longer])
        hits += interval.low < 180.0 < interval.high
    low, high = stats.binom.ppf([0.0005, 0.9995], 200, 0.95)
    assert low <= hits <= high
    assert float((made(50_000)[0] > 0).mean()) == pytest.approx(0.67, abs=0.02)


def test_minutes_hide_how_many_give_up_at_once() -> None:
    """The limit that the documentation names: patience from minutes is that of those who stay a minute."""
    rng = np.random.default_rng(15)
    patience, offered = 3.0 * rng.weibull(0.6, 20_000), rng.exponential(2.0, 20_000)
    waits, gave_up = 60.0 * np.minimum(patience, offered), patience < offered
    found = spread_waits(60.0 * np.floor(waits / 60.0), gave_up, np.zeros(20_000, int), 60.0, "down")
    longer = found > 60.0
    seconds, minutes = (
        exponential_mean(waits, gave_up), exponential_mean(found[longer] - 60.0, gave_up[longer])
    )  # fmt: skip
    assert minutes.low > seconds.high


@pytest.mark.parametrize("rounding", list(ROUNDED))
def test_service_times_in_whole_minutes_keep_their_mean_and_shape(rounding: str) -> None:
    rng = np.random.default_rng(13)
    times = rng.lognormal(math.log(180.0), 0.7, 20_000)
    found = spread_services(60.0 * ROUNDED[rounding](times / 60.0), 60.0, rounding)
    assert found.mean() == pytest.approx(times.mean(), rel=0.01)
    assert found.std() == pytest.approx(times.std(), rel=0.01)
    assert float(np.mean(found < 10.0)) < 0.01  # few drops are made up


def in_minutes(log: Path, folder: Path, rounding: str) -> Path:
    """A log with its waits and service times in whole minutes."""
    plain = pd.read_csv(log, dtype=str, keep_default_na=False)
    for name in ("wait", "service_time"):
        minutes = ROUNDED[rounding](pd.to_numeric(plain.pop(name)) / 60.0)
        plain[f"{name.partition('_')[0]}_min"] = ["" if math.isnan(x) else f"{x:.0f}" for x in minutes]
    plain.to_csv(folder / "minutes.csv", index=False)
    return folder / "minutes.csv"


@pytest.mark.parametrize("rounding", list(ROUNDED))
def test_minutes_recover_what_seconds_recover(log: Path, found: CallEstimates, tmp_path: Path, rounding: str) -> None:
    path, layout = in_minutes(log, tmp_path, rounding), tmp_path / "mine.toml"
    layout.write_text(f'[rounding]\nwait = "{rounding}"\nservice_time = "{rounding}"\n')
    records = read_calls(path, None if rounding == "down" else str(layout))
    assert any("Waits are multiples of 60 s" in note for note in records.notes)
    coarse = estimate_calls(records, ordinary_hours(records, 60.0))
    assert coarse.patience is not None
    assert found.patience is not None
    assert coarse.patience.mean.low < PATIENCE < coarse.patience.mean.high
    assert coarse.patience.mean.mean == pytest.approx(found.patience.mean.mean, rel=0.06)
    assert coarse.patience.median.low < PATIENCE * math.log(2.0) < coarse.patience.median.high
    assert coarse.arrivals.per_day.mean == pytest.approx(found.arrivals.per_day.mean, rel=0.005)
    assert coarse.abandonment.mean == pytest.approx(found.abandonment.mean, abs=0.005)
    assert coarse.wait.mean == pytest.approx(found.wait.mean, rel=0.03)
    assert coarse.service is not None
    assert found.service is not None
    assert coarse.service.mean.mean == pytest.approx(found.service.mean.mean, rel=0.01)
    assert coarse.staffing is not None
    assert found.staffing is not None
    assert 0.9 < coarse.staffing.availability.mean / found.staffing.availability.mean < 1.01


def test_waits_of_zero_of_many_who_gave_up_are_warned_of(log: Path, tmp_path: Path) -> None:
    assert not any("WARNING" in note for note in read_calls(log).notes)
    plain = pd.read_csv(log, dtype=str, keep_default_na=False)
    plain.loc[(plain["outcome"] == "abandoned") & (np.arange(len(plain)) % 2 == 0), "wait"] = "0"
    plain.to_csv(tmp_path / "calls.csv", index=False)
    told = [note for note in read_calls(tmp_path / "calls.csv").notes if "WARNING" in note]
    assert len(told) == 1
    assert "Are their waits recorded?" in told[0]


def test_a_wrong_rounding_is_told(log: Path, tmp_path: Path) -> None:
    layout = tmp_path / "mine.toml"
    layout.write_text('[rounding]\nwait = "off"')
    with pytest.raises(InputError, match="allowed: down, nearest, up"):
        read_calls(log, str(layout))


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


def test_errors_of_a_fit_are_those_of_the_curvature_of_its_likelihood() -> None:
    """Of two parameters that are told together: a normal likelihood, whose errors are known."""
    truth, information = np.array([0.5, -2.0]), np.array([[40.0, 15.0], [15.0, 9.0]])
    found, errors, likelihood = likeliest(lambda x: 7.0 + 0.5 * (x - truth) @ information @ (x - truth), np.zeros(2))
    np.testing.assert_allclose(found, truth, atol=1e-4)
    np.testing.assert_allclose(errors, np.sqrt(np.diag(np.linalg.inv(information))), rtol=1e-3)
    assert likelihood == pytest.approx(-7.0)


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


def test_the_median_is_that_of_the_curve_and_is_not_made_up_where_the_curve_ends(log: Path, tmp_path: Path) -> None:
    """The median's interval holds the truth in 95 of 100 logs; the curve of short waits does not come to a half."""
    rng = np.random.default_rng(14)
    hits = 0
    for _ in range(200):
        found = median(kaplan_meier(*censored(rng, 300, PATIENCE, 6.0)))
        hits += found.low < PATIENCE * math.log(2.0) < found.high
    low, high = stats.binom.ppf([0.0005, 0.9995], 200, 0.95)
    assert low <= hits <= high

    plain = pd.read_csv(log, dtype=str, keep_default_na=False)
    long = pd.to_numeric(plain["wait"]) > 120.0  # a log of which nobody waits longer than two minutes
    plain.loc[long, "wait"] = "120"
    plain.loc[long, "outcome"] = "served"
    plain.to_csv(tmp_path / "calls.csv", index=False)
    records = read_calls(tmp_path / "calls.csv")
    patience = estimate_patience(records, ordinary_hours(records, 60.0))
    assert patience is not None
    assert math.isnan(patience.median.mean)
    assert patience.median_told.startswith("not reached: after ")
    assert patience.median_told.endswith("extrapolated")
    printed = run(str(tmp_path / "calls.csv"), "classroom", "--slot", "60").stdout
    assert "not reached" in printed


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
    settings = {
        "workforce.frontline": 7,
        "workforce.departments": 2,
        "workforce.quit_rate": 0.0,
        "workforce.staffing": "fixed",
    }
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
    result = CallsFit(found, fitted, "classroom")
    files = result.save(tmp_path / "out")
    loaded = load_scenario(tmp_path / "out" / "scenario.toml")
    assert loaded == fitted.scenario
    assert loaded.market == base.market
    assert len(loaded.demand.profile) == len(loaded.workforce.shift_profile) == 8
    assert {"arrivals.png", "service.png", "patience.png", "staffing.png", "estimates.csv"} <= {f.name for f in files}
    assert set(result.figures()) == {"arrivals", "service", "patience", "staffing"}
    json.dumps(result.as_json(), allow_nan=False)


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
        (["--open", "\u00b2-5"], "FROM-TO"),
        (["--column", "wait"], "FIELD=NAME"),
        (["--fit", "market.neutral_churn=0.1:0.2"], "for monthly figures"),
        (["--set", "demand.dificulty=1"], "difficulty"),
    ],
)
def test_wrong_options_are_told_before_anything_runs(log: Path, words: list[str], message: str) -> None:
    result = run(str(log), "classroom", *words)
    assert isinstance(result.exception, InputError)
    assert message in str(result.exception)
