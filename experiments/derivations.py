"""Which coefficients do published numbers imply, and do they lie where the program has them?

    python experiments/derivations.py            # 12 replications
    python experiments/derivations.py --quick    # 3 replications

Runs every script of experiments/evidence/ on the states of the traditional contact centre after three years. Nothing is
set by what comes out: where the implied value lies outside of the plausible range, docs/assumptions.md says so. Writes
to results/derivations a table (derivations.csv), a figure and a finding.
"""

from __future__ import annotations

from pathlib import Path

from simsvc.evidence.derivations import derive
from simsvc.studies.scripts import load_script
from simsvc.studies.study import Study

SCRIPTS = Path(__file__).parent / "evidence"
STUDY = Study("derivations", "Which coefficients do published numbers imply?", [], replications=12, quick=3, timed=True)


def main(study: Study) -> None:
    """Derive every coefficient."""
    scripts = [load_script(path) for path in sorted(SCRIPTS.glob("*.py"))]
    found = derive([script.derive for script in scripts], study.replications, study.seed, study.executor)
    study.adopt(found, found.runs)


if __name__ == "__main__":
    STUDY.command(main)
