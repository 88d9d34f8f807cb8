"""What does a sweep cost besides its runs? Cores used, time and memory per run, runs an hour.

    python benchmarks/sweep.py              # about ten minutes on an idle machine; results/sweep_speed/
    python benchmarks/sweep.py --memory     # memory for 100 to 100,000 runs, five minutes; results/sweep_memory/
    python benchmarks/sweep.py --quick      # fewer runs and rounds; kept nowhere

Sweeps are timed after compilation and loading, in a folder of their own on this machine's disk. Two cores of a machine
are not always twice one: so the same runs are also made by two programs side by side that know nothing of each other.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from keeping import keep, shown
from matplotlib.figure import Figure
from measuring import apart, peak_memory

from simsvc.model.warm import compile_all
from simsvc.organization import ServiceOrganization
from simsvc.process import run_script
from simsvc.runs.executors.threads import cores
from simsvc.runs.folder import save_figure
from simsvc.runs.metrics import summary
from simsvc.scenario.loading import load_scenario
from simsvc.show.axes import clean
from simsvc.show.terminal import say
from simsvc.sweeps.design import Design
from simsvc.sweeps.sweep import Sweep

SIZES = (100, 1_000, 10_000, 100_000)
SPEED, MEMORY = Path("results/sweep_speed"), Path("results/sweep_memory")
LENGTHS = (750, 4000)
"""Days of the classroom preset: runs of about 0.15 s and 0.8 s."""
NAN = float("nan")


def classroom(days: int, replications: int) -> Design:
    """Runs of the classroom preset under one structure."""
    return Design("classroom", ["inverted"], days=days, replications=replications)


def smallest(replications: int) -> Design:
    """The smallest runs there are: a day of ten customers."""
    tiny = {"market.population": 30, "market.customers": 10}
    return Design("classroom", ["inverted"], settings=tiny, days=1, replications=replications)


@contextmanager
def begun(design: Design, workers: int | None = None, dask: str | None = None) -> Iterator[Sweep]:
    """A sweep that has run once and so has loaded everything."""
    with tempfile.TemporaryDirectory() as home, Sweep(design, Path(home) / "out", workers=workers, dask=dask) as work:
        work.perform(islice(design.tasks(), 1))
        yield work


def seconds(design: Design, workers: int) -> float:
    """Time of all runs of a design but the first."""
    with begun(design, workers) as work:
        start = time.perf_counter()
        work.perform()
        work.store.flush()
        return time.perf_counter() - start


def by_hand(days: int, first: int, runs: int, clock: str = "perf_counter") -> float:
    """Seconds by a clock of the module `time` that so many runs take without a sweep, in a process of its own."""
    settings = load_scenario("classroom")
    ServiceOrganization(settings, structure="inverted", rng=1).advance(1)
    start = getattr(time, clock)()
    for number in range(first, first + runs):
        model = ServiceOrganization(settings, structure="inverted", rng=1, replication=number)
        model.advance(days)
        summary(model.state.days[:days], settings.run.settling)
    return float(getattr(time, clock)() - start)


def speedup(days: int, runs: int, rounds: int) -> tuple[list[float], list[float], float]:
    """How much faster than one worker are two, and two programs side by side, in each round; seconds of a run."""
    design = classroom(days, runs + 1)
    workers, programs, alone = [], [], []
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(by_hand, [1, 1], [0, 0], [1, 1]))
        for _ in range(rounds):
            one = seconds(design, 1)
            workers.append(one / seconds(design, 2))
            single = pool.submit(by_hand, days, 1, runs // 2).result()
            programs.append(2 * single / max(pool.map(by_hand, [days] * 2, [1, 1 + runs // 2], [runs // 2] * 2)))
            alone.append(one / runs)
    return workers, programs, statistics.median(alone)


def by_itself(design: Design) -> float:
    """Processor time (s) of all runs of a design but the first, without a sweep."""
    start = time.process_time()
    for task in islice(design.tasks(), 1, None):
        model = ServiceOrganization(design.settings_of(task), rng=design.root_seed, replication=task.luck)
        model.advance(1)
        summary(model.state.days[:1], model.settings.run.settling)
    return time.process_time() - start


def overhead(runs: int, rounds: int) -> float:
    """Milliseconds of processor time that a run in a sweep takes more than by hand; one worker, median of rounds."""
    design = smallest(runs + 1)
    found = []
    for _ in range(rounds):
        with begun(design, 1) as work:
            start = time.process_time()
            work.perform()
            work.store.flush()
            inside = time.process_time() - start
        found.append((inside - by_itself(design)) / runs * 1000)
    return statistics.median(found)


def rate(runs: int) -> float:
    """Runs of the classroom preset (750 days) an hour on all cores."""
    return runs / seconds(classroom(750, runs + 1), cores()) * 3600


def over_dask(runs: int) -> float:
    """Milliseconds of processor time that an order takes besides its run on a worker of Dask, here and there."""
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as cluster, Client(cluster) as client:

        def used() -> float:
            return time.process_time() + sum(client.run(time.process_time).values())

        design = smallest(runs + 1)
        with begun(design, dask=cluster.scheduler_address) as work:
            before = used()
            work.perform()
            spent = used() - before
    return (spent - by_itself(design)) / runs * 1000


def peak(runs: int) -> dict[str, float]:
    """Peak memory of this process (MB) after two runs, after all, after their table was read; bytes on disk."""
    design = smallest(runs)
    with begun(design, cores()) as work:
        work.perform(islice(design.tasks(), 2))
        loaded = peak_memory()
        work.perform()
        swept = peak_memory()
        work.store.flush()
        disk = sum(file.stat().st_size for file in work.store.folder.rglob("*") if file.is_file())
        work.runs()
        return {"runs": runs, "loaded": loaded, "swept": swept, "table": peak_memory(), "disk": disk}


def constants(quick: bool) -> dict[str, float]:
    """What a sweep costs, for `run.py`."""
    sizes = (1000, 3000) if quick else (10_000, 40_000)
    small, large = (apart(peak, size) for size in sizes)
    runs = sizes[1] - sizes[0]
    rounds, tries = (1, 100) if quick else (5, 1000)
    found = {
        "s of a classroom run": apart(by_hand, 750, 0, tries // 50, "process_time") / (tries // 50),
        "ms besides the run": apart(overhead, tries, rounds),
        "MB of a sweep": small["swept"],
        "bytes of memory a run": max(large["swept"] - small["swept"], 0.0) * 1024**2 / runs,
        "bytes of disk a run": (large["disk"] - small["disk"]) / runs,
        "runs, smaller": sizes[0],
        "runs, larger": sizes[1],
    }
    return {**found, "ms an order over Dask": apart(over_dask, tries)}


def memory() -> None:
    """Measure memory for sweeps of several sizes, each in a process of its own; write table and figure."""
    rows = []
    for size in SIZES:
        say(f"memory of {size:,} runs")
        rows.append(apart(peak, size))
    table = pd.DataFrame(rows).round(1)
    command = "python benchmarks/sweep.py --memory"
    design = smallest(SIZES[-1])
    keep({"memory": table}, MEMORY, design.settings_of(next(iter(design.tasks()))), command)
    print(shown(table))
    figure = Figure(figsize=(5.5, 3.4), layout="constrained")
    axes = figure.subplots()
    axes.plot(table["runs"], table["swept"], marker="o", label="while it runs")
    axes.plot(table["runs"], table["table"], marker="s", linestyle="--", label="with the table of all runs read")
    axes.set_xscale("log")
    axes.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
    axes.set_ylim(0, 1.15 * table["table"].max())
    axes.set_xlabel("runs of the sweep")
    axes.set_ylabel("peak memory of the program, MB")
    axes.legend(frameon=False)
    clean(axes)
    save_figure(figure, MEMORY, "memory", command, ("png",))


def benchmark(
    quick: Annotated[bool, typer.Option(help="Fewer runs and rounds.")] = False,
    with_memory: Annotated[bool, typer.Option("--memory", help="Measure memory instead.")] = False,
) -> None:
    """Measure ratios, times and rates, or memory; print and keep them."""
    compile_all(say)
    if with_memory:
        memory()
        return
    rounds = 1 if quick else 7
    rows: list[tuple[str, float, float, float]] = []
    for days in LENGTHS:
        say(f"two cores against one, runs of {days} days")
        workers, programs, each = speedup(days, (12_000 if quick else 48_000) // days // 2 * 2, rounds)
        for name, found in (("two workers of a sweep", workers), ("two programs side by side", programs)):
            what = f"{name}, times as fast as one, runs of {each:.2f} s"
            rows.append((what, statistics.median(found), min(found), max(found)))
    say("what a sweep takes besides its runs")
    rows.append(("ms of processor time besides each run", overhead(200 if quick else 1000, rounds), NAN, NAN))
    rows.append((f"runs an hour, classroom, 750 days, {cores()} cores", rate(40 if quick else 200), NAN, NAN))
    table = pd.DataFrame(rows, columns=["what", "median", "least", "most"])
    print(shown(table))
    if not quick:
        keep({"speed": table}, SPEED, load_scenario("classroom"), "python benchmarks/sweep.py")


if __name__ == "__main__":
    run_script(benchmark, "sweep")
