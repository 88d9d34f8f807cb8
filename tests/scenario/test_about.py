"""What a scenario says of itself: kept, shown, and without any effect on a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import simsvc
from simsvc.errors import InputError
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Scenario
from simsvc.scenario.writing import scenario_toml
from simsvc.sweeps.design import Design

ABOUT = """base = "classroom"
[about]
title = "Öffnung \\u009b2J 2024"
authors = ["A. Miller", "B. Jones"]
sources = "call records of March"
notes = ["wages are guessed"]
[run]
days = 5
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(ABOUT, encoding="utf-8")
    return path


def test_it_stands_in_its_section_or_at_the_top(file: Path, tmp_path: Path) -> None:
    said = load_scenario(file).about
    assert (said.title, said.authors) == ("Öffnung \x9b2J 2024", ("A. Miller", "B. Jones"))
    assert (said.sources, said.notes) == (("call records of March",), ("wages are guessed",))
    top = tmp_path / "top.toml"
    top.write_text('base = "classroom"\ntitle = "Own firm"\nauthors = "C"\n[about]\nnotes = "n"\n')
    found = load_scenario(top).about
    assert (found.title, found.authors, found.notes) == ("Own firm", ("C",), ("n",))


def test_a_file_that_starts_from_another_one_does_not_take_over_its_authors(file: Path, tmp_path: Path) -> None:
    heir = tmp_path / "heir.toml"
    heir.write_text('base = "own.toml"\n[workforce]\nfrontline = 9\n')
    assert load_scenario(heir).about == Scenario().about
    assert load_scenario(heir).run.days == 5


def test_no_run_depends_on_it(file: Path) -> None:
    with_it, without = load_scenario(file), load_scenario("classroom", {"run.days": 5})
    runs = [Design(one, structures=["inverted"], replications=1) for one in (with_it, without)]
    assert runs[0].described() == runs[1].described()
    assert len({design.run_id(next(design.cells())) for design in runs}) == 1


def test_it_survives_a_change_and_a_file(file: Path, tmp_path: Path) -> None:
    scenario = load_scenario(file, {"workforce.frontline": 9})
    assert scenario.about.title
    for comments in (True, False):
        text = scenario_toml(scenario, comments)
        assert "\x9b" not in text  # a terminal would take it for the start of an order
        (tmp_path / "again.toml").write_text(text, encoding="utf-8")
        assert load_scenario(tmp_path / "again.toml") == scenario


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[about]\ntitel = 'x'\n", "line 2: about: there is no 'titel'; did you mean 'title'"),
        ("titel = 'x'\n", "there is no section 'titel'; did you mean 'title'"),
        ("title = 7\n", "line 1: about.title = 7: should be text in quotes"),
        ("[about]\nauthors = [1]\n", "line 2: about.authors = 1: should be text in quotes"),
        ("title = 'x'\n[about]\ntitle = 'y'\n", "line 1: 'title' stands at the top and under [about]"),
        ("about = 3\n", "line 1: about = 3: should be a section, [about]"),
    ],
)
def test_what_is_wrong_with_it_is_one_line(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(InputError) as found:
        load_scenario(tmp_path / "wrong.toml")
    assert words in str(found.value)


def test_commands_manifests_and_reports_pass_it_on(command: Callable[..., tuple[int, str, str]], file: Path) -> None:
    code, out, _ = command("scenario", "show", "own.toml", "--json")
    assert code == 0
    shown = json.loads(out)
    assert shown["name"] == "own.toml"
    assert Scenario.model_validate(shown["scenario"]) == load_scenario(file)
    code, out, _ = command("scenario", "check", "own.toml")
    assert "Authors: A. Miller; B. Jones" in out
    assert "\x9b" not in out
    code, _, told = command("run", "own.toml", "--out", "one")
    assert (code, json.loads(Path("one/manifest.json").read_text())["scenario"]["about"]["sources"]) == (
        0,
        ["call records of March"],
    ), told
    assert command("report", "one")[0] == 0
    page = Path("one/report.html").read_text(encoding="utf-8")
    for words in ("Öffnung", "A. Miller; B. Jones", "call records of March", "wages are guessed"):
        assert words in page


def test_presets_tell_as_data_what_they_are(command: Callable[..., tuple[int, str, str]]) -> None:
    shown = json.loads(command("scenario", "show", "classroom", "--json")[1])
    assert "class-room" in shown["description"]
    assert simsvc.Scenario.model_validate(shown["scenario"]) == load_scenario("classroom")
