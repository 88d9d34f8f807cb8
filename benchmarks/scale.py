"""docs/scale.md: measured constants, and what much larger things would take. Written from the tables of `run.py`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from simsvc.scenario.calendar import DAYS_PER_YEAR
from simsvc.scenario.settings import Market
from simsvc.sweeps.design import MOST_RUNS

RESULTS = Path("results/benchmarks")
PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
FULL, OURS = "simsvc, full model", "simsvc's way, compiled"
CUSTOMERS, RUNS = 10**8, 10**9
BY_PERSON = ("waking", "needs", "reactions", "customers_evening")
"""Phases that go through people or contacts, each of which could be done apart from the others."""
YEARS, CORES, HOURS = 3, 64, 7 * 24
"""Of a large run; of a machine; of a week."""
HEAD = """# Scale

What a contact, a customer and a run cost, and what 100,000,000 customers or 1,000,000,000 runs would take.
`python benchmarks/run.py` measures and writes this page; nothing on it is written by hand.
"""
NOTHING = """
No figures are kept yet: the command above makes them.
"""


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """Tables of a folder by name; none if they are not all there."""
    files = {
        name: folder / f"{name}.csv" for name in ("contacts", "bound", "phases", "starts", "compilation", "sweeps")
    }
    return {name: pd.read_csv(file) for name, file in files.items()} if all(map(Path.exists, files.values())) else {}


def _full(contacts: pd.DataFrame) -> pd.DataFrame:
    return contacts[contacts["tool"] == FULL].set_index("customers")


def _ratios(bound: pd.DataFrame) -> pd.Series[float]:
    return bound[bound["item"] == "full model / bound"].set_index("customers")["ns"]


def promises(folder: Path) -> str:
    """Goals, what was measured, and whether they hold: a table in Markdown."""
    tables = read(folder)
    contacts, bound, starts = tables["contacts"], tables["bound"], tables["starts"].set_index("what")
    differ = json.loads((folder / "manifest.json").read_text("utf-8"))["tools_that_differ"]
    full, ours = _full(contacts), contacts[contacts["tool"] == OURS]
    least, most = full.index.min(), full.index.max()
    others = contacts[~contacts["tool"].isin([FULL, OURS, "C"])]
    growth = full["ns_per_contact"][most] / full["ns_per_contact"][least]
    rows: list[tuple[str, float, str, float]] = [
        (f"full model: contact at {most:,} customers over that at {least:,}", growth, "2", 2.0),
        ("full model: most GB of memory, days measured", full["peak_mb"].max() / 1024, "1.5", 1.5),
        ("full model: contact over its bound, largest of all sizes", _ratios(bound).max(), "2", 2.0),
        ("minimal workload, our way: over C, largest of all sizes", ours["times_c"].max(), "1.5", 1.5),
        ("minimal workload, our way: over the fastest other tool", 1.0 / others["times_ours"].min(), "1", 1.0),
        ("tools whose outcomes differ by more than luck", len(differ), "0", 0.0),
    ]
    if "simsvc run, one day, first use" in starts.index:
        waited = starts["waited_s"]["simsvc run, one day, first use"]
        rows.append(("first use, compiling: seconds waited", waited, "15", 15.0))
    said: Callable[[float, float], str] = lambda value, goal: "not measured" if math.isnan(value) else (  # noqa: E731
        "holds" if value <= goal else "does not hold")  # fmt: skip
    lines = [f"| {what} | {value:.3g} | {text} | {said(value, goal)} |" for what, value, text, goal in rows]
    return "\n".join(["| goal | measured | at most | |", "|---|---|---|---|", *lines])


def page(folder: Path) -> str:
    """The page from the tables of a folder; without numbers if there are none."""
    tables = read(folder)
    if not tables:
        return HEAD + NOTHING
    contacts, bound, starts = tables["contacts"], tables["bound"], tables["starts"]
    sweeps = dict(zip(tables["sweeps"]["what"], tables["sweeps"]["value"], strict=True))
    parts = [
        HEAD,
        "## Goals\n\n" + promises(folder),
        "## Measured\n\n" + _measured(contacts, starts),
        "## The full model and its bound\n\n" + _bound(bound),
        "## One run on several cores\n\n" + _on_cores(tables["phases"]),
        "## The first compilation\n\n" + _compiled(tables["compilation"]),
        f"## {CUSTOMERS:,} customers\n\n" + _large(_full(contacts)),
        f"## {RUNS:,} runs\n\n" + _many(sweeps),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _measured(contacts: pd.DataFrame, starts: pd.DataFrame) -> str:
    heads = "| tool | customers | days | ns a contact | times C | peak MB | bytes a customer |\n" + "|---" * 7 + "|"
    lines = [
        f"| {row['tool']} | {row['customers']:,} | {row['days']:,} | {row['ns_per_contact']:,.0f} | "
        f"{'' if math.isnan(row['times_c']) else format(row['times_c'], '.3g')} | {row['peak_mb']:,.0f} | "
        f"{row['bytes_per_customer']:,.0f} |"
        for row in contacts.to_dict("records")
    ]
    begun = [
        f"- {row['what']}: {row['processor_s']:.1f} s of processor time, {row['times_imports']:.2f} times the imports"
        for row in starts.to_dict("records")
    ]
    return (
        "Processor time of one thread, medians over turns. The full model makes fewer contacts a day than the minimal "
        "workload and does far more with each.\n\n" + "\n".join([heads, *lines]) + "\n\n" + "\n".join(begun)
    )


def _on_cores(phases: pd.DataFrame) -> str:
    sizes = sorted(phases["customers"].unique())
    each = phases.pivot(index="phase", columns="customers", values="ns").reindex(phases["phase"].unique())
    lines = ["| phase | " + " | ".join(f"ns a contact, {size:,} customers" for size in sizes) + " |"]
    lines.append("|---|" + "---|" * len(sizes))
    lines += [f"| {phase} | " + " | ".join(f"{ns:,.0f}" for ns in row) + " |" for phase, row in each.iterrows()]
    share = each.loc[list(BY_PERSON), sizes[-1]].sum() / each[sizes[-1]].sum()
    return (
        "A run is on one core; cores are for runs beside each other. What a day does case by case, one after the "
        "other, cannot be cut by department: a case that is handed over is in the other department's queue at the "
        "same moment, and departments share directors, who approve, so that none can be simulated ahead of the others "
        "by any time at all.\n\n"
        + "\n".join(lines)
        + f"\n\nWhat goes person by person ({', '.join(f'`{name}`' for name in BY_PERSON)}) is {share:.0%} of a "
        f"contact with {sizes[-1]:,} customers. Were all of it on two cores at no cost, a run would be "
        f"{1 / (1 - share / 2):.2f} times as fast; on any number of cores {1 / (1 - share):.2f} times."
    )


def _bound(bound: pd.DataFrame) -> str:
    sizes = sorted(bound["customers"].unique())
    each = {(row["customers"], row["item"]): row for row in bound.to_dict("records")}
    lines = ["| item | a contact | " + " | ".join(f"ns, {size:,} customers" for size in sizes) + " |"]
    lines.append("|---|---|" + "---|" * len(sizes))
    for item in bound["item"].unique():
        rows: list[Any] = [each[size, item] for size in sizes]
        number = "" if math.isnan(rows[0]["per_contact"]) else f"{rows[0]['per_contact']:.1f}"
        lines.append(f"| {item} | {number} | " + " | ".join(f"{row['ns']:.3g}" for row in rows) + " |")
    return (
        "Counted in a small run in plain Python; costs are those of loops that do nothing else. The bound has no place "
        "for sums and comparisons of the rules, for queues and events, nor for waiting for one result before the next. "
        "The last row is the ratio of the two above it, turn by turn.\n\n" + "\n".join(lines)
    )


def _compiled(compilation: pd.DataFrame) -> str:
    of = {part: rows.set_index("what")["value"].sort_values(ascending=False) for part, rows in
          compilation.groupby("part")}  # fmt: skip
    phases, steps = of["phases"], of["steps"]
    longest, whole = phases.index[0], phases.sum()
    blocks = [
        "\n".join([
            f"| {head} | s of processor time | share |\n|---|---|---|",
            *(f"| {name} | {value:.1f} | {value / each.sum():.0%} |" for name, value in each.items()),
        ])
        for head, each in (("phase of the day", phases), ("what the compiler does", steps))
    ]  # fmt: skip
    return (
        f"All {of['functions'].iloc[0]:,.0f} functions in one process: {whole:.0f} s of processor time, once for every "
        "version of the model. The first command shares phases out among as many processes as there are cores, up to "
        f"four; none can be faster than its longest phase, `{longest}` with {phases.iloc[0]:.0f} s. What several "
        "phases call counts for the first of them here, and is compiled once in every process.\n\n"
        + "\n\n".join(blocks)
        + "\n\nEvery function is optimized by itself and again inside each that calls it: so Numba works. What would "
        "shorten it: fewer functions (against rules that can be read and replaced one by one), or machine code that "
        "comes with the package (one for each processor, Python and version of Numba)."
    )


def _large(full: pd.DataFrame) -> str:
    most = full.index.max()
    cost, days = full["ns_per_contact"], YEARS * DAYS_PER_YEAR
    met = CUSTOMERS * full["contacts_per_customer_and_day"][most] * days
    hours = met * cost[most] / 3.6e12
    text = [
        f"{YEARS} years of {CUSTOMERS:,} customers are {met:.2g} contacts. At the cost of a contact with {most:,} "
        f"customers that is {hours:.3g} hours of one core; at the bytes of a customer there, "
        f"{CUSTOMERS * full['bytes_per_customer'][most] / 1e9:.3g} GB of memory."
    ]
    below = [size for size in full.index if size < most]
    if below:
        tenfold = (cost[most] / cost[below[-1]]) ** (1.0 / math.log10(most / below[-1]))
        grown = hours * tenfold ** math.log10(CUSTOMERS / most)
        text.append(
            f"From {below[-1]:,} to {most:,} customers a contact became {tenfold:.2f} times as dear for every tenfold "
            f"size; should that go on, {grown:.3g} hours."
        )
    high = Market.model_fields["population"].json_schema_extra["high"]  # type: ignore[index,call-overload]
    text.append(
        f"The settings end at {high:,} people (`market.population`). Numbers of people have 32 bits in the network and "
        "in the keys of random numbers, which is no limit here. The limits are memory, which one machine has to have, "
        "and that a run is on one core. What would lift them: hot fields of a customer apart from cold ones, and "
        "narrower numbers, for fewer bytes and cache misses; an organisation in branches that share no people, "
        "each a run of its own."
    )
    return "\n\n".join(text)


def _many(sweeps: dict[str, float]) -> str:
    besides = sweeps["ms besides the run"] / 1000
    core_hours = RUNS * (sweeps["s of a classroom run"] + besides) / 3600
    writer = RUNS * besides / 3600
    per_run, disk = sweeps["bytes of memory a run"], sweeps["bytes of disk a run"]
    return (
        f"A run of the classroom preset takes {sweeps['s of a classroom run']:.3g} s, and {1000 * besides:.2f} ms "
        f"besides (its settings, its line in the ledger, its row). {RUNS:,} of them are {core_hours:,.0f} core hours: "
        f"{math.ceil(core_hours / CORES / HOURS)} machines of {CORES} cores for a week. Over Dask an order takes "
        f"{sweeps['ms an order over Dask']:.2f} ms of processor time besides the run, on the worker and here.\n\n"
        f"A sweep takes {sweeps['MB of a sweep']:.0f} MB and {per_run:.0f} bytes for every run: for 100,000 runs "
        f"{sweeps['MB of a sweep'] + per_run * 1e5 / 1024**2:.0f} MB, should it go on growing as between "
        f"{sweeps['runs, smaller']:,.0f} and {sweeps['runs, larger']:,.0f} runs. On disk a run takes "
        f"{disk:,.0f} bytes, {RUNS:,} runs {RUNS * disk / 1e12:.2g} TB.\n\n"
        f"A design may have {MOST_RUNS:,} runs. The limit is that one program writes a folder: what it does for each "
        f"run, one after the other, takes at most {writer:,.0f} hours for all of them. What lifts it: the design in "
        "pieces, each in a folder of its own on machines of its own, read together afterwards."
    )
