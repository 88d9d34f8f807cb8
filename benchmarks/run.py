"""How fast is simsvc, against other tools and against what the machine allows? One command, one table, one figure.

    python benchmarks/run.py            # an hour on an idle machine with two cores and 8 GB; results/benchmarks/
    python benchmarks/run.py --quick    # some minutes; results/quick/benchmarks/
    python benchmarks/run.py --sweeps   # only what sweeps cost, again; the rest stays as it was measured

A minimal workload (`benchmarks/peers/`) in each tool, and simsvc's full model, with 1,000 to 1,000,000 customers. Every
measurement is a process of its own; processes of all tools take turns, and ratios are medians over turns of figures of
the same turn. A tool that is slow simulates fewer days (column `days`). Before anything is timed, all tools must agree
in what comes of the workload. Needs `pip install 'simsvc[bench]'` and, for C, gcc; what is missing is left out.

Besides: the cost of the full model by phase of a day and against a bound (`counting.py`, `bound.py`), of starting,
compiling (`compilation.py`) and a sweep.
From all that, `docs/scale.md` is written.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import scale
import typer
from bound import costs
from compilation import compilation
from counting import ITEMS, counts
from keeping import keep, shown
from matplotlib.figure import Figure
from measuring import STARTS, apart, contacts, first_compilation, outcomes, phases, processor_time
from peers.full import scaled
from scipy import stats
from sweep import constants

from simsvc.model.warm import compile_all
from simsvc.process import run_script
from simsvc.runs.folder import check_writable, manifest, note_of, save_figure, table_files, written
from simsvc.show.axes import COLOURS, DASHES, clean
from simsvc.show.terminal import say

OURS, C, FULL = "keyed", "keyed_c", "full"
PEERS = (OURS, C, "numpy_arrays", "objects", "simpy_processes", "mesa_agents", "mesa_select", "agentpy_lists")
ERROR_RATE = 0.001
"""Chance that tools which do the same are said to differ."""
OUTCOMES = {"contacts": "contacts a customer and day", "leavers": "leavers a contact", "satisfaction": "satisfaction"}


def disagreements(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Which tools give something else than the others, within luck (Welch's test, Bonferroni); C and ours to 1e-9.

    Args:
        found: by module of the tool, as `measuring.outcomes` gives it.
    """
    said = []
    level = ERROR_RATE / (len(found) * len(OUTCOMES))
    apart_from_luck = [peer for peer in found if peer != C]  # C has the luck of ours
    for peer in apart_from_luck:
        for name, meaning in OUTCOMES.items():
            others = np.concatenate([found[other][name] for other in apart_from_luck if other != peer])
            test = stats.ttest_ind(found[peer][name], others, equal_var=False)
            if not test.pvalue >= level:
                mean, rest = np.mean(found[peer][name]), np.mean(others)
                said.append(f"{found[peer]['name']}: {meaning} {mean:.5g}, of the others {rest:.5g}")
    if C in found and OURS in found:
        for name, meaning in OUTCOMES.items():
            if not np.allclose(found[C][name], found[OURS][name], rtol=0, atol=1e-9):
                said.append(f"C: {meaning} is not that of the same random numbers in {found[OURS]['name']}")
    return said


