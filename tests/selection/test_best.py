"""Selection of the best structure: the procedure does what its guarantee says, and runs are chosen by it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from scipy import stats

from simsvc.cli.best import best as best_command
from simsvc.errors import AllRunsFailed, InputError
from simsvc.runs import perform as performing
from simsvc.scenario.loading import load_structure
from simsvc.selection.compute import Standing, best
from simsvc.selection.kim_nelson import KimNelson
from simsvc.selection.result import Selection

ERROR_RATE = 0.001
"""Chance that a statistical test of a procedure that keeps its promise fails; seeds are fixed."""
AMONG = ["traditional", "only_voice", "flat"]


# -- the procedure -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "first", "confidence", "eta", "h2"),
    [
        (2, 10, 0.95, (10 ** (2 / 9) - 1) / 2, 9 * (10 ** (2 / 9) - 1)),
        (4, 10, 0.95, (30 ** (2 / 9) - 1) / 2, 9 * (30 ** (2 / 9) - 1)),
        (2, 3, 0.95, 4.5, 18.0),
        (11, 21, 0.90, (50**0.1 - 1) / 2, 20 * (50**0.1 - 1)),
    ],
)
def test_constants_are_those_of_kim_and_nelson(k: int, first: int, confidence: float, eta: float, h2: float) -> None:
    procedure = KimNelson(k, indifference=1, confidence=confidence, first=first)
    assert (procedure.eta, procedure.h2) == pytest.approx((eta, h2))


def test_eliminations_follow_the_arithmetic_done_by_hand() -> None:
    # differences 1, -1, 3: mean 1, variance 4; h2 = 18 for two alternatives and a first stage of 3
    stage = [(1, 0), (2, 3), (3, 0)]
    strict = KimNelson(2, indifference=6, first=3)
    gone = [strict.observe(values) for values in stage]
    assert gone[:2] == [[], []]
    assert [(one.alternative, one.by, one.after, one.behind, one.allowed) for one in gone[2]] == [(1, 0, 3, 1, 0)]
    # indifference 3: 3 / (2 r) * (18 * 4 / 9 - r) is allowed: 2.5, 1.5, 0.9 and 0.5 after 3, 4, 5 and 6
    patient = KimNelson(2, indifference=3, first=3)
    assert [patient.observe(values) for values in [*stage, (2, 2), (2, 2)]] == [[], [], [], [], []]
    (out,) = patient.observe((3, 2))
    assert (out.alternative, out.after) == (1, 6)
    assert (out.behind, out.allowed) == pytest.approx((4 / 6, 0.5))
    assert patient.finished
    assert patient.means == pytest.approx([13 / 6, 9 / 6])
    fine = KimNelson(2, indifference=0.7, first=3)
    for values in stage:
        fine.observe(values)
    assert (fine.finished, fine.at_most) == (False, 147)  # 18 * 4 / 0.49 = 146.9


def played(rng: np.random.Generator, k: int, together: float, spread: float) -> KimNelson:
    """A selection among k normal alternatives of which the last is ahead of all others by the indifference zone."""
    means = np.array([0.0] * (k - 1) + [1.0])
    procedure = KimNelson(k, indifference=1.0)
    while not procedure.finished:
        luck = math.sqrt(together) * rng.standard_normal() + math.sqrt(1 - together) * rng.standard_normal(k)
        procedure.observe((means + spread * luck)[procedure.survivors])
    return procedure


@pytest.mark.parametrize("together", [0.0, 0.6])
def test_the_best_is_selected_as_often_as_promised_where_that_is_hardest(together: float) -> None:
    """Least favourable (slippage) configuration, with luck of one's own or in common; error rate as above."""
    rng = np.random.default_rng(5)
    right = sum(played(rng, 5, together, 2.0).survivors == [4] for _ in range(300))
    assert right >= stats.binom.ppf(ERROR_RATE, 300, 0.95)
    # not because it is easy: the best mean of the first stage alone is the wrong one far too often
    first = rng.normal([0, 0, 0, 0, 1], 2.0 * math.sqrt(1 - together), (300, 10, 5)).mean(axis=1)
    assert (first.argmax(axis=1) == 4).sum() < stats.binom.ppf(ERROR_RATE, 300, 0.95)


def test_common_luck_saves_observations() -> None:
    rng = np.random.default_rng(6)
    apart, paired = (np.mean([played(rng, 4, rho, 2.0).observed for _ in range(60)]) for rho in (0.0, 0.8))
    assert paired < 0.5 * apart


def test_it_ends_when_it_says_at_the_latest() -> None:
    rng = np.random.default_rng(7)
    procedure = KimNelson(3, indifference=0.5)
    for _ in range(10):
        procedure.observe(rng.normal(size=len(procedure.survivors)))
    latest = procedure.at_most
    while not procedure.finished:
        procedure.observe(rng.normal(size=len(procedure.survivors)))
        assert procedure.finished or procedure.at_most <= latest
    assert 10 < procedure.observed <= latest


