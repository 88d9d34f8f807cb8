"""The flip itself: what turning the chart does to retention, loyalty and profit, and which part of it.

    python experiments/flip.py                  # 30 pairs of three years
    python experiments/flip.py --quick          # 4 pairs
    python experiments/flip.py --replications 100 --out somewhere

Reproduces results/flip: the figure, the tables and the finding in one sentence.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

import simsvc
from simsvc.model.warm import compile_all
from simsvc.present.terminal import ProgressReport

KEPT = ("flip.png", "levels.png", "levels.csv", "differences.csv", "decomposition.csv", "manifest.json")


def main(
    replications: Annotated[int, typer.Option(help="Pairs of runs.")] = 30,
    quick: Annotated[bool, typer.Option(help="Only 4 pairs.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for figure, tables and finding.")] = Path("results/flip"),
    scenario: Annotated[str, typer.Option(help="Preset or file.")] = "contact_centre",
) -> None:
    """Compare the two charts and keep what is small."""
    compile_all(lambda text: print(text, file=sys.stderr))
    with ProgressReport("runs") as report:
        result = simsvc.compare(
            scenario,
            replications=4 if quick else replications,
            watch=lambda progress: report.update(progress.done, progress.total, progress.failed),
        )
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        result.save(folder, command=f"python experiments/flip.py --replications {result.replications}")
        for name in KEPT:
            (out / name).write_bytes((Path(folder) / name).read_bytes())
    (out / "finding.txt").write_text(result.sentence() + "\n", encoding="utf-8")
    print(result.sentence())


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
