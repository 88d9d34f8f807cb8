"""Files of calls as systems and spreadsheets write them: what is read, what is asked, what is counted."""

from __future__ import annotations

import datetime
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from simsvc.calibration.calls.dates import moments
from simsvc.calibration.calls.estimates import estimate_calls
from simsvc.calibration.calls.opening_hours import ordinary_hours
from simsvc.calibration.calls.records import CallRecords, read_calls
from simsvc.calibration.calls.values import clock, spans
from simsvc.cli.calibrate import calibrate
from simsvc.errors import InputError

DAYS = pd.bdate_range("2025-03-24", periods=10)  # clocks go forward in Europe on 30 March
NAMES = ("arrival", "wait", "outcome", "service_time", "agent", "customer")


def some_calls(days: Any = DAYS, begins: float = 9.0, each: int = 60, seed: int = 1) -> pd.DataFrame:
    """Calls of eight hours of ten days: whole seconds, a tenth given up, some waits of 0."""
    rng = np.random.default_rng(seed)
    n = each * len(days)
    starts = np.sort(rng.integers(0, 8 * 3600, (len(days), each)), axis=1).ravel()
    when = np.repeat(pd.DatetimeIndex(days), each) + pd.to_timedelta(starts + 3600 * begins, unit="s")
    served = rng.random(n) > 0.1
    wait = np.where(rng.random(n) < 0.4, 0, rng.exponential(70, n)).astype(int) + ~served
    service = np.maximum(rng.lognormal(5.2, 0.6, n).astype(int), 11)
    return pd.DataFrame(
        {
            "arrival": when,
            "wait": wait,
            "outcome": np.where(served, "served", "abandoned"),
            "service_time": np.where(served, service.astype(str), ""),
            "agent": np.where(served, [f"A{k}" for k in rng.integers(1, 7, n)], ""),
            "customer": rng.integers(1000, 2000, n).astype(str),
        }
    )


CALLS = some_calls()


def file(path: Path, calls: pd.DataFrame = CALLS, sep: str = ",", above: str = "", **columns: Any) -> Path:
    """A file of the calls, columns replaced by functions of them, or left out where None."""
    table = calls.copy()
    for name, how in columns.items():
        if how is None:
            table = table.drop(columns=name)
        else:
            table[name] = how(table[name]) if callable(how) else how
    path.write_text(above + table.to_csv(index=False, sep=sep), encoding="utf-8")
    return path


def layout(folder: Path, text: str) -> str:
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return str(folder / "mine.toml")


def same(read: CallRecords, calls: pd.DataFrame = CALLS) -> None:
    """The records hold exactly these calls."""
    found = read.calls.sort_values("line")
    assert len(found) == len(calls)
    when = (found["date"] + pd.to_timedelta(found["second"], unit="s")).dt.round("s")
    assert (when.to_numpy() == calls["arrival"].to_numpy()).all()
    np.testing.assert_allclose(found["wait"], calls["wait"], atol=0.01)
    assert (found["served"].to_numpy() == (calls["outcome"] == "served").to_numpy()).all()
    np.testing.assert_allclose(found["service"], pd.to_numeric(calls["service_time"]), atol=0.01)


def colon(hours: bool) -> Callable[[pd.Series], list[str]]:
    def write(seconds: pd.Series) -> list[str]:
        texts = []
        for s in pd.to_numeric(seconds):
            whole = 0 if np.isnan(s) else int(s)
            clocked = f"{whole // 60 % 60:02d}:{whole % 60:02d}"
            texts.append("" if np.isnan(s) else f"{whole // 3600}:{clocked}" if hours else clocked)
        return texts

    return write


def texts(form: str) -> Callable[[pd.Series], list[str]]:
    return lambda values: ["" if np.isnan(v) else form.format(v) for v in pd.to_numeric(values).astype(float)]


