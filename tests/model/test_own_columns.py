"""Own columns of customers, and code compiled for own rules: one model, of which the first morning is compiled."""

from __future__ import annotations

import copy
import math
import pickle
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from simsvc.errors import InputError
from simsvc.model import compiling
from simsvc.model.engine import Engine
from simsvc.model.phases import functions_under
from simsvc.model.warm import load
from simsvc.organization import ServiceOrganization
from simsvc.runs.own import Own, load_own, with_own
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Market, Scenario

FILE = """
def spending_factor(satisfaction, strength, thrift):
    return 2.0 - thrift

columns = {"thrift": (float, 0.5, "How little it spends, 0-1"), "visits": (int, 3, "Visits")}
rules = {"spending_factor": spending_factor}
"""


@pytest.fixture(scope="module")
def model() -> Any:
    own = Own("mine.py", FILE)
    return ServiceOrganization(with_own(Scenario(market=Market(population=9, customers=4)), own), rng=1)


def spent(model: Any, number: int) -> float:
    row = model.state.customers[number]
    return float(row["spend"] / row["spend_level"])


def test_a_rule_takes_the_column_of_the_customer_it_is_about(model: Any) -> None:
    one, other = model.customers[0], model.customers[1]
    assert (one.thrift, one.visits, type(one.visits)) == (0.5, 3, int)
    usual = spent(model, 0) / 1.5
    one.thrift = 0.25
    model.settle(0)
    assert (one.thrift, other.thrift) == (0.25, 0.5)
    assert spent(model, 0) / usual == pytest.approx(1.75, rel=1e-3)
    assert spent(model, 1) == pytest.approx(1.5 * usual, rel=1e-3)
    assert model.customers.get("thrift") == [0.25, 0.5, 0.5, 0.5]
    with pytest.raises(AttributeError, match="no attribute 'thrifty'"):
        _ = one.thrifty
    for same in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert same.customers[0].thrift == 0.25
        assert same.state.customers.dtype == model.state.customers.dtype
        same.settle(0)
        assert spent(same, 0) == spent(model, 0)


def test_its_code_is_taken_from_the_disk_where_it_lies_under_what_the_rules_say(model: Any) -> None:
    anew = functions_under.__wrapped__(tuple(model.origin["rules"].items()), model.phases.columns)["settle"]
    assert anew is not model.phases.functions["settle"]
    anew(model.state, 0, -1)
    assert sum(anew.stats.cache_hits.values()) == 1
    assert (compiling.cache_folder() / compiling.kept_as(model.origin["rules"], model.phases.columns)).is_dir()


