"""Answers of experiments: what each estimated on a claim, and the tables they are kept in."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import pandas as pd

from simsvc.errors import InputError


@dataclass(frozen=True)
class Answer:
    """What an experiment estimated on a claim.

    Attributes:
        experiment: name of the script.
        claim: number of the claim.
        quantity: what was estimated, in short.
        unit: of the values.
        mean: over replications.
        low: lower end of the 95 % interval; NaN if there is none.
        high: upper end.
        sd: standard deviation between replications; NaN for a single one.
        n: replications that allowed an estimate.
        meaning: what the quantity is.
    """

    experiment: str
    claim: str
    quantity: str
    unit: str
    mean: float
    low: float
    high: float
    sd: float
    n: int
    meaning: str

    @property
    def told(self) -> str:
        """Value and interval as people read them, for example `6.7 [6.5, 6.9]`.

        About two digits of the uncertainty; an end that is not 0 does not look like 0.
        """
        half = (self.high - self.low) / 2
        size = half if half > 0 else abs(self.mean) / 50
        digits = min(max(math.ceil(0.3 - math.log10(size)), 0), 6) if size > 0 else 0
        ends = [end for end in (self.low, self.high) if end]
        while digits < 6 and any(round(end, digits) == 0 for end in ends):
            digits += 1
        mean, low, high = (f"{round(x, digits) + 0.0:.{digits}f}" for x in (self.mean, self.low, self.high))
        if not math.isfinite(half):
            return mean if self.n else "no estimate"
        return f"{mean} [{low}, {high}]"


ANSWERS = tuple(Answer.__annotations__)
"""Columns of a table of answers."""


def read_answers(table: Traversable) -> list[Answer]:
    """A table of answers, as `answers.csv` in a folder of results.

    Raises:
        InputError: if it is not one; the message names file and line.
    """
    rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8"))))
    if not rows or tuple(rows[0]) != ANSWERS:
        raise InputError(f"{table}: the first line should be: {','.join(ANSWERS)}")
    found = []
    for line, row in enumerate(rows[1:], 2):
        try:
            experiment, claim, quantity, unit, *values, n, meaning = row
            mean, low, high, sd = (float(value or "nan") for value in values)
            found.append(Answer(experiment, claim, quantity, unit, mean, low, high, sd, int(n), meaning))
        except ValueError as error:
            raise InputError(f"{table}, line {line}: {error}") from None
    return found


def write_answers(answers: Sequence[Answer], to: Path) -> None:
    """Write a table of answers that `read_answers` reads; what could not be estimated is left empty."""
    table = pd.DataFrame(answers, columns=list(ANSWERS)).replace([math.inf, -math.inf], math.nan)
    table.to_csv(to, index=False, float_format="%.6g", lineterminator="\n")
