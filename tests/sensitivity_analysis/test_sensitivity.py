"""Sensitivity analysis: indices that are known, noise that is told apart, plans that are checked before they run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol

from simsvc.cli.app import main
from simsvc.errors import AllRunsFailed, InputError
from simsvc.reports import write_figures
from simsvc.sensitivity_analysis.analysis import sensitivity
from simsvc.sensitivity_analysis.figures import indices
from simsvc.sensitivity_analysis.noise import components, noise_free
from simsvc.sensitivity_analysis.plan import Plan, plan_of, values_of
from simsvc.sensitivity_analysis.profiles import profile, shape
from simsvc.sensitivity_analysis.result import Sensitivity
from simsvc.sensitivity_analysis.sampling import saltelli, trajectories
from simsvc.sensitivity_analysis.screening import elementary_effects, morris, morris_verdict
from simsvc.sensitivity_analysis.variance_indices import sobol_indices, sobol_verdict
from simsvc.sensitivity_analysis.views import show_sensitivity
from simsvc.sweeps.block import Span
from simsvc.sweeps.design import Design

RNG = np.random.default_rng


def noisy(values: Any, replications: int, spread: float, seed: int, luck: float = 0.0) -> Any:
    """Replications of a function: luck that shifts all points alike, and noise of its own at every point."""
    rng = RNG(seed)
    shift = rng.normal(0, luck, replications) if luck else 0.0
    return values[..., None] + shift + rng.normal(0, spread, (*values.shape, replications))


def ishigami(shares: Any) -> Any:
    """Ishigami & Homma (1990), with a fourth parameter that does nothing."""
    x = np.pi * (2 * shares - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


ISHIGAMI_FIRST = np.array([0.3139, 0.4424, 0.0, 0.0])
ISHIGAMI_TOTAL = np.array([0.5576, 0.4424, 0.2437, 0.0])

G = np.array([0.0, 1.0, 4.5, 9.0])


def sobol_g(shares: Any) -> Any:
    """Sobol's G function with weights `G`."""
    return np.prod((np.abs(4 * shares - 2) + G) / (1 + G), axis=-1)


def g_indices() -> tuple[Any, Any]:
    """First-order and total indices of `sobol_g`, exact."""
    part = 1 / (3 * (1 + G) ** 2)
    whole = np.prod(1 + part) - 1
    total = [part[k] * np.prod(np.delete(1 + part, k)) for k in range(len(G))]
    return part / whole, np.array(total) / whole


# -- Sobol indices -----------------------------------------------------------------------------------------------


def test_indices_of_ishigami_are_those_known() -> None:
    found = sobol_indices(ishigami(saltelli(4, 1024, False, 0))[..., None], 4, draws=50).table
    np.testing.assert_allclose(found["first"], ISHIGAMI_FIRST, atol=0.03)
    np.testing.assert_allclose(found["total"], ISHIGAMI_TOTAL, atol=0.03)


def test_indices_of_sobols_g_function_are_those_known() -> None:
    found = sobol_indices(sobol_g(saltelli(4, 1024, False, 3))[..., None], 4, draws=50).table
    first, total = g_indices()
    np.testing.assert_allclose(found["first"], first, atol=0.02)
    np.testing.assert_allclose(found["total"], total, atol=0.02)


def test_only_the_first_and_third_parameter_of_ishigami_act_together() -> None:
    pairs = sobol_indices(ishigami(saltelli(4, 1024, True, 1))[..., None], 4, draws=50).pairs
    strong = pairs[(pairs["one"] == 0) & (pairs["other"] == 2)]
    assert strong["second"].item() == pytest.approx(0.2437, abs=0.05)
    assert (pairs.drop(strong.index)["second"].abs() < 0.05).all()
    assert len(pairs) == 6


def test_estimates_without_noise_are_those_of_salib() -> None:
    values = sobol_g(saltelli(4, 64, True, 5))
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    theirs = salib_sobol.analyze(problem, values.ravel(), calc_second_order=True, seed=1)
    ours = sobol_indices(values[..., None], 4, draws=10)
    np.testing.assert_allclose(ours.table["first"], theirs["S1"], rtol=1e-9)
    np.testing.assert_allclose(ours.table["total"], theirs["ST"], rtol=1e-9)
    np.testing.assert_allclose(ours.pairs["second"], theirs["S2"][np.triu_indices(4, 1)], rtol=1e-9)