def test_what_is_loaded_before_a_sweep_has_its_columns_and_not_its_phases(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(Engine, "advance", lambda one, days: seen.append(one))
    load(Own("mine.py", f"{FILE}\ndef phases(day):\n    day.insert('late', print, after='measure')"))
    assert seen[0].state.customers.dtype == model.state.customers.dtype
    assert [one.name for one in seen[0].phases] == [one.name for one in model.phases]


FACTOR = 2.0


def rule(experience: float, mean: float, strength: float) -> float:
    return FACTOR * math.exp(experience) * strength


def reads_what_can_change(experience: float, mean: float, strength: float) -> float:
    return float(pytest.approx(1.0))


def test_code_is_kept_under_all_that_a_rule_says_and_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    def kept(function: Callable[..., Any], *columns: str) -> str:
        return compiling.kept_as({"people_told": function}, columns)

    first = kept(rule)
    assert first.startswith("own-")
    assert kept(rule) == first
    assert kept(rule, "thrift") != first
    assert kept(reads_what_can_change) == ""
    table = np.arange(3)
    names = {kept(lambda e, m, s: e), kept(lambda e, m, s: 1.0), kept(lambda e, m, s: table[0]), first}
    table[0] = 7
    names.add(kept(lambda e, m, s: table[0]))
    monkeypatch.setattr(f"{__name__}.FACTOR", 3.0)
    names.add(kept(rule))
    assert len(names) == 6


USED = {
    "the order of fields": ("F = namedtuple('F', 'a b')(1.0, 2.0)", "F = namedtuple('F', 'b a')(1.0, 2.0)", "F.a"),
    "a name of Python": (
        "@njit\ndef min(a, b): return 0.0",
        "@njit\ndef max(a, b): return 0.0",
        "min(e, 2.0) - max(e, 2.0)",
    ),
    "two functions deep": ("F = 1.0", "F = 2.0", "(lambda: (lambda: F)())()"),
    "types of a helper's variables": (
        "@njit\ndef F(a):\n    b = a\n    return b",
        "@njit(locals={'b': float32})\ndef F(a):\n    b = a\n    return b",
        "F(e)",
    ),
}


@pytest.mark.parametrize("what", USED)
def test_rules_that_use_other_things_are_kept_apart(what: str) -> None:
    before, after, used = USED[what]

    def kept(source: str) -> str:
        space = {"__name__": __name__, "namedtuple": namedtuple, "njit": numba.njit, "float32": numba.float32}
        exec(f"{source}\ndef rule(e, m, s): return {used}", space)
        return compiling.kept_as({"people_told": space["rule"]})  # type: ignore[dict-item]

    assert kept(before) == kept(before) != kept(after)
    assert "" not in (kept(before), kept(after))


def test_what_only_numba_knows_the_meaning_of_is_not_kept() -> None:
    space = {"__name__": __name__}
    exec("def F(a): return a\ndef rule(e, m, s): return F(e)", space)  # Numba's `overload` may say what F is
    assert compiling.kept_as({"people_told": space["rule"]}) == ""  # type: ignore[dict-item]
    space = {"__name__": "nowhere_to_be_found"}
    exec("def rule(e, m, s): return e", space)
    assert compiling.kept_as({"people_told": space["rule"]}) == ""  # type: ignore[dict-item]


SHARE = 1.0


def misrouted(u: float, share: float, strength: float) -> bool:
    return u < SHARE


def test_a_rule_is_as_it_was_when_the_model_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def model() -> ServiceOrganization:
        return ServiceOrganization(load_scenario("classroom"), rng=1, rules={"is_misrouted": misrouted})

    def handed_over(one: ServiceOrganization) -> float:
        one.advance(5)
        return float(one.days["handoffs"].sum())

    before = model()
    monkeypatch.setattr(f"{__name__}.SHARE", 0.0)
    after = model()
    assert handed_over(after) == 0 < handed_over(before)
    handed = before.days["handoffs"].sum()
    assert handed_over(copy.deepcopy(before)) > handed


def test_own_rules_hold_on_the_first_morning_and_when_settings_change() -> None:
    def an_eighth(teaching: float, morale: float, ordinary: float, strength: float) -> float:
        return 0.125

    def all_alike(normal: float, mean: float, spread: float) -> float:
        return 0.25

    rules = {"teaching_in_force": an_eighth, "idiosyncrasy_of_person": all_alike}
    model = ServiceOrganization(load_scenario("classroom"), rng=1, rules=rules)
    for settings in ({}, {"demand.idiosyncrasy": 0.6, "workforce.boss_quality": 0.9}):
        model.change(settings)
        assert set(model.state.departments["teaching"]) == {0.125}
        assert set(model.state.customers["idiosyncrasy"]) == {0.25}
    model.managers[0].teaching = 0.9
    assert set(model.state.departments["teaching"]) == {0.125}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("[1]", "columns should be a dictionary"),
        ("{'loyalty': (float, 0.5, 'x')}", "column 'loyalty': should be a word"),
        ("{'Thrift': (float, 0.5, 'x')}", "column 'Thrift': should be a word"),
        ("{'thrift': (str, 0.5, 'x')}", "types: float, int"),
        ("{'thrift': (int, 0.5, 'x')}", "should be a finite int"),
        ("{'thrift': (float, float('nan'), 'x')}", "should be a finite float"),
        ("{'thrift': (float, 0.5, '')}", "the meaning should be said"),
    ],
)
def test_a_bad_column_is_one_line(tmp_path: Path, columns: str, message: str) -> None:
    (tmp_path / "mine.py").write_text(f"columns = {columns}", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_own(tmp_path / "mine.py")


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("{'people_told': lambda e, m, thrift, s: 1.0}", r"then own columns \(thrift\), not 4"),
        ("{'people_told': lambda e, m, s, a, thrifty: 1.0}", "takes 4 arguments"),
        ("{'skill_after': lambda *, x: 1.0}", "takes"),
        ("{'training_felt': lambda days, thrift: 1.0}", "'training_felt' is not about one customer"),
    ],
)
def test_a_rule_that_cannot_have_a_column_is_refused(rules: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_own(Own("mine.py", f"columns = {{'thrift': (float, 0.5, 'x')}}\nrules = {rules}"))
