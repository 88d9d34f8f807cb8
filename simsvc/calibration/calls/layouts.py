"""Layouts of call records: which column of a file holds what, and how its values are to be read.

A layout comes from the names of the columns (obvious ones are recognised), from a file of layouts that
comes with the program (`technion`), from a TOML file of the user's, and from single columns named on the
command line, each of which goes before the ones named earlier::

    [columns]
    date = "call_date"            # arrival, or date and time
    time = "entered_queue"
    wait = "seconds_in_queue"
    outcome = "disposition"
    service_time = "talk"
    agent = "agent_id"
    [outcomes]
    served = ["HANDLED"]
    abandoned = ["LOST"]
    ignored = ["TEST"]
    [missing]
    customer = ["0", "anonymous"]
    [units]
    wait = "s"                    # s, min or h; h:mm:ss needs none
    [formats]
    date = "%y%m%d"               # or arrival = "%d/%m/%Y %H:%M:%S"
    [rounding]
    wait = "down"                 # down, nearest or up, where times are whole minutes or the like
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simsvc.calibration.calls.rounded_times import ROUNDINGS
from simsvc.errors import InputError, nearest
from simsvc.scenario.sources import read_toml

FIELDS = {
    "arrival": "date and time at which the call came to the queue",
    "date": "date, where the time stands in a column of its own",
    "time": "time of day, where the date stands in a column of its own; may run past 24:00",
    "delay": "time from the time given to the queue, for example with a computer that answers first",
    "wait": "time in the queue",
    "outcome": "served, abandoned or to be ignored",
    "service_time": "time with the agent",
    "agent": "who served",
    "customer": "who called",
    "type": "kind of call",
}
"""What a column may hold."""

SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}

_NAMES = {
    "arrival": "arrival arrived arrival_time timestamp datetime date_time call_start start_time offered_at received",
    "date": "date day call_date",
    "time": "time time_of_day clock call_time",
    "wait": "wait waiting wait_time waiting_time queue_time q_time time_in_queue queue wait_s wait_sec wait_seconds "
    "wait_min wait_minutes queue_seconds",
    "outcome": "outcome result disposition status call_status call_outcome",
    "service_time": "service_time service ser_time talk_time handle_time handling_time aht duration service_s "
    "service_sec service_seconds service_min service_minutes talk talk_seconds handle_seconds",
    "agent": "agent agent_id server agent_name operator employee staff csr",
    "customer": "customer customer_id caller caller_id client client_id account member",
    "type": "type call_type skill service_type reason topic product",
}
_ENDINGS = (("_min", "min"), ("_minutes", "min"), ("_h", "h"), ("_hours", "h"))
_SECTIONS = {
    "columns": tuple(FIELDS),
    "outcomes": ("served", "abandoned", "ignored"),
    "missing": ("agent", "customer", "type"),
    "units": ("wait", "service_time", "delay"),
    "formats": ("arrival", "date"),
    "rounding": ("wait", "service_time"),
}
"""What each section of a layout may name."""
_CHOICES = {"units": tuple(SECONDS), "rounding": ROUNDINGS}
"""Values that a section takes; the others take texts."""


@dataclass(frozen=True)
class Layout:
    """Where a file of call records holds what.

    Attributes:
        columns: name of the column by field, see `FIELDS`.
        outcomes: `served`, `abandoned` and `ignored` by value in the file, in lower case.
        missing: values that stand for "unknown", by field, in lower case.
        units: seconds per unit of numbers, by field (`wait`, `service_time`, `delay`).
        formats: of `arrival`, `date`, in the notation of `strptime`.
        rounding: of `wait`, `service_time` where the file has whole minutes or the like: one of `ROUNDINGS`.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, float] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    rounding: Mapping[str, str] = field(default_factory=dict)


def _outcomes(**words: str) -> dict[str, str]:
    return {word.replace("_", " "): kind for kind, some in words.items() for word in some.split()}


USUAL_OUTCOMES = _outcomes(
    served="served answered handled completed complete agent connected ok yes 1 true",
    abandoned="abandoned abandon hang hangup hung_up lost reneged gave_up dropped no 0 false",
    ignored="ignored ignore phantom test",
)

BUILT_IN = {
    "technion": Layout(
        columns={
            "date": "date", "time": "vru_entry", "delay": "vru_time", "wait": "q_time", "outcome": "outcome",
            "service_time": "ser_time", "agent": "server", "customer": "customer_id", "type": "type",
        },
        outcomes=_outcomes(served="agent", abandoned="hang", ignored="phantom"),
        missing={"agent": ("no_server",), "customer": ("0",)},
        formats={"date": "%y%m%d"},
    )
}  # fmt: skip
"""Layouts that come with the program; `technion`: call records published for research by the Service Engineering
group of the Technion (Guedj & Mandelbaum), `vru+line ... server`."""


