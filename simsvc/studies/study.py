"""The frame of an experiment script: runs of a design, answers to claims, files of results, command line.

A script in `experiments/` says what is asked and how the runs answer it; the frame does the rest::

    STUDY = Study("promises", "What does promising more than is delivered do?", ["C22"], replications=20, quick=4)

    def main(study: Study) -> None:
        points = [Point({"promise": p}, load_scenario("contact_centre", {"market.promise": p})) for p in (0.5, 0.7)]
        runs = study.runs(points)
        lost = contrast(runs, "promise", 0.7, 0.5)["retention"] * 100
        found = study.answer("C22", "retention, promise 0.7 less 0.5", lost, "points", meaning="...")
        study.finding(f"Promising more gives retention {tell(found, ' points')}.")

    if __name__ == "__main__":
        STUDY.command(main)

Replication k has the same key at every point (common random numbers), and a quick study runs the first
replications of the full one.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Unpack

import numpy as np
import pandas as pd
import typer

from simsvc.errors import LARGEST, InputError, check_range
from simsvc.evidence.answers import ANSWERS
from simsvc.model.warm import compile_all
from simsvc.organization import ServiceOrganization
from simsvc.process import run_script
from simsvc.runs.executors import AnyExecutor, Where, executor_for, spelt_out
from simsvc.runs.folder import check_writable
from simsvc.runs.horizon import phrase
from simsvc.runs.metrics import METRICS
from simsvc.runs.order import APART, Order, straight
from simsvc.runs.result import Result, plain_data
from simsvc.runs.statistics import Interval, interval
from simsvc.scenario.loading import differences, with_days
from simsvc.scenario.settings import Scenario
from simsvc.show.paper import drawn, style_of
from simsvc.show.terminal import ProgressReport, say
from simsvc.studies.scripts import as_typed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Probe = Callable[[ServiceOrganization, Any], Mapping[str, float]]
"""Takes numbers from a finished run: is given the model and its days (rows of `simsvc.model.rows.DAY`)."""

PUBLISHED, QUICK = Path("results"), Path("results/quick")
"""Where results go by themselves: quick ones never in the place of published ones."""


@dataclass(frozen=True)
class Point:
    """One cell of a design.

    Attributes:
        labels: what tells it from the others, as columns of the table of runs.
        scenario: what is simulated, already with its structure and timeline.
        days: working days of each run; the scenario's if left out.
        luck: points of the same number share the luck of each replication and can be paired; points
            that stand for different places, such as branches, have numbers of their own.
    """

    labels: Mapping[str, Any]
    scenario: Scenario
    days: int | None = None
    luck: int = 0

    def described(self, base: Scenario) -> dict[str, Any]:
        """The point as it stands in a manifest: labels, and the settings in which it differs from another scenario."""
        settings = {name: new for name, (_, new) in differences(base, self.scenario).items()}
        dated = [change.model_dump(exclude_defaults=True) for change in self.scenario.timeline]
        return {
            **self.labels,
            "days": self.days or self.scenario.run.days,
            **({"luck": self.luck} if self.luck else {}),
            "settings": settings,
            **({"timeline": dated} if dated else {}),
        }


class Study(Result):
    """An experiment: asks one question by many runs and keeps what they answer.

    Args:
        name: of the script and of its folder of results.
        question: what is asked, one sentence.
        claims: numbers of the claims it answers, for example `["C4", "H1"]`.
        replications: runs per point at full size.
        quick: runs per point with `--quick`: points, days and settings stay, so that quick answers
            estimate the same quantities.
        timed: whether the findings say themselves when outcomes are taken, and whether charts were born so; if not,
            a sentence at the end does, for all of them.
    """

    kind: ClassVar[str] = "study"
    forms: ClassVar[tuple[str, ...]] = ("csv", "png")

    def __init__(
        self, name: str, question: str, claims: Sequence[str], *, replications: int, quick: int, timed: bool = False
    ) -> None:
        self.timed = timed
        self.name, self.question, self.claims = name, question, tuple(claims)
        self.full_replications, self.quick_replications = replications, quick
        self.quick = False
        """Whether this is a quick study."""
        self.replications = replications
        """Runs per point in force."""
        self.out = PUBLISHED / name
        """Folder of results in force."""
        self.executor: AnyExecutor | None = None
        """Performs the runs; threads, as many as cores, if there is none."""
        self.seed = 1
        """Root seed."""
        self.series = pd.DataFrame()
        """Mean daily series of the last `runs`: columns of the labels, `day` and the series asked for."""
        self._forget()

    def _forget(self) -> None:
        self._answers: list[dict[str, Any]] = []
        self._tables: dict[str, pd.DataFrame] = {}
        self._figures: dict[str, Callable[[], Figure]] = {}
        self._sentences: list[str] = []
        self._points: list[Point] = []
        self._done = 0
        self._seconds = 0.0

    # -- what a script calls ------------------------------------------------------------------

    def runs(
        self,
        points: Sequence[Point],
        *,
        series: Sequence[str] = (),
        probe: Probe | None = None,
        replications: int | None = None,
        listed: bool = True,
    ) -> pd.DataFrame:
        """Run every point of a design, `replications` times each.

        Args:
            points: the design; labels name the same columns at every point.
            series: daily series of which the mean over replications is kept in `self.series`.
            probe: takes further numbers from each finished run.
            replications: runs per point, where a part of the study needs fewer than the others.
            listed: whether the manifest lists every point; thousands of them belong in a table of the study.

        Returns:
            One row per run: labels, `replication`, every metric, what the probe took.

        Raises:
            InputError: if a label has the name of a metric.
            RunFailed: if a run did not come to its end.
        """
        for label in points[0].labels:
            if label in METRICS or label == "replication":
                raise InputError(f"study {self.name}: the label '{label}' is the name of a metric or column; rename it")
        n = min(self.replications, replications or self.replications)
        columns = list(series)
        drive = functools.partial(_probed, probe) if probe else straight
        orders = (
            Order(with_days(point.scenario, point.days), self.seed, k + APART * point.luck, number * n + k,
                  series=columns, drive=drive)
            for number, point in enumerate(points)
            for k in range(n)
        )  # fmt: skip
        sums: list[Any] = [0.0] * len(points)
        table = []
        with ProgressReport("runs") as report, executor_for(executor=self.executor) as place:
            for done, outcome in enumerate(place.in_order(orders), 1):
                number, k = divmod(outcome.or_raise().order.number, n)
                table.append({**points[number].labels, "replication": k, **outcome.metrics, **(outcome.seen or {})})
                if outcome.days is not None:
                    sums[number] = sums[number] + outcome.days[columns].to_numpy().T
                report.update(done, n * len(points))
        if columns:
            parts = [
                pd.DataFrame({"day": np.arange(total.shape[1]), **dict(zip(columns, total / n, strict=True))}).assign(
                    **point.labels
                )
                for point, total in zip(points, sums, strict=True)
            ]
            self.series = pd.concat(parts, ignore_index=True)[[*points[0].labels, "day", *columns]]
        self._points += points if listed else points[: not self._points]  # the first stands for all
        self._done += n * len(points)
        self.scenario = self._points[0].scenario
        return pd.DataFrame(table)

    def answer(self, claim: str, quantity: str, values: Any, unit: str, *, meaning: str) -> Interval:
        """Note what the runs say on a claim.

        Args:
            claim: number of the claim, one of those the study names.
            quantity: short name of what was estimated; unique for the claim.
            values: float, one independent estimate per replication (paired differences and the
                like); NaN for replications that allow none.
            unit: of the values, as a reader wants it: points, thousand a year.
            meaning: one sentence: what the quantity is, and what a positive value says.

        Returns:
            Mean and 95 % interval.
        """
        if claim not in self.claims:
            raise InputError(f"study {self.name}: answers claim {claim}, which it does not name")
        if any(row["claim"] == claim and row["quantity"] == quantity for row in self._answers):
            raise InputError(f"study {self.name}: answers '{quantity}' of claim {claim} twice")
        sample = np.asarray(values, float)
        if sample.ndim != 1 or len(sample) > self.replications:
            raise InputError(
                f"study {self.name}: '{quantity}' has values of shape {sample.shape}: allowed is one per "
                f"replication ({self.replications}), because points share the luck of a replication"
            )
        sample = sample[np.isfinite(sample)]
        found = interval(sample)
        spread = float(sample.std(ddof=1)) if found.n > 1 else float("nan")
        values_of = (self.name, claim, quantity, unit, found.mean, found.low, found.high, spread, found.n, meaning)
        self._answers.append(dict(zip(ANSWERS, values_of, strict=True)))
        return found

    def table(self, frame: pd.DataFrame, name: str) -> None:
        """Keep a table of results, to be written as `name`.csv."""
        self._tables[name] = frame

    def figure(self, figure: Figure, name: str) -> None:
        """Keep a figure, to be written as `name`.png."""
        self._figures[name] = lambda: figure

    def finding(self, text: str) -> None:
        """Keep a sentence on what was found; it has to be made from the data."""
        self._sentences.append(text)

    def adopt(self, found: Result, runs: int) -> None:
        """Keep the tables, figures and sentence of an analysis.

        Args:
            found: what it found.
            runs: how many it performed.
        """
        self._tables |= found.tables()
        self._figures |= found.figures()
        self._sentences.append(found.sentence())
        self._done += runs
        self.scenario = found.scenario

    # -- what runs it -------------------------------------------------------------------------

    @property
    def answers(self) -> pd.DataFrame:
        """What was answered so far, as in the files; see `simsvc.evidence.answers.Answer`."""
        return pd.DataFrame(self._answers, columns=list(ANSWERS))

    @spelt_out
    def perform(
        self,
        main: Callable[[Study], None],
        *,
        quick: bool = False,
        replications: int | None = None,
        out: Path | None = None,
        seed: int = 1,
        command: str = "",
        **where: Unpack[Where],
    ) -> str:
        """Run the study and write its results.

        Args:
            main: the script's function.
            quick: whether few replications are enough.
            replications: runs per point; the study's own if left out.
            out: folder of results; `results/<name>` if left out, `results/quick/<name>` of a quick study.
            seed: root seed, 0 or more.
            command: what was typed, for the manifest.
            where: workers, dask or executor, see `simsvc.runs.executors.Where`.

        Returns:
            The finding.

        Raises:
            InputError: for wrong input, before anything runs.
        """
        for what, value, low, high in (("replications", replications, 2, APART), ("seed", seed, 0, LARGEST)):
            if value is not None:
                check_range(what, value, low, high)
        self._forget()
        self.quick = quick
        self.replications = replications or (self.quick_replications if quick else self.full_replications)
        self.out = out or (QUICK if quick else PUBLISHED) / self.name
        self.seed = seed
        with executor_for(**where) as self.executor:
            try:
                check_writable(self.out)
                begun = time.monotonic()
                main(self)
            finally:
                self.executor = None
        self._seconds = time.monotonic() - begun
        self.save(self.out, command)
        return self.sentence()

    # -- what is written ----------------------------------------------------------------------

    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables of the script, and its answers."""
        return {**self._tables, "answers": self.answers}

    def figures(self) -> dict[str, Callable[[], Figure]]:
        """Figures of the script."""
        return self._figures

    def sentence(self) -> str:
        """What was found, and when its outcomes are taken."""
        phrases = (phrase(point.scenario, point.days or point.scenario.run.days) for point in self._points)
        when = "; ".join(dict.fromkeys(phrases))
        return " ".join(self._sentences + [f"All this: {when}."] * (bool(when) and not self.timed))

    def as_json(self) -> dict[str, Any]:
        """Question, finding and answers as plain data."""
        return {"question": self.question, "finding": self.sentence(), "answers": plain_data(self.answers)}

    def texts(self, folder: Path) -> dict[str, str]:
        """The finding, as a text."""
        return {"finding.txt": self.sentence() + "\n"}

    def details(self) -> dict[str, Any]:
        """What was asked and run, and which files hold the answer."""
        files = [*(f"{name}.csv" for name in self.tables()), *(f"{name}.png" for name in self._figures), "finding.txt"]
        return {
            "name": self.name,
            "question": self.question,
            "claims": self.claims,
            "seed": self.seed,
            "replications": self.replications,
            "runs": self._done,
            "seconds": round(self._seconds),
            "files": sorted(files),
            "points": [point.described(self.scenario) for point in self._points],
        }

    def size(self) -> str:
        """Name and replications."""
        return f"{self.name}, {self.replications} replications"

    # -- the command --------------------------------------------------------------------------

    def command(self, main: Callable[[Study], None]) -> None:
        """Be a command: options, compilation, errors in one line."""

        def study(
            quick: Annotated[bool, typer.Option(help="Few replications, see above.")] = False,
            replications: Annotated[int | None, typer.Option(help="Runs per point.")] = None,
            out: Annotated[
                Path | None, typer.Option(help="Folder of results. [default: results/NAME, quick: results/quick/NAME]")
            ] = None,
            seed: Annotated[int, typer.Option(help="Root of all luck, 0 or more.")] = 1,
            workers: Annotated[int | None, typer.Option(help="Threads. [default: as many as cores]")] = None,
            style: Annotated[str | None, typer.Option(help="Draw figures for `paper` or `slides`, too.")] = None,
        ) -> None:
            style_of(style or "paper")
            compile_all(say)
            text = self.perform(
                main, quick=quick, replications=replications, out=out, seed=seed, workers=workers,
                command=as_typed(),
            )  # fmt: skip
            if style:
                drawn(self.figures(), self.out / style, style, self.size())
            print(text)

        sizes = f"{self.full_replications} replications, {self.quick_replications} with --quick"
        claims = f" Claims: {', '.join(self.claims)}." if self.claims else ""
        study.__doc__ = f"{self.question}{claims} {sizes}."
        run_script(study, self.name)


def _probed(probe: Probe, model: ServiceOrganization, days: int) -> Mapping[str, float]:
    """A drive: all days in one go, then further numbers from the finished run."""
    model.advance(days)
    return probe(model, model.state.days[:days])
