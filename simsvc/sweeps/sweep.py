"""Sweeps: every run of a design, kept in a folder, on as many cores or machines as there are."""

from __future__ import annotations

import contextlib
import math
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Self, Unpack

from simsvc.errors import LARGEST, InputError, StoppedEarly, check_range, nearest
from simsvc.model.warm import load
from simsvc.runs.executors import Where, executor_for, spelt_out
from simsvc.runs.order import Order, Outcome
from simsvc.runs.own import Own
from simsvc.runs.progress import Progress
from simsvc.sweeps.design import Design, Task
from simsvc.sweeps.results import Results
from simsvc.sweeps.store import FAILED, INCOMPLETE, NOT_RUN, Store

if TYPE_CHECKING:
    import pandas as pd

ON_ERROR = ("continue", "stop")


@dataclass(frozen=True)
class Trial:
    """What the first run of a sweep tells of the others.

    Attributes:
        seconds: of the run.
        left: seconds that the others are going to take.
        bytes: of disk that all runs of the design are going to take.
        failed: message, if it failed.
    """

    seconds: float
    left: float
    bytes: int
    failed: str


class Sweep:
    """A design with the folder that keeps its runs. Use it in a `with` statement.

    Args:
        design: what is run.
        out: folder; one that lasts as long as this object if left out.
        on_error: `continue` with the other runs after one has failed, or `stop`.
        watch: told how far it has come, after every run.
        tried: told what the first run took.
        say: told, in a line each, what was found.
        command: what was typed, for the manifest.
        workers, dask, executor: where runs are performed, see `simsvc.runs.executors.Where`.

    Raises:
        InputError: for a design that cannot be run, before anything runs, or a folder that cannot be used.
    """

    @spelt_out
    def __init__(
        self,
        design: Design,
        out: str | Path | None = None,
        *,
        on_error: str = "continue",
        watch: Callable[[Progress], None] | None = None,
        tried: Callable[[Trial], None] | None = None,
        say: Callable[[str], None] | None = None,
        command: str = "",
        **where: Unpack[Where],
    ) -> None:
        if on_error not in ON_ERROR:
            raise InputError(f"on_error = '{on_error}': allowed: {', '.join(ON_ERROR)}{nearest(on_error, ON_ERROR)}")
        self.design, self.on_error = design, on_error
        self._watch, self._tried = watch, tried
        self._say = say or (lambda message: None)
        design.check()
        self._temporary = None if out else tempfile.TemporaryDirectory(prefix="simsvc-")
        folder = Path(self._temporary.name if self._temporary else out or "")
        with contextlib.ExitStack() as opened:
            self.executor = opened.enter_context(executor_for(say=self._say, **where))
            self.store = opened.enter_context(Store(folder, design, command, self._say))
            self._opened = opened.pop_all()
        self._tasks: dict[int, Task] = {}
        self.found = self.store.done
        self._begun = time.monotonic()
        self._is_tried = False
        self._is_broken = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Write everything and let others use the folder; `results` can go on being read."""
        self._opened.close()

    @property
    def results(self) -> Results:
        """What there is so far, for reading, also after this is closed."""
        return Results(self.store.folder, self._temporary)

    def runs(self) -> pd.DataFrame:
        """One row per run; see `Results.runs`."""
        return self.results.runs()

    def perform(
        self,
        tasks: Iterable[Task] | None = None,
        *,
        retry_failed: bool = False,
        limit: int | None = None,
        until: datetime | None = None,
    ) -> None:
        """Run what has not been run yet. Ctrl-C lets the runs under way end; a second one stops at once.

        Args:
            tasks: of the design; all if left out.
            retry_failed: whether what failed before is run again.
            limit: runs performed now, 1 or more; all if left out.
            until: no run is begun that, taking as long as the longest so far, would end later.

        Raises:
            StoppedEarly: on a failed run if `on_error` is `stop`, on a full disk, on a lost scheduler.
            KeyboardInterrupt: after Ctrl-C, once everything is kept.
        """
        if limit is not None:
            check_range("limit", limit, 1, LARGEST)
        again = (NOT_RUN, INCOMPLETE, FAILED) if retry_failed else (NOT_RUN, INCOMPLETE)
        asked = self.design.tasks() if tasks is None else tasks
        wanted = (task for task in asked if self.store.status[task.number] in again)
        with _stoppable(self._say) as stopped:
            stopped.deadline = math.inf if until is None else until.timestamp()
            orders = self._orders(islice(wanted, limit), stopped)
            if not self._is_tried and self.executor.is_here:
                self._is_tried = True
                for order in islice(orders, 1):
                    load(order.settings.own)
                    for outcome in self.executor.as_finished([order], stopped):
                        self._keep(outcome, stopped, first=True)
            for outcome in self.executor.as_finished(orders, stopped):
                self._keep(outcome, stopped)
        if stopped.was_asked:
            if self._is_broken:
                raise StoppedEarly(f"stopped after a failed run, as asked; {self.store.done:,} finished runs are kept")
            raise KeyboardInterrupt(
                f"stopped by {stopped.asked_by}; {self.store.done:,} of {len(self.design):,} runs are kept in "
                f"{self.store.folder}; give the same command again to go on"
            )

    def _orders(self, tasks: Iterable[Task], stopped: _Stop) -> Iterator[Order]:
        design = self.design
        for task in tasks:
            if stopped.is_set():
                return
            self._tasks[task.number] = task
            settings = design.settings_of(task)
            run = design.run_id(task, settings)
            yield Order(settings, design.root_seed, task.luck, task.number, run, design.series, design.traces or {})

    def _keep(self, outcome: Outcome, stopped: _Stop, *, first: bool = False) -> None:
        stopped.longest = max(stopped.longest, outcome.seconds)
        self.store.record(self._tasks.pop(outcome.order.number), outcome)
        if outcome.failed and self.on_error == "stop":
            self._is_broken = True
            stopped.set()
        failed, planned = self.store.failed, len(self.design)
        done = self.store.done + failed
        if first and self._tried:
            left = (planned - done) * outcome.seconds / self.executor.workers
            self._tried(Trial(outcome.seconds, left, self.store.bytes_expected(), outcome.message))
        if self._watch:
            self._watch(Progress(done, planned, failed, self.found, time.monotonic() - self._begun))


class _Stop(threading.Event):
    """Set once a sweep is to end: asked to, or because another run would not end in time.

    Attributes:
        asked_by: who asked, in words.
        deadline: time (s since 1970) by which the last run has ended.
        longest: seconds that the longest run so far took.
    """

    asked_by, deadline, longest = "", math.inf, 0.0

    @property
    def was_asked(self) -> bool:
        """Whether it is to end for another reason than its deadline."""
        return super().is_set()

    def is_set(self) -> bool:
        """Whether no more runs are to begin."""
        return self.was_asked or time.time() + self.longest > self.deadline


@contextlib.contextmanager
def _stoppable(say: Callable[[str], None]) -> Iterator[_Stop]:
    """An event that Ctrl-C or a request to end sets, instead of breaking off; the second one ends at once."""
    stopped = _Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.asked_by = "Ctrl-C" if number == signal.SIGINT else "a request to end (SIGTERM)"
        stopped.set()
        for kind, handler in before.items():
            signal.signal(kind, handler)
        signal.signal(number, signal.SIG_DFL)
        # in a thread, since the signal may have come in the middle of another message
        message = "Stopping: the runs under way are finished and kept; once more to stop at once."
        threading.Thread(target=say, args=(message,)).start()

    before: dict[signal.Signals, Any] = {kind: signal.signal(kind, stop) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@spelt_out
def sweep(
    design: Design | str | Path,
    out: str | Path | None = None,
    *,
    own: str | Path | Own | None = None,
    on_error: str = "continue",
    retry_failed: bool = False,
    limit: int | None = None,
    until: datetime | None = None,
    watch: Callable[[Progress], None] | None = None,
    **where: Unpack[Where],
) -> Results:
    """Run a whole design, or what is missing of it.

    Args:
        design: or a file of one; see `simsvc.sweeps.files`.
        out: folder of results; one that holds part of the same design is completed. If left out, results
            last as long as what is returned.
        own: file of own rules, phases and metrics, see `simsvc.runs.own`.
        on_error: `continue` or `stop`.
        retry_failed: whether runs that failed before are run again.
        limit: runs performed in this call, 1 or more; all if left out. The same call again goes on.
        until: time by which the last run has ended, as far as the longest so far allows to tell.
        watch: told how far it has come.
        where: workers, dask or executor, see `simsvc.runs.executors.Where`.

    Raises:
        InputError: for wrong input, before anything runs.
        StoppedEarly: when it cannot go on; what was finished is kept.
    """
    if not isinstance(design, Design):
        from simsvc.sweeps.files import load_design

        design = load_design(design)
    design = design.under(own)
    with Sweep(design, out, on_error=on_error, watch=watch, **where) as work:
        work.perform(retry_failed=retry_failed, limit=limit, until=until)
        return work.results
