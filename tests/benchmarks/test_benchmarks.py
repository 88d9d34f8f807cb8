"""Benchmarks: tools that are compared do the same, and documents say what the tables say."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import run
import scale
from compilation import Clock
from counting import ITEMS, counts
from measuring import apart, outcomes, peak_memory, phases

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    c = [run.C] if shutil.which("gcc") else []
    return {peer: outcomes(peer, 8, 300, 40) for peer in (run.OURS, "numpy_arrays", "objects", "mesa_agents", *c)}


def test_tools_that_are_compared_do_the_same(found: dict[str, Any]) -> None:
    assert run.disagreements(found) == []


@pytest.mark.parametrize("outcome", run.OUTCOMES)
def test_a_tool_that_does_something_else_is_found_out(found: dict[str, Any], outcome: str) -> None:
    other = {**found["objects"], outcome: [value + 0.05 for value in found["objects"][outcome]]}
    assert any(line.startswith(other["name"]) for line in run.disagreements({**found, "objects": other}))
    near = {**found[run.OURS], "name": "C", outcome: [value + 1e-6 for value in found[run.OURS][outcome]]}
    assert [line[:2] for line in run.disagreements({**found, run.C: near})] == ["C:"]


def test_a_tool_that_is_not_installed_is_said_to_be_missing() -> None:
    assert "missing" in outcomes("no_such_tool", 1, 10, 1)


def test_a_function_of_the_script_that_is_run_is_performed_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak_memory, "__module__", "__main__")
    assert apart(peak_memory) > 1


def test_what_a_contact_needs_is_counted() -> None:
    needed = apart(counts, 60, 1, 3)
    assert set(needed) == set(ITEMS.values())
    assert needed["block"] >= 4  # what it is about, twice; patience and return; the next need
    assert needed["log"] >= 2  # patience, the next need
    assert needed["line"] >= 5  # the case alone has as many


MADE_UP = {run.OURS: 50.0, run.C: 40.0, "objects": 4000.0, run.FULL: 800.0}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rest = {"days": 10, "loaded": 100.0, "building": 0.1, "imports": 1.0, "compiling": 1.0}
    rows = [
        {"peer": peer, "customers": size, "turn": turn, "ns": ns * slow * (1 + turn) * (2 if size > 1000 else 1),
         "contacts": size * 10 * 0.05, "peak": 100.0 + size * 1000 / 1024**2, **rest}
        for size in (1_000, 10_000) for turn, slow in enumerate((1.0, 1.1, 1.2)) for peer, ns in MADE_UP.items()
    ]  # fmt: skip
    items = [{"customers": size, "turn": turn, **dict.fromkeys(ITEMS.values(), 10.0 * (1 + turn))}
             for size in (1_000, 10_000) for turn in range(3)]  # fmt: skip
    table = run.table_of(pd.DataFrame(rows), {peer: peer for peer in MADE_UP} | {run.OURS: scale.OURS,
                         run.C: "C", run.FULL: scale.FULL})  # fmt: skip
    bound = run.bound_of(pd.DataFrame(rows), pd.DataFrame(items), dict.fromkeys(ITEMS.values(), 10.0))
    sweeps = {
        "s of a classroom run": 0.36, "ms besides the run": 1.0, "ms an order over Dask": 5.0, "MB of a sweep": 400.0,
        "bytes of memory a run": 10.0, "bytes of disk a run": 1000.0, "runs, smaller": 1, "runs, larger": 2,
    }  # fmt: skip
    starts = pd.DataFrame([("imports", 2.0, 1.0, None)], columns=["what", "processor_s", "times_imports", "waited_s"])
    compiled = [("phases", "evening", 5.0), ("phases", "morning", 15.0), ("steps", "infer", 4.0),
                ("steps", "lower", 16.0), ("functions", "compiled", 322)]  # fmt: skip
    run.figure_of(table, bound).savefig(tmp_path / "contacts.png")
    day = ("waking", "needs", "moments_of_truth", "reactions", "customers_evening")
    spent = [(size, name, 200.0 if name == "needs" else 100.0) for size in (1_000, 10_000) for name in day]
    phased = pd.DataFrame(spent, columns=["customers", "phase", "ns"])
    for name, frame in (("contacts", table), ("bound", bound), ("phases", phased), ("starts", starts),
                        ("compilation", pd.DataFrame(compiled, columns=["part", "what", "value"])),
                        ("sweeps", pd.DataFrame(sweeps.items(), columns=["what", "value"]))):  # fmt: skip
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    (tmp_path / "manifest.json").write_text(json.dumps({"tools_that_differ": []}))
    return tmp_path


def test_promises_are_held_against_ratios_of_the_same_turn(folder: Path) -> None:
    rows = [line.strip("| ").split(" | ") for line in scale.promises(folder).splitlines()[2:]]
    growth, _, bound, c, fastest, differ = ((float(value), held) for _, value, _, held in rows)
    assert growth == (2.0, "holds")  # twice as dear with ten times the customers
    assert bound == (pytest.approx(2 * 800 * 1.1 / 800, rel=0.01), "does not hold")  # of eight items of 10 times 10 ns
    assert c == (1.25, "holds")
    assert fastest == (0.0125, "holds")
    assert differ == (0.0, "holds")


def test_what_larger_things_take_follows_from_the_tables(folder: Path) -> None:
    page = scale.page(folder)
    ns = 2 * 800 * 1.1 * 2  # median of turns, with 10,000 customers
    hours = 1e8 * 0.05 * 750 * ns / 3.6e12
    assert f"that is {hours:.3g} hours of one core" in page
    assert f"{hours * 2**4:.3g} hours." in page  # twice as dear for each of four tenfold sizes
    assert "100 GB of memory" in page  # 1,000 bytes each
    assert f"{1e9 * 0.361 / 3600:,.0f} core hours" in page
    assert "1 TB" in page


def test_what_cores_could_do_for_one_run_follows_from_its_phases(folder: Path) -> None:
    page = scale.page(folder)
    assert "is 83% of a contact with 10,000 customers" in page  # 500 of 600
    assert "a run would be 1.71 times as fast; on any number of cores 6.00 times" in page  # 1 / (1 - 5/12)
    assert "| moments_of_truth | 100 | 100 |" in page


def test_the_phases_of_a_day_add_up_to_a_contact() -> None:
    found = apart(phases, 300, 0.05)
    assert set(scale.BY_PERSON) <= found.keys()
    assert 100 < sum(found.values()) < 1e6


def test_the_first_compilation_is_accounted_for(folder: Path) -> None:
    page = scale.page(folder)
    assert "All 322 functions in one process: 20 s" in page
    assert "longest phase, `morning` with 15 s" in page
    assert page.index("| morning | 15.0 | 75% |") < page.index("| evening | 5.0 | 25% |")
    assert "| lower | 16.0 | 80% |" in page


def test_each_second_of_compiling_counts_once_for_the_innermost(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(100))
    monkeypatch.setattr(time, "process_time", lambda: float(next(now)))
    clock = Clock()
    with clock.during("outer"):  # 0
        with clock.during("inner"):  # 1
            pass  # 2
        with clock.during("inner"):  # 3
            pass  # 4
    assert clock.seconds == {"outer": 3.0, "inner": 2.0}


def test_the_page_is_that_of_the_kept_figures() -> None:
    assert scale.PAGE.read_text("utf-8") == scale.page(ROOT / scale.RESULTS), "run python benchmarks/run.py"
