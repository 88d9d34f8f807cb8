"""Layouts of call records: which column of a file holds what, and how its values are to be read.

A layout comes from the names of the columns (obvious ones are recognised), from the layouts that come with the program
(one TOML file each in `vendors/`), from a TOML file of the user's, and from single columns named on the command line,
each of which goes before the ones named earlier and adds to them::

    [file]
    names = ["when", "queue"]     # of the columns, if the file has no line of them
    separator = "|"
    sheet = "Calls"               # of a workbook
    decimal = ","                 # sign before decimals
    zone = "Europe/Berlin"        # of the centre, by IANA's name
    utc = true                    # stamps without an offset are UTC
    repeats = "first"             # of rows of the same id, or equal ones: first, last or all
    longest_wait = 12             # hours; a longer one is a mistake
    [columns]
    date = "call_date"            # arrival, or date and time
    time = "entered_queue"
    wait = "duration - billsec"   # computed: numbers, spans and moments; texts are joined by +
    outcome = "disposition"
    service_time = ["talk", "handle_time"]    # the first that the file has
    agent = "agent_id"
    id = "call_id"
    [[when]]                      # in some rows other columns hold it
    column = "event"
    is = ["ABANDON"]
    wait = "data3"
    [only]
    direction = ["inbound"]       # rows of other values are left out; [except] is the reverse
    [outcomes]
    served = ["HANDLED"]
    abandoned = ["LOST"]
    ignored = ["TEST"]
    [missing]
    customer = ["0", "anonymous"]
    [units]
    wait = "s"                    # s, ms, min, h or d; mm:ss or h:mm for two numbers with a colon
    [formats]
    date = "%y%m%d"               # or arrival = "%d/%m/%Y %H:%M:%S", "epoch_s", "epoch_ms", "serial"
    time = "hhmmss"               # of numbers: seconds, minutes, hours, hhmmss, hhmm or day
    [rounding]
    wait = "down"                 # down, nearest or up, where times are whole minutes or the like
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simsvc.calibration.calls.dates import known_form, known_zone
from simsvc.calibration.calls.rounded_times import ROUNDINGS
from simsvc.calibration.calls.times_of_day import NOTATIONS
from simsvc.calibration.calls.values import SECONDS
from simsvc.errors import InputError, nearest, printable
from simsvc.scenario.sources import parse_toml
from simsvc.scenario.writing import toml_value

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
    "id": "what makes a call one, should it stand in several rows",
}
"""What a column may hold."""

MOST_HOURS = 8760
"""Longest wait that a layout may allow: a year."""
REPEATS = ("all", "first", "last")
_TEXTS = ("names", "known_by")
_SECTIONS: dict[str, tuple[str, ...]] = {
    "file": ("names", "separator", "sheet", "decimal", "zone", "utc", "repeats", "longest_wait", "known_by"),
    "columns": tuple(FIELDS),
    "only": (),
    "except": (),
    "outcomes": ("served", "abandoned", "ignored"),
    "missing": ("agent", "customer", "type", "wait", "service_time"),
    "units": ("wait", "service_time", "delay"),
    "formats": ("arrival", "date", "time"),
    "rounding": ("wait", "service_time"),
}
"""What each section of a layout may name; any column for `only` and `except`."""
_CHOICES: dict[str, tuple[Any, ...]] = {
    "units": tuple(SECONDS), "rounding": ROUNDINGS, "repeats": REPEATS, "decimal": (".", ","), "utc": (True, False),
}  # fmt: skip
"""Values that a section, or an entry of `file`, takes; the others take texts."""


@dataclass(frozen=True)
class When:
    """Rows in which other columns hold something: those of which `column` is one of `words`, in lower case."""

    column: str
    words: tuple[str, ...]
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """Where a file of call records holds what.

    Attributes:
        columns: name of the column, or a computation of columns, by field, see `FIELDS`; what a layout names may be a
            list, of which the first is taken that the file has.
        outcomes: `served`, `abandoned` and `ignored` by value in the file, in lower case.
        missing: values that stand for "unknown", by field, in lower case.
        units: of numbers, by field (`wait`, `service_time`, `delay`), see `SECONDS`.
        formats: of `arrival`, `date`, see `known_form`; of numbers in `time`, see `times_of_day.NOTATIONS`.
        rounding: of `wait`, `service_time` where the file has whole minutes or the like: one of `ROUNDINGS`.
        file: what is said of the file as a whole, see the example above.
        only: rows that count, by column the values in lower case.
        without: rows that do not count, likewise.
        when: columns of some rows.
        about: what it is the layout of.
        name: by which it was asked for; empty if it was guessed.
    """

    columns: Mapping[str, Any] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    rounding: Mapping[str, str] = field(default_factory=dict)
    file: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    when: tuple[When, ...] = ()
    about: str = ""
    name: str = ""


VENDORS = Path(__file__).parent / "vendors"


def vendors() -> list[str]:
    """Names of the layouts that come with the program."""
    return sorted(path.stem for path in VENDORS.glob("*.toml"))


def _words(value: Any, where: str) -> tuple[str, ...]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise InputError(f"{where}: should be a text or a list of texts, not {value!r}")
    return tuple(words)


def _lower(value: Any, where: str) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in _words(value, where))


def _chosen(section: str, name: str, where: str, allowed: Sequence[str]) -> None:
    if name not in allowed:
        raise InputError(f"{where}: [{section}] has no '{name}'{nearest(name, allowed)}; allowed: {', '.join(allowed)}")


def _section(content: Mapping[str, Any], section: str, where: str) -> dict[str, Any]:
    """A section of a file of a layout, empty if left out, with names and values that it may have."""
    table, allowed = content.get(section, {}), _SECTIONS[section]
    if not isinstance(table, dict):
        raise InputError(f"{where}: [{section}] should be a table")
    for name, value in table.items():
        if allowed:
            _chosen(section, name, where, allowed)
        here = f"{where}: [{section}] {name}"
        choices = _CHOICES.get(name if section == "file" else section)
        if choices and value not in choices:
            said = ", ".join(str(choice).lower() for choice in choices)
            raise InputError(f"{here} = {value!r}: allowed: {said}")
        if name == "longest_wait":
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= MOST_HOURS:
                raise InputError(f"{here} = {value!r}: should be hours, above 0 and at most {MOST_HOURS}")
        elif not choices and section in ("formats", "file") and name not in _TEXTS and not isinstance(value, str):
            raise InputError(f"{here} = {value!r}: should be a text")
        if section == "columns" or name in _TEXTS:
            _words(value, here)
    if section == "formats":
        if table.get("time", "hhmm") not in NOTATIONS:
            raise InputError(f"{where}: [formats] time = '{table['time']}': allowed: {', '.join(NOTATIONS)}")
        return {
            name: value if name == "time" else known_form(value, f"{where}: [formats] {name}")
            for name, value in table.items()
        }
    if section == "file":
        if "zone" in table:
            known_zone(table["zone"], f"{where}: [file] zone")
        if len(table.get("separator", ",")) != 1:
            raise InputError(f"{where}: [file] separator = {table['separator']!r}: should be a single sign")
        names = table.get("names", [])
        if len(set(names)) < len(names):
            raise InputError(f"{where}: [file] names: two columns have the same name")
    if section in ("only", "except", "missing"):
        return {name: _lower(value, f"{where}: [{section}] {name}") for name, value in table.items()}
    return table


def _when(content: Mapping[str, Any], where: str) -> tuple[When, ...]:
    entries = content.get("when", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"{where}: [[when]] should be a list of tables")
    found = []
    for entry in entries:
        rest = {name: value for name, value in entry.items() if name not in ("column", "is")}
        for name, value in rest.items():
            _chosen("[when]", name, where, tuple(FIELDS))
            if not isinstance(value, str):
                raise InputError(f"{where}: [[when]] {name} = {value!r}: should be a text")
        column = entry.get("column")
        if not isinstance(column, str):
            raise InputError(f"{where}: [[when]] needs column and is, for example column = 'event', is = ['ABANDON']")
        found.append(When(column, _lower(entry.get("is"), f"{where}: [[when]] is"), rest))
    return tuple(found)


def layout_text(name: str) -> str:
    """The file of a layout that comes with the program, or of a TOML file.

    Raises:
        InputError: if there is none of that name, or it is no text.
    """
    path = VENDORS / f"{name}.toml" if name in vendors() else Path(name)
    if not path.is_file():
        known = ", ".join(vendors())
        raise InputError(f"--layout {name}: is neither a layout ({known}) nor a file{nearest(name, vendors())}")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not TOML: it is no text in UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def load_layout(name: str) -> Layout:
    """A layout that comes with the program, or from a TOML file.

    Raises:
        InputError: if there is none of that name, or the file is wrong.
    """
    where = f"--layout {name}"
    content = parse_toml(layout_text(name), where)
    allowed = (*_SECTIONS, "when", "about", "sources")
    for key in content:
        if key not in allowed:
            raise InputError(
                printable(f"{where}: unknown section '{key}'{nearest(key, allowed)}; allowed: {', '.join(allowed)}")
            )
    try:
        given = {section: _section(content, section, where) for section in _SECTIONS}
        when = _when(content, where)
        outcomes = {w: kind for kind, value in given["outcomes"].items() for w in _lower(value, f"{where}: {kind}")}
    except InputError as error:
        raise InputError(printable(str(error))) from None
    return Layout(
        given["columns"], outcomes, given["missing"], given["units"], given["formats"], given["rounding"],
        given["file"], given["only"], given["except"], when, str(content.get("about", "")), name,
    )  # fmt: skip


def layout_toml(layout: Layout, about: str = "") -> str:
    """A layout as a file that can be saved, changed and given back."""
    kinds = {kind: [word for word, k in layout.outcomes.items() if k == kind] for kind in _SECTIONS["outcomes"]}
    sections: dict[str, Mapping[str, Any]] = {
        "file": {name: value for name, value in layout.file.items() if name != "known_by"},
        "columns": layout.columns,
        "only": layout.only,
        "except": layout.without,
        "outcomes": {kind: words for kind, words in kinds.items() if words} if "outcome" in layout.columns else {},
        "missing": layout.missing,
        "units": {what: unit for what, unit in layout.units.items() if what in layout.columns},
        "formats": layout.formats,
        "rounding": layout.rounding,
    }
    lines = [f"about = {toml_value(about or layout.about or 'call records')}"]
    for section, table in sections.items():
        if table:
            lines += ["", f"[{section}]"]
            lines += [f"{_key(name)} = {toml_value(value)}" for name, value in table.items()]
    for some in layout.when:
        lines += ["", "[[when]]", f"column = {toml_value(some.column)}", f"is = {toml_value(some.words)}"]
        lines += [f"{name} = {toml_value(value)}" for name, value in some.columns.items()]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml_value(name)
