"""A sweep, or one run of it, made again from what its folder has kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simsvc.errors import InputError
from simsvc.model.compiling import model_version
from simsvc.runs.own import Own, own_as_recorded
from simsvc.runs.same import Sameness
from simsvc.scenario.loading import load_structure, structures
from simsvc.scenario.settings import Scenario
from simsvc.show.html.settings import scenario_of, structure_of
from simsvc.sweeps.block import Block, Span
from simsvc.sweeps.design import Design, Task
from simsvc.sweeps.results import Results


@dataclass(frozen=True)
class Recorded:
    """One run of a sweep as its folder has it.

    Attributes:
        task: its place in the design.
        settings: everything that it depends on besides its luck, with its structure and its days.
        seed: root seed.
        row: of the table of runs.
        model: version of the model that it was made with.
    """

    task: Task
    settings: Scenario
    seed: int
    row: Mapping[str, Any]
    model: str

    def apart(self, metrics: Mapping[str, float]) -> list[str]:
        """Metrics of the run made again that are not those kept, in a line; nothing if all are the same."""
        kept = {name: self.row[name] for name in metrics if name in self.row}
        found = Sameness()
        found.plain("metric", {n: None if v != v else v for n, v in kept.items()},
                    {n: None if metrics[n] != metrics[n] else metrics[n] for n in kept})  # fmt: skip
        if self.row["status"] != "done":
            return [f"the sweep has no metrics of this run: it {self.row['status']} ({self.row['message']})"]
        if found.same:
            return []
        other = "" if self.model == model_version() else f"; it was made with model {self.model}, not {model_version()}"
        return [f"not what the sweep has kept{other}: {'; '.join(found.first)}"]


def design_of(manifest: Mapping[str, Any], own: str | Path | Own | None = None) -> Design:
    """The design that the manifest of a sweep describes, with as many replications as its folder.

    Args:
        manifest: as `simsvc.sweeps.manifest.read_manifest` gives it.
        own: file of own rules, phases and metrics that it was made with.

    Raises:
        InputError: if this version cannot make that design, or the own file is another one.
    """
    found, rules = manifest["design"], own_as_recorded(manifest, own)
    blocks = tuple(
        Block(
            {name: _scenario(manifest, one) for name, one in block["scenarios"].items()},
            {name: structure_of(manifest, levers) for name, levers in block["structures"].items()},
            vary={name: Span(**of) if isinstance(of, dict) else of for name, of in block["vary"].items()},
            method=block["method"],
            points=block["points"],
            own=rules,
        )
        for block in found["blocks"]
    )
    return Design(
        blocks=blocks, replications=manifest["replications"], days=found["days"], seed=found["seed"],
        common_luck=found["common_luck"], series=found["series"], traces=found["traces"], own=rules,
    )  # fmt: skip


def _scenario(manifest: Mapping[str, Any], content: Mapping[str, Any]) -> Scenario:
    """A scenario of a design; a timeline names again the structures that are written out in it."""
    names = {load_structure(name): name for name in structures()}
    timeline = []
    for change in content["timeline"]:
        if change["structure"]:
            name = names.get(structure_of(manifest, change["structure"]))
            if name is None:
                raise InputError("its timeline turns the chart to a structure that does not come with this version")
            change = {**change, "structure": name}
        timeline.append(change)
    return scenario_of(manifest, {**content, "timeline": timeline})


def recorded_run(folder: str | Path, number: int, own: str | Path | Own | None = None) -> Recorded:
    """One run of a sweep, to be made again.

    Args:
        folder: of the sweep.
        number: of the run, as in the column `number` of its table.
        own: file of own rules, phases and metrics that the sweep was made with.

    Raises:
        InputError: if the sweep has no such run, or this version cannot make it.
    """
    results = Results(folder)
    design = design_of(results.manifest, own)
    rows = results.runs()
    mine = rows[rows["number"] == number]
    if mine.empty:
        raise InputError(f"{folder}: no run {number} has ended; its runs are in the column 'number' of 'simsvc export'")
    task = next(one for one in design.tasks([number // design.cell_count]) if one.number == number)
    row = {str(name): value for name, value in mine.iloc[0].items()}
    return Recorded(task, design.settings_of(task), design.root_seed, row, results.manifest["model"])
