"""Every number of a rule has a name, a range and a source."""

from __future__ import annotations

import assumptions
import pytest

from simsvc.errors import InputError
from simsvc.evidence.assumptions import readers
from simsvc.model.rules.leaving import rate_of_leaving
from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.assumptions.leaving import Leaving
from simsvc.scenario.fields import coefficient
from simsvc.scenario.loading import changed, load_scenario
from simsvc.scenario.settings import assumption_names, setting_field
from simsvc.scenario.writing import scenario_toml

STEEP = "assumptions.leaving.satisfaction"


def test_no_rule_and_no_phase_has_a_bare_number() -> None:
    assert assumptions.bare_numbers() == []


def test_every_coefficient_is_read_and_every_one_read_is_declared() -> None:
    assert set(readers()) == set(assumption_names())


def test_a_bare_number_would_be_found(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(assumptions, "STRUCTURAL", {0.0})
    monkeypatch.setattr(assumptions, "NOT_YET", ())
    assert any(line.startswith("rules/leaving.py") for line in assumptions.bare_numbers())


@pytest.mark.parametrize("name", assumption_names())
def test_ranges_hold_the_value(name: str) -> None:
    field = setting_field(name)
    extra = field.json_schema_extra
    assert extra["low"] <= extra["plausible_low"] <= field.default <= extra["plausible_high"] <= extra["high"]
    assert extra["plausible_low"] < extra["plausible_high"], "a range of one value is no range"
    assert extra["grade"] in ("estimated", "derived", "order", "guess")
    assert extra["grade"] == "guess" or extra["source"] != "assumption"
    assert field.description.endswith(".")


def test_a_rule_called_by_hand_has_the_published_coefficients_or_those_given() -> None:
    published = rate_of_leaving(0.1, 0.4, 0.6, 0.5, 0.2, 1.0)
    assert rate_of_leaving(0.1, 0.4, 0.6, 0.5, 0.2, 1.0, plain_numbers(Leaving())) == published
    flat = plain_numbers(Leaving(satisfaction=0.7))
    assert published > rate_of_leaving(0.1, 0.4, 0.6, 0.5, 0.2, 1.0, flat) > 0.1


def test_files_show_coefficients_when_asked_or_where_they_differ() -> None:
    usual = load_scenario("classroom")
    assert "assumptions" not in scenario_toml(usual)
    assert "plausible: 3.5 to 14, guess" in scenario_toml(usual, assumptions=True)
    assert "[assumptions.leaving]\nsatisfaction = 5" in scenario_toml(changed(usual, {STEEP: 5.0}), comments=False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[assumptions.leaving]\nsatisfacton = 5",
            "line 2: there is no setting 'assumptions.leaving.satisfacton'; did",
        ),
        ("[assumptions.leavin]\nx = 5", "assumptions: there is no mechanism 'leavin'; did you mean 'leaving'?"),
        ("[assumptions.leaving]\n\nsatisfaction = 500.0", "line 3: assumptions.leaving.satisfaction = 500.0: out of"),
        ("[assumptions]\nleaving = 3", "leaving = 3: should be a section, [assumptions.leaving]"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, text: str, message: str) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "own.toml"
    file.write_text(text)
    with pytest.raises(InputError) as error:
        load_scenario(file)
    assert message in str(error.value)


def test_files_build_on_files_coefficient_by_coefficient(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "first.toml").write_text("[assumptions.leaving]\nsatisfaction = 5.0\nheard = 0.2")
    (tmp_path / "second.toml").write_text('base = "first.toml"\n[assumptions.leaving]\nheard = 0.1')
    leaving = load_scenario(tmp_path / "second.toml").assumptions.leaving
    assert (leaving.satisfaction, leaving.heard, leaving.settled) == (5.0, 0.1, 0.49)


def test_a_coefficient_whose_range_misses_its_value_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        coefficient(5.0, 1.0, 4.0, "days", "guess", "Wrong.")
