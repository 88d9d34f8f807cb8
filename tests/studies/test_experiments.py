"""Experiments: documented, published with all their files, and quick ones agree with what is published."""

from __future__ import annotations

import json
import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from simsvc.errors import InputError
from simsvc.runs.executors.threads import Threads
from simsvc.runs.metrics import METRICS
from simsvc.runs.statistics import bootstrap, contrast, crossing, interaction, intervals, shapley, subsets
from simsvc.scenario.loading import load_scenario
from simsvc.studies.scripts import load_script, study_names
from simsvc.studies.study import Point, Study

ROOT = Path(__file__).parents[2]
NAMES = study_names(ROOT / "experiments")
ERROR_RATE = 0.001
"""Chance that an answer of new runs of the same model falls out of its range."""


def script(name: str) -> ModuleType:
    return load_script(ROOT / "experiments" / f"{name}.py")


# -- the frame ---------------------------------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path: Path) -> Study:
    one = Study("trial", "What?", ["C1"], replications=3, quick=2)
    one.replications, one.out = 3, tmp_path
    return one


def points(**labels: float) -> list[Point]:
    return [
        Point({"needs": needs, **labels}, load_scenario("classroom", {"demand.idiosyncrasy": needs}), 5)
        for needs in (0.2, 0.6)
    ]


def test_runs_are_paired_over_points_and_independent_of_threads(study: Study) -> None:
    same = [Point({"point": k}, load_scenario("classroom"), 5) for k in range(2)]
    with Threads(2) as study.executor:
        runs = study.runs(same)
    assert list(runs.columns) == ["point", "replication", *METRICS]
    change = contrast(runs, "point", 1, 0)
    assert (change["satisfaction"] == 0).all()
    assert runs["satisfaction"].nunique() == 3
    with ThreadPoolExecutor(1) as study.executor:
        pd.testing.assert_frame_equal(study.runs(same), runs)


def test_points_with_luck_of_their_own_are_not_paired(study: Study) -> None:
    runs = study.runs([Point({"branch": b}, load_scenario("classroom"), 5, luck=b) for b in range(2)])
    assert runs["satisfaction"].nunique() == 6


def test_series_are_means_over_replications(study: Study) -> None:
    runs = study.runs(points(), series=["customers"], probe=lambda model, days: {"last": float(days["customers"][-1])})
    last = study.series[study.series["day"] == 4].set_index("needs")["customers"]
    assert last.to_dict() == pytest.approx(runs.groupby("needs")["last"].mean().to_dict())


def test_a_label_must_not_hide_a_metric(study: Study) -> None:
    with pytest.raises(InputError, match="'skill' is the name of a metric"):
        study.runs(points(skill=1.0))


def test_answers_have_one_value_per_replication(study: Study) -> None:
    found = study.answer("C1", "what", [1.0, 2.0, math.nan], "points", meaning="m")
    assert (found.mean, found.n) == (1.5, 2)
    with pytest.raises(InputError, match="one per replication"):
        study.answer("C1", "other", np.ones(4), "points", meaning="m")
    with pytest.raises(InputError, match="does not name"):
        study.answer("C2", "what", [1.0], "points", meaning="m")
    with pytest.raises(InputError, match="twice"):
        study.answer("C1", "what", [1.0], "points", meaning="m")


def test_results_name_everything_needed_to_repeat_them(study: Study, tmp_path: Path) -> None:
    def main(study: Study) -> None:
        runs = study.runs(points())
        study.answer("C1", "what", contrast(runs, "needs", 0.6, 0.2)["satisfaction"], "0-1", meaning="m")
        study.table(intervals(runs, ["needs"], ["satisfaction"]), "levels")
        study.finding("Found.")

    assert study.perform(main, quick=True, out=tmp_path / "here", command="typed") == (
        "Found. All this: organisations born so, days 2 to 5."
    )
    note = json.loads((tmp_path / "here" / "manifest.json").read_text("utf-8"))
    assert (note["replications"], note["runs"], note["command"]) == (2, 4, "typed")
    assert note["points"][1] == {"needs": 0.6, "days": 5, "settings": {"demand.idiosyncrasy": 0.6}}
    assert set(note["files"]) == {"answers.csv", "finding.txt", "levels.csv"}
    with pytest.raises(InputError, match="replications = 1"):
        study.perform(main, replications=1)


TRIAL = """
from simsvc.scenario.loading import load_scenario
from simsvc.studies.study import Point, Study

STUDY = Study("trial", "What?", [], replications=2, quick=2, timed=True)


def main(study):
    runs = study.runs([Point({"a": 0}, load_scenario("classroom"), 3)])
    study.table(runs[["satisfaction"]] + SHIFT, "runs")
    study.finding("Found.")
"""


def test_a_reproduction_goes_on_and_says_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = load_script(ROOT / "experiments" / "reproduce.py")
    for name, value in {"HERE": tmp_path, "PUBLISHED": tmp_path / "results", "LONG": (), "commit": lambda: "c1",
                        "calibrate": lambda _: None, "write_document": lambda *_: None}.items():  # fmt: skip
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr("simsvc.runs.folder.commit", lambda: "c1")

    def said(shift: float, **how: bool) -> str:
        (tmp_path / "trial.py").write_text(f"SHIFT = {shift}\n{TRIAL}")
        module.reproduce(workers=1, **how)
        return capsys.readouterr().err

    assert "The same" not in said(0.0)
    assert "is of this commit already" in said(1.0)
    assert "The same: all of 2 values" in said(0.0, again=True)
    told = said(1.0, again=True)
    assert "Not the same: 2 of 2 values differ" in told
    assert "Not as they were published: trial." in told