# -- time spans and numbers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [colon(True), texts("{:.0f} s"), texts("{:.0f}s"), texts("{:.0f} sec"), texts("PT{:.0f}S"), texts("{:.1f}"),
     texts("0d {:.0f}s"),
     lambda v: ["" if np.isnan(s) else f"{int(s) // 60}m {int(s) % 60}s" for s in pd.to_numeric(v)],
     lambda v: ["" if np.isnan(s) else str(pd.Timedelta(seconds=s)) for s in pd.to_numeric(v)]],
)  # fmt: skip
def test_time_spans_are_read_however_they_are_written(tmp_path: Path, write: Any) -> None:
    same(read_calls(file(tmp_path / "calls.csv", wait=write, service_time=write)))


@pytest.mark.parametrize(
    ("ending", "unit"), [("_ms", 1000.0), (" (ms)", 1000.0), ("_min", 1 / 60), ("_hours", 1 / 3600)]
)
def test_units_are_told_by_the_name_of_the_column_or_the_layout(tmp_path: Path, ending: str, unit: float) -> None:
    calls = CALLS.assign(wait=CALLS["wait"] * unit, service_time=pd.to_numeric(CALLS["service_time"]) * unit)
    calls = calls.rename(columns={"wait": f"wait{ending}", "service_time": f"service{ending}"})
    path = tmp_path / "calls.csv"
    calls.to_csv(path, index=False)
    same(read_calls(path, None, {"wait": f"wait{ending}", "service_time": f"service{ending}"}))
    given = '[units]\nwait = "ms"\nservice_time = "ms"\n[columns]\nwait = "a"\nservice_time = "b"\n'
    file(path, wait=CALLS["wait"] * 1000, service_time=pd.to_numeric(CALLS["service_time"]) * 1000)
    path.write_text(path.read_text().replace("wait", "a").replace("service_time", "b"))
    same(read_calls(path, layout(tmp_path, given)))


def test_two_numbers_with_a_colon_are_told_by_their_values_or_asked_about(tmp_path: Path) -> None:
    path = file(tmp_path / "calls.csv", wait=colon(False), service_time=colon(False))
    read = read_calls(path)
    same(read)
    assert sum("minutes and seconds" in note for note in read.notes) == 2
    lost = CALLS["outcome"] == "abandoned"
    path = file(
        tmp_path / "calls.csv", wait=colon(False), service_time=lambda v: pd.Series(colon(False)(v)).mask(lost, "n/a")
    )
    same(read_calls(path))  # a word in the column takes nothing from the others
    short = CALLS.assign(wait=CALLS["wait"] % 60)  # 0:45 may be either
    path = file(tmp_path / "calls.csv", short, wait=colon(False))
    with pytest.raises(InputError, match=r'may be minutes and seconds or hours and minutes.*\[units\] wait = "mm:ss"'):
        read_calls(path)
    same(read_calls(path, layout(tmp_path, '[units]\nwait = "mm:ss"')), short)
    hours = read_calls(path, layout(tmp_path, '[units]\nwait = "h:mm"'))
    assert hours.calls["wait"].sum() == pytest.approx(60 * short["wait"].sum(), rel=0.1)  # spread in their minutes


@pytest.mark.parametrize("sign", [" ", "\u00a0", "\u202f", "'", "\u2019", ",", "."])
def test_numbers_grouped_in_any_way_are_read(tmp_path: Path, sign: str) -> None:
    ten = CALLS.assign(service_time=texts("{:.0f}")(pd.to_numeric(CALLS["service_time"]) * 7))
    assert (pd.to_numeric(ten["service_time"]) >= 1000).sum() > 50
    path = file(tmp_path / "c.csv", ten, ";", service_time=lambda v: [
        t.replace(",", sign) for t in texts("{:,.0f}")(v)])  # fmt: skip
    read = read_calls(path)
    same(read, ten)
    assert any("1000 and more" in note for note in read.notes) == (sign in ".,")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1.970,5", 1970.5), ("1,970.5", 1970.5), ("1 970,5", 1970.5), ("1,23,456.0", 123456.0), ("0,250", 0.25),
     ("12,5", 12.5), ("1e3", 1000.0), ("1.970.000", 1_970_000.0), ("-5", -5.0)],
)  # fmt: skip
def test_one_number_is_enough_where_it_leaves_no_choice(written: str, seconds: float) -> None:
    assert spans(pd.Series([written]), "s", None, "wait", "here")[0][0] == pytest.approx(seconds)


