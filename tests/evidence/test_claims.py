"""Every claim has its rule, its setting, its experiment and its published answer; verdicts follow from intervals."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import Command

import simsvc.organization  # noqa: F401  registers every rule
from simsvc.errors import InputError
from simsvc.evidence import robust_effects
from simsvc.evidence.answers import ANSWERS, Answer, read_answers, write_answers
from simsvc.evidence.claims import (
    TOPICS,
    VERDICTS,
    Claim,
    Prediction,
    answers,
    claim,
    claims,
    document,
    rule_texts,
    topic,
    write_document,
)
from simsvc.evidence.robust_effects import COLUMNS, MEASURED, InWorlds
from simsvc.model.compiling import rule_names
from simsvc.scenario.settings import setting_names

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
PAGES = ROOT / "docs" / "claims"
NUMBERS = [f"C{k}" for k in range(1, 39)] + [f"H{k}" for k in range(1, 13)]
by_number = pytest.mark.parametrize("row", claims(), ids=lambda row: row.number)


@cache
def script(name: str) -> Any:
    """An experiment's script as a module."""
    spec = importlib.util.spec_from_file_location(f"experiments_{name}", ROOT / "experiments" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def answer(mean: float, low: float, high: float, quantity: str = "retention", claim: str = "C1", n: int = 9) -> Answer:
    return Answer("flip", claim, quantity, "points", mean, low, high, 1.0, n, "made up | for this test")


def row(*predicts: Prediction) -> Claim:
    return Claim("C1", "Made up.", "nobody", (), (), (), ("flip",), "Look elsewhere.", predicts)


# -- the register -----------------------------------------------------------------------------


def test_there_is_a_row_for_every_claim() -> None:
    assert [each.number for each in claims()] == NUMBERS
    assert all(topic(number) in TOPICS for number in NUMBERS)


@by_number
def test_a_claim_has_a_rule_and_settings_of_the_model(row: Claim) -> None:
    assert row.rules
    assert row.settings
    assert not set(row.rules) - set(rule_names())
    assert not set((*row.strengths, *row.settings)) - set(setting_names())
    assert row.claim.endswith(".")
    assert row.turns.endswith(".")
    assert row.source


@by_number
def test_an_experiment_names_the_claim(row: Claim) -> None:
    assert row.experiments
    for name in row.experiments:
        assert row.number in script(name).STUDY.claims, name


GENERAL = (
    "expectation loss_aversion leaving incidents reluctance tenure memory word_of_mouth repeat_contacts skill pressure "
    "overload overwork refusals standard_erosion exhaustion empowerment habituation manager_morale"
).split()
"""Rules of how customers, queues and people work in general: no claim is about them alone."""


def test_every_other_strength_serves_a_claim() -> None:
    served = {name for each in claims() for name in each.strengths}
    strengths = {name for name in setting_names() if name.startswith("rules.")}
    assert strengths - served == {f"rules.{name}" for name in GENERAL}


def test_the_text_of_a_rule_is_found_without_compiling() -> None:
    assert sorted(rule_texts()) == rule_names()
    for text in rule_texts().values():
        assert (ROOT / text.file).exists()
        assert text.summary


def test_an_unknown_claim_names_the_nearest() -> None:
    assert claim("c15").number == "C15"
    with pytest.raises(InputError, match="no claim 'H13'; did you mean 'H3'"):
        claim("H13")


# -- what follows from intervals --------------------------------------------------------------


@pytest.mark.parametrize(
    ("intervals", "verdict"),
    [
        ([], "no answer"),
        ([(2, 1, 3)], "supported here"),
        ([(-2, -3, -1)], "contradicted here"),
        ([(0.1, -1, 1.2)], "no effect seen"),
        ([(0, 0, 0)], "no effect seen"),
        ([(2, 1, 3), (0.1, -1, 1.2)], "supported in part"),
        ([(-2, -3, -1), (0.1, -1, 1.2)], "contradicted in part"),
        ([(2, 1, 3), (-2, -3, -1)], "depends"),
        ([(2, 1, 3), (-2, -3, -1), (0.1, -1, 1.2)], "depends"),
        ([(2, float("nan"), float("nan"))], "measured"),
    ],
)
def test_the_verdict_follows_from_the_intervals(intervals: list[tuple[float, ...]], verdict: str) -> None:
    found = [answer(*values, quantity=f"retention at {k}") for k, values in enumerate(intervals)]
    assert row(Prediction("retention at *", "+")).verdict(found) == verdict
    assert verdict in VERDICTS


def test_a_predicted_fall_is_supported_by_a_fall_only() -> None:
    falls = row(Prediction("retention", "-"))
    assert falls.verdict([answer(-2, -3, -1)]) == "supported here"
    assert falls.verdict([answer(2, 1, 3)]) == "contradicted here"


def test_a_claim_may_name_another_value_than_zero() -> None:
    more = row(Prediction("retention", "+", than=2.6))
    assert more.verdict([answer(2, 1, 2.5)]) == "contradicted here"
    assert more.verdict([answer(2.6, 2.5, 2.7)]) == "no effect seen"


def test_only_the_predicted_quantity_counts() -> None:
    assert row(Prediction("profit", "+")).verdict([answer(2, 1, 3)]) == "measured"
    assert row(Prediction("ret*ion", "+")).verdict([answer(2, 1, 3)]) == "supported here"
    assert row(Prediction("retention", "+")).verdict([answer(2, 1, 3, claim="C2")]) == "no answer"


def test_where_it_turns_names_the_answers_that_differ_from_most() -> None:
    both = row(Prediction("*", "+"))
    assert both.where_it_turns([answer(2, 1, 3)]) == "Look elsewhere."
    text = both.where_it_turns([answer(2, 1, 3, "loyal"), answer(2, 1, 3, "old"), answer(-2, -3, -1, "new")])
    assert text == "Look elsewhere. 2 of 3 predicted answers: supported here. Contradicted here: new."


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((6.71, 6.48, 6.94), "6.7 [6.5, 6.9]"),
        ((-2147.3, -2180.2, -2114.4), "-2147 [-2180, -2114]"),
        ((0.5, 0.004, 0.996), "0.500 [0.004, 0.996]"),
        ((0.0, 0.0, 0.0), "0 [0, 0]"),
        ((-0.001, -0.5, 0.5), "0.0 [-0.5, 0.5]"),
    ],
)
def test_an_interval_is_told_with_the_digits_it_is_worth(values: tuple[float, float, float], told: str) -> None:
    assert answer(*values).told == told


