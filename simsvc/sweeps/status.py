"""How far a sweep has come, told from its folder alone: while it runs, after it was stopped, on another machine."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import filelock
import numpy as np

from simsvc.sweeps.ledger import LEDGER, lines_of, read_sealed
from simsvc.sweeps.results import Results

LOCK = ".lock"
RECENT = 200
"""Runs that the pace is told from."""
PAUSE = 10.0
"""Nobody was at work in a gap between two runs that is longer than so many of them took, and a minute."""


@dataclass(frozen=True)
class Status:
    """How far a sweep has come.

    Attributes:
        folder: of results.
        runs: planned; `None` if the folder was begun by a version that did not note it.
        done: finished.
        failed: ended with an error and not repeated with success.
        points: points of which at least one run is finished.
        pace: runs per second, over the last ones, pauses left out; `None` if too few have ended to tell.
        at_work: whether somebody is running it now; `None` if that cannot be seen from here.
        last: when the last run ended, in seconds since 1970 (UTC); `None` if none has.
    """

    folder: str
    runs: int | None
    done: int
    failed: int
    points: int
    pace: float | None
    at_work: bool | None
    last: float | None

    @property
    def left(self) -> int | None:
        """Runs neither done nor failed."""
        return None if self.runs is None else max(self.runs - self.done - self.failed, 0)

    @property
    def seconds_left(self) -> float | None:
        """Time that what is left takes at this pace."""
        return self.left / self.pace if self.left is not None and self.pace else None

    def as_json(self) -> dict[str, Any]:
        """Everything, for other programs."""
        return {**asdict(self), "left": self.left, "seconds_left": self.seconds_left}


def status(folder: str | Path) -> Status:
    """How far the sweep of a folder has come. Nothing is written, and nobody at work is disturbed.

    Args:
        folder: of results of a sweep.

    Raises:
        InputError: if it is none, or one of its parts is damaged.
    """
    results = Results(folder)
    ended: dict[int, tuple[bool, int]] = {}
    for _, path in results.parts():
        part = read_sealed(path, results.key).select(["number", "point"]).to_pydict()
        ended |= {number: (True, point) for number, point in zip(part["number"], part["point"], strict=True)}
    point_at = list(results.manifest["keys"]).index("point")
    times = []
    for line in lines_of(results.folder / LEDGER, results.key):
        if entry := line.entry:
            was_done = ended.get(entry["number"], (False, 0))[0]
            ended[entry["number"]] = (was_done or entry["status"] == "done", entry["row"][point_at])
            if "ended" in entry and entry["seconds"] is not None:
                times.append((entry["ended"], entry["seconds"]))
    points = [point for is_done, point in ended.values() if is_done]
    cells = results.manifest.get("cells")
    return Status(
        folder=str(folder),
        runs=None if cells is None else cells * results.manifest["replications"],
        done=len(points),
        failed=len(ended) - len(points),
        points=len(set(points)),
        pace=_pace(times[-RECENT:]),
        at_work=_at_work(results.folder / LOCK),
        last=times[-1][0] if times else None,
    )


def _pace(times: list[tuple[float, float]]) -> float | None:
    """Runs per second, from when they ended and what they took (s)."""
    if len(times) < 2:
        return None
    ended, took = np.array(times).T
    gaps = np.maximum(np.diff(ended), 0.0)
    gaps = gaps[gaps <= 60 + PAUSE * np.median(took)]
    return len(gaps) / gaps.sum() if gaps.sum() > 0 else None


def _at_work(path: Path) -> bool | None:
    """Whether somebody holds the lock of a folder; it is tried for a moment, which who begins then waits for."""
    if not path.exists():
        return False
    lock = filelock.FileLock(path, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        return True
    except (OSError, NotImplementedError):
        return None
    lock.release()
    return False
