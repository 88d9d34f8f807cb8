"""What commands print while they work: consoles, messages, progress.

Results go to standard output, everything else to standard error. On a terminal there are colours
and a progress bar; in a file or pipe there are plain lines.
"""

from __future__ import annotations

import shutil
import time
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from simsvc.errors import printable

PLAIN_WIDTH = 120
"""Columns where there is no terminal; the variable COLUMNS overrides it."""
_NARROWEST = 20
"""Columns below which nothing can be read; some terminals and programs say that there are none."""


def output() -> Console:
    """Console of standard output."""
    width = shutil.get_terminal_size((PLAIN_WIDTH, 0)).columns
    return Console(highlight=False, markup=False, emoji=False, width=max(width, _NARROWEST))


def show(console: Console, *parts: RenderableType) -> None:
    """Print, in files and pipes without blanks at the ends of lines."""
    if console.is_terminal:
        console.print(*parts, sep="\n")
        return
    with console.capture() as captured:
        console.print(*parts, sep="\n")
    for line in captured.get().splitlines():
        print(line.rstrip(), file=console.file)


def say(message: str) -> None:
    """One line on standard error."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True, width=PLAIN_WIDTH)
    console.print(printable(message))


def new_table(console: Console, title: str = "") -> Table:
    """An empty table: with a ruled head on a terminal, only columns elsewhere."""
    return Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD if console.is_terminal else None,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0) if console.width < PLAIN_WIDTH else (0, 2, 0, 0),
        header_style="bold",
    )


def duration(seconds: float) -> str:
    """A time span as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class ProgressReport:
    """Progress of a long job on standard error: a bar with rate and time left, or a line now and then."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._first: tuple[float, int] | None = None
        self._told_at = time.monotonic()
        self._told = 0.0
        console = Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        if console.is_terminal:
            self._bar = Progress(
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn(f"{unit}  {{task.fields[rate]}}", markup=False),
                TimeRemainingColumn(elapsed_when_finished=True),
                TextColumn("{task.fields[failed]}", markup=False, style="red"),
                console=console,
                transient=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away, if it is still there."""
        if self._bar and self._task is not None:
            self._bar.stop()

    def update(self, done: int, total: int, failed: int = 0) -> None:
        """Tell how far the job has come: units finished and planned, which may change, and failed."""
        now = time.monotonic()
        if self._first is None:  # the rate counts from here on: before it, the program was loading
            self._first = (now, done)
        since, at_first = self._first
        speed = (done - at_first) / (now - since) if now > since + 0.5 else 0.0  # too early to tell
        rate = f"{speed:,.0f} per s" if speed >= 100 else f"{speed:.3g} per s" if speed else ""
        lost = f"{failed} failed" if failed else ""
        if self._bar:
            if self._task is None:
                self._bar.start()
                self._task = self._bar.add_task("", total=total, rate=rate, failed=lost)
            self._bar.update(self._task, completed=done, total=total, rate=rate, failed=lost)
            return
        share = done / total if total else 1.0
        waited = now - self._told_at
        if waited >= 10 or (share - self._told >= 0.1 and waited >= 1):
            self._told, self._told_at = share, now
            left = f"about {duration((total - done) / speed)} left" if speed and done < total else ""
            parts = (f"{done} of {total} {self._unit} ({100 * share:.0f} %)", rate, left, lost)
            say(", ".join(part for part in parts if part))
