"""Rows of a file of calls as a layout reads them: every value, every fault, and everything that was guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simsvc.calibration.calls.dates import IN_UTC, known_zone, moments, never_shown, remedy
from simsvc.calibration.calls.guesses import Guess, in_layout
from simsvc.calibration.calls.layouts import MOST_HOURS, Layout, load_layout, vendors
from simsvc.calibration.calls.matching import layout_for, terms, with_halves
from simsvc.calibration.calls.times_of_day import is_half, times_of_day
from simsvc.calibration.calls.values import spans
from simsvc.calibration.text_files import read_rows
from simsvc.errors import InputError

UNREADABLE_SHARE = 0.05
"""Share of unreadable rows from which on a file is not what it was taken for."""
LONGEST_TEXT = 60
"""Signs of a text of the file that are shown."""
NAMED = 5
"""Unreadable rows that are named one by one."""
LONGEST_SERVICE = LONGEST_WAIT = 12 * 3600.0
"""Times longer than this are placeholders, or of another unit."""
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

    def _times(self, texts: pd.Series[Any], column: str) -> pd.Series[float]:
        """Times of day of a column, s."""
        second, guesses = times_of_day(texts, self.layout.formats.get("time"), self.where(column))
        self.guesses += guesses
        return second

    @property
    def _utc(self) -> bool:
        return bool(self.layout.file.get("utc", False))

    def arrivals(self) -> tuple[pd.Series[Any], pd.Series[float], pd.Series[float]]:
        """Date and second of that date that the file gives for each call, and seconds from then to the queue."""
        what = "arrival" if "arrival" in self.layout.columns else "date"
        dates = pd.Series(pd.NaT, index=self.table.index, dtype="datetime64[us]")
        whole = what == "arrival"
        zone = self.layout.file.get("zone")
        for mine, text in self.cases(what):
            (_, first), *more = terms(text, list(self.table.columns)) or []
            form, texts = self.layout.formats.get(what), self.table.loc[mine, first]
            for half in (name for _, name in more if is_half(self.table[name])):
                texts = texts.str.cat(self.table.loc[mine, half], sep=" ").str.strip()
            found = moments(texts, form, what, self.where(first), zone if whole else None, self._utc and whole)
            local = found.local
            dated = bool((local.dropna() == local.dropna().dt.normalize()).all())
            for sign, name in more:
                if not is_half(self.table[name]):
                    part = self.table.loc[mine, name]
                    clocks = whole and dated and sign > 0
                    added = self._times(part, name) if clocks else sign * self._amount(part, name, "time")
                    local = local + pd.to_timedelta(added, unit="s")
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
            second = self._times(self.texts("time"), self.layout.columns.get("time", "time"))
            if self._utc and zone:
                stamps = (day + pd.to_timedelta(second, unit="s")).dt.tz_localize("UTC").dt.tz_convert(zone)
                day = stamps.dt.tz_localize(None).dt.normalize()
                second = (stamps.dt.tz_localize(None) - day).dt.total_seconds()
            elif self._utc:
                self.guesses.append(Guess("file", "zone", "UTC", IN_UTC))
            elif zone:
                self.notes.append(f"Dates and times are taken as local times of {zone}.")
        if zone:
            self.notes += never_shown(dates if whole else day + pd.to_timedelta(second, unit="s"), zone)
        return day, second, self.seconds("delay") if "delay" in self.layout.columns else 0.0 * second.fillna(0.0)

    def note(self, where: pd.Series[bool], what: str, of: str = "") -> None:
        """Name rows that cannot be used, `{}` standing for the text of a field."""
        texts = self.texts(of) if of and where.any() else None
        for line in self.table.index[where]:
            value = f"'{_short(texts.at[line])}'" if texts is not None else ""
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


def _short(text: Any) -> str:
    """A text of a file for a message."""
    return str(text) if len(str(text)) <= LONGEST_TEXT else f"{str(text)[:LONGEST_TEXT]}..."


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
    table = _filtered(table, chosen, notes)
    if len(table):
        chosen, halves = with_halves(table, chosen, str(path))
        notes += halves
    reading = Reading(path, table, chosen, rows, faults=bad, notes=notes)
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
    dates, second, delay = reading.arrivals()
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
    reading.note(counts & ~(delay.abs() <= LONGEST_WAIT), "delay {} is not a time of at most 12 h", "delay")
    unusable = (wait.isna() & ~(empty & gave_up)) | (wait < 0)
    reading.note(counts & unusable, "wait {} is not a time of 0 or more", "wait")
    bound = _longest_wait(reading, wait)
    reading.note(
        counts & (wait > bound),
        f"wait {{}} is not possible: above {bound / 3600.0:g} h (where it is: a layout with [file] longest_wait)",
        "wait",
    )
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
            "date": dates, "second": second + delay, "wait": wait, "outcome": outcome, "service": service,
            "agent": agent, "customer": reading.known("customer"), "type": reading.known("type"),
            "id": reading.known("id"),
        }
    )  # fmt: skip


def _longest_wait(reading: Reading, wait: pd.Series[float]) -> float:
    """The longest wait that is believed, s: more than a few long ones are no placeholders, as of tickets."""
    if said := reading.layout.file.get("longest_wait"):
        return 3600.0 * float(said)
    long = wait > LONGEST_WAIT
    if long.sum() <= max(UNREADABLE_SHARE * len(wait), 1):
        return LONGEST_WAIT
    reading.notes.append(
        f"WARNING: {int(long.sum())} of {len(wait)} waits are longer than {LONGEST_WAIT / 3600.0:g} h (line "
        f"{int(wait.index[long][0])}), too many for placeholders, and are believed up to a year. Is the unit right?"
    )
    return 3600.0 * MOST_HOURS


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