def test_a_number_that_may_be_two_is_asked_about() -> None:
    with pytest.raises(InputError, match=r"'1,970' may be 1970 or 1\.970.*decimal = "):
        spans(pd.Series(["1,970", "2,345"]), "s", None, "wait", "here")
    assert spans(pd.Series(["1,970"]), "s", ",", "wait", "here")[0][0] == pytest.approx(1.97)
    # three decimals: as groups these services would take days
    assert spans(pd.Series(["187.250", "93.125"]), "s", None, "wait", "here")[0][0] == pytest.approx(187.25)


# -- dates ------------------------------------------------------------------------------------------


def epoch(scale: float) -> Callable[[pd.Series], list[str]]:
    return lambda when: [str(round((t - pd.Timestamp(0)).total_seconds() * scale)) for t in when]


def serial(when: pd.Series) -> list[str]:
    return [f"{(t - pd.Timestamp(1899, 12, 30)) / pd.Timedelta(days=1):.8f}" for t in when]


@pytest.mark.parametrize(
    "write",
    [epoch(1), epoch(1e3), epoch(1e6), serial,
     lambda v: v.dt.strftime("%Y%m%d%H%M%S"), lambda v: v.dt.strftime("%d %b %Y %H:%M:%S"),
     lambda v: v.dt.strftime("%b %d, %Y %I:%M:%S %p"), lambda v: v.dt.strftime("%d.%m.%Y %H:%M:%S"),
     lambda v: v.dt.strftime("%Y-%m-%dT%H:%M:%S.000")],
)  # fmt: skip
def test_dates_of_many_notations_are_read(tmp_path: Path, write: Any) -> None:
    same(read_calls(file(tmp_path / "calls.csv", sep=";", arrival=write)))


def test_the_layout_says_seconds_since_1970_and_a_bad_notation_is_one_line(tmp_path: Path) -> None:
    path = file(tmp_path / "calls.csv", arrival=epoch(1))
    for form in ("%s", "epoch_s"):
        same(read_calls(path, layout(tmp_path, f'[formats]\narrival = "{form}"')))
    for form in ("%Q", "%", "no", "%Y%Y", ""):
        with pytest.raises(InputError, match=r"mine.toml: \[formats\] arrival = .*is no notation of dates") as error:
            read_calls(path, layout(tmp_path, f'[formats]\narrival = "{form}"'))
        assert "\n" not in str(error.value)


def in_zone(when: pd.Series, zone: str, form: str = "%Y-%m-%dT%H:%M:%S%z") -> list[str]:
    return [t.tz_localize("Europe/Berlin").tz_convert(zone).strftime(form).replace("+0000", "Z") for t in when]


