"""How robust a finding is: known answers for matching, drivers and boxes; and a tiny whole analysis that resumes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simsvc
from simsvc.errors import InputError
from simsvc.evidence.levels import LEVELS
from simsvc.reports import write_figures
from simsvc.robustness import compute
from simsvc.robustness.boxes import losing_boxes
from simsvc.robustness.compute import targets_of
from simsvc.robustness.drivers import drivers
from simsvc.robustness.emulator import active_inputs, emulate, foretold
from simsvc.robustness.inputs import inputs
from simsvc.robustness.matching import Target, implausibility, match
from simsvc.runs.executors.threads import Threads
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import setting_field
from simsvc.studies.scripts import load_script

EXPERIMENTS = Path(__file__).parents[2] / "experiments"


def target(value: float, measured: float, luck: float = 0.0) -> Target:
    return Target("level", "Level", "", value, measured, luck, True, "")


# -- what is drawn -----------------------------------------------------------------------------------------------


def test_only_what_is_asked_for_is_drawn_within_its_limits() -> None:
    scenario = load_scenario("classroom")
    sets = {over: {one.name: one for one in inputs(over, scenario)} for over in ("assumptions", "settings", "both")}
    assert sets["both"].keys() == sets["assumptions"].keys() | sets["settings"].keys()
    assert not sets["assumptions"].keys() & sets["settings"].keys()
    assert (sets["assumptions"]["rules.voice"].at(0.0), sets["assumptions"]["rules.voice"].at(1.0)) == (0.0, 2.0)
    assert "market.neutral_churn" in sets["settings"]
    assert not any(name.startswith(("run.", "structure.")) or name == "market.customers" for name in sets["both"])
    for name, one in sets["both"].items():
        extra = setting_field(name).json_schema_extra
        assert extra["low"] <= one.at(0.0) < one.at(1.0) <= extra["high"], name


# -- history matching --------------------------------------------------------------------------------------------


def test_implausibility_is_distance_over_all_that_blurs() -> None:
    found = implausibility([[13.0], [10.0], [np.nan]], [target(10.0, 0.6, 0.8)])
    assert found[:, 0].tolist() == pytest.approx([3.0, 0.0, np.inf])


def test_matching_keeps_the_known_region_and_later_waves_look_there() -> None:
    """A line of two of forty inputs: kept are those with x0 + x1 within 0.6 +- 0.15, spread evenly over that strip."""
    targets = [target(0.6, 0.05)]

    def simulate(shares: Any, wave: int) -> Any:
        return shares[:, :1] + shares[:, 1:2]

    found = match(simulate, targets, 40, 300, seed=1)
    total = found.shares[:, 0] + found.shares[:, 1]
    assert (found.kept == (np.abs(total - 0.6) < 0.15)).all()
    first, later = (found.kept[found.wave == 1].mean(), found.kept[found.wave > 1].mean())
    assert first < 0.3  # the strip is 0.18 of the square
    assert later > 0.7
    kept = found.shares[found.kept]
    # within the strip x0 - x1 is symmetric about 0, and the other 38 inputs stay uniform; limits of 5 standard errors
    n = len(kept)
    assert abs((kept[:, 0] - kept[:, 1]).mean()) < 5 * 0.36 / n**0.5
    assert np.abs(kept[:, 2:].mean(axis=0) - 0.5).max() < 5 * 0.29 / n**0.5
    assert n >= 150


def test_a_level_of_another_kind_of_organisation_gives_way_to_its_own() -> None:
    middle = np.array([(level.low + level.high) / 2 for level in LEVELS])
    levels = middle + np.random.default_rng(1).normal(0, 0.01, (20, len(LEVELS)))
    pooled = levels.mean(axis=0, keepdims=True)
    levels[:, 1], pooled[0, 1] = 0.0, 0.0  # nothing happened that it could be taken from
    pooled[0, 0] = 2 * middle[0]
    found = {one.name: one for one in targets_of(levels, pooled)}
    assert LEVELS[1].name not in found
    assert (found["retention"].published, found["retention"].value) == (False, 2 * middle[0])
    assert found["retention"].measured == pytest.approx((85 - 75) / 3**0.5, rel=1e-3)  # twice as wide
    assert found["fcr"].published
    assert found["fcr"].luck == pytest.approx(levels[:, 2].std(ddof=1))


# -- what an effect hangs on -------------------------------------------------------------------------------------


def test_active_inputs_are_those_with_an_effect_and_no_others() -> None:
    rng = np.random.default_rng(2)
    x = rng.random((200, 150))
    y = 2 * x[:, 7] + 4 * (x[:, 3] - 0.5) ** 2 + 0.1 * rng.standard_normal(200)
    picked, spread = active_inputs(x, y, 0.05)
    assert picked.tolist() == [7, 3]
    assert spread == pytest.approx([2 / 12**0.5, 4 * (1 / 180) ** 0.5], rel=0.15)
    assert len(active_inputs(x, rng.standard_normal(200), 0.01)[0]) == 0
    assert foretold(x, rng.standard_normal(200), 0.01) == 0.0
    mean, error = emulate(x, y).predict(rng.random((5, 150)))
    assert mean.shape == (5,)
    assert (error > 0.05).all()


def test_shares_of_the_variance_are_those_worked_out_by_hand() -> None:
    """y = 3 a + 2 b + 6 (a - 1/2)(c - 1/2) + luck: variances 0.75, 0.333, 0.25 and 0.25, 0.125 of it common to all."""
    rng = np.random.default_rng(3)
    x = rng.random((400, 60))
    common = rng.standard_normal(40) * 0.125**0.5
    curve = 3 * x[:, 0] + 2 * x[:, 1] + 6 * (x[:, 0] - 0.5) * (x[:, 2] - 0.5) + 0.3 * (x[:, 2] - 0.5)
    y = curve[:, None] + common + rng.standard_normal((400, 40)) * 0.125**0.5
    table, parts = drivers(x, y, [f"x{k}" for k in range(60)])
    whole = 0.75 + 1 / 3 + 0.25 + 0.0075 + 0.25
    assert parts["luck"] == pytest.approx(0.25 / whole, abs=0.04)
    shares = dict(zip(table["name"], table["share"], strict=True))
    assert list(table["name"])[:2] == ["x0", "x1"]
    assert shares["x1"] == pytest.approx(1 / 3 / whole, abs=0.05)
    assert parts["luck"] + parts["assumptions"] == pytest.approx(1)
    assert parts["unattributed"] >= 0
    if "x2" in shares:  # seen by its own small line: then its interplay with x0 is, too
        assert shares["x0"] == pytest.approx(1.0 / whole, abs=0.08)
        assert parts["interactions"] == pytest.approx(0.25 / whole, abs=0.08)
    else:
        assert shares["x0"] == pytest.approx(0.75 / whole, abs=0.08)


def test_a_known_box_is_found_and_none_where_there_is_none() -> None:
    rng = np.random.default_rng(4)
    x = rng.random((800, 30))
    effect = np.where((x[:, 5] > 0.7) & (x[:, 9] < 0.4), -1.0, 0.5) + 0.2 * rng.standard_normal(800)
    (box, *_) = losing_boxes(x, effect)
    assert set(box.limits) == {5, 9}
    assert box.limits[5] == pytest.approx((0.7, 1.0), abs=0.06)
    assert box.limits[9] == pytest.approx((0.0, 0.4), abs=0.06)
    assert min(box.coverage, box.density) > 0.8
    assert box.chance < 1e-6
    assert losing_boxes(x, rng.standard_normal(800)) == []
    assert losing_boxes(x, np.ones(800)) == []


# -- the whole ---------------------------------------------------------------------------------------------------


def test_an_analysis_resumes_and_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny runs; every draw is let through, so that there are worlds."""
    monkeypatch.setattr(compute, "targets_of", lambda levels, pooled: [target(0.0, 1e9)] * 1)
    monkeypatch.setattr(compute, "REFERENCE", 2)
    monkeypatch.setattr(compute, "PAIRS", 2)
    monkeypatch.setattr("simsvc.robustness.compute.LEVELS", [type("L", (), {"name": "level"})(), *LEVELS[1:]])
    performed: list[int] = []

    def watch(progress: Any) -> None:
        performed.append(progress.done)

    given: dict[str, Any] = {"draws": 40, "days": 10, "out": tmp_path / "robust", "metrics": ["satisfaction", "morale"]}
    with Threads(2) as executor:
        first = simsvc.robust("classroom", executor=executor, watch=watch, **given)
        count = len(performed)
        again = simsvc.robust("classroom", executor=executor, watch=watch, **given)
    assert count == first.runs == 2 + 40 + (40 * 2 + 2) * 4
    assert len(performed) == count  # nothing was run again
    assert first.as_json() == again.as_json()
    plain = first.as_json()
    assert set(plain["effects"]) == {"inverted", "power_old_management", "management_old_power", "interaction"}
    of = {name: first.effects[name]["morale"] for name in plain["effects"]}
    alone = of["power_old_management"] + of["management_old_power"]
    assert of["inverted"] == pytest.approx(alone + of["interaction"])
    assert first.values["morale"].keys() == {"traditional", "inverted", "power alone", "management alone"}
    assert {"p05", "p50", "p95", "share_below_zero", "luck_low", "luck_high"} <= set(
        plain["effects"]["inverted"]["morale"]
    )
    files = {file.name for file in first.save(tmp_path / "robust")}
    assert {"effects.csv", "drivers.csv", "worlds.csv", "effects.png", "drivers.png", "regret.png"} <= files
    assert "whatever is assumed" in simsvc.write_report(
        tmp_path / "robust", tmp_path / "page.html"
    ).read_text("utf-8")  # fmt: skip
    again = {file.name for file in write_figures(tmp_path / "robust", tmp_path / "paper", "paper")}
    assert {"effects.pdf", "drivers.pdf", "regret.pdf", "captions.txt", "tables.tex"} <= again
    script = load_script(EXPERIMENTS / "robust_flip.py")
    note = json.loads(json.dumps(script.described({"classroom": first}, 7.3), default=str))
    assert (note["seconds"], note["organisations"]["classroom"]["draws"]) == (7, 40)
    told = script.effects({"classroom": first}).set_index(["organisation", "effect", "metric"])
    assert told.loc[("classroom", "inverted", "morale"), "kept"] == first.kept
    assert told.loc[("classroom", "inverted", "mean_wait"), "runs"] == first.runs  # not asked about, but published
    assert told.loc[("classroom", "inverted", "morale"), "p50"] == pytest.approx(
        plain["effects"]["inverted"]["morale"]["p50"], abs=1e-6
    )
    with pytest.raises(InputError, match="another"):
        simsvc.robust("classroom", **given | {"days": 11})
    together = tmp_path / "together"
    together.mkdir()
    script.publish({"classroom": first, "fast_food": first}, together, 1.0)
    before = pd.read_csv(together / "effects.csv")
    kept = first.kept
    first.matched.worst[first.matched.kept.argmax()] = np.inf  # one world less, made anew
    script.publish({"classroom": first}, together, 2.0)
    note = json.loads((together / "manifest.json").read_text())
    assert [one["kept"] for one in note["organisations"].values()] == [kept, kept - 1]
    now = pd.read_csv(together / "effects.csv")
    others = (one[one["organisation"] == "fast_food"].reset_index(drop=True) for one in (before, now))
    pd.testing.assert_frame_equal(*others)
    told = (together / "finding.txt").read_text().split("\n\n")
    assert [one.partition(":")[0] for one in told[:2]] == ["fast_food", "classroom"]
    assert f": {kept - 1} of 40 draws" in told[1]
    assert len(told) == 3