def test_equal_alternatives_are_tied_and_a_constant_lead_decides() -> None:
    rng = np.random.default_rng(8)
    procedure = KimNelson(3, indifference=0.1)
    for value in rng.normal(size=10):
        assert not procedure.finished
        procedure.observe([value, value, value - 0.001])
    assert procedure.survivors == [0, 1]
    assert procedure.tied
    assert procedure.finished


@pytest.mark.parametrize(
    ("k", "more"),
    [(1, {}), (3, {"indifference": 0}), (3, {"indifference": math.nan}), (3, {"confidence": 0.5}),
     (3, {"confidence": 1}), (3, {"first": 1})],
)  # fmt: skip
def test_impossible_procedures_are_refused(k: int, more: dict[str, float]) -> None:
    with pytest.raises(InputError, match=r"allowed|at least two"):
        KimNelson(k, **{"indifference": 1.0, **more})


def test_what_cannot_be_compared_is_not_taken_up() -> None:
    procedure = KimNelson(2, indifference=1)
    for values in ([1.0], [1.0, math.nan]):
        with pytest.raises(ValueError, match="finite number for each of 2"):
            procedure.observe(values)
    assert procedure.observed == 0


# -- with runs ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Selection, Path, list[Standing]]:
    """A selection that goes on beyond the first stage, the folder that keeps it, and what was told meanwhile."""
    folder, told = tmp_path_factory.mktemp("best") / "kept", []
    return select(out=folder, watch=told.append), folder, told


def select(**more: Any) -> Selection:
    return best("classroom", AMONG, **{"indifference": 0.005, "replications": 160, "days": 20, "seed": 3, **more})


def test_structures_go_as_the_procedure_says(found: tuple[Selection, Path, list[Standing]]) -> None:
    """The same computed again, without the program's class, from the table of runs."""
    result, _, told = found
    table = result.runs.pivot(index="replication", columns="structure", values="retention")[AMONG].to_numpy()
    variances = np.array([[np.var(table[:10, i] - table[:10, j], ddof=1) for j in range(3)] for i in range(3)])
    h2 = 9 * ((0.05 * 2 / 2) ** (-2 / 9) - 1)
    inside, gone, r = [0, 1, 2], {}, 10
    while len(inside) > 1:
        means = table[:r].mean(axis=0)
        out = [
            i for i in inside
            if any(means[j] - means[i] > max(0, (h2 * variances[i, j] / 0.005 - 0.005 * r) / (2 * r)) for j in inside)
        ]  # fmt: skip
        gone |= dict.fromkeys((AMONG[i] for i in out), r)
        inside, r = [i for i in inside if i not in out], r + 1
    assert r > 12, "the example should go on beyond the first stage"
    ranking = result.ranking.set_index("structure")
    assert ranking["eliminated_after"].dropna().to_dict() == gone
    assert (result.best, result.decided) == (AMONG[inside[0]], True)
    assert result.replications == max(gone.values())
    assert {name for standing in told for name, _, _ in standing.gone} == set(gone)
    assert ranking["replications"].to_dict() == {AMONG[inside[0]]: max(gone.values()), **gone}


def test_an_interrupted_selection_goes_on_and_gives_the_same(found: tuple[Selection, Path, list[Standing]]) -> None:
    result, folder, _ = found
    half = folder.parent / "half"
    assert select(out=half, replications=15).replications == 15  # stopped on the way
    begun = set(pd.read_parquet(half / "sweep" / "runs")["run"])
    again = select(out=half, workers=1)
    assert again.as_json() == result.as_json()
    assert begun < set(again.runs["run"])
    assert again.runs["run"].is_unique
    assert len(again.runs) == len(result.runs)


def test_results_stand_in_the_folder(found: tuple[Selection, Path, list[Standing]], tmp_path: Path) -> None:
    result, folder, _ = found
    files = {path.name for path in result.save(folder, "typed")}
    assert files == {"ranking.csv", "ranking.parquet", "course.csv", "course.parquet", "race.png", "race.svg",
                     "result.json", "manifest.json"}  # fmt: skip
    note = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (note["kind"], note["command"], note["indifference"]) == ("selection", "typed", 0.005)
    assert json.loads((folder / "result.json").read_text("utf-8")) == result.as_json()
    assert f"'{result.best}'" in result.sentence()
    assert "at least 95 % if the best one leads every other by 0.5 points or more" in result.sentence()
    other = tmp_path / "comparison"
    other.mkdir()
    (other / "manifest.json").write_text('{"program": "simsvc", "kind": "comparison"}')
    with pytest.raises(InputError, match="another kind"):
        select(out=other)


