"""Designs: which scenarios, settings and structures are run, how often, with which luck.

A design is one block of points, or several. A point is a scenario with values of the settings that
vary; every point is run under every structure of its block, which share the luck of a replication.
Points are enumerated lazily and in a fixed order, so that a design of a million runs costs no memory.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from simsvc.errors import LARGEST, InputError, nearest
from simsvc.model.compiling import model_version
from simsvc.model.start import people_by_kind
from simsvc.runs.order import APART
from simsvc.runs.own import Own, load_own
from simsvc.scenario.loading import changed, load_structure, with_days
from simsvc.scenario.selection import SELECTORS, select_levers
from simsvc.scenario.settings import Scenario
from simsvc.sweeps.block import Block

MOST_RUNS = 1_000_000_000
_KEPT = 1_000
"""Points under a structure of which the resolved configuration is kept as text, for the identities of their runs."""


@dataclass(frozen=True)
class Task:
    """One run of a design.

    Attributes:
        number: of the run in the order of the design; later replications come after all points.
        point: number of the point.
        scenario: name.
        structure: name.
        values: settings that vary, by full name.
        replication: number, from 0.
        luck: number that the random numbers are keyed by, besides the seed.
        block: number of the block.
    """

    number: int
    point: int
    scenario: str
    structure: str
    values: Mapping[str, Any]
    replication: int
    luck: int
    block: int


@dataclass(frozen=True)
class Design(Block):
    """What a sweep runs.

    Attributes:
        replications: runs of every point under every structure; the scenario's if left out.
        days: working days of each run; the scenario's if left out.
        seed: root seed, 0 or more; the scenario's if left out.
        common_luck: whether replication k has the same luck at every point (common random numbers); the
            structures of a point share it always.
        series: daily series to keep of every run, names of `simsvc.model.rows.DAY`; `("all",)` for all.
        traces: people whose stories are kept: numbers by `"customer"`, `"staff"`, `"manager"`.
        blocks: the design is the union of these instead of the one block that it describes itself.

    Example:
        >>> design = Design("classroom", vary={"workforce.frontline": [5, 6]}, replications=3, days=20)
        >>> len(design)
        12
    """

    replications: int | None = None
    days: int | None = None
    seed: int | None = None
    common_luck: bool = True
    series: Sequence[str] = ()
    traces: Mapping[str, Sequence[int]] | None = None
    blocks: tuple[Block, ...] = ()

    @property
    def parts(self) -> tuple[Block, ...]:
        """The blocks."""
        return self.blocks or (self,)

    @functools.cached_property
    def first_scenario(self) -> Scenario:
        """The first scenario of the first block, which says what the design leaves out."""
        return next(iter(self.parts[0].scenarios.values()))

    @property
    def replication_count(self) -> int:
        """Runs of every point under every structure."""
        return self.first_scenario.run.replications if self.replications is None else self.replications

    @property
    def root_seed(self) -> int:
        """Seed in force."""
        return self.first_scenario.run.seed if self.seed is None else self.seed

    @property
    def varied(self) -> tuple[str, ...]:
        """Settings that vary in any block, each once."""
        return tuple(dict.fromkeys(name for block in self.parts for name in (block.vary or {})))

    @functools.cached_property
    def cell_count(self) -> int:
        """Points times structures."""
        return sum(len(b.scenarios) * b.combination_count * len(b.charts) for b in self.parts)

    @functools.cached_property
    def point_count(self) -> int:
        """Points that do not say the same as an earlier one."""
        if not self.twins:
            return sum(len(b.scenarios) * b.combination_count for b in self.parts)
        return len({cell.point for cell in self.cells() if cell.number not in self.twins})

    @property
    def structure_names(self) -> tuple[str, ...]:
        """Structures of all blocks, in order, each once."""
        return tuple(dict.fromkeys(name for block in self.parts for name in block.charts))

    def cells(self) -> Iterator[Task]:
        """Every point under every structure, as the task of its first replication."""
        point = number = 0
        for k, block in enumerate(self.parts):
            for scenario in block.scenarios:
                for values in block.combinations(self.root_seed):
                    for structure in block.charts:
                        yield Task(number, point, scenario, structure, values, 0, self._luck(point, 0), k)
                        number += 1
                    point += 1

    def _luck(self, point: int, replication: int) -> int:
        return replication if self.common_luck else replication + APART * point

    def tasks(
        self, replications: range | Sequence[int] | None = None, structures: Sequence[str] | None = None
    ) -> Iterator[Task]:
        """Runs of the design in order: all points of the first replication, then of the second, and so on.

        Cells that say the same as an earlier one (`twins`) are left out; so are, where some are named, all other
        replications and structures.
        """
        twins = self.twins
        for k in range(self.replication_count) if replications is None else replications:
            for cell in self.cells():
                if cell.number in twins or (structures is not None and cell.structure not in structures):
                    continue
                number, luck = cell.number + k * self.cell_count, self._luck(cell.point, k)
                yield replace(cell, number=number, replication=k, luck=luck)

    def __len__(self) -> int:
        return (self.cell_count - len(self.twins)) * self.replication_count

    def settings_of(self, task: Task) -> Scenario:
        """Everything that a run depends on, besides its luck.

        Raises:
            InputError: for values that a setting, or the settings together, cannot have.
        """
        block = self.parts[task.block]
        base = block.scenarios[task.scenario].model_copy(update={"structure": block.charts[task.structure]})
        return changed(with_days(base, self.days), task.values, f"point {task.point}")

    def run_id(self, task: Task, settings: Scenario | None = None) -> str:
        """Identity of a run: a hash of its resolved configuration (computed if not given), luck and model version."""
        cell = task.number % self.cell_count
        if cell not in self._texts:
            if len(self._texts) == _KEPT:
                self._texts.clear()
            self._texts[cell] = json.dumps(resolved(settings or self.settings_of(task)), sort_keys=True)
        parts = f"[{self._texts[cell]}, {self.root_seed}, {task.luck}, {json.dumps(model_version())}]"
        return hashlib.blake2b(parts.encode(), digest_size=12).hexdigest()

    @functools.cached_property
    def _texts(self) -> dict[int, str]:
        """Resolved configurations by the number of the cell."""
        return {}

    @functools.cached_property
    def twins(self) -> dict[int, int]:
        """Cells that say the same as an earlier cell of the design, with that cell's number; run once."""
        return self._checked(None)

    def under(self, own: str | Path | Own | None) -> Design:
        """The same design with own rules, phases and metrics, see `simsvc.runs.own`; as it is if there are none."""
        if own is None:
            return self
        own = load_own(own)
        return replace(self, own=own, blocks=tuple(replace(block, own=own) for block in self.blocks))

    def check(self, watch: Callable[[int, int], None] | None = None) -> None:
        """See that every run of the design is possible, before the first one.

        Args:
            watch: told how many points under a structure have been checked, of how many.

        Raises:
            InputError: naming the point and the setting.
        """
        if "twins" not in self.__dict__:
            self.__dict__["twins"] = self._checked(watch)  # where the cached property looks for it

    def check_numbers(self) -> None:
        """See that replications, seed and days are possible.

        Raises:
            InputError: naming the first that is not.
        """
        whole = (("replications", self.replication_count, 1, APART), ("seed", self.root_seed, 0, LARGEST),
                 ("days", self.days, 1, 100_000))  # fmt: skip
        for what, value, low, high in whole:
            if value is not None and (type(value) is not int or not low <= value <= high):
                raise InputError(f"{what} = {value!r}: should be a whole number; allowed: {low} to {high}")

    def _checked(self, watch: Callable[[int, int], None] | None) -> dict[int, int]:
        for block in self.parts:
            block.check_block()
        if self.blocks and self.vary:
            raise InputError("vary: a design with blocks takes what varies from them; move it into a block")
        self.check_numbers()
        count = self.cell_count * self.replication_count
        if count > MOST_RUNS:
            raise InputError(f"the design has {count:,} runs; allowed: up to {MOST_RUNS:,}")
        self._check_kept()
        marks = np.empty(self.cell_count, np.uint64)
        for number, cell in enumerate(self.cells()):
            marks[number] = self._mark(cell)
            if watch and number % 100 == 0:
                watch(number, self.cell_count)
        _, first, group = np.unique(marks, return_index=True, return_inverse=True)
        later = np.flatnonzero(first[group] != np.arange(len(marks)))
        return dict(zip(later.tolist(), first[group][later].tolist(), strict=True))

    def _mark(self, cell: Task) -> int:
        """First half of a cell's identity, once the cell is known to be possible."""
        settings = self.settings_of(cell)
        if self.traces:
            there = people_by_kind(settings)
            for kind, numbers in self.traces.items():
                for number in numbers:
                    if number >= there[kind]:
                        raise InputError(
                            f"trace: there is no {kind} {number} at point {cell.point}, which has {there[kind]}"
                            + ("; they are counted from 0" if there[kind] else "")
                        )
        return int(self.run_id(cell, settings)[:16], 16)

    def _check_kept(self) -> None:
        from simsvc.model.rows import DAY

        for name in self.series:
            if name != "all" and name not in (DAY.names or ()):
                raise InputError(f"series: there is no daily series '{name}'{nearest(name, DAY.names or ())}")
        for kind, numbers in (self.traces or {}).items():
            if kind not in ("customer", "staff", "manager"):
                raise InputError(f"trace: there is no kind '{kind}'; have: customer, staff, manager")
            for number in numbers:
                if type(number) is not int or number < 0:
                    raise InputError(f"trace: {kind} = {number!r}: should be whole numbers of 0 or more")

    def described(self) -> dict[str, Any]:
        """The whole design as plain data: equal for two designs if and only if they run the same.

        `replications` is left out: more of them extend a design.
        """
        return {
            "blocks": [
                {
                    "scenarios": {name: resolved(one) for name, one in block.scenarios.items()},
                    "structures": {name: chart.model_dump() for name, chart in block.charts.items()},
                    "method": block.method,
                    "points": block.points,
                    "vary": block.vary_as_data(),
                }
                for block in self.parts
            ],
            "days": self.days,
            "seed": self.root_seed,
            "common_luck": self.common_luck,
            "series": list(self.series),
            "traces": {kind: list(numbers) for kind, numbers in (self.traces or {}).items()},
        }


def resolved(scenario: Scenario) -> dict[str, Any]:
    """A scenario as plain data, without what says how often and from which seed it is run.

    Structures and selections of levers that the timeline names are written out.
    """
    content = scenario.model_dump(mode="json", exclude={"about"})
    if scenario.own:
        content["own_rules"] = scenario.own.sha256
    content["run"] = {key: content["run"][key] for key in ("days", "settling")}
    for change in content["timeline"]:
        selection = {key: change[key] for key in SELECTORS}
        del change["factors"]  # written out as levers; sweeps kept from before there were factors stay the same
        if change["structure"]:
            change["structure"] = load_structure(change["structure"]).model_dump()
            change["levers"] = list(select_levers(**selection))
            change["components"] = change["domains"] = []
    return content