# -- companies with a known answer ---------------------------------------------------------------------------------


def test_ranges_of_exchangeable_worlds_hold_the_truth_as_often_as_expected() -> None:
    study = load_script(EXPERIMENTS / "worlds_coverage.py")
    draws = np.random.default_rng(6).standard_normal((4000, 21))
    rows = [study.held(row[0], row[1:]) | {"company": k, "kept": 20, "kind": "effect", "quantity": "profit"}
            for k, row in enumerate(draws)]  # fmt: skip
    found = pd.DataFrame(rows)
    assert found["expected"].iloc[0] == pytest.approx(0.9 * 19 / 21)
    (one, whole) = study.covered(found).to_dict("records")
    assert one["low"] < one["expected"] < one["high"]
    assert one["covered"] == whole["covered"] == pytest.approx(one["expected"], abs=0.02)
    for shift, words in ((0.0, "no difference seen to"), (1.5, "less often than"), (-9.0, "less often than")):
        moved = pd.DataFrame([row | study.held(row["truth"] + shift, draws[k, 1:]) for k, row in enumerate(rows[:300])])
        assert f"{words} the 81 % to be expected" in study.finding(moved, study.covered(moved))
    narrow = pd.DataFrame([row | study.held(0.1 * row["truth"], draws[k, 1:]) for k, row in enumerate(rows[:300])])
    assert "more often than" in study.finding(narrow, study.covered(narrow))


def test_companies_are_matched_by_their_levels_and_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tiny runs; every draw is let through, so that there are worlds."""
    study = load_script(EXPERIMENTS / "worlds_coverage.py")
    monkeypatch.setattr("simsvc.robustness.matching.CUT", np.inf)
    for name, value in {"DAYS": 12, "SIZES": {True: (2, 12)}, "FEWEST_KEPT": 4, "MOST": 4}.items():
        monkeypatch.setattr(study, name, value)
    told = study.STUDY.perform(study.main, quick=True, out=tmp_path)
    table = pd.read_csv(tmp_path / "companies.csv")
    assert "Of 2 made-up companies 2 kept 4 worlds or more" in told
    effects = table[table["kind"] == "effect"]
    assert list(effects["quantity"]) == 2 * ["retention", "loyalty", "profit"]
    assert (effects["worlds"] == 4).all()
    assert (effects["inside"] == effects["truth"].between(effects["low"], effects["high"])).all()
    assert effects["truth"].nunique() == 6
