"""Does the model reproduce published findings, those it was fitted to and those it was not?

    python experiments/validation.py            # 8 replications of every measure, both charts
    python experiments/validation.py --quick    # 3 replications

The same as `simsvc validate`. Each finding has its published range; a miss stays in the table, with its reason. Writes
findings.csv (value with interval, range, verdict, by chart) and validation.png (value against range).
"""

from __future__ import annotations

from simsvc.evidence.validation import QUICK, REPLICATIONS, validate
from simsvc.show.terminal import ProgressReport
from simsvc.studies.study import Study

STUDY = Study(
    "validation",
    "Does the model reproduce published findings, those it was fitted to and those it was not?",
    [],
    replications=REPLICATIONS,
    quick=QUICK,
    timed=True,
)


def main(study: Study) -> None:
    """Measure every finding."""
    with ProgressReport("runs") as bar:
        found = validate(
            replications=study.replications,
            seed=study.seed,
            executor=study.executor,
            watch=lambda progress: bar.update(progress.done, progress.total, progress.failed),
        )
    study.adopt(found, found.runs)


if __name__ == "__main__":
    STUDY.command(main)