def test_less_can_be_better() -> None:
    among = ["traditional", "empowered_without_support"]
    few, many = (
        best("classroom", among, "escalation_rate", largest=more, days=20, replications=40) for more in (False, True)
    )
    assert {few.best, many.best} == set(among)
    means = few.ranking.set_index("structure")["mean"]
    assert means[few.best] == means.min() < means.max()
    assert few.ranking["behind"].tolist()[1] > 0
    assert best("classroom", among, "mean_wait", indifference=60, days=20).largest is False


def test_structures_of_equal_levers_are_run_once_and_named() -> None:
    usual, turned = load_structure("traditional"), load_structure("inverted")
    result = best("classroom", {"a": usual, "b": turned, "c": usual}, days=20, indifference=0.05)
    assert result.equal == {"c": "a"}
    assert set(result.runs["structure"]) == {"a", "b"}
    assert "'c' has the levers of 'a'" in result.sentence()


def test_structures_that_make_no_difference_are_equal() -> None:
    usual = load_structure("traditional")
    among = {"a": usual, "b": usual.model_copy(update={"director_limit": 1500.0})}
    result = best("classroom", among, days=5)
    assert (result.decided, result.replications, set(result.survivors)) == (True, 10, {"a", "b"})
    assert "'a', 'b' are equal" in result.sentence()


def test_what_is_not_decided_in_time_is_said() -> None:
    result = best("classroom", ["traditional", "only_boundaries"], indifference=1e-5, replications=11, days=20)
    assert not result.decided
    assert set(result.survivors) == {"traditional", "only_boundaries"}
    assert result.sentence().startswith("Not decided after 11 replications")
    assert result.as_json()["best"] is None


def test_a_replication_with_a_failed_run_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    real = performing.summary

    def summary(rows: Any, settling: float, _model: Any) -> dict[str, float]:
        values = real(rows, settling)
        if 0.5 < values["retention"] * 1e4 % 1 < 0.6:
            raise RuntimeError("lost")
        return values

    monkeypatch.setattr(performing, "summary", summary)
    result = select()
    lost = {row["replication"] for row in result.failures}
    assert lost
    assert all(row["message"] == "RuntimeError: lost" for row in result.failures)
    done = result.runs[result.runs["status"] == "done"].pivot(
        index="replication", columns="structure", values="retention"
    )
    assert result.replications == len(result.values)
    first = done[AMONG].dropna().iloc[:10]
    np.testing.assert_allclose(result.values[AMONG].iloc[:10].to_numpy(), first.to_numpy())


def test_when_nothing_can_be_measured_that_is_said() -> None:
    with pytest.raises(AllRunsFailed, match="only 0 replications gave callback_delay"):
        best("classroom", ["traditional", "only_voice"], "callback_delay", indifference=10, days=1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"metric": "retension"}, "did you mean 'retention'"),
        ({"metric": "profit"}, "give an indifference"),
        ({"metric": "occupancy"}, "say largest or smallest"),
        ({"indifference": -1.0}, "allowed: numbers above 0"),
        ({"confidence": 0.2}, "above 0.5 and below 1"),
        ({"replications": 9}, "allowed: 10 or more"),
        ({"first": 5}, "10 replications or more"),
        ({"among": ["traditional"]}, "at least two that differ"),
        ({"among": []}, "at least one name"),
        ({"among": ["traditional", "invrted"]}, "inverted"),
        ({"days": 0}, "days = 0"),
        ({"workers": 0}, "workers = 0"),
    ],
)
def test_wrong_input_is_refused_before_anything_runs(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        best("classroom", **{"among": AMONG, "out": tmp_path / "new", **change})
    assert not (tmp_path / "new").exists()


# -- the command -------------------------------------------------------------------------------------------------


def command(*arguments: str) -> int:
    app = typer.Typer()
    app.command()(best_command)
    return app(list(arguments), standalone_mode=False) or 0


def test_the_command_prints_one_json_object(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    among = [word for name in AMONG for word in ("--structure", name)]
    code = command(
        "classroom", *among, "--days", "20", "--indifference", "0.05", "--json", "--out", str(tmp_path / "new")
    )
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert code == 0
    assert (result["decided"], result["metric"], result["confidence"]) == (True, "retention", 0.95)
    assert len(result["ranking"]) == 3
    assert "is out" in printed.err or "are out" in printed.err
    assert (tmp_path / "new" / "race.png").exists()


def test_the_command_tells_that_it_is_not_decided_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    code = command(
        "classroom", "--structure", "traditional", "--structure", "only_boundaries", "--days", "20",
        "--indifference", "0.00001", "--replications", "10",
    )  # fmt: skip
    printed = capsys.readouterr()
    assert code == 1
    assert "Not decided after 10 replications" in printed.out
    assert "not decided after 10 replications; still in: " in printed.err


def test_the_command_takes_no_levers_by_hand() -> None:
    with pytest.raises(InputError, match="write a structure file"):
        command("classroom", "--set", "structure.latitude=0.5")
