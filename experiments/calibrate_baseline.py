"""Which levels does the traditional baseline reach? Reports every level of the calibration table.

    python experiments/calibrate_baseline.py                       # 30 replications of three years
    python experiments/calibrate_baseline.py --quick               # 4 replications
    python experiments/calibrate_baseline.py --set demand.patience=40   # try another value

The baseline preset `contact_centre` under the structure `traditional` was fitted by hand to these
levels, and to nothing else, with the settings whose source says "calibrated". The inverted
structure is reported beside it for information and is never fitted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

import simsvc
from simsvc.evidence.levels import reached
from simsvc.model.warm import compile_all
from simsvc.runs.executors import executor_for
from simsvc.runs.order import Order, keeping_rows
from simsvc.scenario.loading import parse_override, with_structure


def main(
    replications: Annotated[int, typer.Option(help="Runs of three years.")] = 30,
    quick: Annotated[bool, typer.Option(help="Only 4 replications.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for levels.csv.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="Setting to try, section.name=value.")] = None,
    seed: Annotated[int, typer.Option(help="Root seed.")] = 1,
) -> None:
    """Report the calibration levels reached by the baseline, and the inverted structure for information."""
    compile_all(lambda text: print(text, file=sys.stderr))
    scenario = simsvc.load_scenario("contact_centre", dict(parse_override(text) for text in set_ or []))
    n = 4 if quick else replications
    frames = {}
    for structure in ("traditional", "inverted"):
        settings = with_structure(scenario, structure)
        runs = []
        with executor_for() as place:
            orders = (Order(settings, seed, k, k, drive=keeping_rows) for k in range(n))
            for k, outcome in enumerate(place.in_order(orders), 1):
                runs.append(outcome.or_raise().seen)
                print(f"\r{structure}: run {k} of {n}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        frames[structure] = reached(runs, scenario.run.settling)
    table = pd.DataFrame(
        {
            "level": [r.level.label for r in frames["traditional"]],
            "unit": [r.level.unit for r in frames["traditional"]],
            "low": [r.level.low for r in frames["traditional"]],
            "high": [r.level.high for r in frames["traditional"]],
            "traditional": [r.value for r in frames["traditional"]],
            "reached": [r.passed for r in frames["traditional"]],
            "inverted (not fitted)": [r.value for r in frames["inverted"]],
            "source": [r.level.source for r in frames["traditional"]],
        }
    )
    print(table.drop(columns="source").round(2).to_string(index=False))
    if out:
        out.mkdir(parents=True, exist_ok=True)
        table.to_csv(out / "levels.csv", index=False)
    missed = int((~table["reached"]).sum())
    print(f"{len(table) - missed} of {len(table)} levels reached over {n} replications")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
