"""`simsvc rerun` and one run of a sweep: results made again are the same, and what differs is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simsvc.errors import InputError
from simsvc.runs.own import own_as_recorded
from simsvc.runs.same import Sameness, inputs_apart, programs_apart
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.timeline import Change
from simsvc.sweeps.again import design_of
from simsvc.sweeps.block import Block, Span
from simsvc.sweeps.design import Design
from simsvc.sweeps.manifest import manifest_of

Command = Callable[..., tuple[int, str, str]]


def test_a_run_is_made_again_and_what_was_changed_is_found(command: Command) -> None:
    Path("mine.toml").write_text('base = "classroom"\n[run]\ndays = 3\nsettling = 0.0\n', encoding="utf-8")
    assert command("run", "mine.toml", "--seed", "7", "--set", "workforce.frontline=5", "--out", "here")[0] == 0
    Path("mine.toml").unlink()  # the manifest has what it said
    code, out, err = command("rerun", "here/manifest.json", "--out", "again", "--json")
    told = json.loads(out)
    assert (code, told["same"], told["different"], told["inputs"], told["program"]) == (0, True, 0, [], []), err
    assert told["values"] > 300
    kept = pd.read_parquet("here/days.parquet")
    kept.loc[1, "loyalty"] += 0.5
    kept.to_parquet("here/days.parquet", index=False)
    note = json.loads(Path("here/manifest.json").read_text("utf-8"))
    Path("here/manifest.json").write_text(json.dumps({**note, "version": "0.0.1"}), encoding="utf-8")
    code, out, err = command("rerun", "here")
    assert (code, out.count("\n")) == (1, 3), err
    for said in ("The program: version: 0.0.1 then", "Not the same: 1 of", "days.parquet, column loyalty, row 1:"):
        assert said in out
    assert command("rerun", "here", "--out", "again")[0] == 2  # holds results already


def test_differences_are_named_and_counted() -> None:
    found = Sameness()
    before = pd.DataFrame({"a": [1.0, float("nan"), 3.0], "b": ["x", None, "z"], "gone": 1})
    found.tables("t", before, pd.DataFrame({"a": [1.0, float("nan"), 3.5], "b": ["x", None, "y"], "new": 2}))
    found.plain("j", {"k": [1, {"l": None}], "m": 2}, {"k": [1, {"l": 4}], "n": 2})
    assert (found.values, found.different, found.same) == (8, 3, False)
    assert found.first == [
        "t, column a, row 2: 3.0 then, 3.5 now (+0.5)",
        "t, column b, row 2: 'z' then, 'y' now",
        "j, k.1.l: None then, 4 now",
    ]
    assert found.lacking == [
        "t: column gone is only there then", "t: column new is only there now", "j: m is only there then",
        "j: n is only there now",
    ]  # fmt: skip
    one, other = {"version": "1", "packages": {"numba": "2"}, "seed": 3}, {"version": "1", "packages": {"numba": "4"}}
    assert programs_apart(one, other) == ["packages.numba: 2 then, 4 now"]
    assert inputs_apart(one | {"made": "x"}, {"seed": 4, "made": "y"}) == ["seed: 3 then, 4 now"]


DESIGNS = {
    "a grid": Design("classroom", vary={"workforce.frontline": [5, 6], "demand.idiosyncrasy": Span(0.1, 0.9, 2)},
                     replications=2, days=5, series=("morale",), traces={"customer": (3,)}),
    "a sample with luck of its own": Design(
        ["classroom", "fast_food"], ("flat",), vary={"operations.approval_delay": Span(1, 60, scale="log")}, points=3,
        method="latin_hypercube", seed=4, common_luck=False, replications=1),
    "blocks and a timeline": Design(replications=2, days=9, blocks=(
        Block(load_scenario("classroom").model_copy(update={"timeline": (
            Change(day=3, structure="inverted", factors=("power",)),)}), ("traditional",), {"rules.voice": 0.5}),
        Block("classroom", ("flat", "inverted"), vary={"demand.idiosyncrasy": [0.2]}, method="list"))),
}  # fmt: skip


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_a_design_can_be_had_back_from_its_manifest(design: Design) -> None:
    note = json.loads(json.dumps(manifest_of(design, "")))
    again = design_of(note)
    assert json.loads(json.dumps(again.described())) == note["design"]
    assert [(task, again.run_id(task)) for task in again.tasks()] == [(t, design.run_id(t)) for t in design.tasks()]


def test_a_sweep_and_one_run_of_it_are_made_again(command: Command) -> None:
    Path("d.toml").write_text(
        'scenario = "classroom"\nstructures = ["flat"]\nreplications = 2\ndays = 2\ncommon_random_numbers = false\n'
        "[set]\n'run.settling' = 0.0\n[vary]\n'workforce.frontline' = [5, 6]\n",
        encoding="utf-8",
    )
    assert command("sweep", "d.toml", "--out", "kept", "--limit", "3")[0] == 0
    code, out, err = command("rerun", "kept")
    assert (code, out.count("\n"), "The same: all of" in out) == (0, 1, True), out + err
    code, out, err = command("run", "--sweep", "kept", "--number", "1", "--json", "--out", "one")
    assert (code, json.loads(out)["structure"], "not what" in err) == (0, "flat", False), err
    assert json.loads(Path("one/manifest.json").read_text("utf-8"))["replication"] == 1_000_000
    code, out, err = command("trace", "--sweep", "kept", "--number", "1", "--staff", "0", "--json")
    assert (code, json.loads(out)["structure"]) == (0, "flat"), err
    for words in (("run",), ("trace", "--staff", "0")):
        code, out, err = command(*words, "--from", "kept", "--number", "1", "--json")
        assert (code, json.loads(out)["structure"]) == (0, "flat"), err
    code, _, err = command("trace", "--staff", "0", "--from", "kept")
    assert (code, "'kept' is not a whole number" in err) == (2, True), err
    for words, said in {
        ("--number", "3"): "no run 3 has ended",
        (): "--sweep DIR and --number N go together",
        ("--number", "1", "--days", "9"): "leave them out",
    }.items():
        code, _, err = command("run", "--sweep", "kept", *words)
        assert (code, said in err) == (2, True), err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"kind": "study", "command": "python experiments/flip.py"}, "was made by 'python experiments/flip.py'"),
        ({"kind": "run", "command": ""}, "in Python, without a command"),
        ({"kind": "run", "command": "simsvc demo 'x"}, "what can be made again: run"),
        ({"kind": "run", "command": 5}, "was made by '5'"),
        ({"kind": "run", "command": "simsvc run --out x"}, "there is no 'scenario'"),
        ({"kind": "calibrate", "command": "simsvc calibrate --layout list"}, "which writes no results"),
        ({"kind": "validate", "command": "simsvc validate --help"}, "which writes no results"),
        ({"kind": "run", "command": "simsvc run --out x", "own_rules": {"file": "o.py", "sha256": "ab" * 32}},
         "name the file with --with"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_again_is_said(command: Command, content: dict[str, Any], said: str) -> None:
    Path("x").mkdir()
    Path("x/manifest.json").write_text(json.dumps({"program": "simsvc", **content}), encoding="utf-8")
    code, _, err = command("rerun", "x")
    assert (code, said in err, err.count("\n")) == (2, True, 1), err


def test_own_rules_are_run_only_as_they_were_and_when_named(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("raise SystemExit('was run')", encoding="utf-8")
    for made, file, said in (
        ({"own_rules": {"file": "mine.py", "sha256": "ab" * 32}}, mine, "is another file"),
        ({"own_rules": {"file": "mine.py", "sha256": "ab" * 32}}, None, "name the file with --with"),
        ({}, mine, "made without own rules"),
    ):
        with pytest.raises(InputError, match=said):
            own_as_recorded(made, file)
    assert own_as_recorded({}, None) is None