@pytest.mark.parametrize("luck", [0.0, 5.0])
def test_noise_does_not_change_indices_in_the_mean(luck: float) -> None:
    """Noise of the size of the effects; without correction the total of the idle parameter would be 0.25.

    The bias is held under 0.03; the standard error of the mean of 30 studies is below 0.008 for each index.
    """
    found = np.array(
        [
            sobol_indices(
                noisy(ishigami(saltelli(4, 128, False, seed)), 3, 3.7, seed, luck),
                4,
                common_luck=luck > 0,
                draws=2,
            ).table[["first", "total"]]
            for seed in range(30)
        ]
    ).mean(axis=0)
    np.testing.assert_allclose(found[:, 1], ISHIGAMI_TOTAL, atol=0.03)
    np.testing.assert_allclose(found[:, 0], ISHIGAMI_FIRST, atol=0.06)


def test_intervals_of_noisy_indices_cover_what_is_true() -> None:
    """Of 160 intervals at 95 % at least 144 hold the truth; by chance alone fewer would in 0.3 % of cases."""
    held = 0
    for seed in range(20):
        values = noisy(ishigami(saltelli(4, 128, False, seed)), 4, 2.0, seed, 3.0)
        found = sobol_indices(values, 4, draws=200, seed=seed).table
        held += int(((found["first_low"] <= ISHIGAMI_FIRST) & (found["first_high"] >= ISHIGAMI_FIRST)).sum())
        held += int(((found["total_low"] <= ISHIGAMI_TOTAL) & (found["total_high"] >= ISHIGAMI_TOTAL)).sum())
    assert held >= 144


def test_an_idle_parameter_is_not_told_from_noise_and_strong_ones_are() -> None:
    values = noisy(ishigami(saltelli(4, 256, False, 7)), 5, 2.0, 7)
    words = [sobol_verdict(row) for row in sobol_indices(values, 4, draws=300).table.to_dict("records")]
    assert words[0].startswith("strong")
    assert words[1] == "strong, mostly alone"
    assert words[3] == "cannot be told from noise"


def test_indices_that_cannot_be_are_said_to_need_more_points() -> None:
    row = {"blocks": 64, "left_out": 0, "constant": False, "drowned": False, "rough": False, "noise": 0.05}
    row |= {"total": 0.61, "total_low": 0.4, "total_high": 0.8, "first": 0.6, "first_low": 0.4, "first_high": 0.8}
    assert sobol_verdict(row) == "strong, mostly alone"
    assert sobol_verdict(row | {"rough": True}) == "matters; too few points to say how much"
    assert sobol_verdict(row | {"first_low": 0.1}) == "strong; too few points to say whether alone"
    contradictory = 0
    for seed in range(20):
        values = noisy(saltelli(4, 8, False, seed) @ SLOPES, 4, 0.1, seed)
        found = sobol_indices(values, 4, draws=20, seed=seed).table
        above = (found["first"] - found["total"] > 0.1) | (found["first"].sum() > 1.3)
        contradictory += int(above.sum())
        for each in found[above].to_dict("records"):
            assert "alone" not in sobol_verdict(each)
    assert contradictory > 5


def test_a_panel_without_a_result_says_why() -> None:
    table = sobol_indices(noisy(np.zeros((64, 5)), 4, 1.0, 11), 3, draws=20).table
    table["parameter"] = list("abc")
    table["verdict"] = [sobol_verdict(row) for row in table.to_dict("records")]
    drawn = indices({"inverted": table}, "retention", "title")
    words = " ".join(text.get_text() for text in drawn.axes[0].texts).replace("\n", " ")
    assert words == "No result: nothing but noise: points differ no more than replications"


def test_nothing_but_noise_is_said_to_be_that() -> None:
    values = noisy(np.zeros((64, 5)), 4, 1.0, 11)
    table = sobol_indices(values, 3, draws=20).table
    assert table["drowned"].all()
    assert table[["first", "total"]].isna().all(axis=None)
    assert sobol_verdict(table.iloc[0]).startswith("nothing but noise")


def test_base_samples_with_a_failed_run_are_left_out() -> None:
    values = noisy(ishigami(saltelli(4, 64, False, 2)), 2, 0.5, 2)
    broken = values.copy()
    broken[3, 2, 1] = broken[10, 0, 0] = np.nan
    found = sobol_indices(broken, 4, draws=20).table
    whole = sobol_indices(np.delete(values, [3, 10], axis=0), 4, draws=20).table
    assert (found["left_out"] == 2).all()
    pd.testing.assert_frame_equal(found.drop(columns="left_out"), whole.drop(columns="left_out"))
    broken[5:] = np.nan
    assert sobol_verdict(sobol_indices(broken, 4, draws=5).table.iloc[0]).startswith("not analysed: 60 base samples")


# -- Morris screening --------------------------------------------------------------------------------------------

SLOPES = np.array([4.0, -2.0, 1.0, 0.0])


