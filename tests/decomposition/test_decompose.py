"""Decomposition: worth is shared out as game theory says, intervals cover, and runs are what they claim to be."""

from __future__ import annotations

import io
import itertools
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from scipy import stats

import simsvc
from simsvc.cli.decompose import decompose as decompose_command
from simsvc.decomposition.compute import TIME, WAYS, decompose, estimated, mixed, parts_of, stages_of
from simsvc.decomposition.result import NONE, Decomposition
from simsvc.decomposition.views import show_decomposition
from simsvc.decomposition.worth import Factorial, Group, Orders, Plan
from simsvc.errors import AllRunsFailed, InputError
from simsvc.reports import write_report
from simsvc.runs import perform as performing
from simsvc.runs.statistics import interval
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.scenario.settings import Scenario
from simsvc.scenario.stages import STAGES, without_stages
from simsvc.scenario.structure import COMPONENTS, Structure
from simsvc.scenario.timeline import Change
from simsvc.sweeps.kept import failures_of

ERROR_RATE = 0.001
"""Chance that a statistical test of intervals that cover as they say fails; seeds are fixed."""
USUAL, TURNED = load_structure("traditional"), load_structure("inverted")
METRICS = ["retention", "loyalty", "profit"]


# -- worth shared out --------------------------------------------------------------------------------------------


def additive(group: Group) -> float:
    return sum({"a": 3.0, "b": -1.0, "c": 0.5, "d": 0.0}[part] for part in group)


def gloves(group: Group) -> float:
    """One left glove (a) and two right ones (b, c); only a pair has a worth."""
    return float("a" in group and bool(group & {"b", "c"}))


@pytest.mark.parametrize("plan", [Factorial(tuple("abcd")), Orders(tuple("abcd"), 2), Orders(tuple("abcd"), 6, 9)])
def test_parts_that_add_up_get_what_they_give(plan: Plan) -> None:
    worth = {group: additive(group) for group in plan.groups(0)}
    for found in plan.effects(worth, 0).values():
        assert found == pytest.approx({"a": 3.0, "b": -1.0, "c": 0.5, "d": 0.0})
    assert all(value == pytest.approx(0) for value in plan.interactions(worth).values())


def test_the_glove_game_is_shared_out_as_shapley_does() -> None:
    plan = Factorial(tuple("abc"))
    effects = plan.effects({group: gloves(group) for group in plan.groups()})
    assert effects["shapley"] == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})
    assert effects["main"] == pytest.approx({"a": 3 / 4, "b": 1 / 4, "c": 1 / 4})
    assert effects["first"] == {"a": 0, "b": 0, "c": 0}
    assert effects["last"] == {"a": 1, "b": 0, "c": 0}
    together = plan.interactions({group: gloves(group) for group in plan.groups()})
    assert together == pytest.approx({("a", "b"): 0.5, ("a", "c"): 0.5, ("b", "c"): -0.5})


def test_orders_of_many_replications_come_near_to_the_glove_game() -> None:
    plan = Orders(tuple("abc"), 2, seed=4)
    worth = {group: gloves(group) for group in Factorial(plan.parts).groups()}
    shares = [plan.effects(worth, k)["shapley"] for k in range(400)]
    for part, value in {"a": 2 / 3, "b": 1 / 6, "c": 1 / 6}.items():
        found = interval([share[part] for share in shares], 1 - ERROR_RATE)
        assert found.low <= value <= found.high
        assert 0 < found.half_width < 0.05


def test_orders_come_with_their_reverse_and_depend_on_nothing_but_seed_and_replication() -> None:
    plan = Orders(tuple("abcdefgh"), 4, seed=2)
    for k in range(5):
        orders = plan.orders(k)
        assert len(orders) == 4
        assert all(sorted(order) == list(plan.parts) for order in orders)
        assert orders[1::2] == [order[::-1] for order in orders[::2]]
        assert orders == Orders(plan.parts, 4, seed=2).orders(k)
    assert len({order for k in range(20) for order in plan.orders(k)}) > 70
    assert plan.orders(0) != Orders(plan.parts, 4, seed=3).orders(0)
    for odd in (0, 1, 3):
        with pytest.raises(InputError, match="orders come in pairs"):
            Orders(plan.parts, odd)


