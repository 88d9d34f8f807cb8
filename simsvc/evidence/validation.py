"""Does the model reproduce published findings? Measures each of them, and says which it misses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, get_args

import pandas as pd

from simsvc.errors import LARGEST, InputError, check_range, nearest
from simsvc.evidence.findings import CALIBRATED, MET, MISSED, NOTHING, VERDICTS, Finding, Kind, Measured, findings
from simsvc.evidence.measures import MEASURES
from simsvc.evidence.measuring import Measure, Seen, Values
from simsvc.runs.executors import AnyExecutor, executor_for
from simsvc.runs.order import APART, Order
from simsvc.runs.own import Own, load_own
from simsvc.runs.progress import Progress
from simsvc.runs.result import Result, plain_data
from simsvc.runs.statistics import interval
from simsvc.scenario.loading import changed, load_scenario
from simsvc.scenario.settings import Scenario, setting_field, setting_value

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPLICATIONS, QUICK = 8, 3
"""Of every measure, and of a quick validation."""


@dataclass
class Validation(Result):
    """What a validation found."""

    kind: ClassVar[str] = "validation"
    measured: list[Measured]
    """One per finding and chart, in the order of the findings."""
    replications: int
    seed: int
    runs: int
    scenario: Scenario = field(default_factory=load_scenario)
    failures: list[dict[str, Any]] = field(default_factory=list)
    assumed: Mapping[str, Any] = field(default_factory=dict)
    """Coefficients and strengths of rules in place of the published ones."""
    own_settings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Those of them that some run of a finding keeps as the finding sets them, by its name."""

    def count(self, kind: str) -> str:
        """How many findings of a kind are met, in words."""
        mine = [one for one in self.measured if one.finding.kind == kind]
        met = []
        for chart in dict.fromkeys(one.chart for one in mine):
            verdicts = [one.verdict for one in mine if one.chart == chart]
            met.append(f"{verdicts.count(MET)} of {len(verdicts)} {chart}")
        missed, without = (sum(one.verdict == what for one in mine) for what in (MISSED, NOTHING))
        rest = len(mine) - missed - without - sum(one.verdict == MET for one in mine)
        nothing = f", {without} without a value" if without else ""
        return f"{kind}: met {', '.join(met)}; {missed} missed, {rest} open{nothing}"

    def sentence(self) -> str:
        """How many findings are met, by kind, and which of those that nothing was fitted to are missed."""
        kinds = dict.fromkeys(one.finding.kind for one in self.measured)
        told = ". ".join(self.count(kind).capitalize() for kind in kinds) + "."
        missed: dict[str, list[str]] = {}
        for one in self.measured:
            if one.verdict == MISSED and one.finding.kind != CALIBRATED:
                missed.setdefault(one.finding.name, []).append(one.chart)
        names = ", ".join(f"{name} ({', '.join(charts)})" for name, charts in missed.items())
        return f"{told} Missed of those that nothing was fitted to: {names}." if names else told

    @property
    def table(self) -> pd.DataFrame:
        """One row per finding and chart."""
        return pd.DataFrame(
            {
                "name": one.finding.name, "chart": one.chart, "value": one.value.mean, "low": one.value.low,
                "high": one.value.high, "n": one.value.n, "range_low": one.finding.low,
                "range_high": one.finding.high, "unit": one.finding.unit, "verdict": one.verdict,
                "kind": one.finding.kind, "finding": one.finding.finding, "measure": one.finding.measure,
                "source": one.finding.source, "seen": one.finding.seen,
                "why": one.why,
            }
            for one in self.measured
        )  # fmt: skip

    def tables(self) -> dict[str, pd.DataFrame]:
        """All findings."""
        return {"findings": self.table}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """Values against ranges."""
        from simsvc.evidence.figures import against_ranges

        return {"validation": lambda: against_ranges(self.measured)}

    def as_json(self) -> dict[str, Any]:
        """One entry per finding, with value, interval and verdict by chart; open ends of ranges are null."""
        entries: dict[str, dict[str, Any]] = {}
        for one in self.measured:
            of = one.finding
            entry = entries.setdefault(of.name, {
                "name": of.name, "finding": of.finding, "measure": of.measure, "unit": of.unit,
                "range": [of.low, of.high], "range_from": of.range_from, "kind": of.kind, "source": of.source,
                "keys": of.keys, "seen": of.seen, "charts": {},
            })  # fmt: skip
            value = {"value": one.value.mean, "low": one.value.low, "high": one.value.high, "n": one.value.n}
            entry["charts"][one.chart] = {**value, "verdict": one.verdict, "why": one.why}
        whole = {
            "finding": self.sentence(), "replications": self.replications, "seed": self.seed, "runs": self.runs,
            "failed": len(self.failures), "assumed": dict(self.assumed), "own": dict(self.own_settings),
            "findings": list(entries.values()),
        }  # fmt: skip
        plain: dict[str, Any] = plain_data(whole)
        return plain

    def details(self) -> dict[str, Any]:
        """Seed, replications, coefficients that differ, and what verdicts mean."""
        return {
            "seed": self.seed, "replications": self.replications, "runs": self.runs, "assumed": dict(self.assumed),
            "verdicts": VERDICTS,
        }  # fmt: skip

    def size(self) -> str:
        """Replications."""
        return f"{self.replications} replications"