def test_each_stamp_is_read_as_the_clock_showed_it_and_utc_is_turned_to_the_zone(tmp_path: Path) -> None:
    """Two offsets in one file: pandas refuses them without `utc=True` (its documentation of `to_datetime`)."""
    path = file(tmp_path / "calls.csv", arrival=lambda v: in_zone(v, "Europe/Berlin"))
    read = read_calls(path)
    same(read)
    assert any("+01:00 to +02:00" in note for note in read.notes)
    same(read_calls(path, zone="Europe/Berlin"))
    utc = file(tmp_path / "utc.csv", arrival=lambda v: in_zone(v, "UTC"))
    same(read_calls(utc, zone="Europe/Berlin"))
    plain = read_calls(utc)
    assert plain.notes[0].startswith("WARNING: times are in UTC")
    assert set(plain.calls["second"] // 3600) == set(range(7, 16))
    bare = file(tmp_path / "bare.csv", arrival=lambda v: in_zone(v, "UTC", "%Y-%m-%d %H:%M:%S"))
    same(read_calls(bare, layout(tmp_path, '[file]\nutc = true\nzone = "Europe/Berlin"')))
    apart = CALLS.assign(
        date=[text[:10] for text in in_zone(CALLS["arrival"], "UTC")],
        time=[text[11:19] for text in in_zone(CALLS["arrival"], "UTC")],
    )
    path = file(tmp_path / "apart.csv", apart, arrival=None)
    same(read_calls(path, layout(tmp_path, '[file]\nutc = true\nzone = "Europe/Berlin"')))
    assert read_calls(path, layout(tmp_path, "[file]\nutc = true")).notes[0].startswith("WARNING: times are in UTC")
    with pytest.raises(InputError, match="no time zone; did you mean 'Europe/Berlin'"):
        read_calls(utc, zone="Europe/Berln")


@pytest.mark.parametrize(
    "placeholder", ["9999-12-31 00:00:00", "1900-01-01 00:00:00", "0001-01-01", "1970-01-01 00:00:00"]
)
def test_a_placeholder_for_a_date_is_one_unreadable_row(tmp_path: Path, placeholder: str) -> None:
    path = file(tmp_path / "calls.csv")
    path.write_text(path.read_text() + f"{placeholder},0,served,100,A1,1\n")
    read = read_calls(path)
    assert (read.unreadable, len(read.calls)) == (1, len(CALLS))
    assert f"line {len(CALLS) + 2}: '{placeholder}' is not a date" in read.reasons[0]


def test_times_of_twelve_hours_are_read_in_columns_of_their_own(tmp_path: Path) -> None:
    assert list(clock(pd.Series(["12:00 AM", "12:30:05 pm", "9:00:59 A.M."]))) == [
        0.0, 45_005.0, 32_459.0,
    ]  # fmt: skip
    table = CALLS.assign(
        date=CALLS["arrival"].dt.strftime("%Y-%m-%d"), time=CALLS["arrival"].dt.strftime("%I:%M:%S %p")
    )
    path = file(tmp_path / "calls.csv", table, arrival=None)
    same(read_calls(path))
    table = table.assign(time=CALLS["arrival"].dt.strftime("%I:%M:%S"), half=CALLS["arrival"].dt.strftime("%p"))
    path = file(tmp_path / "calls.csv", table, arrival=None)
    same(read_calls(path, None, {"time": "time + half"}))


def test_a_date_far_from_all_others_is_none_and_offsets_are_kept_apart() -> None:
    found = moments(pd.Series(["2025-03-24T09:00:59+01:00", "2025-03-31 09:00 CET", "x"]), None, "arrival", "here")
    assert list(found.local[:2]) == [pd.Timestamp(2025, 3, 24, 9, 0, 59), pd.Timestamp(2025, 3, 31, 9)]
    assert found.offset[0] == 3600.0
    assert np.isnan(found.offset[1])
    assert any("CET" in guess.why for guess in found.guesses)


# -- nights -----------------------------------------------------------------------------------------


def test_a_working_day_over_midnight_begins_at_the_opening_hour(tmp_path: Path) -> None:
    night = some_calls(begins=20.0, each=120)
    read = read_calls(file(tmp_path / "calls.csv", night))
    assert any("a working day begins at 20:00" in note for note in read.notes)
    assert list(read.dates) == list(DAYS)
    hours = ordinary_hours(read, 60.0)
    assert (hours.opens / 3600, hours.closes / 3600, len(hours.dates)) == (20, 28, 10)
    assert len(hours.ordinary(read)) == len(night) - int(((night["outcome"] != "served") & (night["wait"] == 0)).sum())
    given = read_calls(tmp_path / "calls.csv", opens=20.0)
    pd.testing.assert_frame_equal(given.calls, read.calls)
    result = run(str(tmp_path / "calls.csv"), "--open", "20:00-4:00", "--staff", "80/20", "--slot", "60", "--json")
    found = json.loads(result.stdout)
    assert (found["opens"], found["closes"], found["days"]) == (20, 28, 10)


# -- what is missing --------------------------------------------------------------------------------


def test_where_waits_last_over_the_night_the_opening_hours_are_asked_for(tmp_path: Path) -> None:
    """As with tickets: every second one is answered twenty hours later."""
    over_night = np.where(np.arange(len(CALLS)) % 2, 0, 20 * 3600)
    read = read_calls(file(tmp_path / "calls.csv", wait=over_night))
    with pytest.raises(InputError, match="a day is open for 24 hours at most; give --open"):
        ordinary_hours(read)
    assert ordinary_hours(read, open_hours=(9.0, 17.0)).minutes == 480


def test_waits_missing_of_those_who_gave_up_leave_patience_unknown_and_the_rest_known(tmp_path: Path) -> None:
    lost = CALLS["outcome"] == "abandoned"
    read = read_calls(file(tmp_path / "calls.csv", wait=CALLS["wait"].astype(str).mask(lost, "")))
    assert read.waits_unknown == 1.0
    assert any(f"{lost.sum()} of {lost.sum()} calls were given up without a wait" in note for note in read.notes)
    found = estimate_calls(read, ordinary_hours(read, 60.0))
    assert found.patience is None
    assert found.abandonment.mean == pytest.approx(lost.mean())
    assert 60 * found.wait.mean == pytest.approx(CALLS["wait"][~lost].mean())


def test_service_times_that_cannot_be_read_are_counted_and_refused_above_a_share(tmp_path: Path) -> None:
    served = CALLS["outcome"] == "served"
    few = served & (np.arange(len(CALLS)) % 40 == 0)
    read = read_calls(file(tmp_path / "calls.csv", service_time=CALLS["service_time"].mask(few, "n/a")))
    assert any(f"{few.sum()} of {served.sum()} served calls have no service time" in note for note in read.notes)
    half = served & (np.arange(len(CALLS)) % 2 == 0)
    for unknown in ("n/a", "", "soon"):
        path = file(tmp_path / "calls.csv", service_time=CALLS["service_time"].mask(half, unknown))
        with pytest.raises(
            InputError, match=rf"{half.sum()} of {served.sum()} served calls.*line {np.argmax(half) + 2}"
        ):
            read_calls(path)
    assert len(read_calls(path, layout(tmp_path, '[missing]\nservice_time = ["soon"]')).calls) == len(CALLS)


def test_served_calls_without_a_wait_are_taken_as_served_at_once_only_if_no_zero_says_so(tmp_path: Path) -> None:
    at_once = (CALLS["outcome"] == "served") & (CALLS["wait"] == 0)
    read = read_calls(file(tmp_path / "calls.csv", wait=CALLS["wait"].astype(str).mask(at_once, "")))
    same(read)
    assert any(f"{at_once.sum()} calls were served without a wait" in note for note in read.notes)
    some = at_once & (np.arange(len(CALLS)) % 2 == 0)
    path = file(tmp_path / "calls.csv", wait=CALLS["wait"].astype(str).mask(some, ""))
    with pytest.raises(InputError, match=f"{some.sum()} of {len(CALLS)} rows cannot be read"):
        read_calls(path)


def test_what_looks_like_another_thing_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="dates without times of day"):
        read_calls(file(tmp_path / "calls.csv", arrival=lambda v: v.dt.strftime("%Y-%m-%d")))
    for lost in (CALLS["wait"].astype(str), ""):  # no served call has a wait
        waits = pd.Series(lost, index=CALLS.index).where(CALLS["outcome"] == "abandoned", "")
        with pytest.raises(InputError, match="wait '' is not a time of 0 or more"):
            read_calls(file(tmp_path / "calls.csv", wait=waits))
    with pytest.raises(InputError, match=r"is not possible.*\[units\] service_time"):
        read_calls(file(tmp_path / "calls.csv", service_time=texts("{:.0f}000")))
    read = read_calls(file(tmp_path / "calls.csv", wait=CALLS["wait"] * 1000))
    assert any(note.startswith("WARNING: half of those who wait") for note in read.notes)