def test_effects_of_a_straight_line_are_its_slopes() -> None:
    shares = trajectories(4, 6, 0)
    found = morris(shares, (shares @ SLOPES)[..., None], draws=20)
    np.testing.assert_allclose(found["mu"], SLOPES, atol=1e-12)
    np.testing.assert_allclose(found["mu_star"], np.abs(SLOPES), atol=1e-12)
    np.testing.assert_allclose(found["sigma"], 0, atol=1e-12)


def test_screening_agrees_with_salib() -> None:
    shares = trajectories(4, 8, 3)
    values = sobol_g(shares)
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    theirs = salib_morris.analyze(problem, shares.reshape(-1, 4), values.ravel(), seed=1)
    ours = morris(shares, values[..., None], draws=10)
    for name in ("mu", "mu_star", "sigma"):
        np.testing.assert_allclose(ours[name], np.asarray(theirs[name], float), rtol=1e-9)


def test_rounding_of_whole_numbers_does_not_count_as_an_effect() -> None:
    """A line over five whole numbers has one slope, however far the grid's moves are rounded."""
    shares = trajectories(2, 10, 1)
    shares[:, :, 0] = np.minimum(np.floor(5 * shares[:, :, 0]), 4) / 4
    effects = elementary_effects(shares, (shares @ [3.0, 1.0])[..., None])
    np.testing.assert_allclose(effects[:, 0], 3.0)


def test_the_first_trajectories_are_the_same_however_many_there_are() -> None:
    np.testing.assert_array_equal(trajectories(5, 4, 0), trajectories(5, 9, 0)[:4])
    assert (trajectories(5, 4, 0) != trajectories(5, 4, 1)).any()


def taken_for_effects(method: str, replications: int, lucky: float, own: float, studies: int) -> tuple[float, float]:
    """Share of idle parameters above the bound, and the bound, in the median, over what 95 % of them stay under.

    Args:
        method: `morris` or `sobol`.
        replications: of every point.
        lucky: effect of each idle parameter by luck, of either sign and 0 in the mean over replications.
        own: noise of every point's own.
        studies: of 12 idle parameters each.
    """
    size, bound = [], []
    for seed in range(studies):
        shares = trajectories(13, 10, seed) if method == "morris" else saltelli(13, 32, False, seed)
        by_luck = lucky * RNG(1000 + seed).normal(size=(12, replications))
        values = noisy(20 * shares[..., 0], replications, own, seed) + shares[..., 1:] @ by_luck
        if method == "morris":
            found = morris(shares, values, draws=300, seed=seed)
            size.append(found["mu_star"][1:])
        else:
            found = sobol_indices(values, 13, draws=300, seed=seed).table
            size.append(found["total"][1:])
        bound.append(found["noise"][1:])
    return float((np.array(size) > np.array(bound)).mean()), float(np.median(bound) / np.quantile(size, 0.95))


@pytest.mark.parametrize("replications", [3, 5, 10])
@pytest.mark.parametrize("method", ["morris", "sobol"])
@pytest.mark.parametrize(("lucky", "own"), [(0.0, 1.0), (1.0, 0.05)], ids=["plain noise", "luck by parameter"])
def test_one_of_twenty_idle_parameters_is_taken_for_one_with_an_effect(
    method: str, replications: int, lucky: float, own: float
) -> None:
    """Both sides: a bound that is too low takes noise for effects, one that is too high hides effects.

    Three replications do not tell well how much of the noise is luck by parameter: up to one of eight there.
    """
    false, height = taken_for_effects(method, replications, lucky, own, 25)
    assert 0.015 <= false <= (0.125 if replications == 3 and lucky else 0.09)
    assert 0.8 < height < 2.6


@pytest.mark.parametrize("replications", [3, 5])
@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_where_half_of_the_noise_is_luck_by_parameter_at_most_one_of_eight_is_taken(
    method: str, replications: int
) -> None:
    assert 0.015 <= taken_for_effects(method, replications, 1.0, 0.4, 25)[0] <= 0.125


def test_two_replications_of_common_luck_tell_only_what_is_far_beyond_noise() -> None:
    shares = trajectories(2, 10, 0)
    words = []
    for slope in (3.0, 100.0):
        values = noisy(slope * shares[..., 0], 2, 0.5, 0, 1.0)
        words.append(morris_verdict(morris(shares, values, draws=200).iloc[0]))
    assert words[0] == "cannot be told from noise"
    assert words[1].startswith("raises it")


