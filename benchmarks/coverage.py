"""How often do intervals of paired differences hold the truth, with few pairs and rare events?

    python benchmarks/coverage.py               # some minutes

Draws small comparisons from many pairs of runs, whose mean is the truth, and counts how often the interval of each
metric holds it: with Student's t alone, and with what one unseen event may do (`simsvc.runs.statistics.interval`).
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import typer

import simsvc
from simsvc.runs.metrics import METRICS, one_event
from simsvc.runs.statistics import contrast, interval
from simsvc.scenario.loading import load_scenario

CASES = (("classroom", 60), ("classroom", 120), ("classroom", 250), ("contact_centre", 250))
SIZES = (3, 5, 10)
NOMINAL, NOTED = 0.95, 0.93


def main(
    pairs: Annotated[int, typer.Option(help="Pairs of runs that stand for the truth.")] = 300,
    draws: Annotated[int, typer.Option(help="Small comparisons drawn of each size.")] = 2000,
) -> None:
    """Print the coverage of every metric that a rare event moves or that is covered too seldom."""
    rng = np.random.default_rng(1)
    print(
        f"coverage of {NOMINAL:.0%} intervals with {', '.join(map(str, SIZES))} pairs; Student | with an unseen event"
    )
    for name, days in CASES:
        scenario = load_scenario(name)
        runs = simsvc.compare(scenario, replications=pairs, days=days, factors=False).runs
        differences = contrast(runs, "structure", "inverted", "traditional")
        for metric in METRICS:
            values = differences[metric].dropna().to_numpy()
            event = one_event(metric, scenario, days - int(days * scenario.run.settling))
            if len(values) < pairs / 2 or not values.any():
                continue
            found = [[], []]  # type: list[list[float]]
            for n in SIZES:
                samples = rng.choice(values, (draws, n))
                for kind, unseen in enumerate((0.0, event)):
                    ends = [interval(sample, event=unseen) for sample in samples]
                    found[kind].append(np.mean([one.low <= values.mean() <= one.high for one in ends]))
            if event or min(found[0]) < NOTED:
                student, mended = (" ".join(f"{100 * share:5.1f}" for share in kind) for kind in found)
                print(f"{name:15s} {days:4d} days  {metric:24s} {student} | {mended}", flush=True)


if __name__ == "__main__":
    typer.run(main)
