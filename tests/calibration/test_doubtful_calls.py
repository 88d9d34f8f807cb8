"""Calls of which something is doubtful: nothing is believed, converted or set without a count and a line."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from calibration.test_reading_calls import CALLS, file, layout, run, same, some_calls

from simsvc.calibration.calls import scenario_from_calls
from simsvc.calibration.calls.intervals import likeliest
from simsvc.calibration.calls.opening_hours import ordinary_hours
from simsvc.calibration.calls.records import CallRecords, read_calls
from simsvc.calibration.calls.repeat_calls import estimate_repeats
from simsvc.calibration.calls.times_of_day import times_of_day
from simsvc.calibration.calls.values import clock, spans
from simsvc.errors import InputError
from simsvc.scenario.loading import load_scenario

# -- settings that follow ---------------------------------------------------------------------------


def test_what_a_flat_likelihood_does_not_tell_is_unknown_and_not_exact() -> None:
    found, errors, _ = likeliest(lambda x: float((x[0] - 0.3) ** 2), np.zeros(2))
    assert found[0] == pytest.approx(0.3, abs=1e-4)
    assert errors[0] == pytest.approx(np.sqrt(0.5), rel=1e-3)
    assert errors[1] == np.inf


def test_a_return_after_the_end_of_the_records_is_not_identified() -> None:
    """Those who gave up are slow to come back; eight days do not tell how slow, but thirty do."""
    rng = np.random.default_rng(3)
    rows = []
    dates = pd.bdate_range("2025-01-06", periods=60)
    for customer in range(4000):
        day, served = int(rng.integers(60)), rng.random() < 0.5
        rows.append((dates[day], served, f"c{customer}"))
        back = day + int(rng.geometric(1 / 8))
        if not served and back < 60:
            rows.append((dates[back], True, f"c{customer}"))
    calls = pd.DataFrame(rows, columns=["date", "served", "customer"]).sort_values("date", ignore_index=True)
    calls = calls.assign(second=36_000.0, wait=10.0, service=60.0, agent="x", type=None)
    whole = CallRecords(calls, len(calls), has=frozenset({"customer"}))
    known = estimate_repeats(whole, ordinary_hours(whole))
    assert known is not None
    assert known.identified
    assert known.return_days.low < 8 < known.return_days.high
    few = whole.on(dates[-8:])
    short = estimate_repeats(few, ordinary_hours(few))
    assert short is not None
    assert not short.identified


@pytest.mark.parametrize(
    ("name", "wanted", "kept"),
    [("demand.return_days", 1527.1, 250.0), ("demand.patience", 0.0, 0.01), ("workforce.frontline", 200_000, 100_000),
     ("operations.approval_minutes", 0.0, 0.001), ("operations.service_profile", (0.002, 1.4), (0.01, 1.4)),
     ("market.population", 60_000_000, 50_000_000)],
)  # fmt: skip
def test_a_setting_stays_in_its_range_and_that_is_told(name: str, wanted: Any, kept: Any) -> None:
    beyond: dict[str, Any] = {}
    base = load_scenario("classroom")
    scenario = scenario_from_calls._kept(base, {name: wanted}, beyond)
    assert scenario_from_calls.setting_value(scenario, name) == kept
    assert beyond == {name: wanted}
    (told,) = scenario_from_calls._doubts(beyond, {})
    assert told.startswith(f"WARNING: {name} would have to be ")
    scenario_from_calls._kept(scenario, {name: kept}, beyond)  # a later step is within
    assert beyond == {}


def test_a_run_that_is_far_from_the_records_is_warned_of(tmp_path: Path) -> None:
    """Nothing is known of patience, and far too few agents are seen: the run has other waits than the records."""
    doubts = list(
        scenario_from_calls._doubts(
            {},
            {"calls a day (fitted)": (100.0, 108.0), "service time, min (fitted)": (4.0, 4.5),
             "mean wait in the queue, s": (12.8, 497.0), "calls that give up, %": (12.0, 19.0)},
        )
    )  # fmt: skip
    assert [text.split(":")[1] for text in doubts] == [" service time, min (fitted)", " mean wait in the queue, s"]
    lost = CALLS["outcome"] == "abandoned"
    path = file(tmp_path / "calls.csv", wait=CALLS["wait"].astype(str).mask(lost, ""))
    printed = run(str(path), "classroom", "--json", "--out", str(tmp_path / "mine"))
    assert printed.exit_code == 0, printed.output
    found = json.loads(printed.stdout)
    assert (
        found["check"]["mean wait in the queue, s"]["run"] > 2 * found["check"]["mean wait in the queue, s"]["records"]
    )
    (told,) = [text for text in found["doubts"] if "mean wait" in text]
    assert f"# {told}" in (tmp_path / "mine" / "scenario.toml").read_text(encoding="utf-8")


# -- times of day in a column of their own -------------------------------------------------------------

WHEN = CALLS["arrival"]
SECOND = (WHEN - WHEN.dt.normalize()).dt.total_seconds()


def apart(path: Path, **columns: Any) -> Path:
    """The calls in a file with the date in a column, and others beside it."""
    return file(path, CALLS.assign(date=WHEN.dt.strftime("%Y%m%d"), **columns), arrival=None)


def test_am_and_pm_in_a_column_of_their_own_are_joined_to_the_time(tmp_path: Path) -> None:
    path, half = tmp_path / "calls.csv", WHEN.dt.strftime("%p")
    twelve = WHEN.dt.strftime("%I:%M:%S")
    read = read_calls(apart(path, time=twelve, ampm=half))
    same(read)
    assert "AM and PM in column 'ampm' are joined to the times in 'time'." in read.notes
    for form in ("%Y-%m-%d %I:%M:%S", "%m/%d/%Y %I:%M:%S"):
        same(read_calls(file(path, CALLS.assign(half=half), arrival=WHEN.dt.strftime(form))))
    read = read_calls(apart(path, time=WHEN.dt.strftime("%H:%M:%S"), shift=half))
    same(read)
    assert "Column 'shift' is passed over: times (time) are those of a day of 24 hours." in read.notes
    two = apart(path, time=twelve, begun=half, ended="PM")
    with pytest.raises(InputError, match="need AM or PM, which column 'begun' and 'ended' does not say"):
        read_calls(two)
    same(read_calls(two, None, {"time": "time + begun"}))
    with pytest.raises(InputError, match="need AM or PM, which column 'meridiem'"):
        read_calls(apart(path, time=twelve, meridiem=np.where(half == "AM", "a", "p")))
    with pytest.raises(InputError, match="need AM or PM, which column 'ampm'"):
        read_calls(apart(path, time=WHEN.dt.strftime("%I%M%S"), ampm=half))
    read = read_calls(apart(path, time=twelve))  # nothing tells
    assert any("times of twelve hours without AM and PM?" in note for note in read.notes)


def test_a_time_without_am_or_pm_among_others_with_it_cannot_be_read(tmp_path: Path) -> None:
    assert clock(pd.Series(["1:05 PM", "1:05", "13:05"])).tolist() == pytest.approx(
        [47_100.0, np.nan, 47_100.0], nan_ok=True
    )
    half = WHEN.dt.strftime("%p").where(CALLS.index % 100 != 7, "")
    read = read_calls(apart(tmp_path / "calls.csv", time=WHEN.dt.strftime("%I:%M:%S"), ampm=half))
    assert (read.unreadable, len(read.calls)) == (6, len(CALLS) - 6)
    assert "is not a time of day" in read.reasons[0]


@pytest.mark.parametrize(
    ("written", "told"),
    [(WHEN.dt.strftime("%H%M%S"), "hours, minutes and seconds without a sign"),
     (WHEN.dt.strftime("%H%M%S.0"), "hours, minutes and seconds without a sign"),
     (WHEN.dt.strftime("%H%M%S").str.lstrip("0"), "hours, minutes and seconds without a sign"),
     ((SECOND / 86_400).map("{:.8f}".format), "parts of a day"),
     ((SECOND / 86_400).map("{:.8f}".format).str.replace(".", ",", regex=False), "parts of a day"),
     (((WHEN - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)).map("{:.8f}".format), "parts of a day"),
     ((SECOND + 0.0).map("{:.3f}".format), "seconds since midnight"),
     (SECOND.astype(int).astype(str), "seconds since midnight")],
)  # fmt: skip
def test_times_of_day_that_are_numbers_are_read_as_what_they_can_only_be(
    tmp_path: Path, written: Any, told: str
) -> None:
    read = read_calls(apart(tmp_path / "calls.csv", time=written))
    same(read)
    assert any(f"(column 'time') are read as {told}" in note for note in read.notes)
    same(read_calls(tmp_path / "calls.csv", None, {"arrival": "date + time"}))


def test_times_of_day_that_may_be_several_things_are_asked_about(tmp_path: Path) -> None:
    hours_and_minutes = WHEN.dt.strftime("%H%M").str.lstrip("0")
    found, _ = times_of_day(hours_and_minutes, None, "calls.csv: column 'time'")
    np.testing.assert_array_equal(found, SECOND // 60 * 60)
    with pytest.raises(InputError, match=r"'40000'.*is not clear.*\[formats\] time = \"hhmmss\""):
        times_of_day(pd.Series(["35900", "40000"]), None, "here")
    assert times_of_day(pd.Series(["040000"]), None, "here")[0][0] == 4 * 3600
    assert times_of_day(pd.Series(["40000"]), "hhmmss", "here")[0][0] == 4 * 3600
    path = apart(tmp_path / "calls.csv", time=(SECOND // 60).astype(int))
    with pytest.raises(InputError, match="as seconds since midnight most would be before 1:00"):
        read_calls(path)
    minutes = read_calls(path, layout(tmp_path, '[formats]\ntime = "minutes"\n'))
    assert minutes.calls["second"].sum() == (SECOND // 60 * 60).sum()
    with pytest.raises(InputError, match="time = 'minute': allowed: seconds, minutes"):
        read_calls(path, layout(tmp_path, '[formats]\ntime = "minute"\n'))
    few = apart(path, time=WHEN.dt.strftime("%H%M%S").where(CALLS.index != 3, "999999"))
    assert read_calls(few).unreadable == 1


# -- placeholders and units ------------------------------------------------------------------------------


@pytest.mark.parametrize("wait", ["99999999", "65535", "9" * 400, "9" * 400 + ":10", "9" * 400 + " s"])
def test_a_wait_that_cannot_be_is_one_unreadable_row(tmp_path: Path, wait: str) -> None:
    waits = CALLS["wait"].astype(str).where(CALLS.index != 4, wait)
    read = read_calls(file(tmp_path / "calls.csv", wait=waits))
    assert (read.unreadable, len(read.calls)) == (1, len(CALLS) - 1)
    assert read.calls["wait"].mean() == pytest.approx(CALLS["wait"].drop(index=4).mean())
    assert read.reasons[0].startswith(f"line 6: wait '{wait[:60]}")
    assert len(read.reasons[0]) < 200


def test_long_waits_are_believed_where_they_are_many_or_the_layout_says_so(tmp_path: Path) -> None:
    path = file(tmp_path / "calls.csv", wait=CALLS["wait"].where(CALLS.index != 4, 50_000))
    assert read_calls(path, layout(tmp_path, "[file]\nlongest_wait = 24\n")).unreadable == 0
    many = read_calls(file(path, wait=CALLS["wait"].where(CALLS.index % 10 != 4, 50_000)))
    assert many.unreadable == 0
    assert many.notes[0].startswith("WARNING: 60 of 600 waits are longer than 12 h (line 6)")
    for wrong in ("0", "true", '"24"', "9000"):
        with pytest.raises(InputError, match=r"\[file\] longest_wait = .*: should be hours"):
            read_calls(path, layout(tmp_path, f"[file]\nlongest_wait = {wrong}\n"))


def test_a_delay_that_cannot_be_is_an_unreadable_row(tmp_path: Path) -> None:
    delay = pd.Series(5, index=CALLS.index).where(CALLS.index != 4, 99_999_999)
    read = read_calls(file(tmp_path / "calls.csv", CALLS.assign(ivr=delay)), None, {"delay": "ivr"})
    assert read.reasons == ("line 6: delay '99999999' is not a time of at most 12 h",)


def test_times_too_short_to_be_seconds_are_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    minutes = pd.to_numeric(CALLS["service_time"]) / 60
    assert not any("Is the unit" in note for note in read_calls(file(path)).notes)
    read = read_calls(file(path, service_time=minutes.round(2)))
    assert any(n.startswith("WARNING: half of the services take") and "[units] service_time" in n for n in read.notes)
    read = read_calls(file(path, wait=(CALLS["wait"] / 86_400).map("{:.10f}".format)))
    assert any(n.startswith("WARNING: those who wait do so for") and "[units] wait" in n for n in read.notes)
    same(read_calls(path, layout(tmp_path, '[units]\nwait = "d"\n')))


def test_minutes_seconds_and_decimals_are_read(tmp_path: Path) -> None:
    found, guesses = spans(pd.Series(["00:45.5", "01:05,25", "2:00", "0:30.50"]), "s", None, "wait", "here: column 'w'")
    assert found.tolist() == [45.5, 65.25, 120.0, 30.5]
    assert "minutes, seconds and decimals" in guesses[0].why
    assert clock(pd.Series(["00:45.50"])).isna().all()  # and no 45 minutes
    written = [f"{s // 60:02d}:{s % 60:02d}.0" for s in CALLS["wait"]]
    same(read_calls(file(tmp_path / "calls.csv", wait=written)))
    same(read_calls(tmp_path / "calls.csv", layout(tmp_path, '[units]\nwait = "mm:ss"\n')))


# -- zones ---------------------------------------------------------------------------------------------


def test_stamps_with_and_without_an_offset_in_one_column_are_counted(tmp_path: Path) -> None:
    stamps = WHEN.dt.strftime("%Y-%m-%dT%H:%M:%S") + np.where(CALLS.index % 3 == 0, "", "Z")
    path = file(tmp_path / "calls.csv", arrival=stamps)
    told = (
        "WARNING: 200 of 600 stamps have no offset from UTC (line 2), the others do; those without are taken as local "
    )
    assert any(
        note.startswith(f"{told}times of Europe/Berlin") for note in read_calls(path, zone="Europe/Berlin").notes
    )
    assert any(note.startswith(f"{told}times.") for note in read_calls(path).notes)
    whole = file(path, arrival=WHEN.dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert not any("have no offset" in note for note in read_calls(whole, zone="Europe/Berlin").notes)


@pytest.mark.parametrize("split", [False, True])
def test_times_that_no_clock_showed_are_counted(tmp_path: Path, split: bool) -> None:
    """Clocks go from 2:00 to 3:00 on Sunday 30 March 2025 in Berlin."""
    calls = some_calls(pd.date_range("2025-03-29", periods=3), begins=0.0)
    skipped = (calls["arrival"].dt.strftime("%d %H") == "30 02").sum()
    assert skipped > 0
    if split:
        calls = calls.assign(
            date=calls["arrival"].dt.strftime("%Y-%m-%d"), time=calls["arrival"].dt.strftime("%H:%M:%S")
        )
        calls = calls.drop(columns="arrival")
    path = file(tmp_path / "calls.csv", calls)
    told = f"WARNING: {skipped} of 180 times do not exist in Europe/Berlin"
    assert any(note.startswith(told) for note in read_calls(path, zone="Europe/Berlin").notes)
    assert not any("do not exist" in note for note in read_calls(path, zone="Asia/Tokyo").notes)


def test_stamps_without_signs_and_cells_that_are_formulas_of_a_text_are_read(tmp_path: Path) -> None:
    path = file(tmp_path / "calls.csv", arrival=WHEN.dt.strftime("%Y%m%dT%H%M%SZ"))
    read = read_calls(path)
    same(read)
    assert any("times are in UTC" in note for note in read.notes)
    given = read_calls(path, layout(tmp_path, '[formats]\narrival = "%Y%m%dT%H%M%SZ"\n'), zone="Europe/Berlin")
    assert given.calls["second"].min() - read.calls["second"].min() == 3600
    file(path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(",".join(f'="{cell}"' for cell in line.split(",")) for line in lines))
    read = read_calls(path)
    same(read)
    assert any("cells are written as" in note for note in read.notes)


# -- what --staff tells ----------------------------------------------------------------------------------


def test_the_staff_tells_rows_that_were_not_read(tmp_path: Path) -> None:
    """A row that is no date, one of another width, and one to be ignored."""
    path = file(tmp_path / "calls.csv", outcome=CALLS["outcome"].where(CALLS.index != 4, "test"))
    path.write_text(path.read_text() + "when,0,served,100,A1,1\ntotal,600\n")
    printed = run(str(path), "--staff", "80/20")
    assert printed.exit_code == 0, printed.output
    assert "2 rows cannot be read: line 602: 'when' is not a date; line 603: has 2 columns, the header 6." in " ".join(
        printed.stdout.split()
    )
    assert "1 rows are marked to be ignored." in printed.stdout
    found = json.loads(run(str(path), "--staff", "80/20", "--json").stdout)
    assert (found["rows"], found["calls"], found["unreadable"], found["ignored"]) == (602, 599, 2, 1)
    assert found["notes"][0].startswith("2 rows cannot be read: line 602")


def test_where_nobody_is_on_duty_no_warning_of_the_computer_reaches_the_user(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = run(str(file(tmp_path / "calls.csv")), "--staff", "80/20", "--open", "7:00-19:00", "--json")
    assert result.exit_code == 0, result.output
    parts = json.loads(result.stdout)["parts"]
    assert [row["on_duty"] for row in parts if row["hour"] == 7.0] == [None]
