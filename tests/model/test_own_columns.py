"""Own columns of customers, and code compiled for own rules: one model, of which the first morning is compiled."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simsvc
from simsvc.errors import InputError
from simsvc.model import compiling
from simsvc.model.engine import Engine
from simsvc.model.phases import functions_under
from simsvc.model.warm import load
from simsvc.runs.own import Own, load_own, with_own
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
    return simsvc.ServiceOrganization(with_own(Scenario(market=Market(population=9, customers=4)), own), rng=1)


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