# -- repeated rows ----------------------------------------------------------------------------------


def test_repeated_rows_are_told_first_and_dropped_on_request(tmp_path: Path) -> None:
    twice = CALLS.loc[np.repeat(CALLS.index, 2)].reset_index(drop=True)
    path = file(tmp_path / "calls.csv", twice)
    assert read_calls(path).notes[0].startswith(f"WARNING: {len(CALLS)} of {len(twice)} rows (50.0 %) equal another")
    assert len(read_calls(path, once=True).calls) == len(CALLS)
    assert "each counts as a call" in run(str(path), "--check").stdout
    legs = twice.assign(call_id=np.repeat(CALLS.index, 2), agent="A9")
    legs.loc[1::2, "wait"] += 5
    path = file(tmp_path / "calls.csv", legs)
    assert "have the id of another row" in read_calls(path).notes[0]
    same(read_calls(path, once=True))
    last = read_calls(path, layout(tmp_path, '[file]\nrepeats = "last"'))
    np.testing.assert_array_equal(last.calls["wait"], CALLS["wait"] + 5)


# -- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "above", ["sep=;\n", "\ufeffsep=;\n", '"sep=;"\n', "Report of calls\nMarch 2025\n\n", "\ufeff"]
)
def test_lines_that_spreadsheets_write_above_a_table_are_passed_over(tmp_path: Path, above: str) -> None:
    read = read_calls(file(tmp_path / "calls.csv", sep=";", above=above))
    same(read)
    assert any("above the names" in note for note in read.notes) == above.startswith("Report")