def chosen(only: Sequence[str] = (), kind: str | None = None) -> list[Finding]:
    """Findings by name and kind; all if none is named.

    Raises:
        InputError: naming the nearest, for one that does not exist, or if none is left.
    """
    names = [one.name for one in findings()]
    for name in only:
        if name not in names:
            raise InputError(f"there is no finding '{name}'{nearest(name, names)}; have: {', '.join(names)}")
    kinds = get_args(Kind)
    if kind is not None and kind not in kinds:
        raise InputError(f"there is no kind of finding '{kind}'{nearest(kind, kinds)}; have: {', '.join(kinds)}")
    found = [one for one in findings() if (not only or one.name in only) and kind in (None, one.kind)]
    if not found:
        raise InputError(f"none of {', '.join(only)} is {kind}")
    return found


@dataclass
class _Cell:
    """A measure under a chart: its arms, and what came of its replications."""

    measure: Measure
    chart: str
    assumed: Mapping[str, Any]
    own: Own | None

    def __post_init__(self) -> None:
        self.own_settings: set[str] = set()
        self.arms = [
            replace(arm, scenario=changed(arm.scenario, self._assumed(arm.scenario)).carrying(self.own))
            for arm in self.measure.arms(self.chart)
        ]
        self.seen: dict[int, Seen] = {}
        self.values: dict[int, Values] = {}

    def _assumed(self, scenario: Scenario) -> dict[str, Any]:
        """What of the assumed values holds in an arm: all but what it sets itself."""
        own = {name for name in self.assumed if setting_value(scenario, name) != setting_field(name).default}
        self.own_settings |= own
        return {name: value for name, value in self.assumed.items() if name not in own}

    def take(self, replication: int, arm: int, seen: Any) -> None:
        """Keep what was seen of a run; once all arms of a replication are there, their values."""
        mine = self.seen.setdefault(replication, {})
        mine[self.arms[arm].label] = seen
        if len(mine) == len(self.arms):
            in_order = {one.label: mine[one.label] for one in self.arms}
            self.values[replication] = self.measure.values(in_order)
            del self.seen[replication]


def validate(
    only: Sequence[str] = (),
    *,
    kind: str | None = None,
    assumed: Mapping[str, Any] | None = None,
    replications: int | None = None,
    quick: bool = False,
    seed: int = 1,
    workers: int | None = None,
    dask: str | None = None,
    executor: AnyExecutor | None = None,
    own: str | Path | Own | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Validation:
    """Measure published findings, under both charts.

    Args:
        only: names of findings; all if left out.
        kind: only those of one kind: `"held out"`, `"historical"` or `"calibrated"`.
        assumed: coefficients and strengths by full name, `assumptions.mechanism.name` or `rules.name`, in place of the
            published ones, wherever a finding does not set them itself; see `simsvc.validate_worlds`.
        replications: of every measure, 2 or more; 8 if left out. Noisy measures take some times as many.
        quick: 3 replications.
        seed: root of all luck, 0 or more.
        workers: threads; as many as cores if left out.
        dask: address of a scheduler whose workers run everything instead.
        executor: performs the runs instead, and stays open.
        own: file of own rules and phases, see `simsvc.runs.own`, under which everything is measured.
        watch: told how far it has come.

    Raises:
        InputError: for an unknown finding or kind, a setting that is neither, or fewer than two replications.
    """
    wanted = chosen(only, kind)
    n = replications if replications is not None else QUICK if quick else REPLICATIONS
    check_range("replications", n, 2)
    check_range("seed", seed, 0, LARGEST)
    names = {one.name for one in wanted}
    for name in assumed or {}:
        if not name.startswith(("assumptions.", "rules.")):
            raise InputError(
                f"{name}: only coefficients and strengths, whose names begin with 'assumptions.' and 'rules.', hold in "
                "every run"
            )
    own = None if own is None else load_own(own)
    cells = [
        _Cell(one, chart, assumed or {}, own) for one in MEASURES if names & set(one.findings) for chart in one.charts
    ]
    places = [
        (c, k, a) for c, cell in enumerate(cells) for k in range(n * cell.measure.times) for a in range(len(cell.arms))
    ]

    def orders() -> Iterator[Order]:
        for number, (c, k, a) in enumerate(places):
            arm = cells[c].arms[a]
            yield Order(arm.scenario, seed, k + APART * arm.luck, number, drive=cells[c].measure.drive)

    begun, failures = time.monotonic(), []
    with executor_for(workers, dask, executor) as place:
        for done, outcome in enumerate(place.in_order(orders()), 1):
            c, k, a = places[outcome.order.number]
            if outcome.failed:
                told = {"stage": outcome.stage, "message": outcome.message, "traceback": outcome.traceback}
                arm = cells[c].arms[a].label
                failures.append({"measure": cells[c].measure.findings[0], "chart": cells[c].chart, "arm": arm} | told)
            else:
                cells[c].take(k, a, outcome.seen)
            if watch:
                watch(Progress(done, len(places), len(failures), 0, time.monotonic() - begun))
    return Validation(
        [
            Measured(one, cell.chart, interval([values[one.name] for values in cell.values.values()]))
            for one in wanted
            for cell in cells
            if one.name in cell.measure.findings
        ],
        n, seed, len(places), load_scenario().carrying(own), failures, assumed or {},
        {name: sorted(cell.own_settings) for cell in cells if cell.own_settings for name in cell.measure.findings
         if name in names},
    )  # fmt: skip