@pytest.mark.parametrize("common", [True, False])
def test_noise_is_told_apart_in_screening(common: bool) -> None:
    """60 studies: the idle parameter is taken for one with an effect in 9 at most (5 % expected; chance 0.1 %)."""
    seen = np.zeros(4)
    errors, sizes = [], []
    for seed in range(60):
        shares = trajectories(4, 10, seed)
        values = noisy(shares @ SLOPES, 5, 0.5, seed, 2.0 * common)
        found = morris(shares, values, common_luck=common, draws=200, seed=seed)
        seen += found["mu_star"] > found["noise"]
        errors.append(found["noise_error"])
        sizes.append(found["mu_star"])
    assert seen[0] == seen[1] == 60
    assert seen[3] <= 9
    # a straight line: mu* of the first parameter varies from study to study by noise alone
    assert np.mean(errors, axis=0)[0] == pytest.approx(np.std(sizes, axis=0)[0], rel=0.3)


def test_verdicts_say_the_direction_and_whether_it_is_the_same_everywhere() -> None:
    shares = trajectories(3, 20, 2)
    values = noisy(3 * shares[..., 0] + 8 * (shares[..., 1] - 0.5) ** 2, 6, 0.1, 3, 1.0)
    words = [morris_verdict(row) for row in morris(shares, values, draws=300).to_dict("records")]
    assert words[0] == "raises it, much alike everywhere"
    assert words[1].startswith("up or down")
    assert words[2] == "cannot be told from noise"


def test_a_direction_is_told_only_if_it_is_seen() -> None:
    row = {"blocks": 10, "left_out": 0, "constant": False, "sigma": 1.0, "sigma_noise": 0.1, "noise": 0.5}
    row |= {"noise_one_way": 0.3, "mu_star": 2.0}
    assert morris_verdict(row | {"mu": -1.9, "mu_low": -4.0, "mu_high": 0.1}) == "matters; direction not sure"
    assert morris_verdict(row | {"mu": 0.3, "mu_low": -1.0, "mu_high": 1.5}).startswith("up or down")
    assert morris_verdict(row | {"mu": 1.2, "mu_low": 0.4, "mu_high": 2.0}) == (
        "raises it on the whole, lowers it in places"
    )
    assert morris_verdict(row | {"mu": -1.9, "mu_low": -2.5, "mu_high": -1.3}).startswith("lowers it, ")
    unclear = {"mu": 0.3, "mu_low": -1.0, "mu_high": 1.5, "noise_one_way": 0.9}
    assert morris_verdict(row | unclear) == "matters; direction not sure"


def test_a_parameter_that_never_lowers_is_not_said_to_go_up_or_down() -> None:
    """Four trajectories, three replications: few enough that the interval of mu may include 0."""
    for seed in range(40):
        shares = trajectories(3, 4, seed)
        values = noisy(np.exp(3 * shares[..., 0]) / 5 + shares[..., 1], 3, 1.0, seed, 1.0)
        found = morris_verdict(morris(shares, values, draws=100, seed=seed).iloc[0])
        assert "down" not in found
        assert "lowers" not in found


def test_trajectories_with_a_failed_run_are_left_out() -> None:
    shares = trajectories(3, 6, 0)
    values = noisy(shares.sum(axis=2), 2, 0.1, 1)
    broken = values.copy()
    broken[2, 1, 0] = np.nan
    found = morris(shares, broken, draws=20)
    assert (found["left_out"] == 1).all()
    assert (found["blocks"] == 5).all()
    kept = np.delete(np.arange(6), 2)
    np.testing.assert_array_equal(found["mu_star"], morris(shares[kept], values[kept], draws=20)["mu_star"])
    broken[1:] = np.nan
    assert morris_verdict(morris(shares, broken, draws=5).iloc[0]).startswith("not analysed: 5 trajectories")


# -- both --------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("error")
def test_a_constant_metric_is_called_constant_without_a_warning() -> None:
    shares = trajectories(3, 5, 0)
    screened = morris(shares, np.full((5, 4, 2), 0.7), draws=10)
    assert (screened["mu_star"] == 0).all()
    assert morris_verdict(screened.iloc[0]).startswith("constant")
    shared = sobol_indices(np.full((16, 5, 2), 0.7), 3, draws=10).table
    assert sobol_verdict(shared.iloc[0]).startswith("constant")
    assert shape(np.arange(4.0), np.full((4, 3), 0.7), np.full(3, 0.7))["verdict"].startswith("constant")


def test_without_a_second_replication_noise_is_unknown() -> None:
    shares = trajectories(3, 5, 0)
    found = morris(shares, shares.sum(axis=2)[..., None], draws=10)
    assert found["noise"].isna().all()
    assert morris_verdict(found.iloc[0]).startswith("noise unknown")
    table = sobol_indices(sobol_g(saltelli(4, 32, False, 0))[..., None], 4, draws=10).table
    assert sobol_verdict(table.iloc[0]).startswith("noise unknown")


