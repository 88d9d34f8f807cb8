"""Rows of a file of calls as a layout reads them: every value, every fault, and everything that was guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simsvc.calibration.calls.dates import IN_UTC, known_zone, moments, remedy
from simsvc.calibration.calls.guesses import Guess, in_layout
from simsvc.calibration.calls.layouts import Layout, load_layout, vendors
from simsvc.calibration.calls.matching import layout_for, terms
from simsvc.calibration.calls.values import clock, spans
from simsvc.calibration.text_files import read_rows
from simsvc.errors import InputError

UNREADABLE_SHARE = 0.05
"""Share of unreadable rows from which on a file is not what it was taken for."""
NAMED = 5
"""Unreadable rows that are named one by one."""
LONGEST_SERVICE = 12 * 3600.0
DAY_SECONDS = 86_400.0
LEAST_TIMES = 20
"""Dates of which at least one has a time of day that is not midnight."""
UNKNOWN = ("", "-", "--", "none", "nan", "nat", "null", "n/a", "na", "#n/a", "\\n")
"""Texts, in lower case, that say that a value is not known."""
_DATED = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"


@dataclass
class Reading:
    """A file as a layout reads it.

    Attributes:
        path: of the file.
        table: its cells, text, with the numbers of lines as index; rows that a filter leaves out are not in it.
        layout: by which it is read.
        rows: of the file, without its header.
        fields: what was read, with the same index: `date`, `second` of that date at which the call came to the queue,
            `wait` (s, NaN where unknown), `outcome` (`served`, `abandoned`, `ignored`, None), `service` (s), `agent`,
            `customer`, `type`, `id` (text, None where unknown).
        faults: why rows cannot be used, by line.
        guesses: what was found out from the file.
        notes: further things that were assumed or passed over, each a sentence.
    """

    path: Path
    table: pd.DataFrame
    layout: Layout
    rows: int
    fields: pd.DataFrame = field(default_factory=pd.DataFrame)
    faults: dict[int, str] = field(default_factory=dict)
    guesses: list[Guess] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def told(self) -> list[str]:
        """Everything that was assumed, guessed or passed over, the most important first."""
        said = list(dict.fromkeys([*(guess.why for guess in self.guesses if guess.why), *self.notes]))
        return sorted(said, key=lambda text: not text.startswith("WARNING"))

    def explicit(self) -> Layout:
        """The layout with everything said that was guessed, and of the outcomes the words that the file has."""
        said: dict[str, dict[str, Any]] = {}
        signs = {guess.value for guess in self.guesses if guess.name == "decimal"}
        for guess in self.guesses:
            if guess.section and guess.value != "" and (guess.name != "decimal" or len(signs) == 1):
                said.setdefault(guess.section, {})[guess.name] = guess.value
        outcomes = self.layout.outcomes
        if "outcome" in self.layout.columns:
            used = set(self.texts("outcome").str.lower().str.replace("_", " ", regex=False))
            outcomes = {word: kind for word, kind in outcomes.items() if word.replace("_", " ") in used}
        return replace(
            self.layout, outcomes=outcomes, file={**self.layout.file, **said.get("file", {})},
            units={**self.layout.units, **said.get("units", {})},
            formats={**self.layout.formats, **said.get("formats", {})},
        )  # fmt: skip

    def where(self, column: str) -> str:
        """File and column, for messages."""
        return f"{self.path}: column '{column}'"

    def cases(self, what: str) -> Iterator[tuple[pd.Series[bool], str]]:
        """Rows, and the column or computation that holds a field in them; none where nothing does."""
        rest = pd.Series(True, index=self.table.index)
        for some in self.layout.when:
            if what in some.columns:
                mine = rest & self.table[_column(some.column, self.table)].str.lower().isin(some.words)
                rest = rest & ~mine
                if some.columns[what] and mine.any():
                    yield mine, some.columns[what]
        if what in self.layout.columns and rest.any():
            yield rest, self.layout.columns[what]

    def texts(self, what: str) -> pd.Series[Any]:
        """Texts of a field; those of several columns with blanks between them."""
        found = pd.Series("", index=self.table.index, dtype=object)
        for mine, text in self.cases(what):
            columns = [self.table.loc[mine, name] for _, name in terms(text, list(self.table.columns)) or []]
            joined = columns[0]
            for other in columns[1:]:
                joined = joined.str.cat(other, sep=" ").str.strip()
            found[mine] = joined
        return found

    def known(self, what: str) -> pd.Series[Any]:
        """Texts of a field, None where unknown."""
        texts = self.texts(what)
        return texts.where(~texts.str.lower().isin([*self.layout.missing.get(what, ()), *UNKNOWN]), None)

    def seconds(self, what: str) -> pd.Series[float]:
        """Time spans of a field, s; NaN where unknown."""
        found = pd.Series(np.nan, index=self.table.index)
        for mine, text in self.cases(what):
            found[mine] = self._sum(terms(text, list(self.table.columns)) or [], self.table[mine], what)
        return found

    def _sum(self, parts: Sequence[tuple[int, str]], table: pd.DataFrame, what: str) -> pd.Series[float]:
        """A computation of columns, s: what is unknown counts as 0 in a sum of which something is known."""
        each = [sign * self._amount(table[name], name, what) for sign, name in parts]
        plus = pd.concat([one for one, (sign, _) in zip(each, parts, strict=True) if sign > 0], axis=1)
        unknown = int((plus.isna().any(axis=1) & plus.notna().any(axis=1)).sum())
        if unknown:
            names = " + ".join(name for sign, name in parts if sign > 0)
            self.notes.append(f"{unknown} rows lack a part of {what} ({names}), which counts as 0.")
        total: pd.Series[float] = plus.sum(axis=1, min_count=1)
        for one, (sign, _) in zip(each, parts, strict=True):
            total = total + one if sign < 0 else total
        return total

    def _amount(self, texts: pd.Series[Any], column: str, what: str) -> pd.Series[float]:
        """Seconds of a column: time spans, or moments since 1970, of which differences are time spans."""
        written = texts[texts != ""]
        if len(written) and written.str.contains(_DATED).mean() > 0.5:
            found = moments(texts, None, "arrival", self.where(column), self.layout.file.get("zone"), self._utc)
            self.guesses += [guess._replace(section="") for guess in found.guesses if guess.section == "formats"]
            instant = found.local - pd.to_timedelta(found.offset.fillna(0.0), unit="s")
            return (instant - pd.Timestamp(0)).dt.total_seconds()
        unit = self.layout.units.get(what, "s")
        seconds, guesses = spans(texts, unit, self.layout.file.get("decimal"), what, self.where(column))
        self.guesses += guesses
        return seconds

    @property
    def _utc(self) -> bool:
        return bool(self.layout.file.get("utc", False))

    def arrivals(self) -> tuple[pd.Series[Any], pd.Series[float]]:
        """Date and second of that date at which each call came to the queue."""
        what = "arrival" if "arrival" in self.layout.columns else "date"
        dates = pd.Series(pd.NaT, index=self.table.index, dtype="datetime64[us]")
        whole = what == "arrival"
        zone = self.layout.file.get("zone")
        for mine, text in self.cases(what):
            (_, first), *more = terms(text, list(self.table.columns)) or []
            form = self.layout.formats.get(what)
            found = moments(
                self.table.loc[mine, first], form, what, self.where(first), zone if whole else None, self._utc and whole
            )
            local = found.local
            for sign, name in more:
                local = local + pd.to_timedelta(sign * self._amount(self.table.loc[mine, name], name, "time"), unit="s")
            dates[mine] = local.dt.round("ms")
            self.guesses += found.guesses
        day = dates.dt.normalize()
        if whole:
            second = (dates - day).dt.total_seconds()
            if len(second) >= LEAST_TIMES and (second == 0).all():
                raise InputError(
                    f"{self.where(self.layout.columns[what])}: holds dates without times of day; name the column of "
                    "the time, --column date=NAME --column time=NAME"
                )
        else:
            texts = self.texts("time")
            second = clock(texts).fillna(pd.to_numeric(texts, errors="coerce"))
            second = second.where((second >= 0.0) & (second < 2.0 * DAY_SECONDS))
            if self._utc and zone:
                stamps = (day + pd.to_timedelta(second, unit="s")).dt.tz_localize("UTC").dt.tz_convert(zone)
                day = stamps.dt.tz_localize(None).dt.normalize()
                second = (stamps.dt.tz_localize(None) - day).dt.total_seconds()
            elif self._utc:
                self.guesses.append(Guess("file", "zone", "UTC", IN_UTC))
        return day, second + self.seconds("delay") if "delay" in self.layout.columns else second

    def note(self, where: pd.Series[bool], what: str, of: str = "") -> None:
        """Name rows that cannot be used, `{}` standing for the text of a field."""
        texts = self.texts(of) if of and where.any() else None
        for line in self.table.index[where]:
            value = f"'{texts.at[line]!s}'" if texts is not None else ""
            self.faults.setdefault(int(line), what.format(value).replace("  ", " ").strip())

    def check(self, ignored: int) -> tuple[str, ...]:
        """Name the first unreadable rows; refuse a file with too many of them."""
        reasons = tuple(f"line {line}: {self.faults[line]}" for line in sorted(self.faults)[:NAMED])
        rows = len(self.table) + sum(line not in self.table.index for line in self.faults) - ignored
        if rows and len(self.faults) > max(UNREADABLE_SHARE * rows, 1):
            found = ", ".join(f"{what} = '{name}'" for what, name in self.layout.columns.items())
            what = "arrival" if "arrival" in self.layout.columns else "date"
            dates = f"{remedy(what)}; or " if "is not a date" in reasons[0] else ""
            raise InputError(
                f"{self.path}: {len(self.faults)} of {rows} rows cannot be read ({reasons[0]}); at most "
                f"{UNREADABLE_SHARE:.0%} may; read as {found}; {dates}name other columns with --column, or a layout "
                "with --layout"
            )
        return reasons


def _column(name: str, table: pd.DataFrame) -> str:
    """A column as the file names it."""
    parts = terms(name, list(table.columns))
    return parts[0][1] if parts else name


def _table(path: Path, layout: Layout | None) -> tuple[pd.DataFrame, dict[int, str], list[str], int]:
    """All rows of a file as texts; what was wrong with rows that do not fit, by line; notes; number of rows."""
    said: Mapping[str, Any] = layout.file if layout else {}
    found = read_rows(path, said.get("names", ()), said.get("separator"), said.get("sheet"))
    header, rows = found.header, found.rows
    if len(header) == 1:
        raise InputError(
            f"{path}: the first line has a single column; columns are separated by commas, semicolons or tabs"
        )
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise InputError(f"{path}: two columns are called '{twice}'; every column needs a name of its own")
    fit = {line: row for line, row in rows if len(row) == len(header)}
    bad = {line: f"has {len(row)} columns, the header {len(header)}" for line, row in rows if line not in fit}
    if not fit:
        raise InputError(f"{path}: has no rows that fit its header")
    table = pd.DataFrame(list(fit.values()), columns=header, index=list(fit), dtype=object)
    return table, bad, found.notes, len(rows)


def read(
    path: Path, layout: str | None = None, columns: Mapping[str, str] | None = None, zone: str | None = None
) -> Reading:
    """Read a file by a layout as far as it can be read; see `simsvc.calibration.calls.records.read_calls`.

    Raises:
        InputError: if the file, the layout or a column cannot be read at all.
    """
    given = load_layout(layout) if layout is not None else None
    table, bad, notes, rows = _table(path, given)
    chosen = layout_for(list(table.columns), str(path), given, columns or {})
    if zone is not None:
        chosen = replace(chosen, file={**chosen.file, "zone": known_zone(zone, "--zone")})
    if given is None and chosen.name:
        notes.append(f"Read by the layout {chosen.name}, whose columns the file has.")
    reading = Reading(path, _filtered(table, chosen, notes), chosen, rows, faults=bad, notes=notes)
    if chosen.name in vendors() and (absent := [w for w in ("agent", "id") if w not in chosen.columns]):
        notes.append(f"The file has no column of the layout {chosen.name} for {' and '.join(absent)}.")
    _read_fields(reading)
    return reading


def _filtered(table: pd.DataFrame, layout: Layout, notes: list[str]) -> pd.DataFrame:
    """Rows that the filters of a layout leave, and how many they do not."""
    for words, wanted in ((layout.only, True), (layout.without, False)):
        for name, values in words.items():
            inside = table[_column(name, table)].str.lower().isin(values)
            keep = inside if wanted else ~inside
            if left := int((~keep).sum()):
                how = "is not" if wanted else "is"
                told = " or ".join(value or "empty" for value in values)
                notes.append(f"{left} rows are left out by the layout: {name} {how} {told}.")
            table = table[keep]
    return table


def _read_fields(reading: Reading) -> None:
    """Read all fields and name the rows that cannot be used."""
    layout = reading.layout
    if reading.table.empty:
        raise InputError(f"{reading.path}: the filters of the layout leave no row")
    dates, second = reading.arrivals()
    wait, service = reading.seconds("wait"), reading.seconds("service_time")
    agent = reading.known("agent")
    if "outcome" in layout.columns:
        words = reading.texts("outcome").str.lower().str.replace("_", " ", regex=False)
        outcome = words.map({word.replace("_", " "): kind for word, kind in layout.outcomes.items()})
    else:
        outcome = ((service > 0) | agent.notna()).map({True: "served", False: "abandoned"})
    counts = outcome != "ignored"
    served, gave_up = outcome == "served", outcome == "abandoned"

    empty = wait.isna() & reading.known("wait").isna()
    told = served & ~empty
    if (empty & served).any() and told.any() and not ((wait == 0) & told).any():
        wait = wait.mask(empty & served, 0.0)
        reading.notes.append(
            f"{int((empty & served).sum())} calls were served without a wait in the file (line "
            f"{int(reading.table.index[empty & served][0])}) and are taken as served at once; no other served call has "
            "a wait of 0."
        )
    clocked = "arrival" if "arrival" in layout.columns else "time"
    reading.note(counts & dates.isna(), "{} is not a date", "arrival" if "arrival" in layout.columns else "date")
    reading.note(counts & second.isna(), "{} is not a time of day", clocked)
    unusable = (wait.isna() & ~(empty & gave_up)) | (wait < 0)
    reading.note(counts & unusable, "wait {} is not a time of 0 or more", "wait")
    reading.note(
        outcome.isna(), "outcome {} is unknown: give its meaning in a layout, [outcomes]",
        "outcome" if "outcome" in layout.columns else "",
    )  # fmt: skip
    reading.note(
        counts & ((service < 0) | (service > LONGEST_SERVICE)),
        "service time {} is not possible: below 0 or above 12 h (another unit: a layout with [units] service_time)",
        "service_time",
    )
    _unknown_services(reading, service, served)
    lost = int((empty & gave_up).sum())
    if lost:
        reading.notes.append(
            f"{lost} of {int(gave_up.sum())} calls were given up without a wait in the file (line "
            f"{int(reading.table.index[empty & gave_up][0])}); they count as calls and as given up, not in waits."
        )
    reading.fields = pd.DataFrame(
        {
            "date": dates, "second": second, "wait": wait, "outcome": outcome, "service": service, "agent": agent,
            "customer": reading.known("customer"), "type": reading.known("type"), "id": reading.known("id"),
        }
    )  # fmt: skip


def _unknown_services(reading: Reading, service: pd.Series[float], served: pd.Series[bool]) -> None:
    """Count served calls without a service time; too many are refused by `check_services`."""
    if "service_time" not in reading.layout.columns:
        return
    unknown = served & service.isna()
    if not unknown.any():
        return
    lines = ", ".join(str(line) for line in reading.table.index[unknown][:NAMED])
    reading.notes.append(
        f"{int(unknown.sum())} of {int(served.sum())} served calls have no service time that can be read (lines {lines}"
        f"{' ...' if unknown.sum() > NAMED else ''}); they count as calls, not in service times."
    )


def check_services(reading: Reading) -> None:
    """Refuse a file of which too many served calls have no service time, unless the layout says that it is so.

    Raises:
        InputError: with the share and the first line.
    """
    served, fields = reading.fields["outcome"] == "served", reading.fields
    if "service_time" not in reading.layout.columns or "service_time" in reading.layout.missing:
        return
    unknown = served & fields["service"].isna() & ~fields.index.isin(list(reading.faults))
    if unknown.sum() > max(UNREADABLE_SHARE * served.sum(), 1):
        line = reading.table.index[unknown][0]
        text = str(reading.texts("service_time").at[line])
        raise InputError(
            f"{reading.path}: {int(unknown.sum())} of {int(served.sum())} served calls have no service time that can "
            f"be read (line {line}: '{text}'); at most {UNREADABLE_SHARE:.0%} may; if they are unknown, say so in a "
            "layout, " + in_layout("missing", "service_time", [text])
        )