# -- its statistics ----------------------------------------------------------------------------------------------


def test_a_contrast_needs_labels_that_tell_runs_apart() -> None:
    frame = pd.DataFrame({"a": [0, 1, 0, 1], "b": [0, 0, 1, 1], "replication": 0, "x": [1.0, 3.0, 5.0, 9.0]})
    assert contrast(frame, "a", 1, 0, ["b"])["x"].tolist() == [2.0, 4.0]
    with pytest.raises(ValueError, match="not told apart"):
        contrast(frame, "a", 1, 0)


@pytest.mark.parametrize(
    ("values", "place"), [([-1, 1, 2], 0.5), ([3, 1, -1], 1.5), ([1, 0, -1], 1.0), ([0, 1, 1], 0.0), ([-1, -1, 0], 2.0)]
)
def test_a_border_lies_where_the_line_changes_sign(values: list[float], place: float) -> None:
    assert crossing([0, 1, 2], values) == place


def test_there_is_no_border_where_the_sign_stays() -> None:
    assert math.isnan(crossing([0, 1, 2], [1, 2, 1]))


def test_resampled_means_spread_like_the_standard_error() -> None:
    sample = np.random.default_rng(3).normal(size=400)
    drawn = bootstrap(sample, float, draws=4000)
    assert drawn.std() == pytest.approx(sample.std() / 20, rel=0.06)


def test_shapley_values_share_out_the_whole_and_an_interaction_in_halves() -> None:
    parts = ("a", "b", "c")
    worth = {group: 2.0 * ("a" in group) + 4.0 * ({"a", "b"} <= group) for group in subsets(parts)}
    assert shapley(worth, parts) == pytest.approx({"a": 4.0, "b": 2.0, "c": 0.0})
    assert interaction(worth, parts, "a", "b") == 4.0
    assert interaction(worth, parts, "a", "c") == 0.0


# -- the published results ---------------------------------------------------------------------------------------


def test_what_is_kept_names_no_place_of_a_machine() -> None:
    for manifest in (ROOT / "results").glob("*/manifest.json"):
        command = json.loads(manifest.read_text("utf-8"))["command"]
        assert not any(Path(word).is_absolute() for word in command.split()), f"{manifest}: {command}"


OTHERWISE = ("robust_flip",)
"""Published by a frame of its own; tested with the analysis it makes."""


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OTHERWISE])
def test_every_experiment_is_documented_and_published(name: str) -> None:
    assert f"experiments/{name}.py" in (ROOT / "docs" / "experiments.md").read_text("utf-8")
    assert (script(name).__doc__ or "").count(f"python experiments/{name}.py") >= 2
    folder = ROOT / "results" / name
    note = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert {path.name for path in folder.iterdir()} == {*note["files"], "manifest.json"}
    assert any(file.endswith(".png") for file in note["files"])
    study = script(name).STUDY
    assert note["replications"] == study.full_replications
    answered = set(pd.read_csv(folder / "answers.csv")["claim"])
    assert answered == set(study.claims)
    assert (folder / "finding.txt").read_text("utf-8").strip()


SLOW = (
    "validation_worlds",
    "assumption_ends",
    "pairing",
    "worlds_coverage",
    "calibration_coverage",
    "counter_claims",
    "when_it_pays",
    "robust_flip",
    "validation",
)
"""Experiments of which a few runs take minutes each."""
SAMPLE = ("bad_day", "flip")
"""Experiments that are run anew at every landing: the headline, and one that follows single customers."""
ALL = os.environ.get("SIMSVC_STUDIES") == "all"
QUICK = [name for name in NAMES if name not in SLOW] if ALL else list(SAMPLE)


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """Answers of these experiments with few replications."""
    answers = {}
    for name in QUICK:
        module = script(name)
        module.STUDY.perform(module.main, quick=True, out=tmp_path_factory.mktemp("quick") / name)
        answers[name] = module.STUDY.answers
    return answers


@pytest.mark.parametrize("name", QUICK)
def test_quick_answers_lie_within_what_is_published(name: str, quick: dict[str, pd.DataFrame]) -> None:
    """Prediction range of the mean of a few new runs, given the published ones, each at an error rate of 0.1 %.

    Quick runs are the first of the published ones, which makes the range wider than need be for the same model.
    """
    published = pd.read_csv(ROOT / "results" / name / "answers.csv").set_index(["claim", "quantity"])
    mine = quick[name].set_index(["claim", "quantity"])
    assert list(mine.index) == list(published.index)
    outside = []
    for key, row in mine.iterrows():
        there = published.loc[key]
        if row["n"] == 0 or there["n"] < 2:
            continue
        reach = stats.t.ppf(1 - ERROR_RATE / 2, there["n"] - 1) * there["sd"] * math.sqrt(1 / there["n"] + 1 / row["n"])
        if abs(row["mean"] - there["mean"]) > reach + 1e-4 * abs(there["mean"]):
            outside.append((key, row["mean"], there["mean"], reach))
    assert not outside