def test_the_order_of_parameters_does_not_matter() -> None:
    shares = trajectories(3, 8, 1)
    values = noisy(3 * shares[..., 0] * shares[..., 1] + shares[..., 2], 3, 0.2, 1)
    one = morris(shares, values, draws=100)
    other = morris(shares[:, :, [2, 0, 1]], values, draws=100)
    np.testing.assert_allclose(other.to_numpy(float), one.iloc[[2, 0, 1]].to_numpy(float))


def test_variance_between_runs_is_shared_out_between_parameters_luck_and_noise() -> None:
    """Components 4, 2 and 1 of variance: found within a tenth of the whole from 400 points of 30 replications."""
    points = RNG(1).normal(0, 2.0, 400)
    found = components(noisy(points, 200, 1.0, 2, np.sqrt(2.0)))
    assert found["points"] == pytest.approx(4 / 7, abs=0.1)
    assert found["luck"] == pytest.approx(2 / 7, abs=0.1)
    assert found["noise"] == pytest.approx(1 / 7, abs=0.1)
    apart = components(noisy(points, 30, 1.0, 2), common_luck=False)
    assert apart["noise"] == pytest.approx(1 / 5, abs=0.1)
    assert apart["luck"] == 0


def test_taking_noise_off_a_square_leaves_products_of_different_replications() -> None:
    sample = RNG(4).normal(2.0, 1.0, 7)
    pairs = [sample[i] * sample[j] for i in range(7) for j in range(7) if i != j]
    assert noise_free(sample.mean() ** 2, (sample**2).mean(), 7) == pytest.approx(np.mean(pairs))


# -- profiles ----------------------------------------------------------------------------------------------------

PLACES = np.linspace(0, 1, 7)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (3 * PLACES, "rises"),
        (-3 * PLACES, "falls"),
        (3 * np.sqrt(PLACES), "rises, faster at first"),
        (3 * PLACES**3, "rises, faster at the end"),
        (-3 * PLACES**3, "falls, faster at the end"),
        (8 * PLACES * (1 - PLACES), "rises, then falls"),
        (1 - 8 * PLACES * (1 - PLACES), "falls, then rises; changes sign"),
        (np.sin(2 * np.pi * PLACES) * 3, "turns more than once; changes sign"),
        (4 * PLACES - 2, "rises; changes sign"),
        (0 * PLACES, "cannot be told from noise"),
    ],
)
def test_the_shape_of_a_profile_is_told(line: Any, words: str) -> None:
    values = noisy(line, 10, 0.1, 5, 0.02)
    assert shape(PLACES, values, values[3])["verdict"] == words


def test_a_flat_profile_is_seldom_called_anything_else() -> None:
    """5 % expected; more than 24 of 200 would be called so by chance in 0.01 % of cases."""
    flat = np.zeros(6)
    called = 0
    for seed in range(200):
        values = noisy(flat, 4, 1.0, seed, 3.0)
        called += shape(np.arange(6.0), values, values[0])["verdict"] != "cannot be told from noise"
    assert called <= 24


def test_a_slope_beyond_noise_by_itself_alone_is_said_to_be_that() -> None:
    words = []
    for scatter in (0.5, 0.9, 1.3):
        values = np.outer(PLACES, 1 + scatter * np.linspace(-1, 1, 5)) + RNG(0).normal(0, 1e-3, (7, 5))
        found = shape(PLACES, values, values[3])
        words.append((bool(found["slope_low"] > 0), found["verdict"]))
    assert words == [
        (True, "rises"),
        (True, "cannot be told from noise, allowing for all that is compared"),
        (False, "cannot be told from noise"),
    ]


def test_a_profile_tells_where_the_sign_changes_and_changes_against_the_reference() -> None:
    values = noisy(10 * PLACES - 4, 8, 0.05, 6)
    reference = values[2]
    found = shape(PLACES, values, reference)
    assert found["crossing"] == pytest.approx(0.4, abs=0.02)
    assert found["slope"] == pytest.approx(10, abs=0.2)
    table = profile(values, reference)
    assert table["change"].to_numpy() == pytest.approx(10 * PLACES - 10 * PLACES[2], abs=0.1)
    assert table.loc[2, ["change", "change_low", "change_high"]].tolist() == [0, 0, 0]


def test_replications_with_a_failed_run_are_left_out_of_the_shape() -> None:
    values = noisy(3 * PLACES, 6, 0.1, 7)
    values[2, 4] = np.nan
    found = shape(PLACES, values, values[0])
    assert (found["replications"], found["left_out"]) == (5, 1)
    assert found["verdict"] == "rises"