def in_turns(
    peers: Sequence[str], sizes: Sequence[int], rounds: int, seconds: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure: a row for every tool, size and turn; costs of the items of the bound for every size and turn."""
    rows, items = [], []
    for customers in sizes:
        for turn in range(rounds):
            for peer in peers:
                say(f"{customers:,} customers, turn {turn + 1} of {rounds}: {peer}")
                try:
                    found = apart(contacts, peer, customers, turn + 1, seconds)
                except subprocess.CalledProcessError as error:  # there may not be enough memory for it
                    say(f"left out: {peer} with {customers:,} customers ended with {error.returncode}")
                    continue
                rows.append({"peer": peer, "customers": customers, "turn": turn, **found})
            items.append({"customers": customers, "turn": turn, **apart(costs, customers)})
    return pd.DataFrame(rows), pd.DataFrame(items)


def table_of(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """One row for every tool and size: medians, least and most over turns, ratios to C and to ours."""
    made = []
    for (customers, peer), turns in rows.groupby(["customers", "peer"], sort=False):
        same = rows[rows["customers"] == customers]
        row = {"tool": names[peer], "customers": customers, "days": int(turns["days"].median())}
        row |= {"ns_per_contact": turns["ns"].median(), "least": turns["ns"].min(), "most": turns["ns"].max()}
        for column, other in (("times_c", C), ("times_ours", OURS)):
            base = same[same["peer"] == other].set_index("turn")["ns"]
            row[column] = (turns.set_index("turn")["ns"] / base).median() if len(base) and peer != FULL else np.nan
        rate = turns["contacts"] / turns["days"] / customers
        row["contacts_per_customer_and_day"] = rate.median()
        row["peak_mb"] = turns["peak"].median()
        row["bytes_per_customer"] = max((turns["peak"] - turns["loaded"]).median(), 0) * 1024**2 / customers
        row |= {name: turns[name].median() for name in ("building", "imports", "compiling")}
        made.append(row)
    return pd.DataFrame(made)


def bound_of(rows: pd.DataFrame, items: pd.DataFrame, needed: Mapping[str, float]) -> pd.DataFrame:
    """The bound of the full model by size: items, their sum, what is measured, and the ratio of the two."""
    made = []
    for customers, turns in items.groupby("customers", sort=False):
        parts = {}
        for item, key in ITEMS.items():
            each = turns[key].median()
            parts[item] = needed[key] * each
            made.append((customers, item, needed[key], each, parts[item]))
        measured = rows[(rows["customers"] == customers) & (rows["peer"] == FULL)].set_index("turn")["ns"]
        bounds = sum(turns.set_index("turn")[key] * needed[key] for key in ITEMS.values())
        ratio = (measured / bounds).median()
        made.append((customers, "bound", np.nan, np.nan, sum(parts.values())))
        made.append((customers, "full model", np.nan, np.nan, measured.median()))
        made.append((customers, "full model / bound", np.nan, np.nan, ratio))
    return pd.DataFrame(made, columns=["customers", "item", "per_contact", "ns_each", "ns"])


def by_phase(sizes: Sequence[int], turns: int, seconds: float) -> pd.DataFrame:
    """Nanoseconds of a contact of the full model by size and phase, medians over turns."""
    rows = []
    for customers in sizes:
        say(f"{customers:,} customers: phases of a day")
        found = pd.DataFrame([apart(phases, customers, seconds) for _ in range(turns)]).median()
        rows += [{"customers": customers, "phase": phase, "ns": ns} for phase, ns in found.items()]
    return pd.DataFrame(rows)


def starts(turns: int, compilation: bool) -> pd.DataFrame:
    """Processor time of starting, as a ratio to the imports that cannot be avoided; the first compilation."""
    taken: dict[str, list[float]] = {name: [] for name in STARTS}
    for turn in range(turns):
        say(f"starting, turn {turn + 1} of {turns}")
        for name, words in STARTS.items():
            taken[name].append(processor_time(words))
    imports = next(iter(taken.values()))
    made = [
        (name, statistics.median(times), statistics.median(a / b for a, b in zip(times, imports, strict=True)), np.nan)
        for name, times in taken.items()
    ]
    if compilation:
        say("first compilation")
        first = first_compilation()
        ratio = first["processor"] / statistics.median(imports)
        made.append(("simsvc run, one day, first use", first["processor"], ratio, first["waited"]))
    return pd.DataFrame(made, columns=["what", "processor_s", "times_imports", "waited_s"])


def cost_of_sweeps(quick: bool) -> pd.DataFrame:
    """What a sweep costs besides its runs, and over Dask."""
    say("sweeps")
    return pd.DataFrame(apart(constants, quick).items(), columns=["what", "value"])


def figure_of(table: pd.DataFrame, bound: pd.DataFrame) -> Figure:
    """Cost of a contact over the number of customers: tools, and the full model over its bound."""
    figure = Figure(figsize=(10.5, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
    sizes = sorted(table["customers"].unique())
    order = table[table["customers"] == sizes[0]].sort_values("ns_per_contact", ascending=False)["tool"]
    for k, tool in enumerate(order):
        rows = table[table["tool"] == tool]
        look = {"color": COLOURS[k % len(COLOURS)], "linestyle": DASHES[k // len(COLOURS)], "marker": "o"}
        left.plot(rows["customers"], rows["ns_per_contact"] / 1000, label=tool, markersize=4, **look)
    left.set_xscale("log")
    left.set_yscale("log")
    left.set_xticks(sizes, [f"{size:,}" for size in sizes])
    left.minorticks_off()
    left.set_ylabel("µs of processor time per contact", fontsize=8)
    left.set_title("Minimal workload by tool; full model", fontsize=10, loc="left")
    left.legend(fontsize=7, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    at, below = np.arange(len(sizes)), np.zeros(len(sizes))
    for k, item in enumerate(ITEMS):
        part = bound[bound["item"] == item].set_index("customers")["ns"].reindex(sizes).to_numpy()
        right.bar(at, part, 0.6, bottom=below, color=COLOURS[k % len(COLOURS)], label=item)
        below = below + part
    whole = bound[bound["item"] == "full model"].set_index("customers")["ns"].reindex(sizes)
    right.plot(at, whole, "k_", markersize=28, markeredgewidth=2, label="full model, measured")
    right.set_xticks(at, [f"{size:,}" for size in sizes])
    right.set_ylabel("ns per contact", fontsize=8)
    right.set_title("Full model and its bound", fontsize=10, loc="left")
    right.legend(fontsize=7, frameon=False, markerscale=0.35)
    for axes in (left, right):
        axes.set_xlabel("customers", fontsize=8)
        clean(axes)
    return figure


def versions() -> dict[str, str]:
    """Of what is compared."""
    found = {}
    for name in ("agentpy", "simpy", "distributed"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    with contextlib.suppress(OSError):
        words = ["gcc", "-dumpfullversion"]
        found["gcc"] = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    return found


def benchmark(
    quick: Annotated[bool, typer.Option(help="Two sizes, fewer turns, no first compilation.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder of results.")] = None,
    rounds: Annotated[int | None, typer.Option(min=1, help="Turns of every measurement.")] = None,
    only_sweeps: Annotated[bool, typer.Option("--sweeps", help="Only what sweeps cost, again.")] = False,
) -> None:
    """Measure, print the table, write results and docs/scale.md."""
    folder = out or Path("results/quick/benchmarks" if quick else "results/benchmarks")
    check_writable(folder)
    sizes = (1_000, 100_000) if quick else (1_000, 10_000, 100_000, 1_000_000)
    turns = rounds or (2 if quick else 5)
    compile_all(say)
    page = scale.PAGE if folder == scale.RESULTS else folder / "scale.md"
    if only_sweeps:
        table_files(cost_of_sweeps(quick), folder, "sweeps", ("csv",))
        made = manifest(scaled(1_000), "python benchmarks/run.py --sweeps")
        again = {key: made[key] for key in ("command", "commit", "model", "made", "machine")}
        written(folder / "manifest.json", json.dumps(note_of(folder) | {"sweeps_again": again}, indent=1))
        written(page, scale.page(folder))
        return
    found = {}
    for peer in PEERS:
        say(f"do all tools do the same? {peer}")
        one = apart(outcomes, peer, 5 if quick else 20, 1_000, 60)
        if "missing" in one:
            say(f"left out: {peer}: {one['missing']}")
        else:
            found[peer] = one
    for line in (different := disagreements(found)):
        say(f"does not do the same: {line}")
    names = {peer: one["name"] for peer, one in found.items()} | {FULL: "simsvc, full model"}
    rows, items = in_turns([*found, FULL], sizes, turns, 0.1 if quick else 1.0)
    table = table_of(rows, names)
    say("counting what a contact needs")
    bound = bound_of(rows, items, apart(counts, 1_500 if quick else 5_000, 3, 4 if quick else 25))
    phased = by_phase(sizes, turns, 0.1 if quick else 2.0)
    begun = starts(1 if quick else 5, not quick)
    say("where compiling takes its time")
    spent = apart(compilation)
    parts = [(part, name, value) for part, numbers in spent.items() for name, value in numbers.items()]
    compiled = pd.DataFrame(parts, columns=["part", "what", "value"])
    sweeps = cost_of_sweeps(quick)
    command = f"python benchmarks/run.py{' --quick' if quick else ''}{f' --rounds {rounds}' if rounds else ''}"
    tables = {
        "contacts": table,
        "bound": bound,
        "phases": phased,
        "starts": begun,
        "compilation": compiled,
        "sweeps": sweeps,
    }
    tools = {"tools_that_differ": different, "turns": turns, "tools": versions()}
    keep(tables, folder, scaled(1_000), command, **tools)
    save_figure(figure_of(table, bound), folder, "contacts", command, ("png",))
    print(shown(table))
    print()
    print(scale.promises(folder))
    written(page, scale.page(folder))


if __name__ == "__main__":
    run_script(benchmark, "run.py")
