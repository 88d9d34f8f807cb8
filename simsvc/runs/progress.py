"""How far runs have come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far runs have come.

    Attributes:
        done: runs ended, well or not, those found done among them.
        total: runs planned; grows where more follow from what was found.
        failed: runs that failed.
        found: runs that were there already.
        seconds: since the start.
        stage: what is being run, in words, where there is more than one thing.
    """

    done: int
    total: int
    failed: int
    found: int
    seconds: float
    stage: str = ""
