"""A sample of what the scripts of this folder do at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsvc.demo.lessons import built_in_lessons, load_lesson
from simsvc.errors import InputError
from simsvc.scenario.loading import load_scenario, parse_override
from simsvc.studies.scripts import load_script
from simsvc.sweeps.files import load_design

MUTANTS = load_script(Path(__file__).with_name("mutate_files.py"))


def test_damaged_files_are_read_or_refused_in_one_line() -> None:
    counts, faults = MUTANTS.mutate(210, 1, list(MUTANTS.KINDS))
    assert faults == []
    assert all(count["refused"] > 0 for count in counts.values())
    assert sum(count["read"] for count in counts.values()) >= 20


def test_the_rest_of_a_run_is_what_it_would_have_been() -> None:
    whole, _ = MUTANTS.mutate(20, 2, ["structure", "layout"])
    parts = [MUTANTS.mutate(size, 2, ["structure", "layout"], begin=begin)[0] for size, begin in ((7, 0), (13, 7))]
    assert {kind: parts[0][kind] + parts[1][kind] for kind in whole} == whole


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (lambda path: 1 / 0, "ZeroDivisionError"),
        (lambda path: (_ for _ in ()).throw(InputError("two\nlines")), "more than one line"),
        (lambda path: (_ for _ in ()).throw(InputError("nameless")), "does not name the file"),
        (lambda path: "\x1b[2J", "control characters"),
    ],
)
def test_the_script_notices_what_it_looks_for(wrong: object, what: str, tmp_path: Path) -> None:
    assert what in MUTANTS.fault(wrong, tmp_path / "file.toml")[0]


def test_numbers_of_thousands_of_digits_are_told_wherever_toml_is_read(tmp_path: Path) -> None:
    digits = "9" * 5000
    lesson = next(iter(built_in_lessons().values())).replace("\n", f"\nbig = {digits}\n", 1)
    (tmp_path / "own.md").write_text(lesson, encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.md: not valid TOML: Exceeds the limit"):
        load_lesson(str(tmp_path / "own.md"))
    (tmp_path / "own.toml").write_text(f"a = {digits}")
    with pytest.raises(InputError, match=r"own\.toml: not valid TOML: Exceeds the limit"):
        load_scenario(tmp_path / "own.toml")
    for value in (digits, "[" * 3000):
        with pytest.raises(InputError, match=r"--set demand\.remedy: the value is too long"):
            parse_override(f"demand.remedy={value}")


@pytest.mark.parametrize("text", ["{ low = 0.1, high = 0.9, steps = 2000000000 }", "{ low = 1, high = 2, steps = 1 }"])
def test_a_range_of_more_steps_than_memory_holds_is_refused_at_once(text: str, tmp_path: Path) -> None:
    (tmp_path / "d.toml").write_text(f'scenario = "classroom"\n[vary]\n"demand.idiosyncrasy" = {text}\n')
    with pytest.raises(InputError, match=r"line 3: .* steps = .*; allowed: 2 to 1000000"):
        load_design(tmp_path / "d.toml")


def test_a_line_has_no_word_longer_than_any_name_of_a_file() -> None:
    assert str(InputError(f"there is no '{'x' * 5000}'; have: a")) == f"there is no '{'x' * 119}...{'x' * 38}'; have: a"
    path = f"/{'folder/' * 30}file.toml, line 3: no"
    assert str(InputError(path)) == path