# -- plans -------------------------------------------------------------------------------------------------------

NEEDS, STAFF, DELAY = "demand.idiosyncrasy", "workforce.frontline", "operations.approval_delay"
SHARES = {"structure.share_floor": Span(0, 0.15), "structure.share_causes": Span(0.1, 0.25)}
RANGES = {NEEDS: Span(0.1, 0.7), STAFF: Span(6, 10), DELAY: Span(1, 60, scale="log")}


def small_plan(**options: Any) -> Plan:
    vary = options.pop("vary", RANGES)
    design = Design("classroom", vary=vary, replications=options.pop("replications", 2), days=5)
    return plan_of(design, options.pop("parameters", ()), options)


def test_points_lie_within_the_ranges_and_whole_numbers_are_whole() -> None:
    for method in ("morris", "sobol"):
        plan = small_plan(method=method, points=16)
        for one in plan.parameters:
            values = np.array(plan.values[one.name])
            assert one.values.low <= values.min() < values.max() <= one.values.high
        assert set(plan.values[STAFF]) <= {6, 7, 8, 9, 10}
        assert all(type(value) is int for value in plan.values[STAFF])
    # a range in proportions: half of it lies below the geometric middle
    assert np.mean(np.array(plan.values[DELAY]) < np.sqrt(60)) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("method", ["morris", "sobol", "profile"])
def test_the_order_in_which_parameters_are_named_changes_no_run(method: str) -> None:
    forward = small_plan(method=method, points=4)
    backward = small_plan(method=method, points=4, vary=dict(reversed(RANGES.items())))
    assert forward.runs.described() == backward.runs.described()


def test_seed_0_is_a_seed_and_another_seed_gives_other_points() -> None:
    for method in ("morris", "sobol"):
        values = [plan_of(Design("classroom", vary=RANGES, seed=seed), (), {"method": method}).values[NEEDS]
                  for seed in (0, 0, 1)]  # fmt: skip
        assert values[0] == values[1] != values[2]


def test_every_profile_moves_one_parameter_from_the_reference() -> None:
    plan = small_plan(method="profile", levels=4)
    cells = [cell for cell in plan.runs.cells() if cell.structure == "inverted"]
    assert [len(cell.values) for cell in cells] == [0] + [1] * (len(cells) - 1)
    assert [cell.values[NEEDS] for cell in cells if NEEDS in cell.values] == pytest.approx([0.1, 0.3, 0.5, 0.7])
    assert [cell.values[DELAY] for cell in cells if DELAY in cell.values] == pytest.approx(np.geomspace(1, 60, 4))


