"""Calibration to monthly figures: reads what companies report, finds settings, says what stays open."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from simsvc.calibration.months import posterior
from simsvc.calibration.months.compute import calibrate_monthly, check_ranges, fit_months, usual_ranges
from simsvc.calibration.months.emulator import emulate
from simsvc.calibration.months.monthly_figures import (
    COLUMNS,
    MonthlyData,
    doubts,
    monthly,
    needed_series,
    read_monthly,
)
from simsvc.calibration.months.posterior import Posterior, identify, sample, surprise
from simsvc.calibration.months.result import MonthlyFit, quantiles
from simsvc.calibration.months.views import show_monthly
from simsvc.errors import InputError
from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import METRICS
from simsvc.scenario.calendar import DAYS_PER_MONTH
from simsvc.scenario.loading import changed, load_scenario
from simsvc.scenario.settings import Scenario


@pytest.fixture(autouse=True, scope="module")
def short_chains() -> Iterator[None]:
    """Samples worth 500 independent draws are enough here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posterior, "LENGTHS", 8)
        yield


# -- the file ----------------------------------------------------------------------------------------------------


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "months.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_months_may_be_dates_in_any_order_with_gaps_and_missing_values(tmp_path: Path) -> None:
    text = "\ufeffMonth;churn;mean_wait\n2024-02;0.02;4\n2023-12;0.01;\n\n2024-03;NA;6\n"
    data = read_monthly(written(tmp_path, text))
    assert data.names == ("churn", "mean_wait")
    assert data.labels == ("2023-12", "2", "2024-02", "2024-03")
    expected = [[0.01, math.nan], [math.nan, math.nan], [0.02, 4], [math.nan, 6]]
    np.testing.assert_array_equal(data.values, expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("week,churn\n1,0.1\n", "line 1: needs a column 'month'"),
        ("month,abandoment\n1,0.1\n", "'abandoment'; did you mean 'abandonment'"),
        ("month\n1\n", "at least one figure besides 'month'"),
        ("month,churn,churn\n1,0.1,0.1\n", "'churn' stands there twice"),
        ("month,churn,retention\n1,0.1,0.9\n", "churn and retention say the same"),
        ("month,churn\n", "has no months"),
        ("month,churn\n1,\n2,\n", "'churn' has no value in any month"),
        ("month,churn\n1,0.1\n1,0.2\n", "line 3: month 1 stands here for the second time"),
        ("month,churn\n1,0.1\n2024-02,0.2\n", "line 3: month = '2024-02': write all months as numbers or all as"),
        ("month,churn\n2024-13,0.1\n", "month = '2024-13': should be a number from 1 on"),
        ("month,churn\n0,0.1\n", "month = '0': should be"),
        ("month,churn\n1,0.1\n900,0.1\n", "months from 1 to 900: allowed are up to 600"),
        ("month,churn\n1,many\n", "line 2: churn = 'many': should be a number, or empty"),
        ("month;churn\n1;0,02\n", "churn = '0,02': should be a number, or empty; decimals are written with a point"),
        ("month,churn\n1,2.1\n", "churn = 2.1: out of range; allowed: 0 to 1; percentages have to be divided by 100"),
        ("month,mean_wait\n1,-2\n", "mean_wait = -2: out of range"),
        ("month,mean_wait\n1,inf\n", "mean_wait = inf: out of range"),
        ("month,churn\n1,0.1,0.2\n", "line 2: has 3 values; the first line names 2 columns"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_that_says_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_monthly(written(tmp_path, text))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_yearly_figures_in_a_monthly_column_raise_a_doubt() -> None:
    yearly = MonthlyData(("retention", "staff_turnover"), ("1", "2"), np.array([[0.8, 0.02], [0.82, 0.03]]))
    told = " ".join(doubts(yearly))
    assert "retention_12_months" in told
    assert "staff_leaving" in told
    assert doubts(MonthlyData(("retention",), ("1",), np.array([[0.985]]))) == []


# -- figures of a run --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def days() -> Any:
    scenario = load_scenario("classroom", {"workforce.quit_rate": 12.0})
    model = ServiceOrganization(scenario, rng=1)
    model.advance(10 + 2 * DAYS_PER_MONTH + 5)
    return model.state.days[: model.day].copy()


@pytest.mark.parametrize("name", COLUMNS)
def test_a_monthly_figure_is_the_metric_of_the_same_name_over_21_days(days: Any, name: str) -> None:
    found = monthly({series: days[series] for series in needed_series([name])}, [name], 10)
    assert found.shape == (2, 1)
    column = COLUMNS[name]
    assert all(column.low <= value <= column.high for value in found[:, 0])
    if name in METRICS and name != "retention":
        assert found[1, 0] == pytest.approx(METRICS[name].of(days[31:52]))


def test_churn_and_its_other_names_say_the_same(days: Any) -> None:
    names = ("churn", "retention", "retention_12_months", "staff_turnover", "staff_leaving")
    first = dict(zip(names, monthly({s: days[s] for s in needed_series(names)}, names, 10)[0], strict=True))
    left = sum(days[10:31][kind].sum() for kind in ("left_neutral", "left_dissatisfied", "left_incident"))
    assert first["churn"] == pytest.approx(left / days["customers"][9], rel=0.03)  # joiners leave too, hence about
    assert first["retention"] == 1 - first["churn"]
    assert first["retention_12_months"] == pytest.approx(first["retention"] ** (250 / DAYS_PER_MONTH))
    assert first["staff_leaving"] == pytest.approx(first["staff_turnover"] * DAYS_PER_MONTH / 250)
    assert first["staff_leaving"] > 0


# -- the emulator ------------------------------------------------------------------------------------------------


def smooth(points: Any) -> Any:
    """Two figures of two settings: one bent, one nearly straight."""
    a, b = points[:, 0], points[:, 1]
    return np.stack([np.sin(3 * a) + b**2, 2 * a - b + 0.5 * a * b], axis=1)


def noisy(points: Any, replications: int, rng: Any) -> Any:
    """Runs of the figures with noise that grows with the first setting and is shared between figures."""
    spread = 0.05 * np.exp(points[:, 0])[:, None, None]
    shared = rng.normal(size=(len(points), replications, 1))
    own = rng.normal(size=(len(points), replications, 2))
    return smooth(points)[:, None] + spread * (0.8 * shared + 0.6 * own)


def test_the_emulator_knows_means_noise_and_how_sure_it_is() -> None:
    rng = np.random.default_rng(5)
    points = rng.random((60, 2))
    emulator = emulate(points, noisy(points, 5, rng), ["bent", "straight"])
    places = rng.random((300, 2))
    told = emulator.predict(places)
    sure = np.sqrt(np.diagonal(told.error, axis1=1, axis2=2))
    standard = (smooth(places) - told.mean) / sure
    assert 0.5 < np.sqrt((standard**2).mean()) < 1.6  # errors at places near each other are alike: not 300 errors
    assert sure.max() < 0.06
    apart = told.error[:, 0, 0] + told.error[:, 1, 1] - 2 * told.error[:, 0, 1]  # figures err together
    standard = np.diff(smooth(places) - told.mean, axis=1)[:, 0] / np.sqrt(apart)
    assert 0.5 < np.sqrt((standard**2).mean()) < 1.6
    noise = np.diagonal(told.noise, axis1=1, axis2=2)
    off = np.log(noise / (0.0025 * np.exp(2 * places[:, :1])))  # the truth grows over the range by a factor of 7
    assert abs(off.mean()) < 0.4  # 4 standard errors of a variance from 240 degrees of freedom
    assert np.abs(off).max() < 0.8
    assert emulator.correlation[0, 1] == pytest.approx(0.64, abs=0.12)  # about 3.5 standard errors of 240 pairs
    assert (emulator.validation["r2"] > 0.97).all()
    assert emulator.validation["spread"].between(0.7, 1.4).all()


def test_the_emulator_does_without_runs_that_failed_but_not_without_most() -> None:
    rng = np.random.default_rng(6)
    points = rng.random((30, 2))
    outcomes = noisy(points, 3, rng)
    outcomes[:5] = np.nan
    outcomes[5:9, 0] = np.nan
    emulator = emulate(points, outcomes, ["bent", "straight"])
    assert emulator.validation["points"].tolist() == [25, 25]
    assert np.isfinite(emulator.predict(points).mean).all()
    outcomes[:25] = np.nan
    with pytest.raises(InputError, match="bent: only 5 of 30 points"):
        emulate(points, outcomes, ["bent", "straight"])
    with pytest.raises(InputError, match="flat: is the same at all points"):
        emulate(points, np.ones((30, 3, 1)), ["flat"])


# -- the posterior -----------------------------------------------------------------------------------------------

RANGES = {"market.neutral_churn": (0.0, 0.4), "demand.patience": (10.0, 90.0), "operations.tools": (0.0, 1.0)}


def learned(figure: Callable[[Any], Any], spread: float, settings: int) -> Any:
    """Emulator of one toy figure."""
    rng = np.random.default_rng(7)
    points = rng.random((50, settings))
    return emulate(points, (figure(points)[:, None] + spread * rng.normal(size=(50, 4)))[:, :, None], ["figure"])


def test_with_a_straight_figure_the_posterior_is_the_one_of_the_textbook() -> None:
    """One setting, figure 2 x with noise 0.1: x given 1.0 is normal with mean 0.5 and deviation 0.05."""
    emulator = learned(lambda points: 2 * points[:, 0], 0.1, 1)
    shares = sample(emulator, np.array([1.0]), {"demand.patience": (10.0, 90.0)}).shares[:, 0]
    assert shares.mean() == pytest.approx(0.5, abs=0.02)  # the emulator's mean has an error of about 0.01 itself
    assert shares.std() == pytest.approx(0.05, rel=0.2)  # its variance is estimated from 150 degrees of freedom


def test_a_discrepancy_between_model_and_organisation_widens_the_posterior() -> None:
    emulator = learned(lambda points: 2 * points[:, 0], 0.1, 1)
    ranges = {"demand.patience": (10.0, 90.0)}
    wide = sample(emulator, np.array([1.0]), ranges, extra=np.array([0.1**2])).shares[:, 0].std()
    assert wide == pytest.approx(0.05 * math.sqrt(2), rel=0.2)


def test_settings_that_act_through_their_sum_are_told_in_combination_only() -> None:
    emulator = learned(lambda points: points[:, 0] + points[:, 1], 0.05, 3)
    found = identify(sample(emulator, np.array([1.0]), RANGES))
    tied = found.tied
    assert tied[["first", "second"]].to_numpy().tolist() == [["market.neutral_churn", "demand.patience"]]
    assert tied["correlation"].iloc[0] < -0.9
    assert found.settings["known"].tolist() == ["in combination", "in combination", "not"]
    best = found.directions.iloc[0]
    assert best["sd_ratio"] < 0.25
    assert best["market.neutral_churn"] == pytest.approx(best["demand.patience"], abs=0.1)
    words = found.words()
    assert "a higher market.neutral_churn with a lower demand.patience gives nearly the same figures" in words[0]
    assert "operations.tools is left open" in words[1]
    assert "Of 3 directions in which the settings can move together, the figures tell 1 well" in words[-1]


def test_settings_that_act_through_their_product_are_found_too_and_the_value_written_lies_on_the_ridge() -> None:
    emulator = learned(lambda points: points[:, 0] * points[:, 1], 0.01, 3)
    found = sample(emulator, np.array([0.2]), RANGES)
    assert identify(found).tied["correlation"].tolist() == pytest.approx([-0.97], abs=0.05)
    churn, patience, _ = found.middle()
    assert churn / 0.4 * (patience - 10) / 80 == pytest.approx(0.2, abs=0.05)


def test_figures_each_in_reach_that_do_not_go_together_are_a_surprise() -> None:
    rng = np.random.default_rng(8)
    points = rng.random((50, 1))
    shared = 0.1 * rng.normal(size=(50, 4, 1)) + 0.01 * rng.normal(size=(50, 4, 2))
    emulator = emulate(points, points[:, None] + shared, ["one", "other"])
    ranges = {"demand.patience": (10.0, 90.0)}
    for observed, surprising in (([0.6, 0.61], False), ([0.7, 0.5], True)):
        seen = np.array(observed)
        known = sample(emulator, seen, ranges)
        each = np.abs(seen - emulator.predict(np.array([[0.6]])).mean[0]) / 0.1
        assert (each < 1.5).all()
        assert (surprise(known, emulator, seen, np.zeros(2)) < 0.001) == surprising
        rough = np.full(2, 0.1**2)  # a model that may be off by as much
        assert surprise(sample(emulator, seen, ranges, extra=rough), emulator, seen, rough) > 0.05


def test_a_posterior_at_both_ends_is_not_called_unknown() -> None:
    rng = np.random.default_rng(9)
    draws = np.where(rng.random((4000, 1)) < 0.5, rng.uniform(10, 15, (4000, 1)), rng.uniform(85, 90, (4000, 1)))
    words = identify(Posterior({"demand.patience": (10.0, 90.0)}, draws, 4000.0, True)).words()
    assert len(words) == 1
    assert "near both ends of the range" in words[0]


def test_a_posterior_that_piles_up_at_the_end_of_its_range_is_noted() -> None:
    emulator = learned(lambda points: 2 * points[:, 0], 0.1, 1)
    found = identify(sample(emulator, np.array([2.2]), {"demand.patience": (10.0, 90.0)}))
    assert found.settings["edge"].tolist() == ["high"]
    assert "piles up at the high end" in " ".join(found.words())


def test_quantiles_hold_a_further_draw_as_often_as_they_say() -> None:
    """Of 119 draws, the third lowest and highest have 3 of 120 equally likely places outside on each side."""
    draws = np.random.default_rng(1).permutation(119).astype(float)
    assert quantiles(draws, (0.025, 0.975)) == pytest.approx((2.0, 116.0))


# -- the whole calibration, of a toy -----------------------------------------------------------------------------

NAMES = ("churn", "mean_wait", "csat")
TRUTH = np.array([0.11, 45.0, 0.6])


def toy(values: Any, replications: int, stage: str) -> Any:
    """15 months of organisations whose figures follow from settings at once, with noise of organisation and month."""
    rng = np.random.default_rng([len(stage), len(values)])
    churn = 0.01 + 0.1 * values[:, 0]
    wait = values[:, 1] / 10
    csat = 0.3 + 0.5 * values[:, 2]
    means = np.stack([churn, wait, csat], axis=1)[:, None, None, :]
    of_organisation = rng.normal(size=(len(values), replications, 1, 3)) * [0.0008, 0.1, 0.01]
    of_month = rng.normal(size=(len(values), replications, 15, 3)) * [0.002, 0.4, 0.03]
    return means + of_organisation + of_month


def toy_data() -> MonthlyData:
    values = toy(TRUTH[None], 1, "what a company reports")[0, 0].copy()
    values[4, 1] = math.nan
    return MonthlyData(NAMES, tuple(str(m + 1) for m in range(15)), values)


def fitted(data: MonthlyData, **changes: Any) -> MonthlyFit:
    asked = {"held": 3, "points": 40, "replications": 4, "discrepancy": 0.0, "seed": 3, **changes}
    return fit_months(data, load_scenario("classroom"), RANGES, toy, **asked)


@pytest.fixture(scope="module")
def toy_fit() -> MonthlyFit:
    return fitted(toy_data())


def test_known_settings_are_recovered_within_their_intervals(toy_fit: MonthlyFit) -> None:
    """Error rate: each truth may fall out of its 99.9 % interval once in a thousand seeds."""
    low, high = np.quantile(toy_fit.posterior.draws, (0.0005, 0.9995), axis=0)
    assert (low < TRUTH).all()
    assert (high > TRUTH).all()
    assert toy_fit.table["known"].tolist() == ["well"] * 3
    assert toy_fit.together > 0.05
    assert (toy_fit.table["low"] < toy_fit.table["fitted"]).all()
    assert (toy_fit.table["fitted"] < toy_fit.table["high"]).all()


def test_months_held_out_are_not_fitted_but_predicted(toy_fit: MonthlyFit) -> None:
    held = toy_fit.held_out
    assert held["month"].unique().tolist() == ["13", "14", "15"]
    assert len(held) == 9
    assert held["inside"].sum() >= 7  # of nine 95 % intervals; 6 or fewer once in 130,000
    wrong = toy_data()
    wrong.values[12:] *= 3
    again = fitted(wrong)
    np.testing.assert_array_equal(again.posterior.draws, toy_fit.posterior.draws)
    assert not again.held_out["inside"].any()


def test_what_the_model_cannot_reach_and_months_that_drift_are_reported() -> None:
    data = toy_data()
    data.values[:, 2] = 0.95 + 0.001 * np.arange(15)
    data.values[:, 0] *= np.linspace(0.5, 1.5, 15)
    found = fitted(data)
    notes = "\n".join(found.notes)
    assert "csat: its mean (0.955) is above what the fitted model gives" in notes
    assert "operations.tools piles up at the high end" in notes
    assert "churn: its trend per month" in notes
    assert "settings may have changed" in notes
    assert "The model does not reach csat." in found.sentence()
    assert found.together < 0.001
    assert "The figures do not go together" in notes


def test_the_scenario_written_is_valid_has_the_fitted_values_and_names_the_intervals(
    toy_fit: MonthlyFit, tmp_path: Path
) -> None:
    files = toy_fit.save(tmp_path / "out")
    text = (tmp_path / "out" / "scenario.toml").read_text("utf-8")
    scenario = load_scenario(tmp_path / "out" / "scenario.toml")
    assert scenario == changed(load_scenario("classroom"), toy_fit.fitted)
    assert scenario.demand.patience == pytest.approx(45, rel=0.1)
    line = next(line for line in text.splitlines() if line.startswith("patience = "))
    assert "95 % interval" in line
    assert line.endswith(f"before: {load_scenario('classroom').demand.patience:g}")
    assert {"months.png", "posterior.png", "posterior.csv", "settings.csv"} <= {file.name for file in files}


def test_the_report_says_everything_and_is_plain_data(toy_fit: MonthlyFit) -> None:
    content = json.loads(json.dumps(toy_fit.as_json(), allow_nan=False))
    assert [row["setting"] for row in content["settings"]] == list(RANGES)
    assert content["held_out"]["figures"] == 9
    assert next(row for row in content["predicted"] if row["observed"] is None)["month"] == "5"
    console = Console(file=io.StringIO(), width=120)
    show_monthly(console, toy_fit)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    for word in ("market.neutral_churn", "R2", "Months held out", "trend", toy_fit.sentence()[:40]):
        assert word in printed
    assert len(toy_fit.figures()["posterior"]().axes) == 9


# -- with the model ----------------------------------------------------------------------------------------------


@pytest.fixture
def tiny(small: Callable[..., Scenario]) -> Scenario:
    return small({"run.days": 63})


def test_a_calibration_with_the_model_goes_on_where_it_was_stopped(tiny: Scenario, tmp_path: Path) -> None:
    names = ("contacts", "mean_wait")
    truth = ServiceOrganization(changed(tiny, {"demand.contacts_per_year": 110.0}), rng=9)
    truth.advance(21 + 4 * DAYS_PER_MONTH)
    reported = monthly({name: truth.state.days[name][:105] for name in needed_series(names)}, names, 21)
    rows = [f"{month},{contacts},{wait}" for month, (contacts, wait) in enumerate(reported, 1)]
    path = written(tmp_path, "\n".join(["month,contacts,mean_wait", *rows]))
    asked: dict[str, Any] = {
        "fit": {"demand.contacts_per_year": (60.0, 180.0), "workforce.frontline": (5, 8)},
        "points": 20, "replications": 2, "out": tmp_path / "out",
    }  # fmt: skip

    class Stopped(Exception):
        pass

    def stop(progress: Any) -> None:
        if progress.done == 45:
            raise Stopped

    with pytest.raises(Stopped):
        calibrate_monthly(path, tiny, watch=stop, **asked)
    seen: list[Any] = []
    found = calibrate_monthly(path, tiny, watch=seen.append, **asked)
    assert seen[-1].done == seen[-1].total == found.runs == 179
    contacts = found.table.set_index("setting").loc["demand.contacts_per_year"]
    assert contacts["known"] == "well"
    low, high = np.quantile(found.posterior.draws[:, 0], (0.0005, 0.9995))  # error rate 0.1 %
    assert low < 110 < high
    assert isinstance(found.fitted["workforce.frontline"], int)
    found.save(tmp_path / "out")
    ledgers = sorted((tmp_path / "out" / "runs").glob("*/ledger.jsonl"))
    assert [ledger.read_text("utf-8").count('"number"') for ledger in ledgers] == [40, 119, 20]  # no run twice
    with pytest.raises(InputError, match="holds another calibration \\(it differs in points\\)"):
        calibrate_monthly(path, tiny, **{**asked, "points": 21})


def test_a_setting_is_found_for_each_kind_of_figure(tiny: Scenario) -> None:
    everything = MonthlyData(tuple(COLUMNS), ("1",), np.ones((1, len(COLUMNS))))
    ranges = usual_ranges(everything, tiny)
    check_ranges(ranges)
    assert len(ranges) == 9
    for name, (low, high) in ranges.items():
        section, _, key = name.partition(".")
        assert low < getattr(getattr(tiny, section), key) < high
    nobody_joins = changed(tiny, {"market.joining_rate": 0.0})
    with pytest.raises(InputError, match="no setting to fit follows from the columns"):
        usual_ranges(MonthlyData(("new_customers",), ("1",), np.ones((1, 1))), nobody_joins)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fit": {"market.neutral_chrun": (0, 1)}}, "'market.neutral_chrun'; did you mean 'market.neutral_churn'"),
        ({"fit": {"market.network": (0, 1)}}, "market.network: cannot be fitted"),
        ({"fit": {"run.days": (10, 20)}}, "run.days: cannot be fitted"),
        ({"fit": {"demand.patience": (20, 10)}}, "--fit: demand.patience: low = 20 must be below high = 10"),
        ({"fit": {"demand.patience": (math.nan, 10)}}, "demand.patience: low = nan: should be a finite number"),
        ({"fit": {"market.alternative": (0.5, 1.5)}}, "market.alternative = 0.5:1.5: out of range; allowed: 0 to 1"),
        ({"fit": {}}, "0 settings; allowed: 1 to 12"),
        ({"holdout": 3}, "--holdout 3: the data have 4 months, of which at least 2 are needed"),
        ({"holdout": -1}, "--holdout -1"),
        ({"holdout": 1}, "--holdout 1: leaves no month with a value of csat"),
        ({"points": 19}, "--points 19: allowed with 3 settings to fit: 24 to 5000"),
        ({"replications": 1}, "--replications 1"),
        ({"discrepancy": math.nan}, "--discrepancy nan"),
        ({"seed": -1}, "--seed -1"),
    ],
)
def test_wrong_options_are_refused_before_anything_runs(
    tiny: Scenario, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = written(tmp_path, "month,churn,mean_wait,csat\n1,0.02,5,\n2,0.02,6,\n3,0.03,5,\n4,0.02,4,0.5\n")
    with pytest.raises(InputError) as caught:
        calibrate_monthly(path, tiny, **{"holdout": 0, "out": tmp_path / "out", **changes})
    assert message in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_results_is_left_alone(tiny: Scenario, tmp_path: Path) -> None:
    path = written(tmp_path, "month,churn\n1,0.02\n2,0.02\n3,0.03\n4,0.02\n")
    other = tmp_path / "other"
    other.mkdir()
    (other / "manifest.json").write_text('{"program": "simsvc", "kind": "comparison"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"holds results of another kind \(comparison\)"):
        calibrate_monthly(path, tiny, out=other)
