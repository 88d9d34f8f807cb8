"""Files that nobody means to write: each is one clear line and exit code 2, soon, and nothing reaches the terminal."""

from __future__ import annotations

import time
import tomllib
import unicodedata
from pathlib import Path

import pytest
from conftest import Command

from simsvc.errors import InputError, printable
from simsvc.scenario.loading import load_scenario

BAD = {
    "brackets": ("market = " + "[" * 3000, "brackets are nested too deeply"),
    "braces": ("market = " + "{a=" * 3000, "brackets are nested too deeply"),
    "a number without end": ("[market]\ncustomers = " + "7" * 6000, "limit (4300 digits)"),
    "a number of digits of another kind": ("[market]\ncustomers = 0x" + "f" * 6000, "limit (4300 digits)"),
    "a long number": ("[market]\ncustomers = " + "7" * 900, "market.customers"),
    "a zero in a name": ('base = "a\\u0000b.toml"', "cannot be read"),
    "a zero in a short name": ('base = "a\\u0000b"', "there is no scenario"),
    "a long name": (f'base = "{"name " * 200}"', "there is no scenario"),
    "a long name of a file": (f'base = "{"name" * 200}.toml"', "cannot be read"),
    "weights without end": ("[demand]\nprofile = [1, 9e307, 9e307]", "weights from 0 to 1e9"),
    "a weight below zero": ("[demand]\nprofile = [1, -1]", "weights from 0 to 1e9"),
    "colours": ('base = "\\u001b[1;5mblink\\u001b[0m"', r"\x1b[1;5mblink"),
    "a title for the terminal": ('base = "\\u001b]0;mine\\u0007"', r"\x1b]0;mine\x07"),
    "letters in another direction": ('base = "\\u202efdp"', r"\u202efdp"),
    "an unknown section": ('["\\u001b[2J"]\na = 1', r"\x1b[2J"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_clear_line(name: str, tmp_path: Path, command: Command) -> None:
    content, words = BAD[name]
    file = tmp_path / "bad.toml"
    file.write_text(content)
    begun = time.process_time()
    code, out, err = command("scenario", "check", file)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert str(tmp_path) in err
    assert len(err) < 800
    assert not [c for c in err.rstrip("\n") if unicodedata.category(c)[0] == "C"]
    assert time.process_time() - begun < 2


def test_text_for_people_stays_as_it_is() -> None:
    assert printable("Überfluß, 95\u00a0% – 日本\n") == "Überfluß, 95\u00a0% – 日本\n"
    assert printable("\x1b[2J\r\x07\u202e") == r"\x1b[2J\r\x07\u202e"


def seconds(entries: int, tmp_path: Path) -> float:
    """Time that a timeline takes to be checked, besides that for reading it as TOML."""
    changes = [f"[[timeline]]\nday = {k}\nset = {{ 'demand.remedy' = {k} }}\n" for k in range(entries)]
    file = tmp_path / f"{entries}.toml"
    file.write_text("base = 'classroom'\n" + "".join(changes))
    begun = time.process_time()
    tomllib.loads(file.read_text())
    read = time.process_time() - begun
    begun = time.process_time()
    assert len(load_scenario(file).timeline) == entries
    return time.process_time() - begun - read


def test_the_check_of_a_timeline_takes_time_in_proportion_to_its_length(tmp_path: Path) -> None:
    seconds(50, tmp_path)
    assert seconds(1600, tmp_path) < 16 * seconds(200, tmp_path) + 0.2  # 8 times as long; 64 if it were quadratic


def test_what_is_wrong_late_in_a_timeline_is_found_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "late.toml"
    file.write_text("base = 'classroom'\n" + "[[timeline]]\nday = 3\nset = { 'demand.remedy' = 1 }\n" * 40
                    + "[[timeline]]\nday = 4\n")  # fmt: skip
    with pytest.raises(InputError, match="line 122: timeline entry 41 changes nothing"):
        load_scenario(file)
