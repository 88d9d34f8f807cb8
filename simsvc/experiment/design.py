"""Designs: which scenarios, settings and structures are run, how often, with which luck.

A design is one block of points, or several. A point is a scenario with values of the settings that
vary; every point is run under every structure of its block, which share the luck of a replication.
Points are enumerated lazily and in a fixed order, so that a design of a million runs costs no memory.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import qmc

from simsvc.errors import InputError, nearest
from simsvc.model.compiling import model_version
from simsvc.scenario.loading import changed, load_scenario, load_structure
from simsvc.scenario.selection import select_levers
from simsvc.scenario.settings import Scenario, sections, setting_names
from simsvc.scenario.sources import is_file
from simsvc.scenario.structure import Structure

METHODS = ("factorial", "list", "latin_hypercube", "sobol")
"""How a block's points follow from what varies: every combination; parallel lists; two random designs that fill
the space evenly (McKay, Beckman & Conover 1979; Sobol 1967, scrambled as by Owen 1998)."""
SAMPLED = ("latin_hypercube", "sobol")
APART = 1_000_000
"""Replications between points that do not share their luck: more than anybody runs."""
MOST_RUNS = 1_000_000_000


@dataclass(frozen=True)
class Span:
    """A range of values of a setting.

    Attributes:
        low: smallest value.
        high: largest value.
        steps: values from low to high, both included, in a full factorial; not used by methods that sample.
        scale: `"linear"` or `"log"`: how values are spaced.
    """

    low: float
    high: float
    steps: int | None = None
    scale: str = "linear"

    def at(self, share: float, whole: bool) -> float | int:
        """The value a share (0-1) of the way from low to high; whole numbers have equal chances."""
        if whole:
            return int(min(math.floor(self.low + share * (self.high - self.low + 1)), self.high))
        if self.scale == "log":
            return _rounded(math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low))))
        return _rounded(self.low + share * (self.high - self.low))

    def values(self, whole: bool) -> list[float | int]:
        """The steps of a factorial design; for whole numbers rounded, each once."""
        if not self.steps:
            return []
        found = [self.at(k / max(self.steps - 1, 1), False) for k in range(self.steps)]
        return list(dict.fromkeys(round(value) for value in found)) if whole else found


def _rounded(value: float) -> float:
    """A value as a person would write it: without the dust of binary fractions."""
    return float(f"{value:.12g}")


@dataclass(frozen=True)
class Block:
    """Points that differ in some settings, each under some structures.

    Attributes:
        scenario: what is simulated: a `Scenario`, a preset's name or a file; or several names, which then vary too.
        structures: names or files; or a mapping from own names to structures.
        settings: changed at every point, by full name.
        vary: settings that vary, by full name: a list of values or a `Span`.
        method: one of `METHODS`.
        points: number of points of a method that samples.
    """

    scenario: Scenario | str | Path | Sequence[str | Path] = "contact_centre"
    structures: Sequence[str | Path] | Mapping[str, Structure] = ("traditional", "inverted")
    settings: Mapping[str, Any] | None = None
    vary: Mapping[str, Span | Sequence[Any]] | None = None
    method: str = "factorial"
    points: int | None = None

    @functools.cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """Scenarios by name, with the settings of the block."""
        if isinstance(self.scenario, Scenario):
            found = {"own": self.scenario}
        else:
            names = [self.scenario] if isinstance(self.scenario, str | Path) else list(self.scenario)
            _once("scenario", names)
            found = {short_name(name): load_scenario(name) for name in names}
        return {name: changed(one, self.settings or {}, "set") for name, one in found.items()}

    @functools.cached_property
    def charts(self) -> dict[str, Structure]:
        """Structures by name."""
        if isinstance(self.structures, Mapping):
            found = dict(self.structures)
        else:
            if isinstance(self.structures, str):
                raise InputError(f"structures = '{self.structures}': should be a list of names in brackets")
            _once("structures", self.structures)
            found = {short_name(name): load_structure(name) for name in self.structures}
        return found

    @property
    def varied(self) -> tuple[str, ...]:
        """Names of the settings that vary."""
        return tuple(self.vary or {})

    @functools.cached_property
    def _levels(self) -> list[list[Any]]:
        return [
            values.values(is_whole(name)) if isinstance(values, Span) else [_plain(value) for value in values]
            for name, values in (self.vary or {}).items()
        ]

    def combinations(self, seed: int) -> Iterator[dict[str, Any]]:
        """Values of what varies at each point, in order.

        Args:
            seed: of methods that sample.
        """
        if self.method == "factorial":
            rows: Iterator[tuple[Any, ...]] = itertools.product(*self._levels)
        elif self.method == "list":
            rows = zip(*self._levels, strict=True)
        else:
            rows = self._sampled(seed)
        for row in rows:
            yield dict(zip(self.varied, row, strict=True))

    def _sampled(self, seed: int) -> Iterator[tuple[Any, ...]]:
        kind = qmc.LatinHypercube if self.method == "latin_hypercube" else qmc.Sobol
        shares = kind(len(self.varied), rng=np.random.default_rng(seed)).random(self.points or 0)
        columns = [
            (values, is_whole(name)) if isinstance(values, Span) else ([_plain(value) for value in values], False)
            for name, values in (self.vary or {}).items()
        ]
        for row in shares.tolist():
            yield tuple(
                values.at(share, whole) if isinstance(values, Span) else values[int(share * len(values))]
                for share, (values, whole) in zip(row, columns, strict=True)
            )

    @property
    def combination_count(self) -> int:
        """Number of points for each scenario."""
        if self.method in SAMPLED:
            return self.points or 0
        lengths = [len(values) for values in self._levels]
        return math.prod(lengths) if self.method == "factorial" else lengths[0]

    def check_block(self) -> None:
        """See that the block says what can be enumerated.

        Raises:
            InputError: for unknown names and impossible ranges, lists and numbers.
        """
        if self.method not in METHODS:
            raise InputError(
                f"method = '{self.method}': there is no such method{nearest(self.method, METHODS)}; "
                f"have: {', '.join(METHODS)}"
            )
        for name, values in (self.vary or {}).items():
            check_varied(name, values)
            if isinstance(values, Span) and values.steps is None and self.method not in SAMPLED:
                raise InputError(f"vary: {name}: a range needs 'steps' unless method is one of {', '.join(SAMPLED)}")
            if isinstance(values, Span) and values.steps is not None and self.method in SAMPLED:
                raise InputError(f"vary: {name}: 'steps' has no meaning with method = '{self.method}'; leave it out")
            if name in (self.settings or {}):
                raise InputError(f"vary: {name}: is also set to one value; leave one of the two out")
        if self.method in SAMPLED:
            self._check_points()
        elif self.points is not None:
            raise InputError(f"points = {self.points}: only {' and '.join(SAMPLED)} take a number of points")
        if self.method == "list":
            lengths = {name: len(values) for name, values in zip(self.varied, self._levels, strict=True)}
            if not lengths:
                raise InputError("method = 'list': needs lists of values to vary")
            if len(set(lengths.values())) > 1:
                told = ", ".join(f"{name} {n}" for name, n in lengths.items())
                raise InputError(f"method = 'list': lists run in parallel and must be equally long; have: {told}")

    def _check_points(self) -> None:
        if not self.vary:
            raise InputError(f"method = '{self.method}': needs settings to vary")
        n = self.points
        if not isinstance(n, int) or isinstance(n, bool) or n < 1:
            raise InputError(f"points = {n}: '{self.method}' needs a number of points, 1 or more")
        if self.method == "sobol" and n & (n - 1):
            below = 1 << (n.bit_length() - 1)
            raise InputError(
                f"points = {n}: a Sobol sequence is even only for powers of two; nearest: {below} and {2 * below}"
            )


def short_name(name: str | Path) -> str:
    """What a scenario or structure is called in tables: a file's name without its folder."""
    return Path(name).stem if is_file(name) else str(name)


