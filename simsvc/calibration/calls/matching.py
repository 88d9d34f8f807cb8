"""Which layout fits a file: what the names of its columns suggest, and what was asked for on top of that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from simsvc.calibration.calls.layouts import FIELDS, Layout, load_layout, vendors
from simsvc.calibration.calls.times_of_day import is_half, times_of_day
from simsvc.errors import InputError, nearest

_NAMES = {
    "arrival": "arrival arrived arrival_time timestamp datetime date_time call_start start_time offered_at received",
    "date": "date day call_date",
    "time": "time time_of_day clock call_time",
    "wait": "wait waiting wait_time waiting_time queue_time q_time time_in_queue queue wait_s wait_sec wait_seconds "
    "wait_min wait_minutes wait_ms queue_seconds",
    "outcome": "outcome result disposition status call_status call_outcome",
    "service_time": "service_time service ser_time talk_time handle_time handling_time aht duration service_s "
    "service_sec service_seconds service_min service_minutes service_ms service_time_ms talk talk_seconds "
    "handle_seconds",
    "agent": "agent agent_id server agent_name operator employee staff csr",
    "customer": "customer customer_id caller caller_id client client_id account member",
    "type": "type call_type skill service_type reason topic product",
    "id": "call_id callid uniqueid unique_id contact_id conversation_id interaction_id ticket_id record_id id",
}
_ENDINGS = {
    "min": "min", "minutes": "min", "mins": "min", "h": "h", "hours": "h", "hrs": "h",
    "ms": "ms", "msec": "ms", "millis": "ms", "milliseconds": "ms", "days": "d",
}  # fmt: skip
_HALVES = ("ampm", "am_pm", "meridiem", "meridian")
"""Names of columns of AM and PM."""
_TIMED = ("wait", "service_time", "delay")
_INSTEAD = {"date": ("arrival",), "time": ("arrival",), "arrival": ("date", "time", "delay")}
"""Fields that say the same in another way."""


def _outcomes(**words: str) -> dict[str, str]:
    return {word.replace("_", " "): kind for kind, some in words.items() for word in some.split()}


USUAL_OUTCOMES = _outcomes(
    served="served answered answer handled completed complete agent connected ok yes y 1 true t success",
    abandoned="abandoned abandon hang hangup hung_up lost reneged gave_up dropped no n 0 false f no_answer noanswer "
    "unanswered not_answered missed",
    ignored="ignored ignore phantom test",
)


def plain_name(name: str) -> str:
    """A column's name without case, blanks and signs."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def terms(text: str, header: Sequence[str]) -> list[tuple[int, str]] | None:
    """Columns that a text names, each with 1, or -1 if it is taken off: `end - start`.

    Args:
        text: name of a column, as in the file or without regard to case, blanks and signs; or several with ` + ` and
            ` - ` between them.
        header: names of the columns.

    Returns:
        The columns as the file names them; None if there is one that the file does not have.
    """
    plain = {plain_name(name): name for name in reversed(header)}
    if text in header:
        return [(1, text)]
    found, sign = [], 1
    for part in re.split(r"\s+([+-])\s+", text):
        if part in ("+", "-"):
            sign = 1 if part == "+" else -1
            continue
        name = part if part in header else plain.get(plain_name(part))
        if name is None:
            return None
        found.append((sign, name))
    return found


def written(parts: Sequence[tuple[int, str]]) -> str:
    """Columns as a layout names them, see `terms`."""
    return "".join(f"{' + ' if sign > 0 else ' - '}{name}" for sign, name in parts).removeprefix(" + ")


def guessed(header: Sequence[str]) -> Layout:
    """The layout that the names of the columns suggest."""
    for name in vendors():
        layout = load_layout(name)
        marks = layout.file.get("known_by", ())
        if marks and set(marks) <= set(header):
            return layout
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
    return Layout(columns=columns)


def unit_by_name(column: str) -> str:
    """The unit that the end of a column's name tells, in brackets or not; seconds otherwise."""
    return _ENDINGS.get(plain_name(column).rsplit("_", 1)[-1] if "_" in plain_name(column) else "", "s")


