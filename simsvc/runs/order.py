"""A run to be performed, and what came of it: all that passes between who wants runs and who performs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from simsvc.errors import RunFailed
from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import program_version
from simsvc.scenario.settings import Scenario

if TYPE_CHECKING:
    import pandas as pd

DAYS_AT_A_TIME = 25
"""Days between two words on how far a run has come."""

APART = 1_000_000
"""Replications between points or arms that do not share their luck: more than anybody runs."""

Drive = Callable[[ServiceOrganization, int], Any]
"""Takes a model from its first morning through its days and gives what it saw. Goes to other processes only if it
can be pickled: a function of a module, `functools.partial` of one."""


def straight(model: ServiceOrganization, days: int) -> None:
    """A drive: all days in one go; nothing is looked at on the way."""
    model.advance(days)


def told(watch: Callable[[int], None], model: ServiceOrganization, days: int) -> None:
    """A drive once `watch` is given: some days at a time, and `watch` is told how many are done."""
    while model.day < days:
        model.advance(min(DAYS_AT_A_TIME, days - model.day))
        watch(model.day)


def keeping_rows(model: ServiceOrganization, days: int, watch: Callable[[int], None] | None = None) -> Any:
    """A drive: all days, `watch` told on the way if it is given; gives them as rows of `simsvc.model.rows.DAY`."""
    if watch:
        told(watch, model, days)
    else:
        model.advance(days)
    return model.state.days[:days].copy()


@dataclass(frozen=True)
class Order:
    """A run to be performed. It can be pickled if its drive and its rules can.

    Attributes:
        settings: what is simulated, with its structure and its number of days.
        seed: root seed.
        replication: which run of that seed: the number that all its luck is keyed by.
        number: by which whoever ordered it knows it again.
        run: its identity as text, if it has one, see `Design.run_id`.
        series: daily series to bring back; `("all",)` for all.
        traces: people whose stories to bring back: numbers by kind.
        rules: functions in place of rules of the same name.
        drive: takes the model through its days.
        version: of the program that is to perform it, see `simsvc.runs.metrics.program_version`.
    """

    settings: Scenario
    seed: int
    replication: int = 0
    number: int = 0
    run: str = ""
    series: Sequence[str] = ()
    traces: Mapping[str, Sequence[int]] = field(default_factory=dict)
    rules: Mapping[str, Callable[..., Any]] | None = None
    drive: Drive = straight
    version: str = field(default_factory=program_version)


@dataclass
class Outcome:
    """What came of an order.

    Attributes:
        order: what was to be run.
        seconds: it took.
        metrics: values by name; empty if the run failed.
        seen: what the order's drive gave.
        stage: in which it failed: `start`, `days`, `measure`, `worker`; empty if it did not.
        message: of the error, one line.
        traceback: of the error.
        days: daily series asked for, one row per day.
        trace: moments of the people asked for, one row per moment.
    """

    order: Order
    seconds: float = 0.0
    metrics: dict[str, float] = field(default_factory=dict)
    seen: Any = None
    stage: str = ""
    message: str = ""
    traceback: str = ""
    days: pd.DataFrame | None = None
    trace: pd.DataFrame | None = None

    def __getstate__(self) -> dict[str, Any]:
        """What comes back from another process: not the order, which is known where it was given."""
        return {**vars(self), "order": None}

    @property
    def failed(self) -> bool:
        """Whether the run did not come to its end."""
        return bool(self.stage)

    def or_raise(self) -> Self:
        """Itself, for those who need every run.

        Raises:
            RunFailed: if the run did not come to its end.
        """
        if self.failed:
            raise RunFailed(f"a run failed ({self.stage}): {self.message}\n{self.traceback}".rstrip())
        return self