def test_without_an_interval_none_is_told() -> None:
    nan = float("nan")
    assert answer(3.3333, nan, nan, n=1).told == "3.33"
    assert answer(nan, nan, nan, n=0).told == "no estimate"


# -- over the worlds --------------------------------------------------------------------------

RETENTION = InWorlds("fast_food", "inverted", "retention", -0.011, 0.02, 0.05, 0.14, 0.01, 0.02, 141, 1878)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (1.0, 2.0, "86 % of 141 worlds keep its sign (above 0)"),
        (-2.0, -1.0, "14 % of 141 worlds keep its sign (below 0)"),
        (-1.0, 1.0, "it has no sign to keep, 14 % of 141 worlds are below 0"),
    ],
)
def test_an_answer_keeps_its_sign_in_a_share_of_the_worlds(low: float, high: float, told: str) -> None:
    assert RETENTION.told(low, high) == f"+2.0 [-1.1, 5.0] points; {told}"


@pytest.mark.parametrize(
    ("number", "effects", "organisations"),
    [
        ("C3", {"inverted": 3}, 1),
        ("C4", {"inverted": 9, "management_old_power": 9}, 3),
        ("C8", {"power_old_management": 9}, 3),
        ("C30", {"interaction": 3}, 1),
        ("H1", {}, 0),
    ],
)
def test_the_worlds_serve_answers_of_the_same_charts_organisation_and_metric(
    number: str, effects: dict[str, int], organisations: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every metric of the ensembles published: three of flip, and two of each of three organisations."""
    published = robust_effects._table()
    groups = published[["organisation", "effect"]].drop_duplicates().merge(pd.DataFrame({"metric": MEASURED}), "cross")
    whole = groups.merge(published[published["metric"] == "profit"].drop(columns="metric"))
    monkeypatch.setattr(robust_effects, "_table", lambda: whole[list(COLUMNS)])
    found = claim(number).over_worlds(answers())
    assert Counter(worlds.effect for worlds in found.values()) == effects
    assert len({worlds.organisation for worlds in found.values()}) == organisations
    for answer, worlds in found.items():
        assert worlds.metric in answer.quantity
        assert worlds.organisation in answer.quantity or answer.experiment == "flip"


def test_a_page_says_whether_the_sign_is_kept_and_what_it_cost() -> None:
    page = document([answer(5.2, 5.0, 5.4, claim="C4"), answer(1.0, 0.5, 1.5, "retention: elsewhere", "C4")])["C4.md"]
    (line,) = (line for line in page.splitlines() if "keep its sign" in line)
    assert line.startswith("- retention: ")
    assert " runs of contact_centre, which serve all claims." in page


# -- the published answers --------------------------------------------------------------------


@by_number
def test_a_claim_has_a_published_answer_from_its_own_experiments(row: Claim) -> None:
    mine = row.own(answers(RESULTS))
    assert {each.experiment for each in mine} == set(row.experiments)


@by_number
def test_every_prediction_is_about_a_published_answer(row: Claim) -> None:
    mine = row.own(answers(RESULTS))
    for predicted in row.predicts:
        assert any(predicted.is_about(each) for each in mine), predicted.quantity


def test_the_document_is_what_the_results_say(tmp_path: Path) -> None:
    write_document(RESULTS, tmp_path / "claims")
    written, kept = (
        {page.name: page.read_bytes() for page in folder.iterdir()} for folder in (tmp_path / "claims", PAGES)
    )
    assert written == kept


def test_the_package_holds_the_published_answers() -> None:
    assert document(answers()) == document(answers(RESULTS))


def test_a_table_of_answers_is_read_as_it_was_written(tmp_path: Path) -> None:
    nan = float("nan")
    written = [answer(2.0, 1.0, 3.0, 'with "quotes", and a comma'), answer(nan, nan, nan, n=0)]
    write_answers(written, tmp_path / "answers.csv")
    assert repr(read_answers(tmp_path / "answers.csv")) == repr(written)


def test_results_elsewhere_are_not_published(tmp_path: Path) -> None:
    (tmp_path / "flip").mkdir()
    (tmp_path / "flip" / "answers.csv").write_text(f"{','.join(ANSWERS)}\nflip,C1,new,points,2,1,3,1,9,made up\n")
    before = answers()
    write_document(tmp_path, tmp_path / "claims")
    assert "| new | 2.0 [1.0, 3.0] | points |" in (tmp_path / "claims" / "C1.md").read_text("utf-8")
    assert repr(answers()) == repr(before)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "the first line should be"),
        (f"{','.join(ANSWERS)}\nflip,C99,q,points,2,1,3,1,9,made up\n", "there is no claim 'C99'"),
        (f"{','.join(ANSWERS)}\nflip,C9,q,points,two,1,3,1,9,made up\n", "line 2: could not convert"),
        (f"{','.join(ANSWERS)}\nflip,C9,q\n", "line 2: not enough values"),
    ],
)
def test_a_broken_table_of_answers_is_named(table: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "flip").mkdir()
    (tmp_path / "flip" / "answers.csv").write_text(table)
    with pytest.raises(InputError, match=message):
        answers(tmp_path)


def test_cells_of_the_document_keep_to_their_columns() -> None:
    line = next(line for line in document([answer(2, 1, 3)])["C1.md"].splitlines() if "made up" in line)
    assert "made up \\| for this test" in line


# -- the command ------------------------------------------------------------------------------


def test_the_command_lists_all_claims(command: Command) -> None:
    code, out, err = command("claims")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines() if line.split() and line.split()[0] in NUMBERS] == NUMBERS


def test_the_command_shows_a_row_in_full(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    code, out, _ = command("claims", "C15")
    shown = claim("C15")
    assert code == 0
    for word in (shown.claim, shown.source, *shown.rules, *shown.strengths, *shown.settings, *shown.experiments):
        assert word in out, word
    for each in shown.own(answers()):
        assert each.told in out


def test_the_command_prints_one_json_object(command: Command) -> None:
    code, out, err = command("claims", "C15", "H7", "--json")
    assert (code, err) == (0, "")
    rows = json.loads(out)["claims"]
    assert [each["number"] for each in rows] == ["C15", "H7"]
    assert len(rows[0]["answers"]) == len(claim("C15").own(answers()))
    assert rows[0]["verdict"] in VERDICTS
    assert rows[0]["rules"][0]["file"].startswith("simsvc/model/rules/")
    code, out, err = command("claims", "C4", "--json")
    told = {each["quantity"]: each.get("worlds") for each in json.loads(out)["claims"][0]["answers"]}
    assert told["retention"]["keeps_sign"] == 1 - told["retention"]["share_below_zero"]
    assert told["retention: share of authority"] is None


def test_the_command_refuses_an_unknown_claim(command: Command) -> None:
    code, out, err = command("claims", "C115")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "no claim 'C115'; did you mean 'C15'?" in err