def _once(what: str, names: Sequence[str | Path]) -> None:
    short = [short_name(name) for name in names]
    if not short or len(set(short)) < len(short):
        raise InputError(f"{what} = {short}: needs at least one name, and each only once")


def _plain(value: Any) -> Any:
    """A value without NumPy's types, which JSON does not know."""
    return value.item() if isinstance(value, np.generic) else value


def is_whole(name: str) -> bool:
    """Whether a setting takes whole numbers only."""
    section, _, key = name.partition(".")
    return sections()[section].model_fields[key].annotation is int


def check_varied(name: str, values: Span | Sequence[Any]) -> None:
    """See that a setting can vary as asked.

    Raises:
        InputError: naming the setting and what is allowed.
    """
    if name not in setting_names():
        raise InputError(f"vary: there is no setting '{name}'{nearest(name, setting_names())}")
    if name.startswith("run."):
        raise InputError(f"vary: {name}: is the same at every point; give days, seed and replications at the top")
    if not isinstance(values, Span):
        if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray):
            raise InputError(f"vary: {name} = {values!r}: should be a list of values or a range {{ low, high, steps }}")
        if len(values) == 0:
            raise InputError(f"vary: {name} = []: needs at least one value")
        return
    for what, value in (("low", values.low), ("high", values.high)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InputError(f"vary: {name}: {what} = {value!r}: should be a finite number")
    if values.low >= values.high:
        raise InputError(f"vary: {name}: low = {values.low:g} must be below high = {values.high:g}")
    if values.scale not in ("linear", "log"):
        raise InputError(f"vary: {name}: scale = {values.scale!r}: allowed: linear, log")
    if values.scale == "log" and (values.low <= 0 or is_whole(name)):
        raise InputError(f"vary: {name}: scale = 'log' needs low above 0 and a setting that is no whole number")
    steps = values.steps
    if steps is not None and (isinstance(steps, bool) or not isinstance(steps, int) or steps < 2):
        raise InputError(f"vary: {name}: steps = {steps!r}: should be a whole number of 2 or more")


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
    def _first(self) -> Scenario:
        return next(iter(self.parts[0].scenarios.values()))

    @property
    def replication_count(self) -> int:
        """Runs of every point under every structure."""
        return self._first.run.replications if self.replications is None else self.replications

    @property
    def root_seed(self) -> int:
        """Seed in force."""
        return self._first.run.seed if self.seed is None else self.seed

    @property
    def varied(self) -> tuple[str, ...]:
        """Settings that vary in any block, each once."""
        return tuple(dict.fromkeys(name for block in self.parts for name in (block.vary or {})))

    @functools.cached_property
    def cell_count(self) -> int:
        """Points times structures."""
        return sum(len(b.scenarios) * b.combination_count * len(b.charts) for b in self.parts)

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

        Cells that say the same as an earlier one (`twins`) are left out.

        Args:
            replications: only these; all if left out.
            structures: only these; all if left out.
        """
        twins = self.twins
        for k in range(self.replication_count) if replications is None else replications:
            for cell in self.cells():
                if cell.number in twins or (structures is not None and cell.structure not in structures):
                    continue
                yield Task(
                    cell.number + k * self.cell_count, cell.point, cell.scenario, cell.structure, cell.values, k,
                    self._luck(cell.point, k), cell.block,
                )  # fmt: skip

    def __len__(self) -> int:
        return (self.cell_count - len(self.twins)) * self.replication_count

    def settings_of(self, task: Task) -> Scenario:
        """Everything that a run depends on, besides its luck.

        Raises:
            InputError: for values that a setting, or the settings together, cannot have.
        """
        block = self.parts[task.block]
        base = block.scenarios[task.scenario].model_copy(update={"structure": block.charts[task.structure]})
        if self.days is not None:
            base = base.model_copy(update={"run": base.run.model_copy(update={"days": self.days})})
        return changed(base, task.values, f"point {task.point}")

    def run_id(self, task: Task, settings: Scenario | None = None) -> str:
        """Identity of a run: a hash of its resolved configuration, its luck and the model's version.

        Args:
            task: the run.
            settings: its configuration, if known already.
        """
        return _digest(resolved(settings or self.settings_of(task)), self.root_seed, task.luck, model_version())

    @functools.cached_property
    def twins(self) -> dict[int, int]:
        """Cells that say the same as an earlier cell of the design, with that cell's number; run once."""
        return self._checked()

    def twin_point(self, point: int) -> int:
        """The point under which results of a point are kept: itself, or an earlier one that says the same."""
        return self._same_points.get(point, point)

    @functools.cached_property
    def _same_points(self) -> dict[int, int]:
        if not self.twins:
            return {}
        point_of = {cell.number: cell.point for cell in self.cells() if cell.number in self._twin_ends}
        return {point_of[later]: point_of[first] for later, first in self.twins.items()}

    @functools.cached_property
    def _twin_ends(self) -> set[int]:
        return {*self.twins, *self.twins.values()}

    def check(self) -> None:
        """See that every run of the design is possible, before the first one.

        Raises:
            InputError: naming the point and the setting.
        """
        _ = self.twins

    def _checked(self) -> dict[int, int]:
        for block in self.parts:
            block.check_block()
        if self.blocks and self.vary:
            raise InputError("vary: a design with blocks takes what varies from them; move it into a block")
        whole = (("replications", self.replication_count, 1, APART), ("seed", self.root_seed, 0, 2**63 - 1),
                 ("days", self.days, 1, 100_000))  # fmt: skip
        for what, value, low, high in whole:
            if value is not None and (
                isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high
            ):
                raise InputError(f"{what} = {value!r}: should be a whole number; allowed: {low} to {high}")
        count = self.cell_count * self.replication_count
        if count > MOST_RUNS:
            raise InputError(f"the design has {count:,} runs; allowed: up to {MOST_RUNS:,}")
        self._check_kept()
        marks = np.fromiter((int(self.run_id(cell)[:16], 16) for cell in self.cells()), np.uint64, self.cell_count)
        _, first, group = np.unique(marks, return_index=True, return_inverse=True)
        later = np.flatnonzero(first[group] != np.arange(len(marks)))
        return dict(zip(later.tolist(), first[group][later].tolist(), strict=True))

    def _check_kept(self) -> None:
        from simsvc.model.rows import DAY

        for name in self.series:
            if name != "all" and name not in (DAY.names or ()):
                raise InputError(f"series: there is no daily series '{name}'{nearest(name, DAY.names or ())}")
        for kind, numbers in (self.traces or {}).items():
            if kind not in ("customer", "staff", "manager"):
                raise InputError(f"trace: there is no kind '{kind}'; have: customer, staff, manager")
            for number in numbers:
                if isinstance(number, bool) or not isinstance(number, int) or number < 0:
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
                    "vary": {
                        name: vars(values) if isinstance(values, Span) else [_plain(value) for value in values]
                        for name, values in (block.vary or {}).items()
                    },
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
    content = scenario.model_dump(mode="json")
    content["run"] = {key: content["run"][key] for key in ("days", "settling")}
    for change in content["timeline"]:
        if change["structure"]:
            change["structure"] = load_structure(change["structure"]).model_dump()
            change["levers"] = list(select_levers(change["components"], change["levers"], change["domains"]))
            change["components"] = change["domains"] = []
    return content


def _digest(*parts: Any) -> str:
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=12).hexdigest()