def test_workbooks_and_parquet_files_are_read_as_text_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(list(NAMES))
    for row in CALLS.itertuples(index=False):
        served = row.outcome == "served"
        page.append([row.arrival.to_pydatetime(), datetime.timedelta(seconds=row.wait), row.outcome,
                     float(row.service_time) if served else None, row.agent or None, row.customer])  # fmt: skip
    book.save(tmp_path / "calls.xlsx")
    same(read_calls(tmp_path / "calls.xlsx"))
    other = book.create_sheet("more")
    other.append(["a", "b"])
    other.append([1, 2])
    book.save(tmp_path / "calls.xlsx")
    with pytest.raises(InputError, match=r"2 sheets with rows \(Sheet, more\).*\[file\] sheet"):
        read_calls(tmp_path / "calls.xlsx")
    same(read_calls(tmp_path / "calls.xlsx", layout(tmp_path, '[file]\nsheet = "Sheet"')))
    CALLS.assign(service_time=pd.to_numeric(CALLS["service_time"])).to_parquet(tmp_path / "calls.parquet")
    same(read_calls(tmp_path / "calls.parquet"))
    for name, head in (
        ("a.xlsx", b"PK\x03\x04rubbish"),
        ("a.parquet", b"PAR1rubbish"),
        ("a.xls", b"\xd0\xcf\x11\xe0\x00"),
    ):
        (tmp_path / name).write_bytes(head)
        with pytest.raises(InputError) as error:
            read_calls(tmp_path / name)
        assert "\n" not in str(error.value)


def test_a_file_without_names_of_columns_needs_a_layout_that_names_them(tmp_path: Path) -> None:
    path = file(tmp_path / "calls.csv", sep="|")
    path.write_text(path.read_text().partition("\n")[2])
    with pytest.raises(InputError, match=r"seems to hold values.*\[file\] names"):
        read_calls(path)
    same(read_calls(path, layout(tmp_path, f"[file]\nnames = {json.dumps(NAMES)}")))


def test_given_words_and_columns_add_to_those_that_are_known(tmp_path: Path) -> None:
    ignored = np.arange(len(CALLS)) % 3 == 0
    known = CALLS["outcome"].map({"served": "Y", "abandoned": "NO ANSWER"})
    path = file(tmp_path / "calls.csv", outcome=known.mask(ignored, ""))
    read = read_calls(path, layout(tmp_path, '[outcomes]\nignored = [""]\n[columns]\nagent = "agent"'))
    assert (read.ignored, len(read.calls)) == (ignored.sum(), (~ignored).sum())
    assert read.calls["customer"].notna().all()