def layout_for(header: Sequence[str], where: str, given: Layout | None, columns: Mapping[str, str]) -> Layout:
    """The layout of a file with this header.

    What is given adds to what the names of the columns suggest; a layout that comes with the program stands alone.

    Args:
        header: names of the columns.
        where: file, for messages.
        given: layout, if one was asked for.
        columns: single columns by field, as given on the command line.

    Raises:
        InputError: if a column named is not there, or one that is needed was not found.
    """
    own = None if given is None or given.name in vendors() else given
    layout = guessed(header) if given is None or own else given
    named: dict[str, Any] = dict(own.columns) if own else {}
    for what, column in columns.items():
        if what not in FIELDS:
            raise InputError(
                f"--column {what}={column}: nothing is called '{what}'{nearest(what, FIELDS)}; "
                f"allowed: {', '.join(FIELDS)}"
            )
        named = {key: value for key, value in named.items() if key not in _INSTEAD.get(what, ())}
        named[what] = column
    chosen = {what: _found(what, value, header, where) for what, value in named.items() if value != ""}
    taken = set(chosen.values())
    instead = {other for what in chosen for other in _INSTEAD.get(what, ())}
    for what, value in layout.columns.items():
        found = _first(value, header)
        if found is not None and what not in {*named, *instead} and found not in taken:
            chosen[what] = found
    _check_needs(chosen, header, where)
    merged = own or layout
    for what in own.formats if own else ():
        if what not in chosen:
            other = "date" if what == "arrival" else "arrival"
            raise InputError(
                f"--layout {merged.name}: [formats] {what} has no effect: dates are read from column "
                f"'{chosen[other]}', which is {other}; write [formats] {other} instead"
            )
    for column in (*merged.only, *merged.without, *(some.column for some in merged.when)):
        _found("rows", column, header, where)
    return replace(
        merged,
        columns={what: chosen[what] for what in FIELDS if what in chosen},
        units={what: unit_by_name(chosen[what]) for what in _TIMED if what in chosen} | dict(merged.units),
        outcomes={**USUAL_OUTCOMES, **merged.outcomes},
        when=tuple(
            replace(
                some,
                columns={what: v and _found(what, v, header, where) for what, v in some.columns.items()},
            )
            for some in merged.when
        ),
    )


def with_halves(table: pd.DataFrame, layout: Layout, where: str) -> tuple[Layout, list[str]]:
    """The layout with a column of AM and PM joined to the times it belongs to, and what was done.

    Args:
        table: all cells, texts.
        layout: with columns that the file has.
        where: file, for messages.

    Raises:
        InputError: if several columns hold AM and PM, one that is called so holds something else, or times of twelve
            hours are numbers.
    """
    header, what = list(table.columns), "time" if "time" in layout.columns else "arrival"
    used = {name for text in layout.columns.values() for _, name in terms(text, header) or []}
    halves = [name for name in header if name not in used and is_half(table[name])]
    if not halves:
        halves = [name for name in header if name not in used and plain_name(name) in _HALVES and table[name].any()]
    parts = terms(layout.columns[what], header) or []
    times = table[parts[0][1]]
    times = times[(times != "") & ~times.str.contains(r"[AaPp]\.?\s?[Mm]\.?$")]
    if not halves or times.empty or any(is_half(table[name]) for _, name in parts):
        return layout, []
    hours = pd.to_numeric(times.str.extract(r"(?:^|[T ,])(\d{1,2})[:.]\d{2}(?:[:.]\d{2}\S*)?$")[0]).dropna()
    if counted := hours.empty and what == "time":
        hours = times_of_day(times, layout.formats.get("time"), f"{where}: column '{parts[0][1]}'")[0].dropna() // 3600
    named = " and ".join(f"'{name}'" for name in halves)
    if not hours.between(1, 12).mean() >= 0.95:
        return layout, [f"Column {named} is passed over: times ({what}) are those of a day of 24 hours."]
    joined = f"{written(parts[:1])} + {halves[0]}"
    if counted or len(halves) > 1 or not is_half(table[halves[0]]):
        raise InputError(
            f"{where}: times such as '{times.iloc[0]}' ({what}) need AM or PM, which column {named} does not say "
            f"clearly; write them as 1:05:00 PM, or say which column it is, --column {what}='{joined}'"
        )
    joined += "".join(f" {'+' if sign > 0 else '-'} {name}" for sign, name in parts[1:])
    told = f"AM and PM in column {named} are joined to the times in '{parts[0][1]}'."
    return replace(layout, columns={**layout.columns, what: joined}), [told]


def _first(value: Any, header: Sequence[str]) -> str | None:
    """The column, or computation of columns, of which the file has all; the first of several that are named."""
    for text in [value] if isinstance(value, str) else value:
        if parts := terms(text, header):
            return written(parts)
    return None


def _found(what: str, value: Any, header: Sequence[str], where: str) -> str:
    """The same, where there has to be one."""
    if found := _first(value, header):
        return found
    text = value if isinstance(value, str) else " or ".join(value)
    raise InputError(
        f"{where}: there is no column '{text}' for {what}{nearest(text, header)}; columns: {', '.join(header[:20])}"
    )


def _check_needs(chosen: Mapping[str, str], header: Sequence[str], where: str) -> None:
    needs = ["date", "time"] if {"date", "time"} & chosen.keys() else ["arrival"]
    needs += ["wait"] if {"outcome", "service_time", "agent"} & chosen.keys() else ["wait", "outcome"]
    missing = [what for what in needs if what not in chosen]
    if missing:
        values = sum(bool(re.fullmatch(r"[\d.,:/ -]+", name)) for name in header)
        hint = (
            "; the first line seems to hold values: a file without names of columns needs a layout with [file] names"
            if values
            else ""
        )
        raise InputError(
            f"{where}: no column was found for {' and '.join(missing)} ({FIELDS[missing[0]]}); name it with "
            f"--column {missing[0]}=NAME; columns: {', '.join(header[:20])}{hint}"
        )
