"""Which levels does the traditional baseline reach, and with which settings would it reach them best?

    python experiments/calibrate_baseline.py                       # 30 replications of three years
    python experiments/calibrate_baseline.py --quick               # 4 replications
    python experiments/calibrate_baseline.py --set demand.patience=40   # try another value
    python experiments/calibrate_baseline.py --fit                 # search the calibrated settings

The baseline preset `contact_centre` under the structure `traditional` is fitted to these levels, and to nothing
else, with the settings whose source says "calibrated". `--fit` minimises the squared distances of all levels from
the middles of their ranges, in half-widths of the range, with the same luck in every trial; a weak pull keeps settings
near where they are if no level asks for a change. No other structure is ever run here, and no difference between two.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer
from scipy.optimize import least_squares

import simsvc
from simsvc.evidence.levels import Reached, reached
from simsvc.model.warm import compile_all
from simsvc.runs.executors import executor_for
from simsvc.runs.executors.base import Executor
from simsvc.runs.folder import check_writable, manifest, table_files, written
from simsvc.runs.order import Order, keeping_rows
from simsvc.scenario.loading import changed, parse_override, with_structure
from simsvc.scenario.settings import CALIBRATED, Scenario, setting_field, setting_names, setting_value

FREE = [n for n in setting_names() if CALIBRATED in (setting_field(n).json_schema_extra or {}).get("source", "")]
"""Settings that the calibration may choose."""
OF_RULES = ("told", "losses", "elasticity")
"""Levels that follow from rules, whatever the settings: reported, not fitted."""
PULL = 0.3  # towards the present value: a change by the factor e counts as much as a third of a range's half-width
FURTHEST = 2.0  # a fit moves a setting at most to half or to double


def levels_of(scenario: Scenario, seed: int, replications: int, place: Executor) -> list[Reached]:
    """Levels that so many runs reach."""
    orders = (Order(scenario, seed, k, k, drive=keeping_rows) for k in range(replications))
    return reached([outcome.or_raise().seen for outcome in place.in_order(orders)], scenario.run.settling)


def fitted(start: Scenario, seed: int, replications: int, place: Executor) -> dict[str, float]:
    """The calibrated settings that bring the levels nearest to the middles of their ranges, to three digits."""
    first = {name: float(setting_value(start, name)) for name in FREE}

    def settings(ratios: np.ndarray[Any, Any]) -> dict[str, float]:
        return {name: float(f"{first[name] * ratio:.3g}") for name, ratio in zip(FREE, ratios, strict=True)}

    def misses(ratios: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        found = levels_of(changed(start, settings(ratios)), seed, replications, place)
        found = [r for r in found if r.level.name not in OF_RULES]
        off = [(r.value - (r.level.low + r.level.high) / 2) / ((r.level.high - r.level.low) / 2) for r in found]
        print(f"squared distance {np.sum(np.square(off)):.2f}", settings(ratios), file=sys.stderr)
        return np.array([*off, *(PULL * np.log(ratios))])

    best = least_squares(
        misses, np.ones(len(FREE)), bounds=(1 / FURTHEST, FURTHEST), diff_step=[0.15], x_scale=0.1, max_nfev=4
    )
    return settings(best.x)


def main(
    replications: Annotated[int, typer.Option(help="Runs of three years.")] = 30,
    quick: Annotated[bool, typer.Option(help="Only 4 replications.")] = False,
    fit: Annotated[bool, typer.Option(help="Search the settings first, 8 replications a trial.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for levels.csv.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="Setting to try, section.name=value.")] = None,
    seed: Annotated[int, typer.Option(help="Root seed.")] = 1,
) -> None:
    """Report the calibration levels that the baseline reaches."""
    compile_all(lambda text: print(text, file=sys.stderr))
    begun = time.monotonic()
    given: Mapping[str, Any] = dict(parse_override(text) for text in set_ or [])
    scenario = with_structure(simsvc.load_scenario("contact_centre", given), "traditional")
    n = 4 if quick else replications
    with executor_for() as place:
        if fit:
            chosen = fitted(scenario, seed, 8, place)
            for name, value in chosen.items():
                print(f"{name} = {value:g}  # was {setting_value(scenario, name):g}")
            scenario = changed(scenario, chosen)
        found = levels_of(scenario, seed, n, place)
    table = pd.DataFrame(
        {
            "level": [r.level.label for r in found],
            "unit": [r.level.unit for r in found],
            "low": [r.level.low for r in found],
            "high": [r.level.high for r in found],
            "traditional": [r.value for r in found],
            "reached": [r.passed for r in found],
            "source": [r.level.source for r in found],
        }
    )
    print(table.drop(columns="source").round(2).to_string(index=False))
    if out:
        check_writable(out, besides=["levels.csv"])
        table_files(table, out, "levels", ("csv",))
        options = {"--quick": quick, "--fit": fit, f"--seed {seed}": seed != 1, f"--replications {n}": n not in (4, 30)}
        words = [word for word, given in options.items() if given] + [f"--set {text}" for text in set_ or []]
        command = " ".join(["python experiments/calibrate_baseline.py", *words])
        seconds = round(time.monotonic() - begun)
        note = manifest(scenario, command, kind="calibration", seed=seed, replications=n, seconds=seconds)
        written(out / "manifest.json", json.dumps(note, indent=1))
    missed = int((~table["reached"]).sum())
    print(f"{len(table) - missed} of {len(table)} levels reached over {n} replications")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
