"""The command `simsvc calibrate`: from a company's call records or monthly figures to a scenario."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from simsvc.cli.frame import compile_first, load_settings, print_json, print_list, typed, working
from simsvc.cli.options import Dask, Json, Out, Overrides, Own, ScenarioName, Seed, Workers, number_option, text_option
from simsvc.errors import InputError, nearest

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def calibrate(
    data: Annotated[Path | None, typer.Argument(metavar="DATA",
        help="Call records, a row per call, or figures, a row per month (CSV, .xlsx, Parquet).")] = None,
    scenario: ScenarioName = "contact_centre",
    layout: Annotated[str | None, text_option("NAME",
        "Calls: layout of the columns: one that comes with the program (list shows them), or a TOML file. [default: "
        "from the names of the columns]")] = None,
    show_layout: Annotated[bool, typer.Option("--show", help="Calls: print the file of the layout.")] = False,
    check: Annotated[bool, typer.Option("--check",
        help="Calls: print how the first rows are read, what was guessed, and the layout that says so.")] = False,
    column: Annotated[list[str] | None, text_option("FIELD=NAME",
        "Calls: the column that holds arrival (or date and time), wait, outcome, service_time, agent, customer, type, "
        "id, or a computation such as wait='duration - billsec'. May be repeated.")] = None,
    zone: Annotated[str | None, text_option("ZONE",
        "Calls: time zone of the centre, for example Europe/Berlin. [default: times as they are written]")] = None,
    once: Annotated[bool, typer.Option("--once",
        help="Calls: of rows with the same id, or equal ones without an id, the first counts.")] = False,
    slot: Annotated[float, text_option("MINUTES",
        "Calls: length of the parts of the day in which rates are constant.")] = 30.0,
    weekdays: Annotated[str | None, text_option("DAYS",
        "Calls: days of the week to use, for example mon,tue,wed. [default: those with the usual volume]")] = None,
    open_hours: Annotated[str | None, text_option("FROM-TO",
        "Calls: opening hours, for example 7:00-24:00. [default: as people are served]", "--open")] = None,
    staff: Annotated[str | None, text_option("PERCENT/SECONDS",
        "Calls: no scenario, but agents needed by time of day to serve so many per cent within so many seconds, for "
        "example 80/20.")] = None,
    skills: Annotated[str | None, text_option("GROUPS",
        "Calls, with --staff: agents needed of each group if they serve some kinds of calls only, as 'en: sales, "
        "service; es: sales' (* for every kind), or records: as the records show who has served what.")] = None,
    customers: Annotated[int | None, number_option(
        "Calls: how many customers there are, which no log tells. [default: the scenario's]")] = None,
    fit: Annotated[list[str] | None, text_option("KEY=LOW:HIGH",
        "Months: setting to fit and where to look, for example market.neutral_churn=0.02:0.2. May be repeated. "
        "[default: a few that go with the columns]")] = None,
    holdout: Annotated[int | None, number_option("Months: last months kept to check the fit.")] = None,
    discrepancy: Annotated[float | None, text_option("SHARE",
        "Months: how far the model itself may be off, as a share of each figure; 0.05 for 5 %. [default: 0]")] = None,
    points: Annotated[int | None, number_option("Months: points of the settings that are run.")] = None,
    replications: Annotated[int | None, number_option("Months: runs of every point.")] = None,
    seed: Seed = None, workers: Workers = None, dask: Dask = None, overrides: Overrides = None, own: Own = None,
    out: Out = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Which settings make the model this company?

    From call records: arrivals by time and weekday, service times, patience, staff, repeat calls and differences
    between agents, with intervals; and a scenario of which these are the settings. From monthly figures (a column
    `month`): settings that give such figures, how well they are known, what the figures cannot tell apart, and
    months held out to check. What the data do not tell stays as in SCENARIO and is listed.

    \b
      simsvc calibrate calls.csv --out mine
      simsvc calibrate log.txt --column arrival=entered --column wait=queue_seconds --check
      simsvc calibrate --layout list
      simsvc calibrate calls.csv --staff 80/20
      simsvc calibrate calls.csv --staff 80/20 --skills "en: sales, service; es: sales"
      simsvc calibrate months.csv classroom --fit market.neutral_churn=0.02:0.2 --holdout 3 --out mine
      simsvc compare mine/scenario.toml
    """
    numbers: dict[str, Any] = {"holdout": holdout, "discrepancy": discrepancy, "points": points,
                               "replications": replications, "seed": seed}  # fmt: skip
    of_months: dict[str, Any] = {"fit": fit, **numbers, "workers": workers, "dask": dask}
    of_calls: dict[str, Any] = {
        "layout": layout, "column": column, "zone": zone, "once": once or None, "check": check or None, "staff": staff,
        "skills": skills, "slot": slot if slot != 30.0 else None, "weekdays": weekdays, "open": open_hours,
        "customers": customers,
    }  # fmt: skip
    if layout == "list" or show_layout:
        _print_layouts(layout)
        return
    if data is None:
        raise InputError("DATA: a file of call records or of monthly figures is needed")
    monthly = _is_monthly(data, layout)
    for name, value in (of_calls if monthly else of_months).items():
        if value is not None:
            what, other = ("monthly figures", "call records") if monthly else ("call records", "monthly figures")
            raise InputError(f"--{name}: {data} holds {what}; the option is for {other}")
    settings = load_settings(scenario, overrides, own=own)
    if monthly:
        from simsvc.calibration.months.compute import calibrate_monthly
        from simsvc.calibration.months.views import show_monthly

        wanted = {name: value for name, value in numbers.items() if value is not None}
        ranges = dict(_range(words) for words in fit) if fit else None
        with working("runs", out, as_json, workers, dask) as work:
            months = calibrate_monthly(data, settings, fit=ranges, out=out, watch=work.told, **wanted, **work.where)
            work.show(months, show_monthly)
        return

    from simsvc.calibration.calls.estimates import estimate_calls
    from simsvc.calibration.calls.opening_hours import ordinary_hours
    from simsvc.calibration.calls.reading import read
    from simsvc.calibration.calls.records import read_calls
    from simsvc.calibration.calls.required_staff import StaffNeeds
    from simsvc.calibration.calls.result import CallsFit
    from simsvc.calibration.calls.scenario_from_calls import fit_scenario
    from simsvc.calibration.calls.views import checked, show_calls, show_checked, show_needs
    from simsvc.evidence.service_level import read_target
    from simsvc.show.terminal import output, say

    if not (math.isfinite(slot) and 1 <= slot <= 240):
        raise InputError(f"--slot: {slot:g} is out of range; allowed: 1 to 240 min")
    if skills is not None and staff is None:
        raise InputError("--skills: goes with --staff PERCENT/SECONDS, for example --staff 80/20")
    if customers is not None and not 1 <= customers <= 10_000_000:
        raise InputError(f"--customers: {customers} is out of range; allowed: 1 to 10000000")
    hours, days, columns = _hours(open_hours), _weekdays(weekdays), _columns(column or [])
    if check:
        reading = read(data, layout, columns, zone)
        if as_json:
            print_json(checked(reading))
        else:
            show_checked(output(), checked(reading))
        return
    begins = hours[0] if hours and hours[1] > 24 else 0.0 if hours else None
    records = read_calls(data, layout, columns, zone, once, begins)
    found = estimate_calls(records, ordinary_hours(records, slot, days, hours))
    if staff is not None:
        if skills is not None:
            say("Simulating queues with shared skills, part by part of the day (seconds, with many groups minutes) ...")
        needs = StaffNeeds(found, read_target(staff, "--staff"), settings, skills)
        if as_json:
            print_json(needs.as_json())
        else:
            show_needs(output(), needs)
        if out is not None:
            say(f"Written to {out}: {', '.join(file.name for file in needs.save(out, typed()))}")
        return
    with working("runs", out, as_json) as work:
        compile_first()
        work.show(CallsFit(found, fit_scenario(found, settings, customers, say), scenario), show_calls)
    if out is None:
        say("Nothing was written; --out DIR writes the scenario, tables and figures.")