def test_what_the_orders_need_is_run_once_each() -> None:
    plan = Orders(tuple("abcdefgh"), 2)
    groups = plan.groups(3)
    assert len(set(groups)) == len(groups) <= 2 + 8 + 8 + 2 * 5
    for order in plan.orders(3):
        assert {frozenset(order[:k]) for k in range(9)} <= set(groups)


@given(st.lists(st.floats(-10, 10), min_size=16, max_size=16), st.integers(0, 50))
def test_shares_add_up_to_the_whole_whatever_the_worth(values: list[float], replication: int) -> None:
    worth = dict(zip(Factorial(tuple("abcd")).groups(), values, strict=True))
    for plan in (Factorial(tuple("abcd")), Orders(tuple("abcd"), 2)):
        shares = plan.effects(worth, replication)["shapley"]
        assert sum(shares.values()) == pytest.approx(values[-1] - values[0], abs=1e-9)


@pytest.mark.parametrize("noise", [0.05, 1.0])
def test_intervals_cover_true_shares_under_sampled_orders_and_noisy_runs(noise: float) -> None:
    """Seven parts that need each other in pairs; once the orders matter most, once the luck of the runs.

    Each of 250 decompositions has ten replications. Coverage is tested for two parts, at the error rate above.
    """
    rng = np.random.default_rng(11)
    parts = tuple("abcdefg")
    alone = dict(zip(parts, rng.normal(size=7), strict=True))
    together = {pair: 2.0 * rng.normal() for pair in itertools.combinations(parts, 2)}
    true = {part: alone[part] + sum(v for pair, v in together.items() if part in pair) / 2 for part in parts}

    def worth(group: Group) -> float:
        return sum(alone[p] for p in group) + sum(v for pair, v in together.items() if group.issuperset(pair))

    exact = {group: worth(group) for group in Factorial(parts).groups()}
    covered = dict.fromkeys("ab", 0)
    for trial in range(250):
        plan = Orders(parts, 2, seed=trial)
        shares = []
        for k in range(10):
            found = {group: exact[group] + noise * rng.normal() for group in plan.groups(k)}
            shares.append(plan.effects(found, k)["shapley"])
        for part in covered:
            one = interval([share[part] for share in shares])
            covered[part] += one.low <= true[part] <= one.high
    low, high = stats.binom.ppf([ERROR_RATE, 1 - ERROR_RATE], 250, 0.95)
    assert all(low <= count <= high for count in covered.values()), covered


# -- charts taken apart ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", WAYS)
def test_every_lever_that_differs_lies_in_one_part(by: str) -> None:
    parts = parts_of(USUAL, TURNED, by)
    levers = [lever for one in parts.values() for lever in one]
    old, new = USUAL.model_dump(), TURNED.model_dump()
    assert sorted(levers) == sorted(lever for lever in new if old[lever] != new[lever])
    assert mixed(USUAL, parts, frozenset(parts)) == TURNED
    assert mixed(USUAL, parts, frozenset()) == USUAL


def test_components_are_those_of_the_flip() -> None:
    assert tuple(parts_of(USUAL, TURNED, "components")) == COMPONENTS
    assert tuple(parts_of(USUAL, load_structure("only_voice"), "components")) == ("voice",)


@given(st.sets(st.sampled_from(sorted(parts_of(USUAL, TURNED, "levers")))))
def test_any_group_of_levers_is_a_possible_chart(group: set[str]) -> None:
    chart = mixed(USUAL, parts_of(USUAL, TURNED, "levers"), frozenset(group))
    assert Scenario(structure=Structure(**chart.model_dump())).structure == chart


def test_managers_time_is_one_part_because_its_levers_alone_exceed_a_day() -> None:
    assert set(parts_of(USUAL, TURNED, "levers")[TIME]) == {
        "share_control", "share_coaching", "share_floor", "share_causes"
    }  # fmt: skip
    alone = {**USUAL.model_dump(), "share_causes": TURNED.share_causes}
    with pytest.raises(ValueError, match="only one day a day"):
        Scenario(structure=Structure(**alone))