def plain_name(name: str) -> str:
    """A column's name without case, blanks and signs."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def guessed(header: Sequence[str]) -> Layout:
    """The layout that the names of the columns suggest."""
    if {"vru_entry", "q_time", "ser_time", "server"} <= set(header):
        return BUILT_IN["technion"]
    plain = {plain_name(name): name for name in reversed(header)}
    columns: dict[str, str] = {}
    for what, names in _NAMES.items():
        for name in names.split():
            if name in plain and plain[name] not in columns.values():
                columns[what] = plain[name]
                break
    if "arrival" in columns:
        columns.pop("date", None)
        columns.pop("time", None)
    return Layout(columns=columns, outcomes=USUAL_OUTCOMES)


def units_by_name(columns: Mapping[str, str]) -> dict[str, float]:
    """Units that the ends of the columns' names tell; seconds otherwise."""
    units = {}
    for what in _SECTIONS["units"]:
        name = plain_name(columns.get(what, ""))
        units[what] = next((SECONDS[unit] for end, unit in _ENDINGS if name.endswith(end)), 1.0)
    return units


def _section(content: Mapping[str, Any], section: str, where: str) -> dict[str, Any]:
    """A section of a file of a layout, empty if left out, with names and values that it may have."""
    table, allowed = content.get(section, {}), _SECTIONS[section]
    if not isinstance(table, dict):
        raise InputError(f"{where}: [{section}] should be a table")
    for name, value in table.items():
        if name not in allowed:
            close = nearest(name, allowed)
            raise InputError(f"{where}: [{section}] has no '{name}'{close}; allowed: {', '.join(allowed)}")
        if section in _CHOICES and value not in _CHOICES[section]:
            raise InputError(f"{where}: [{section}] {name} = {value!r}: allowed: {', '.join(_CHOICES[section])}")
        if section in ("columns", "formats") and not isinstance(value, str):
            raise InputError(f"{where}: [{section}] {name} = {value!r}: should be a text")
    return table


def _words(value: Any, where: str) -> tuple[str, ...]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise InputError(f"{where}: should be a list of texts, not {value!r}")
    return tuple(word.strip().lower() for word in words)


def load_layout(name: str) -> Layout:
    """A layout that comes with the program, or from a TOML file.

    Raises:
        InputError: if there is none of that name, or the file is wrong.
    """
    if name in BUILT_IN:
        return BUILT_IN[name]
    path = Path(name)
    if not path.is_file():
        known = ", ".join(BUILT_IN)
        raise InputError(f"--layout {name}: is neither a layout ({known}) nor a file{nearest(name, BUILT_IN)}")
    content, _ = read_toml(path)
    for key in content:
        if key not in _SECTIONS:
            close = nearest(key, _SECTIONS)
            raise InputError(f"{path}: unknown section '{key}'{close}; allowed: {', '.join(_SECTIONS)}")
    given = {section: _section(content, section, str(path)) for section in _SECTIONS}
    return Layout(
        columns=given["columns"],
        outcomes={word: kind for kind, value in given["outcomes"].items() for word in _words(value, f"{path}: {kind}")},
        missing={what: _words(value, f"{path}: {what}") for what, value in given["missing"].items()},
        units={what: SECONDS[unit] for what, unit in given["units"].items()},
        formats=given["formats"],
        rounding=given["rounding"],
    )


def layout_for(header: Sequence[str], where: str, name: str | None, columns: Mapping[str, str]) -> Layout:
    """The layout of a file with this header.

    Args:
        header: names of the columns.
        where: file, for messages.
        name: of a layout or of its file, if one was given.
        columns: single columns by field, as given on the command line.

    Raises:
        InputError: if a column named is not there, or one that is needed was not found.
    """
    layout = guessed(header)
    if name is not None:
        given = load_layout(name)
        layout = replace(
            given, columns=dict(given.columns) or layout.columns, outcomes=given.outcomes or USUAL_OUTCOMES
        )
    chosen = dict(layout.columns)
    for what, column in columns.items():
        if what not in FIELDS:
            raise InputError(
                f"--column {what}={column}: nothing is called '{what}'{nearest(what, FIELDS)}; "
                f"allowed: {', '.join(FIELDS)}"
            )
        if what in ("date", "time"):
            chosen.pop("arrival", None)
        if what == "arrival":
            chosen = {key: value for key, value in chosen.items() if key not in ("date", "time", "delay")}
        chosen[what] = column
    for what, column in chosen.items():
        if column not in header:
            raise InputError(
                f"{where}: there is no column '{column}' for {what}{nearest(column, header)}; "
                f"columns: {', '.join(header[:20])}"
            )
    needs = ["date", "time"] if {"date", "time"} & chosen.keys() else ["arrival"]
    needs += ["wait"] if {"outcome", "service_time", "agent"} & chosen.keys() else ["wait", "outcome"]
    missing = [what for what in needs if what not in chosen]
    if missing:
        raise InputError(
            f"{where}: no column was found for {' and '.join(missing)} ({FIELDS[missing[0]]}); name it with "
            f"--column {missing[0]}=NAME; columns: {', '.join(header[:20])}"
        )
    unused = [what for what in layout.formats if what not in chosen]
    if unused and name is not None and name not in BUILT_IN:
        other = "arrival" if unused[0] == "date" else "date"
        raise InputError(
            f"--layout {name}: [formats] {unused[0]} has no effect: dates are read from column '{chosen[other]}', "
            f"which is {other}; write [formats] {other} instead"
        )
    return replace(layout, columns=chosen, units={**units_by_name(chosen), **layout.units})