def test_filters_computed_columns_and_other_columns_in_some_rows(tmp_path: Path) -> None:
    served = CALLS["outcome"] == "served"
    service = pd.to_numeric(CALLS["service_time"]).fillna(0).astype(int)
    table = pd.DataFrame(
        {
            "Ended At": CALLS["arrival"] + pd.to_timedelta(CALLS["wait"] + service, unit="s"),
            "event": np.where(served, "DONE", "LEFT"),
            "x": np.where(served, CALLS["wait"], 99),
            "y": np.where(served, service.astype(str), CALLS["wait"].astype(str)),
            "way": "in",
        }
    )
    table = pd.concat([table, table.head(7).assign(way="out")])
    table.to_csv(tmp_path / "calls.csv", index=False)
    read = read_calls(tmp_path / "calls.csv", layout(tmp_path, (
        '[columns]\narrival = "ended at - x - y"\nwait = "x"\nservice_time = "y"\noutcome = "event"\n'
        '[outcomes]\nserved = ["done"]\nabandoned = ["LEFT"]\n[only]\nway = ["IN"]\n'
        '[[when]]\ncolumn = "event"\nis = ["left"]\narrival = "Ended At - y"\nwait = "y"\nservice_time = ""\n'
    )))  # fmt: skip
    same(read)
    assert "7 rows are left out by the layout: way is not in." in read.notes
    spanned = CALLS.assign(picked_up=CALLS["arrival"] + pd.to_timedelta(CALLS["wait"], unit="s"))
    path = file(tmp_path / "calls.csv", spanned, wait=None)
    same(read_calls(path, None, {"wait": "picked_up - arrival"}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[file]\nnames = 3", "should be a text or a list of texts"),
        ("[file]\ndecimal = ';'", "allowed: ., ,"),
        ("[file]\nzone = 'Mars/Base'", "no time zone"),
        ("[file]\nrepeats = 'some'", "allowed: all, first, last"),
        ("[only]\nnothing = ['x']", "no column 'nothing' for rows"),
        ("[columns]\nwait = 'wait - nothing'", "no column 'wait - nothing' for wait"),
        ("[[when]]\nwait = 'wait'", "needs column and is"),
        ("[[when]]\ncolumn = 'agent'\nis = ['x']\nwiat = 'wait'", "has no 'wiat'; did you mean 'wait'"),
        ("[units]\nwait = 'weeks'", "allowed: s, ms"),
        ("when = 3", "should be a list of tables"),
        ("[[[", "mine.toml, line 1: not valid TOML"),
        ("[only]\noutcome = ['nothing']", "leave no row"),
    ],
)
def test_a_layout_that_is_wrong_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read_calls(file(tmp_path / "calls.csv"), layout(tmp_path, text))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


# -- what --check says ------------------------------------------------------------------------------


def run(*words: str) -> Any:
    app = typer.Typer()
    app.command()(calibrate)
    return CliRunner().invoke(app, list(words))


def test_check_prints_what_was_guessed_and_a_layout_that_reads_the_same(tmp_path: Path) -> None:
    path = file(
        tmp_path / "calls.csv", sep=";", arrival=lambda v: v.dt.strftime("%d/%m/%Y %H:%M:%S"), wait=colon(False)
    )
    printed = run(str(path), "--check")
    assert printed.exit_code == 0, printed.output
    for part in ("day before month", "minutes and seconds", "Mon 2025-03-24 09:", '[units]\nwait = "mm:ss"'):
        assert part in printed.stdout
    found = json.loads(run(str(path), "--check", "--json").stdout)
    (tmp_path / "mine.toml").write_text(found["layout"])
    again = json.loads(run(str(path), "--check", "--json", "--layout", str(tmp_path / "mine.toml")).stdout)
    assert found["notes"]
    assert again["notes"] == []  # nothing is guessed any more
    assert again["first"] == found["first"]
    same(read_calls(path, str(tmp_path / "mine.toml")))
    ten = CALLS.assign(service_time=pd.to_numeric(CALLS["service_time"]) * 7)
    path = file(
        tmp_path / "calls.csv", ten, ";", service_time=lambda v: [t.replace(",", ".") for t in texts("{:,.0f}")(v)]
    )
    assert 'decimal = ","' in json.loads(run(str(path), "--check", "--json").stdout)["layout"]


def test_a_check_works_on_a_file_that_a_calibration_refuses(tmp_path: Path) -> None:
    words = itertools.cycle(["served", "maybe"])
    path = file(tmp_path / "calls.csv", outcome=[next(words) for _ in range(len(CALLS))])
    printed = run(str(path), "--check")
    assert printed.exit_code == 0
    assert f"{len(CALLS) // 2} cannot be read" in printed.stdout
    assert isinstance(run(str(path)).exception, InputError)