def test_charts_that_do_not_differ_cannot_be_taken_apart() -> None:
    with pytest.raises(InputError, match="no difference to take apart"):
        parts_of(USUAL, USUAL, "levers")
    with pytest.raises(InputError, match="did you mean 'levers'"):
        parts_of(USUAL, TURNED, "lever")


# -- with runs ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("decompose") / "kept"


@pytest.fixture(scope="module")
def components(kept: Path) -> Decomposition:
    return decompose("classroom", replications=3, days=20, seed=4, out=kept)


def test_shares_of_components_add_up_to_what_compare_finds(components: Decomposition) -> None:
    result = simsvc.compare("classroom", replications=3, days=20, seed=4, factors=False)
    table = result.differences.set_index("metric")
    for metric in METRICS:
        whole = components.whole(metric)
        assert components.sum_of_shares(metric) == pytest.approx(whole.mean, rel=1e-9, abs=1e-12)
        row: Any = table.loc[metric]
        assert (whole.mean, whole.low, whole.high) == pytest.approx((row["mean"], row["low"], row["high"]))
        assert whole.mean != 0


def test_a_component_turned_first_is_the_structure_of_that_component(components: Decomposition) -> None:
    charts = ["traditional", "only_voice", "only_people"]
    result = simsvc.compare("classroom", charts, replications=3, days=20, seed=4, factors=False)
    table = result.differences.set_index(["structure", "metric"])
    for part in ("voice", "people"):
        for metric in METRICS:
            row: Any = table.loc[(f"only_{part}", metric)]
            found = components.share(part, metric, "first")
            assert (found.mean, found.low) == pytest.approx((row["mean"], row["low"]))


def test_an_interrupted_decomposition_goes_on_and_gives_the_same(components: Decomposition, kept: Path) -> None:
    before = (kept / "sweep" / "ledger.jsonl").read_bytes()
    again = decompose("classroom", replications=3, days=20, seed=4, out=kept, workers=1)
    assert again.as_json() == components.as_json()
    assert (kept / "sweep" / "ledger.jsonl").read_bytes() == before
    more = decompose("classroom", replications=4, days=20, seed=4, out=kept)
    assert (more.replications, len(more.runs)) == (4, 4 * 32)
    pd.testing.assert_frame_equal(more.values[more.values["replication"] < 3].reset_index(drop=True), components.values)


def test_results_stand_in_the_folder(components: Decomposition, kept: Path) -> None:
    files = {path.name for path in components.save(kept, "typed")}
    assert {"effects.csv", "effects.parquet", "interactions.csv", "shares.png", "shares.svg", "interactions.png",
            "parts.csv", "result.json", "manifest.json"} <= files  # fmt: skip
    content = json.loads((kept / "result.json").read_text("utf-8"))
    assert content == components.as_json()
    assert set(content["parts"]) == set(COMPONENTS)
    assert set(content["parts"]["voice"]["effects"]["profit"]) == {"shapley", "main", "first", "last"}
    assert content["parts"]["voice"]["levers"]["report_weight"] == 0.8
    assert len(content["interactions"]) == 10 * 3
    note = json.loads((kept / "manifest.json").read_text("utf-8"))
    assert (note["kind"], note["command"], note["runs"]) == ("decomposition", "typed", 96)


def test_the_sentence_names_what_adds_most_and_least(components: Decomposition) -> None:
    order = components.order("loyalty")
    means = [components.share(part, "loyalty").mean for part in order]
    assert means == sorted(means, reverse=True)
    text = components.sentence()
    assert f"{order[0]} (" in text
    assert f"{order[-1]} (" in text


def test_an_order_that_may_be_chance_is_called_so(components: Decomposition) -> None:
    first, last = (components.share(components.order("loyalty")[k], "loyalty") for k in (0, -1))
    apart = first.low > last.high
    said = components.sentence().partition("Loyalty (attitude) changes by")[2].partition(" least")[2]
    assert said.startswith("." if apart else ", which may be chance")
    alike = replace(components, values=components.values.assign(loyalty=components.values["replication"] % 2 * 0.1))
    assert "least, which may be chance" in alike.sentence()


def test_orders_where_all_combinations_are_run_are_refused() -> None:
    with pytest.raises(InputError, match="leave orders out"):
        decompose("classroom", orders=4, replications=2, days=5)


