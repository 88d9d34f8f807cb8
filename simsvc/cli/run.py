"""The command `simsvc run`: one organisation, month by month."""

# ruff: noqa: D301  the parser of the command line keeps the lines of a paragraph that begins with \b
from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsvc.cli.frame import load_settings, structure_name, working
from simsvc.cli.options import Days, Json, Out, Overrides, ScenarioName, Seed, StructureName

if TYPE_CHECKING:
    from simsvc.single_run.compute import RunResult


def run(
    scenario: ScenarioName = "contact_centre",
    structure: StructureName = None,
    days: Days = None,
    seed: Seed = None,
    overrides: Overrides = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """How does one organisation fare, month by month?

    One run: every metric, and the course of retention, satisfaction, loyalty, morale and waiting. One run
    is one story; use compare before you draw a conclusion.

    \b
      simsvc run
      simsvc run classroom --structure inverted --days 500 --seed 7
      simsvc run --set demand.contacts_per_year=10 --out results/busy
    """
    settings = load_settings(scenario, overrides, structure, days=days, seed=seed)

    import simsvc
    from simsvc.single_run.views import show_run

    with working("days", out, as_json) as work:
        result = simsvc.run(settings, watch=lambda done: work.bar.update(done, settings.run.days))
        named = replace(result, structure=structure_name(settings, structure, overrides))
        work.show(_Named(named, scenario), lambda console, shown: show_run(console, shown.result, scenario))


@dataclass
class _Named:
    """A run with the name of its scenario."""

    result: RunResult
    scenario: str

    def as_json(self) -> dict[str, Any]:
        run = self.result
        metrics = {key: value if math.isfinite(value) else None for key, value in run.summary.items()}
        head = {"scenario": self.scenario, "structure": run.structure, "days": len(run.rows), "seed": run.seed}
        return {**head, "metrics": metrics}

    def save(self, folder: Path, command: str = "") -> list[Path]:
        from simsvc.runs.folder import save_run

        return save_run(self.result, folder, command, self.scenario)