def test_a_setting_without_a_range_varies_over_all_it_may_be_and_that_is_said_where_it_is_much() -> None:
    plan = small_plan(vary=None, parameters=[NEEDS, "operations.cause_effort"])
    by_name = {one.name: one.values for one in plan.parameters}
    assert by_name[NEEDS] == Span(0.01, 0.99)
    notes = [note for note in plan.notes() if "bounds" in note]
    assert len(notes) == 1
    assert '"operations.cause_effort" = { low = 10000, high = 40000 }' in notes[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"vary": None}, "nothing varies"),
        ({"vary": {"demand.idiosyncrasie": Span(0, 1)}}, "did you mean 'demand.idiosyncrasy'"),
        ({"vary": {NEEDS: Span(0, 1)}}, "low = 0: allowed: 0.01 to 0.99"),
        ({"vary": {STAFF: Span(6.5, 9)}}, "low = 6.5: should be a whole number"),
        ({"vary": {"operations.continuous": [True, False]}}, "needs numbers from a range"),
        ({"vary": {"operations.continuous": Span(0, 1)}}, "has no range of numbers"),
        ({"parameters": ["operations.continuous"]}, "has no range of numbers"),
        ({"parameters": [NEEDS]}, "is named twice"),
        ({"method": "moris"}, "did you mean 'morris'"),
        ({"metrics": ["retention", "proft"]}, "did you mean 'profit'"),
        ({"metrics": []}, "needs at least one"),
        ({"trajectories": 1}, "trajectories = 1: should be a whole number; allowed with"),
        ({"trajectories": 10**12}, "trajectories = 1000000000000: should be"),
        ({"replications": 0}, "replications = 0: should be"),
        ({"seed": -1}, "seed = -1: should be"),
        ({"method": "sobol", "points": 12}, "points = 12: should be a power of two; nearest: 8 and 16"),
        ({"vary": {"market.customers": Span(1000, 4000)}}, "market.customers = 4000 is not possible"),
        ({"vary": {NEEDS: Span(0.1, 0.7), **SHARES}}, "and structure.share_floor = 0.15 do not go together"),
        ({"vary": None, "parameters": ["market.population"]}, "give bounds under"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_one_line_before_it_runs(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as error:
        small_plan(**options)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


# -- with the model ----------------------------------------------------------------------------------------------


def linear_runs(plan: Plan, fail: tuple[int, ...] = ()) -> pd.DataFrame:
    """Runs as of a sweep, of a stand-in: retention rises with needs, more so under the inverted chart."""
    rows = []
    for task in plan.runs.tasks():
        slope = {"traditional": 1.0, "inverted": 3.0}[task.structure]
        failed = task.point in fail
        value = slope * task.values[NEEDS] + 0.01 * task.values[STAFF] + 10.0 * task.replication
        rows.append(
            {"point": task.point, "structure": task.structure, "replication": task.replication,
             "status": "failed" if failed else "done", "message": "broke" if failed else "",
             "retention": np.nan if failed else value}
        )  # fmt: skip
    return pd.DataFrame(rows)


def test_the_difference_between_structures_is_analysed_in_pairs() -> None:
    plan = small_plan(metrics=["retention"], replications=3)
    tables = plan.tables(values_of(plan.runs, linear_runs(plan), plan.metrics))
    effects = tables["effects"].set_index(["of", "parameter"])["mu"]
    assert effects["traditional", NEEDS] == pytest.approx(0.6)
    assert effects["inverted less traditional", NEEDS] == pytest.approx(2 * 0.6)
    assert effects["inverted", STAFF] == pytest.approx(0.04)
    assert effects["inverted less traditional", STAFF] == pytest.approx(0, abs=1e-9)
    spread = tables["spread"].set_index("of")
    assert spread.loc["traditional", "luck"] > 0.9
    assert spread.loc["inverted less traditional", "luck"] == pytest.approx(0, abs=1e-9)
    assert spread.loc["inverted less traditional", "above_zero"] == 1


def test_values_of_points_that_say_the_same_are_taken_from_where_they_were_run() -> None:
    plan = small_plan(vary={NEEDS: Span(0.1, 0.7), STAFF: Span(7, 8)}, metrics=["retention"])
    assert plan.runs.twins
    found = values_of(plan.runs, linear_runs(plan), plan.metrics)["retention"]["traditional"]
    expected = np.array(plan.values[NEEDS]) + 0.01 * np.array(plan.values[STAFF])
    np.testing.assert_allclose(found, expected[:, None] + [0.0, 10.0])


def test_failed_runs_are_counted_and_their_trajectory_is_left_out() -> None:
    plan = small_plan(metrics=["retention"], trajectories=4)
    tables = plan.tables(values_of(plan.runs, linear_runs(plan, fail=(5,)), plan.metrics))
    assert (tables["effects"]["left_out"] == 1).all()
    assert tables["effects"]["mu_star"].notna().all()
    assert (tables["spread"]["left_out"] == 1).all()


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sensitivity, Path]:
    """A small screening of the class-room, kept in a folder."""
    folder = tmp_path_factory.mktemp("analysis") / "screening"
    design = Design("classroom", vary=RANGES, replications=2, days=20)
    return sensitivity(design, metrics=["csat", "mean_wait"], trajectories=3, out=folder), folder


def test_an_analysis_of_the_model_names_what_it_found(analysed: tuple[Sensitivity, Path]) -> None:
    result, _ = analysed
    assert len(result.runs) == len(result.plan.runs)
    assert len(result.table) == 2 * 3 * 3
    assert result.subjects == ["traditional", "inverted", "inverted less traditional"]
    assert result.of("csat", "traditional").iloc[0]["parameter"] == NEEDS
    assert "csat" not in result.sentence()
    assert "operations.approval_delay" in result.sentence()
    assert NEEDS in str(result)


def test_an_analysis_goes_on_from_the_runs_it_finds(analysed: tuple[Sensitivity, Path]) -> None:
    first, folder = analysed
    told = []
    design = Design("classroom", vary=RANGES, replications=2, days=20)
    again = sensitivity(design, metrics=["csat"], trajectories=3, out=folder, watch=told.append)
    assert not told or told[-1].found == len(first.plan.runs)
    pd.testing.assert_frame_equal(again.of("csat", "inverted"), first.of("csat", "inverted"))
    with pytest.raises(InputError):
        sensitivity(design, metrics=["csat"], trajectories=4, out=folder)


@pytest.mark.parametrize("method", ["morris", "sobol", "profile"])
def test_results_are_written_with_all_that_is_needed_to_repeat_them(method: str, tmp_path: Path) -> None:
    design = Design("classroom", vary={NEEDS: Span(0.1, 0.7), STAFF: Span(6, 10)}, replications=2, days=10)
    result = sensitivity(
        design, method=method, metrics=["csat"], trajectories=2, points=8, levels=3, second_order=True, out=tmp_path
    )
    files = {path.name for path in result.save(tmp_path, "typed")}
    assert {f"{method}_csat.png", f"{method}_csat.svg", "effects.csv", "effects.parquet", "result.json"} <= files
    assert ("pairs.csv" in files) == (method == "sobol")
    assert ("profiles.csv" in files) == (method == "profile")
    note = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert (note["kind"], note["command"], note["finished"]) == ("sensitivity", "typed", True)
    plain = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert len(plain["effects"]) == len(result.table) == 6
    saved = pd.read_parquet(tmp_path / "effects.parquet")
    pd.testing.assert_frame_equal(saved, result.table.reset_index(drop=True))
    again = {path.name for path in write_figures(tmp_path, tmp_path / "paper", "paper")}
    assert {f"{method}_csat.pdf", f"{method}_csat.svg", "captions.txt", "tables.tex"} <= again


def test_if_every_run_fails_the_first_error_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the roof fell in")

    monkeypatch.setattr("simsvc.runs.perform.summary", broken)
    with pytest.raises(AllRunsFailed, match="the roof fell in"):
        sensitivity(Design("classroom", vary={NEEDS: Span(0.1, 0.7)}, replications=1, days=5), trajectories=2)


# -- the command -------------------------------------------------------------------------------------------------

FILE = """
scenario = "classroom"
structures = ["inverted"]
replications = 2
days = 10
trajectories = 2
levels = 3
metrics = ["csat"]
parameters = ["demand.failure_share"]
[vary]
"demand.idiosyncrasy" = { low = 0.1, high = 0.7 }
"""


def test_the_file_in_the_documents_is_valid(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sensitivity.md").read_text("utf-8")
    path = tmp_path / "design.toml"
    path.write_text(page.split("```text\n")[1].split("```")[0])
    plan = plan_of(path, (), {})
    assert plan.notes() == []
    assert plan.names == [NEEDS, DELAY, "structure.latitude", "workforce.managers"]
    assert len(plan.runs) == 10 * 5 * 2 * 5 - len(plan.runs.twins) * 5


def run_command(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["simsvc", "sensitivity", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def test_the_command_prints_a_table_or_one_json_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "design.toml"
    path.write_text(FILE)
    assert run_command(str(path), "--method", "profile", "--out", str(tmp_path / "out"), monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr()
    assert "demand.failure_share" in printed.out
    assert "14 runs: 7 points" in printed.err
    assert (tmp_path / "out" / "profile_csat.png").exists()
    assert run_command(str(path), "--metric", "mean_wait", "--json", monkeypatch=monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["method"], found["metrics"]) == ("morris", ["mean_wait"])
    assert {row["parameter"] for row in found["effects"]} == {"demand.failure_share", NEEDS}


def test_the_command_names_file_and_line_of_wrong_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "design.toml"
    path.write_text(FILE.replace("low = 0.1", "low = 7"))
    assert run_command(str(path), monkeypatch=monkeypatch) == 2
    assert "design.toml, line 11: vary: demand.idiosyncrasy: low = 7" in capsys.readouterr().err
    path.write_text(FILE.replace("trajectories = 2", 'trajectories = "two"'))
    assert run_command(str(path), monkeypatch=monkeypatch) == 2
    assert "line 6: trajectories = 'two': should be a whole number" in capsys.readouterr().err


def test_a_metric_without_a_value_is_not_called_a_failed_run_nor_free_of_effects(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody is put aside under `traditional`, so nothing says how long a call back takes there."""
    vary = {"demand.idiosyncrasy": Span(0.1, 0.6), "operations.approval_delay": Span(1, 60)}
    design = Design("classroom", vary=vary, replications=2, days=20)
    result = sensitivity(design, method="morris", trajectories=2, metrics=["callback_delay"])
    assert len(result.failures) == 0
    rows = result.of("callback_delay", "inverted less traditional")
    assert (rows["verdict"] == "not analysed: 2 trajectories with runs without a value left too few").all()
    assert result.sentence() == (
        "Delay until called back (inverted less traditional): not analysed, too many runs have no value of it. "
        "All this: organisations born so, days 7 to 20."
    )
    show_sensitivity(Console(width=200), result)
    assert (
        "Nowhere have all replications a value; no run failed, but in some nothing happened" in capsys.readouterr().out
    )