def _is_monthly(data: Path, layout: str | None) -> bool:
    """Whether a file holds a row per month, by the names of its columns."""
    from simsvc.calibration.calls.matching import plain_name
    from simsvc.calibration.text_files import read_rows

    if layout is not None:  # of calls; it may say how the file is to be opened
        return False
    return "month" in map(plain_name, read_rows(data).header)


def _print_layouts(name: str | None) -> None:
    """The layouts that come with the program, or the file of one of them."""
    from simsvc.calibration.calls.layouts import layout_text, load_layout, vendors

    if name == "list":
        print_list({name: load_layout(name).about for name in vendors()})
    elif name is None:
        raise InputError("--show: say which layout, --layout NAME; --layout list names them")
    else:
        typer.echo(layout_text(name), nl=False)


def _columns(texts: list[str]) -> dict[str, str]:
    """Columns by field."""
    wanted = {}
    for text in texts:
        field, _, name = text.partition("=")
        if not (field and name):
            raise InputError(f"--column {text}: should be FIELD=NAME, for example arrival=entered")
        wanted[field.strip()] = name.strip()
    return wanted


def _weekdays(text: str | None) -> list[int] | None:
    if text is None:
        return None
    numbers = []
    for word in text.lower().split(","):
        if word.strip()[:3] not in _DAYS:
            raise InputError(
                f"--weekdays {text}: '{word}' is no day{nearest(word, _DAYS)}; allowed: {', '.join(_DAYS)}"
            )
        numbers.append(_DAYS.index(word.strip()[:3]))
    return sorted(set(numbers))


def _hours(text: str | None) -> tuple[float, float] | None:
    """Opening hours in hours since midnight."""
    if text is None:
        return None
    ends = []
    for part in text.split("-"):
        found = re.fullmatch(r"([0-9]{1,2})(?::([0-5]?[0-9]))?", part.strip())
        if not found:
            raise InputError(f"--open {text}: should be FROM-TO, for example 7:00-24:00")
        ends.append(int(found[1]) + int(found[2] or 0) / 60)
    if len(ends) == 2 and ends[1] <= ends[0] < 24:  # over midnight
        ends[1] += 24
    if len(ends) != 2 or not ends[0] < ends[1] <= ends[0] + 24 or ends[0] >= 24:
        raise InputError(f"--open {text}: should be FROM-TO, from before to, at most 24 hours, for example 7:00-24:00")
    return ends[0], ends[1]


def _range(text: str) -> tuple[str, tuple[float, float]]:
    """A setting and the range in which to look for it."""
    name, _, ends = text.partition("=")
    low, _, high = ends.partition(":")
    try:
        span = float(low), float(high)
    except ValueError:
        raise InputError(f"--fit {text}: should be KEY=LOW:HIGH, for example market.neutral_churn=0.02:0.2") from None
    if not (math.isfinite(span[0]) and math.isfinite(span[1]) and span[0] < span[1]):
        raise InputError(f"--fit {text}: LOW should be below HIGH, both finite")
    return name.strip(), span
