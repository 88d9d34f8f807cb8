"""Comparing two structures: pairs, intervals, decomposition, stopping, results on disk."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

import simsvc
from simsvc.comparison.compute import compare
from simsvc.comparison.factors import EFFECTS
from simsvc.comparison.horizons import pays_after, pays_words, stays_above
from simsvc.comparison.verdicts import HOLD, source
from simsvc.comparison.views import show_comparison
from simsvc.comparison.yardstick import Yardstick, wage_bill
from simsvc.evidence import robust_effects
from simsvc.model.rows import MONEY
from simsvc.reports import write_report
from simsvc.runs.folder import check_writable
from simsvc.runs.horizon import phrase
from simsvc.runs.metrics import METRICS, retention
from simsvc.runs.progress import Progress
from simsvc.runs.statistics import (
    Interval,
    expected_half_width,
    interval,
    percent_of,
    replications_needed,
    skewness,
    until_precise,
    variance_saved,
)
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.scenario.stages import up_to_stage
from simsvc.scenario.timeline import Change

SMALL = load_scenario("classroom", {"market.population": 400, "market.customers": 200})


@pytest.fixture(scope="module")
def found() -> simsvc.Comparison:
    return compare(SMALL, replications=4, days=40, workers=2)


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_workers() -> None:
    texts = [
        json.dumps(compare(SMALL, replications=3, days=30, seed=7, workers=workers).as_json()) for workers in (1, 2, 1)
    ]
    assert texts[0] == texts[1] == texts[2]


def test_another_seed_gives_another_result() -> None:
    a, b = (compare(SMALL, replications=2, days=30, seed=seed, factors=False).runs for seed in (1, 2))
    assert not a["loyalty"].equals(b["loyalty"])


def test_equal_levers_under_two_names_differ_in_nothing() -> None:
    inverted = load_structure("inverted")
    result = compare(SMALL, {"one": inverted, "other": inverted}, replications=3, days=60)
    differences = result.differences
    defined = differences[differences["mean"].notna()]
    assert (defined[["mean", "low", "high"]] == 0).to_numpy().all()
    assert len(defined) > 20
    assert (defined["verdict"] == "no difference seen").all()
    undefined = differences[differences["mean"].isna()]
    assert (undefined["verdict"] == "no value").all()


def test_a_metric_without_a_value_says_so_and_why(found: simsvc.Comparison) -> None:
    """Under 'traditional' the asker waits on the line: nobody is ever called back."""
    row = found.differences.set_index("metric").loc["callback_delay"]
    assert (row["verdict"], row["why"]) == ("no value", "nobody was called back under 'traditional'")
    told = next(row for row in found.as_json()["differences"] if row["metric"] == "callback_delay")
    assert (told["mean"], told["verdict"], told["why"]) == (None, row["verdict"], row["why"])


def test_a_change_in_percent_does_not_depend_on_the_spread_between_runs(found: simsvc.Comparison) -> None:
    levels = found.levels.set_index(["structure", "metric"])["mean"]
    table = found.differences.set_index("metric")
    expected = 100 * (levels["inverted", "loyalty"] / levels["traditional", "loyalty"] - 1)
    assert table.loc["loyalty", "percent_of_baseline"] == pytest.approx(expected)
    assert math.isnan(table.loc["nps", "percent_of_baseline"])  # a score: its zero means nothing


def test_profit_is_told_as_the_pay_rise_that_costs_as_much_and_retention_as_customers_kept(
    found: simsvc.Comparison,
) -> None:
    """A wage bill of 500 thousand a year: 50 thousand are 10 % of it."""
    days = pd.DataFrame({"wages": [1.5e5, 2.5e5, 1.7e5], "management": [0.0, 0.5e5, -0.2e5]})  # cents a day
    assert wage_bill(days) == pytest.approx(500_000)
    seen = {"retention": Interval(0.052, 0.05, 0.054, 9), "profit": Interval(-50_000, -55_000, -45_000, 9)}
    text = Yardstick(seen, 500_000, "traditional", "years 2 to 3").told()
    assert "Of 100 customers, 5.2 [5.0, 5.4] more are" in text
    assert "Profit falls by what a pay rise of 10.0 % [9.0, 11.0] for" in text
    assert text.endswith("(years 2 to 3.)")
    assert Yardstick({"profit": Interval(1.0, -1.0, 3.0, 9)}, 500_000, "traditional", "years 2 to 3").told() == ""
    assert (
        Yardstick(seen | {"retention": seen["profit"]}, 0.0, "traditional", "now").told().startswith("Of 100 customers")
    )
    heads = SMALL.workforce.frontline
    paid = heads * SMALL.economics.frontline_wage * 250  # money a day, managers besides
    told = found.as_json()["yardstick"]["inverted"]
    assert paid < told["wage_bill"] < 2.5 * paid
    profit = found.differences.set_index("metric").loc["profit", "mean"]
    assert told["pay_rise_percent"]["mean"] == pytest.approx(100 * profit / told["wage_bill"])


@pytest.fixture
def as_preset(found: simsvc.Comparison, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[simsvc.Comparison]:
    """A comparison as of the whole preset, and effects published for it."""
    rows = [("classroom", "inverted", "retention", 0.031, 0.052, 0.085, 0.004, 0.05, 0.054, 1013, 9e3),
            ("classroom", "inverted", "profit", -90e3, 40e3, 200e3, 0.24, 30e3, 50e3, 1013, 9e3),
            ("classroom", "inverted", "morale", 0.01, 0.02, 0.03, 0.0, 0.01, 0.02, 1013, 9e3),
            ("classroom", "interaction", "retention", -0.01, 0.0, 0.01, 0.5, -0.001, 0.001, 1013, 9e3)]  # fmt: skip
    pd.DataFrame(rows, columns=list(robust_effects.COLUMNS)).to_csv(tmp_path / "effects.csv", index=False)
    published(monkeypatch, tmp_path / "effects.csv")
    preset = load_scenario("classroom")
    yield replace(
        found, scenario_name="classroom", scenario=preset, days=preset.run.days, metrics=("retention", "profit")
    )
    robust_effects._table.cache_clear()


def published(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(robust_effects, "TABLE", file)
    robust_effects._table.cache_clear()


def printed(result: simsvc.Comparison) -> str:
    console = Console(width=400, file=io.StringIO())
    show_comparison(console, result)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_beside_the_intervals_stands_what_was_published_over_the_assumptions(as_preset: simsvc.Comparison) -> None:
    text = printed(as_preset)
    assert HOLD in text
    assert "Published over 1,013 worlds" in text
    assert "retention +5.2 [3.1, 8.5] points, below 0 in <1 %; profit +40 [-90, 200] thousand a year, below" in text
    told = as_preset.as_json()["assumptions"]
    assert told["inverted"]["profit"] == {
        "p05": -90e3, "p50": 40e3, "p95": 200e3, "share_below_zero": 0.24, "luck_low": 30e3, "luck_high": 50e3,
        "kept": 1013, "runs": 9e3,
    }  # fmt: skip
    assert set(told) == {"inverted", "interaction"}


def test_what_was_published_is_not_told_of_anything_else(
    as_preset: simsvc.Comparison, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changed = load_scenario("classroom", {"demand.idiosyncrasy": 0.31})
    flat = {"traditional": load_structure("traditional"), "inverted": load_structure("flat")}
    turned = dict(reversed(as_preset.structures.items()))
    for other in (
        {"scenario": changed}, {"scenario_name": "mine.toml"}, {"days": 500}, {"structures": flat},
        {"structures": turned}, {"turn_on": 250}, {"metrics": ("nps",)},
    ):  # fmt: skip
        assert replace(as_preset, **other).assumed.empty, other  # type: ignore[arg-type]
    assert not as_preset.assumed.empty
    published(monkeypatch, tmp_path / "there is none.csv")
    assert as_preset.as_json()["assumptions"] == {}
    text = printed(as_preset)
    assert HOLD in text
    assert "Published over" not in text


def test_queueing_alone_says_that_it_overlaps_with_both(found: simsvc.Comparison) -> None:
    assert "overlaps with both" in found.queueing("inverted")


def test_power_and_management_add_up_to_the_difference_either_way(found: simsvc.Comparison) -> None:
    table = found.factors.pivot(index="metric", columns="effect", values="mean")
    total = found.differences.set_index("metric")["mean"]
    for metric in ("retention", "loyalty", "profit", "mean_wait"):
        of = table.loc[metric]
        assert of["power_old_management"] + of["management_new_power"] == pytest.approx(total[metric])
        assert of["management_old_power"] + of["power_new_management"] == pytest.approx(total[metric])
        assert of["power_old_management"] + of["management_old_power"] + of["interaction"] == pytest.approx(
            total[metric]
        )


def test_the_corners_are_the_structures_of_these_names(found: simsvc.Comparison) -> None:
    """Power and management of `inverted` taken over by 'traditional': the same runs as under the files."""
    charts = ["traditional", "power_only", "well_run_hierarchy"]
    corners = compare(SMALL, charts, replications=4, days=40, factors=False).runs.set_index(
        ["structure", "replication"]
    )
    parts = found.parts.set_index(["part", "replication"])
    for part, structure in (("power", "power_only"), ("management", "well_run_hierarchy")):
        pd.testing.assert_frame_equal(parts.loc[part][list(METRICS)], corners.loc[structure][list(METRICS)])


def test_a_structure_that_leaves_power_alone_owes_everything_to_management() -> None:
    table = compare(SMALL, ["traditional", "well_run_hierarchy"], replications=3, days=40).factors
    power = table[table["effect"].isin(["power_old_management", "power_new_management", "interaction"])]
    assert (power[power["mean"].notna()][["mean", "low", "high"]] == 0).to_numpy().all()
    assert (table[table["effect"] == "management_old_power"]["mean"] != 0).any()


@pytest.mark.parametrize(
    ("whole", "ahead", "words"),
    [
        ((2, 3), (0.5, 1), "how people are led"),
        ((2, 3), (-1, -0.5), "who decides"),
        ((-3, -2), (-1, -0.5), "how people are led"),
        ((-3, -2), (0.5, 1), "who decides"),
        ((2, 3), (-0.1, 1), "cannot be told"),
        ((-0.1, 3), (0.5, 1), "No difference seen"),
        ((math.nan, math.nan), (0.5, 1), "No difference seen"),
    ],
)
def test_the_sentence_says_no_more_than_intervals_allow(
    whole: tuple[float, float], ahead: tuple[float, float], words: str
) -> None:
    assert words in source(*(Interval(sum(ends) / 2, *ends, 5) for ends in (whole, ahead)))


def test_the_sentence_names_power_and_management(found: simsvc.Comparison) -> None:
    said = found.sentence()
    assert "management as in 'inverted' gives" in said
    assert "turning power alone gives" in said
    assert "management" not in simsvc.compare(SMALL, replications=2, days=20, factors=False).sentence()


def test_queueing_only_switches_decisions_and_behaviour_off() -> None:
    rules = up_to_stage(SMALL, "queueing").rules
    assert (rules.screening, rules.fit, rules.morale, rules.learning, rules.improvement) == (0, 0, 0, 0, 0)
    assert (rules.waiting, rules.leaving, rules.loyalty) == (1, 1, 1)
    assert up_to_stage(SMALL, "decisions").rules.screening == 1
    assert up_to_stage(SMALL, "decisions").rules.morale == 0
    assert up_to_stage(SMALL, "behaviour") == SMALL


def test_under_queueing_only_the_charts_differ_in_time_alone() -> None:
    stage = up_to_stage(SMALL, "queueing")
    runs = [simsvc.run(stage, 3, structure=name, days=60).summary for name in ("traditional", "inverted")]
    assert runs[0]["refused_justified"] == runs[1]["refused_justified"] == 0
    assert runs[0]["morale"] == runs[1]["morale"]
    assert runs[0]["escalation_rate"] > runs[1]["escalation_rate"]


def test_json_has_the_published_form(found: simsvc.Comparison) -> None:
    content = json.loads(json.dumps(found.as_json()))
    assert set(content) == {
        "scenario", "replications", "days", "seed", "when", "turn_on", "horizons", "pays_after",
        "simultaneous", "structures", "differences", "yardstick", "planning", "assumptions", "factors", "warm_up",
    }  # fmt: skip
    assert set(content["structures"]) == {"traditional", "inverted"}
    for metric in (
        "retention loyalty nps csat morale staff_turnover first_contact_resolution mean_wait abandonment "
        "escalation_rate occupancy revenue profit"
    ).split():
        assert set(content["structures"]["inverted"][metric]) == {"mean", "low", "high"}
    assert set(content["differences"][0]) == {
        "metric", "structure", "baseline", "mean", "low", "high", "n", "percent_of_baseline", "variance_reduction",
        "verdict", "why",
    }  # fmt: skip
    assert set(content["factors"]["inverted"]["retention"]) == set(EFFECTS)
    assert set(content["warm_up"]["inverted"]) == {"retention", "loyalty", "profit"}


def test_three_structures_are_each_compared_with_the_first() -> None:
    middle = load_structure("traditional").model_copy(update={"latitude": 0.5})
    charts = {"traditional": load_structure("traditional"), "middle": middle, "inverted": load_structure("inverted")}
    differences = compare(SMALL, charts, replications=2, days=20, factors=False).differences
    assert list(differences["structure"].unique()) == ["middle", "inverted"]
    assert set(differences["baseline"]) == {"traditional"}


def test_precision_runs_until_every_interval_is_narrow_enough() -> None:
    asked = {"loyalty": 0.002, "morale": 0.01}
    result = compare(SMALL, days=60, precision=asked, factors=False)
    table = result.differences.set_index("metric")
    for metric, half_width in asked.items():
        assert (table.loc[metric, "high"] - table.loc[metric, "low"]) / 2 <= half_width
    assert result.replications >= 10


def test_precision_stops_at_the_most_replications_allowed() -> None:
    result = compare(SMALL, days=20, precision={"loyalty": 1e-9}, replications=5, factors=False)
    assert result.replications == 5


def test_progress_counts_every_run() -> None:
    seen: list[Progress] = []
    compare(SMALL, replications=2, days=10, watch=seen.append)
    assert [p.done for p in seen] == list(range(1, 13))
    assert seen[-1].total == 12


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"replications": 0}, "replications = 0"),
        ({"days": 0}, "days = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"workers": 0}, "workers = 0"),
        ({"structures": ["traditional"]}, "at least two"),
        ({"structures": ["traditional", "traditional"]}, "named twice"),
        (
            {"structures": {"a - b": load_structure("flat"), "c": load_structure("inverted")}},
            "choose a name without ' - '",
        ),
        ({"structures": ["traditional", "invertd"]}, "did you mean 'inverted'"),
        ({"turn_on": 40, "days": 100}, "100 days are too few"),
        ({"turn_on": 200, "days": 400}, "allowed is 1 to 150"),
        ({"turn_on": 0}, "turn_on = 0"),
        ({"metrics": ["loyalti"]}, "did you mean 'loyalty'"),
        ({"metrics": ["loyalty", "loyalty"]}, "each only once"),
        ({"precision": {"loyalti": 0.1}}, "did you mean 'loyalty'"),
        ({"precision": {"loyalty": math.nan}}, "half-width"),
    ],
)
def test_wrong_input_is_named_before_anything_runs(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(simsvc.InputError, match=message):
        compare(SMALL, **arguments)  # type: ignore[arg-type]


def test_a_failing_run_is_a_row_and_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from simsvc.organization import ServiceOrganization

    healthy = ServiceOrganization.advance

    def sick(self: ServiceOrganization, days: int) -> None:
        if self.settings.structure.latitude > 0.5 and sick.left > 0:  # type: ignore[attr-defined]
            sick.left -= 1  # type: ignore[attr-defined]
            raise ZeroDivisionError("broken on purpose")
        healthy(self, days)

    sick.left = 1  # type: ignore[attr-defined]
    monkeypatch.setattr(ServiceOrganization, "advance", sick)
    result = compare(SMALL, replications=4, days=10, workers=1, factors=False)
    assert len(result.failures) == 1
    assert "broken on purpose" in result.failures[0]["message"]
    assert "Traceback" in result.failures[0]["traceback"]
    assert len(result.runs) == 7
    assert result.differences["mean"].notna().any()


def test_results_on_disk_open_in_pandas_and_repeat(found: simsvc.Comparison, tmp_path: Path) -> None:
    files = found.save(tmp_path / "out", command="a test")
    names = {file.name for file in files}
    assert {"runs.csv", "runs.parquet", "flip.png", "flip.svg", "levels.png", "manifest.json"} <= names
    table = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    assert len(table) == 4 * 6
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "out" / "differences.parquet"), found.differences, check_dtype=False
    )
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    settings = simsvc.Scenario.model_validate(manifest["scenario"])
    charts = {name: simsvc.Structure.model_validate(levers) for name, levers in manifest["structures"].items()}
    again = compare(
        settings, charts, replications=manifest["replications"], days=manifest["days"], seed=manifest["seed"]
    )
    pd.testing.assert_frame_equal(again.runs, found.runs)
    assert not list((tmp_path / "out").glob("*.part"))


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(simsvc.InputError, match="choose another folder"):
        check_writable(tmp_path)
    with pytest.raises(simsvc.InputError, match="is a file"):
        check_writable(tmp_path / "thesis.txt")


def test_the_interval_covers_as_often_as_it_says() -> None:
    """2,000 samples of 8: coverage 0.95 +- 0.022 is missed once in 100,000 tries."""
    rng = np.random.default_rng(1)
    hits = [found.low <= 3 <= found.high for found in (interval(rng.normal(3, 2, 8)) for _ in range(2000))]
    assert np.mean(hits) == pytest.approx(0.95, abs=0.022)


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("rates", [(0.2, 0.1), (1.0, 0.5), (3.0, 2.0)])
def test_intervals_of_rare_events_cover(n: int, rates: tuple[float, float]) -> None:
    """4,000 comparisons of counts, four fifths of them common luck: 0.95 less 0.015 is missed once in 100,000 tries.

    Student's t alone covers 33 % of the first row with three pairs: mostly no event is seen at all.
    """
    rng = np.random.default_rng(1)
    common = 0.8 * min(rates)
    one, other = (rng.poisson(rate - common, (4000, n)) for rate in rates)
    found = [interval(values, event=1.0) for values in (other - one).astype(float)]
    truth = rates[1] - rates[0]
    assert np.mean([each.low <= truth <= each.high for each in found]) > 0.935
    widest = interval(np.zeros(n), event=1.0).half_width
    assert widest == pytest.approx(1 - 0.05 ** (1 / n))  # all that no event in n runs leaves possible


def test_a_turnover_of_which_no_difference_was_seen_is_not_known_exactly() -> None:
    """Three pairs of 20 days: nobody quits under either chart, which is no proof that turnover is the same."""
    result = compare(SMALL, replications=3, days=20, factors=False, metrics=["staff_turnover"])
    effects = result._effects("inverted")["staff_turnover"]
    row = result.differences.iloc[0]
    if not effects.any():
        assert row["low"] < 0 < row["high"]
    assert row["high"] - row["low"] > 2 * 0.63 * 250 / (SMALL.workforce.frontline * 14)


def test_simultaneous_intervals_all_hold_at_once() -> None:
    """Normal luck, eight metrics, 2,000 tables: each by itself 66 % of tables are right in all, at once 95 %."""
    rng = np.random.default_rng(3)
    tables = rng.normal(0, 1, (2000, 8, 6))
    for confidence, low, high in ((0.95, 0.60, 0.72), (1 - 0.05 / 8, 0.93, 0.97)):
        right = [all(found.low <= 0 <= found.high for found in (interval(row, confidence) for row in table))
                 for table in tables]  # fmt: skip
        assert low < np.mean(right) < high


def test_intervals_at_once_widen_with_the_metrics_shown(found: simsvc.Comparison) -> None:
    def width(result: simsvc.Comparison) -> float:
        row = result.differences.set_index("metric").loc["loyalty"]
        return float(row["high"] - row["low"])

    two = replace(found, metrics=("loyalty", "profit"), simultaneous=True)
    assert width(found) < width(two) < width(replace(found, simultaneous=True))
    values = two._effects("inverted")["loyalty"]
    assert width(two) == pytest.approx(2 * interval(values, 0.975).half_width)
    assert two.as_json()["simultaneous"]
    assert "all 2 metrics of a table at once (Bonferroni)" in two.brackets


def test_chosen_metrics_are_all_that_is_shown(found: simsvc.Comparison, tmp_path: Path) -> None:
    one = replace(found, metrics=("staff_turnover",))
    content = one.as_json()
    assert {row["metric"] for row in content["differences"]} == {"staff_turnover"}
    assert set(content["structures"]["inverted"]) == set(content["factors"]["inverted"]) == {"staff_turnover"}
    assert "turnover" in one.sentence()
    assert "loyalty" not in one.sentence()
    titles = [axes.get_title(loc="left") for axes in one.figures()["levels"]().axes if axes.axison]
    assert titles == ["Staff turnover"]
    console = Console(file=io.StringIO(), width=120)
    show_comparison(console, one)
    assert "Staff turnover" in console.file.getvalue()  # type: ignore[attr-defined]
    assert "First-contact" not in console.file.getvalue()  # type: ignore[attr-defined]
    one.save(tmp_path / "one")
    assert "Further metrics" not in write_report(tmp_path / "one", tmp_path / "page.html").read_text("utf-8")


@pytest.fixture(scope="module")
def turned() -> simsvc.Comparison:
    return compare(SMALL, replications=3, turn_on=40, days=300, workers=2)


def test_until_the_turn_nothing_differs_and_afterwards_it_does(turned: simsvc.Comparison) -> None:
    one, other = turned.course.values()
    pd.testing.assert_frame_equal(one[:40], other[:40])
    assert (one["asked"][40:].to_numpy() != other["asked"][40:].to_numpy()).any()
    with_change = SMALL.model_copy(
        update={
            "structure": load_structure("traditional"),
            "timeline": (Change.model_validate({"day": 40, "structure": "inverted"}),),
        }
    )
    days = simsvc.run(with_change, SMALL.run.seed, days=300).rows
    found = turned.runs[(turned.runs["structure"] == "inverted") & (turned.runs["replication"] == 0)].iloc[0]
    assert found["retention"] == retention(days[40:290])  # the first year after the turn
    profit = turned.profits[(turned.profits["structure"] == "inverted") & (turned.profits["replication"] == 0)]
    costs = sum(days[name] for name in MONEY if name != "revenue")
    assert profit["profit"].iloc[1] == pytest.approx(((days["revenue"] - costs)[40:60] / 100).sum())


def test_the_outcome_of_a_turn_is_told_by_horizon(turned: simsvc.Comparison, tmp_path: Path) -> None:
    content = json.loads(json.dumps(turned.as_json()))
    assert content["turn_on"] == 40
    assert {row["years"] for row in content["horizons"]} == {1}
    assert set(content["pays_after"]["inverted"]) == {"mean", "low", "high"}
    last = turned.horizons.set_index("metric").loc["loyalty", "mean"]
    assert last == turned.differences.set_index("metric").loc["loyalty", "mean"]
    assert "2, 5 and 10 years after the turn" in turned.sentence()
    turned.save(tmp_path / "out")
    page = write_report(tmp_path / "out", tmp_path / "page.html").read_text("utf-8")
    assert "How long after the turn" in page
    console = Console(file=io.StringIO(), width=120)
    show_comparison(console, turned)
    assert "by years after the turn on day 40" in console.file.getvalue()  # type: ignore[attr-defined]


def test_the_finding_says_once_when_and_whether_turned_or_born(
    turned: simsvc.Comparison, found: simsvc.Comparison
) -> None:
    assert turned.when == "turned on day 40, first year after"
    assert found.when == "organisations born so, days 14 to 40"
    assert phrase(SMALL, 750, None) == "organisations born so, years 2 to 3"
    assert phrase(SMALL, 750, 250) == "turned on day 250, second year after"
    for result in (turned, found):
        assert result.sentence().count(result.when) == 1
        assert result.when in result.queueing("inverted")


def test_runs_reach_two_years_after_the_turn_unless_days_are_given() -> None:
    short = SMALL.model_copy(update={"run": SMALL.run.model_copy(update={"days": 100})})
    result = compare(short, replications=1, turn_on=10, factors=False)
    assert result.days == 510
    assert result.when == "turned on day 10, second year after"


def test_turning_pays_when_the_cumulated_gain_stays_above_zero() -> None:
    gain = np.array([1.0, -2.0, -1.0, 1.0, 2.0])  # after 10, 20 ... days
    assert stays_above(gain) == 30 / 250
    assert stays_above(gain[:3]) == math.inf
    assert stays_above(gain[3:]) == 0
    found = pays_after([gain, gain, gain])
    assert found == {"mean": 0.12, "low": 0.12, "high": 0.12}
    assert pays_after([gain])["mean"] == 0.12
    assert math.isnan(pays_after([gain])["low"])
    assert "has not paid within the 2.0 years" in pays_words(
        {"mean": math.inf, "low": math.inf, "high": math.inf}, 750, 250
    )
    assert "not within" in pays_words({"mean": 1.0, "low": 0.5, "high": math.inf}, 750, 250)


def test_the_interval_until_turning_pays_covers() -> None:
    """Costs of 100 first, then a gain of 1 a day whose slope differs between runs: paid for good on day 100."""
    rng = np.random.default_rng(4)
    days = 10.0 * np.arange(1, 41)
    hits = 0
    for _ in range(400):
        found = pays_after(-100 + (1 + 0.3 * rng.normal(size=(6, 1))) * days)
        hits += found["low"] <= 110 / 250 and found["high"] >= 100 / 250
    assert hits / 400 > 0.92  # 0.95 less three standard errors


def test_statistics_of_small_and_degenerate_samples() -> None:
    assert math.isnan(interval([]).mean)
    assert interval([2.0]).mean == 2.0
    assert interval([2.0]).half_width == math.inf
    assert interval([1.0, math.nan, 3.0]).n == 2
    assert percent_of([3, 5], [2, 3]) == 60
    assert math.isnan(percent_of([1, 1], [-1, 1]))
    assert variance_saved([1, 2, 3], [1, 2, 3]) == 1
    assert variance_saved([1, 2, 3], [3, 2, 1]) == -1


def test_replications_needed_grows_with_the_square_and_never_shrinks() -> None:
    values = np.array([-2.0, -1.1, -0.6, -0.3, -0.1, 0.1, 0.3, 0.6, 1.1, 2.0])
    ten = interval(values)
    assert replications_needed(ten, values, ten.half_width) == 10
    assert replications_needed(ten, values, ten.half_width / 1.5) == math.ceil(10 * 2.25 * 1.05)
    assert replications_needed(ten, values, ten.half_width / 100) == 30


def test_a_precision_counts_once_it_is_confirmed_and_lopsided_values_take_more() -> None:
    rng = np.random.default_rng(5)

    def pairs(values: np.ndarray, half_width: float, most: int = 5000) -> int:
        return until_precise(lambda n: [(interval(values[:n]), values[:n], half_width)], most)

    even = np.tile([-1.0, 1.0], 2500)
    assert pairs(even, 10.0) == 45  # 30 are enough, half as many again confirm it
    assert pairs(even, 10.0, most=12) == 12
    assert interval(even[: pairs(even, 0.1)]).half_width <= 0.1
    lopsided = rng.standard_exponential((20, 5000))
    assert np.mean([pairs(values, 10.0) for values in lopsided]) > 100  # 25 times the squared skewness, which is 2
    assert skewness(lopsided.ravel()) == pytest.approx(2, abs=0.2)
    assert skewness([1.0, 1.0, 1.0]) == skewness([1.0, 5.0]) == 0


def test_a_plan_tells_the_half_width_that_comes_of_more_pairs() -> None:
    values = np.random.default_rng(6).normal(0, 1, 40)
    for event in (0.0, 0.5):
        assert expected_half_width(values, 40, event=event) == interval(values, event=event).half_width
    assert expected_half_width(values, 4000) == pytest.approx(1.96 * values.std(ddof=1) / math.sqrt(4000), rel=1e-3)
    assert math.isnan(expected_half_width([1.0], 10))


def test_retention_compounds_the_daily_rate_of_leaving() -> None:
    days = np.zeros(10, [(k, "f8") for k in ("customers", "left_neutral", "left_dissatisfied", "left_incident")])
    days["customers"] = 999
    days["left_neutral"] = 1
    assert retention(days) == pytest.approx(0.999**250)


def test_every_metric_says_what_it_means() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.label
        assert metric.unit
        assert metric.meaning
        assert metric.better in (-1, 0, 1)


def test_one_run_gives_a_summary_a_series_and_a_figure(tmp_path: Path) -> None:
    result = simsvc.run(SMALL, 5, structure="inverted", days=30)
    assert list(result.days["day"]) == list(range(30))
    assert set(result.summary) == set(METRICS)
    result.plot().savefig(tmp_path / "course.png")
    assert (tmp_path / "course.png").stat().st_size > 10_000


QUEUEING_LEVERS = {"frontline_limit", "manager_limit", "latitude", "escalation", "permeability", "adaptive_limits"}
"""Levers that say who waits for whom; those of service climate are reported as such all the same."""


PRICES = {"pay", "smile_training"}
"""Levers that cost money whether or not they do anything."""
ALIKE = {"director_limit": 500.0, "replace_unsuited": 0.5}
"""Levers that the two charts have in common, with another value to try."""


@pytest.mark.parametrize("lever", sorted(set(simsvc.Structure.model_fields) - QUEUEING_LEVERS - PRICES))
def test_under_queueing_only_no_other_lever_makes_a_difference(lever: str) -> None:
    stage = up_to_stage(SMALL, "queueing")
    traditional, inverted = load_structure("traditional"), load_structure("inverted")
    room = {"share_control": 0.0} if lever.startswith("share_") and lever != "share_control" else {}
    one = traditional.model_copy(update=room)
    other = one.model_copy(update={lever: ALIKE.get(lever, getattr(inverted, lever))})
    assert one != other
    runs = [simsvc.run(stage, 3, structure=chart, days=60).summary for chart in (one, other)]
    kept = [{k: v for k, v in run.items() if not math.isnan(v) and k != "climate"} for run in runs]
    assert kept[0] == kept[1]


def test_both_charts_start_with_the_same_people_and_spend_as_much_of_managers_time() -> None:
    charts = {name: load_structure(name) for name in ("traditional", "inverted")}
    states = [simsvc.ServiceOrganization(SMALL, chart, rng=2).state for chart in charts.values()]
    for rows in ("customers", "staff", "managers", "cases"):
        assert np.array_equal(getattr(states[0], rows), getattr(states[1], rows)), rows
    spent = [
        chart.share_control + chart.share_coaching + chart.share_floor + chart.share_causes for chart in charts.values()
    ]
    assert spent[0] == pytest.approx(spent[1])


def test_a_timeline_cannot_switch_behaviour_back_on_in_a_stage() -> None:
    change = {"day": 5, "set": {"rules.morale": 2.0, "rules.waiting": 0.5}}
    stage = up_to_stage(simsvc.Scenario.model_validate({**SMALL.model_dump(), "timeline": [change]}), "decisions")
    assert stage.timeline[0].set == {"rules.waiting": 0.5}