def test_levers_are_taken_apart_by_orders_and_add_up() -> None:
    result = decompose("classroom", by="levers", metrics=["loyalty"], replications=2, days=5, seed=4)
    assert isinstance(result.plan, Orders)
    assert len(result.parts) == 21
    assert result.sum_of_shares("loyalty") == pytest.approx(result.whole("loyalty").mean, rel=1e-9)
    assert result.pairs.empty
    runs = result.runs.groupby("replication").size()
    assert (runs <= 2 + 21 + 21 + 2 * 18).all()
    assert result.as_json()["orders"] == 2


def test_few_levers_are_run_in_all_combinations() -> None:
    chart = USUAL.model_copy(update={"latitude": 0.5, "pay": 1.2})
    result = decompose("classroom", "traditional", chart, by="levers", metrics=["loyalty"], replications=2, days=5)
    assert isinstance(result.plan, Factorial)
    assert (list(result.parts), len(result.runs)) == (["latitude", "pay"], 8)
    assert result.end_name == "own end"


def test_a_replication_with_a_failed_run_is_left_out_and_told() -> None:
    plan = Factorial(("a", "b"))
    names = {"start": Group(), "a": Group({"a"}), "b": Group({"b"}), "end": Group({"a", "b"})}
    rows = [
        {"structure": name, "replication": k, "status": "done", "stage": None, "message": None, "traceback": None,
         "retention": 10.0 * k + len(group)}
        for k in range(3) for name, group in names.items()
    ]  # fmt: skip
    rows[5] |= {"status": "failed", "stage": "days", "message": "lost", "retention": math.nan}
    worth = {group: (name, "start") for name, group in names.items()}
    found = estimated(plan, dict.fromkeys(range(3), worth), pd.DataFrame(rows), ["retention"])
    assert found["differences"]["replication"].tolist() == [0, 2]
    assert found["values"]["retention"].tolist() == [1.0] * (2 * 4 * 2)
    lost = failures_of(pd.DataFrame(rows))
    assert [(row["structure"], row["replication"], row["message"]) for row in lost] == [("a", 1, "lost")]


def test_stages_and_none_of_them_share_out_the_difference_between_both_charts_by_hand() -> None:
    """Both charts differ by 2 with no stage on, by 3 more with decisions, and by 6 more with both stages on."""
    plan = Factorial(("decisions", "behaviour"))
    levels = {(): (10, 12), ("decisions",): (20, 25), ("behaviour",): (30, 32), plan.parts: (40, 51)}
    worth = {frozenset(on): (f"end {on}", f"start {on}") for on in levels}
    runs = pd.DataFrame([
        {"structure": f"{chart} {on}", "replication": k, "status": "done", "stage": None, "message": None,
         "traceback": None, "loyalty": float(level + k)}
        for on, found in levels.items() for chart, level in zip(("start", "end"), found, strict=True) for k in (0, 1)
    ])  # fmt: skip
    values = estimated(plan, dict.fromkeys((0, 1), worth), runs, ["loyalty"])
    table = values["values"].set_index(["replication", "effect", "part"])["loyalty"].loc[0]
    assert table.loc["shapley"].to_dict() == {"decisions": (3 + 9) / 2, "behaviour": (0 + 6) / 2}
    assert table.loc["first"].to_dict() == {"decisions": 3, "behaviour": 0}
    assert table.loc["last"].to_dict() == {"decisions": 9, "behaviour": 6}
    assert table.loc["none"].to_dict() == {NONE: 2}
    assert values["differences"]["loyalty"].to_list() == [11, 11]
    assert values["pairs"]["loyalty"].to_list() == [6, 6]


def test_stages_of_the_model_add_up_to_what_compare_finds(tmp_path: Path) -> None:
    dated = Change(day=3, set={"rules.screening": 0.5, "demand.contacts_per_year": 20.0})
    scenario = load_scenario("classroom").model_copy(update={"timeline": (dated,)})
    result = decompose(scenario, by="stages", replications=2, days=5, seed=4, metrics=["loyalty"])
    result.save(tmp_path)
    written = json.loads((tmp_path / "result.json").read_text("utf-8"))
    page = write_report(tmp_path, tmp_path / "page.html").read_text("utf-8")
    for settings, found in (
        (scenario, result.whole),
        (without_stages(scenario, STAGES), result.with_none),
    ):
        rows = simsvc.compare(settings, replications=2, days=5, seed=4, factors=False).differences.set_index("metric")
        for metric in result.metrics:
            row: Any = rows.loc[metric]
            assert vars(found(metric))["mean"] == pytest.approx(row["mean"]) != 0
            assert (found(metric).low, found(metric).high) == pytest.approx((row["low"], row["high"]))
    for metric in result.metrics:
        shares = sum(result.share(stage, metric).mean for stage in STAGES)
        assert shares + result.with_none(metric).mean == pytest.approx(result.whole(metric).mean, rel=1e-9)
        assert written["with_none"][metric]["mean"] == result.with_none(metric).mean
        assert result.share("behaviour", metric).mean != 0
    assert list(written["parts"]) == list(STAGES)
    assert written["parts"]["queueing"]["rules"] == {"rules.handoffs": 1.0, "rules.repeat_contacts": 1.0}
    console = Console(width=200, file=io.StringIO())
    show_decomposition(console, result)
    for shown in (page, console.file.getvalue()):  # type: ignore[attr-defined]
        assert NONE in shown
        assert "switched on last" in shown
    assert "with none of them" in result.sentence()
    assert without_stages(scenario, ["decisions"]).timeline[0].set == {"demand.contacts_per_year": 20.0}


def test_stages_that_are_off_are_no_parts() -> None:
    off = without_stages(load_scenario("classroom"), ["queueing", "decisions"])
    assert list(stages_of(off)) == ["behaviour"]
    with pytest.raises(InputError, match="the rules of all stages"):
        decompose(without_stages(off, STAGES), by="stages", replications=2, days=5)


def test_when_every_run_fails_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def summary(rows: Any, settling: float, _model: Any) -> dict[str, float]:
        raise RuntimeError("nothing to measure with")

    monkeypatch.setattr(performing, "summary", summary)
    with pytest.raises(AllRunsFailed, match="nothing to measure with"):
        decompose("classroom", "traditional", "only_voice", replications=2, days=2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"by": "lever"}, "did you mean 'levers'"),
        ({"metrics": ["retension"]}, "did you mean 'retention'"),
        ({"metrics": []}, "at least one"),
        ({"metrics": ["profit", "profit"]}, "only once"),
        ({"replications": 1}, "allowed: 2"),
        ({"by": "levers", "orders": 3}, "allowed: even numbers"),
        ({"end": "traditional"}, "no difference"),
        ({"start": "tradtional"}, "traditional"),
        ({"days": 0}, "days = 0"),
        ({"workers": 0}, "workers = 0"),
    ],
)
def test_wrong_input_is_refused_before_anything_runs(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        decompose("classroom", **{"out": tmp_path / "new", **change})
    assert not (tmp_path / "new").exists()


# -- the command -------------------------------------------------------------------------------------------------


def command(*arguments: str) -> int:
    app = typer.Typer()
    app.command()(decompose_command)
    return app(list(arguments), standalone_mode=False) or 0


def test_the_command_prints_one_json_object(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code = command(
        "classroom", "--to", "customer_decisions", "--by", "domains", "--metric", "csat", "--replications", "2",
        "--days", "5", "--json", "--out", str(tmp_path / "new"),
    )  # fmt: skip
    result = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (result["from"], result["to"], result["by"]) == ("traditional", "customer_decisions", "domains")
    assert set(result["parts"]) == {"remedies", "solutions"}
    assert result["runs"] == 8
    assert result["sum_of_shares"]["csat"] == pytest.approx(result["whole"]["csat"]["mean"])
    assert (tmp_path / "new" / "shares.png").exists()


def test_the_command_prints_a_table_per_metric(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("classroom", "--to", "only_voice", "--by", "levers", "--days", "5", "--replications", "2") == 0
    printed = capsys.readouterr().out
    assert "Customer retention, 12 months, points" in printed
    for word in ("report_weight", "information_share", "sum of shares", "whole difference", "turned last"):
        assert word in printed


def test_the_command_takes_no_levers_by_hand() -> None:
    with pytest.raises(InputError, match="write a structure file"):
        command("classroom", "--set", "structure.latitude=0.5")
