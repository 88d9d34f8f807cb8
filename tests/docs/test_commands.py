"""Commands in the documents are understood by what they call; what takes no time is run, in the order of the page."""

from __future__ import annotations

import re
import runpy
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from simsvc.calibration.calls.layouts import load_layout
from simsvc.calibration.months.monthly_figures import read_monthly
from simsvc.cli.app import app
from simsvc.runs.metrics import check_metrics
from simsvc.scenario.loading import load_scenario, parse_override, presets, structures

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

RUN = {"assumptions", "claims", "scenario", "structure"}
"""Commands that take no time."""
NOT_PARSED = {
    "bash": "a script without options; its path is checked",
    "dask": "Dask's own command",
    "pip": "other packages, by hand",
    ".venv/bin/pip": "installs the project, as .ci/run does; names of extras are checked",
    "python3": "makes an environment, as .ci/run does",
    ".venv/bin/pytest": "these tests",
    ".venv/bin/sphinx-build": "the site, which .ci/run builds",
    "solara": "needs packages of another time, see the page; its path is checked",
}
"""What is no command of this project, and what is done about it."""
RUN_BY = {
    "python": "test_docs.py",
    "toml": "test_docs.py",
    "bash": "here",
    "mermaid": "test_house.py",
    ("calibration.md", 0): load_layout,
    ("calibration_monthly.md", 0): read_monthly,
    ("sensitivity.md", 0): "test_sensitivity.py",
    ("teaching.md", 0): "test_lessons.py",
    ("tracing.md", 0): "an excerpt with made-up numbers; test_trace.py holds its words",
}
"""Which test runs blocks of a language, or the n-th block of text of a page; a function is called with its file."""


def blocks(page: Path, *languages: str) -> list[str]:
    return [text for language, text in BLOCK.findall(page.read_text(encoding="utf-8")) if language in languages]


def commands(page: Path) -> Iterator[list[str]]:
    """Commands of a page, cut into words."""
    for block in blocks(page, "bash"):
        for line in block.replace("\\\n", " ").splitlines():
            command: list[str] = []
            for word in [*shlex.split(line, comments=True), "&&"]:
                if word != "&&":
                    command.append(word)
                elif command:
                    yield command
                    command = []


def parse(program: typer.Typer, words: Iterable[str]) -> None:
    """Let the program's own parser take a command, down to names of settings, metrics, presets and structures."""
    command: Any = typer.main.get_command(program)
    waiting = [command]
    while waiting:
        one = waiting.pop()
        if hasattr(one, "commands"):
            waiting += one.commands.values()
        else:
            one.callback = lambda parameters=one.params, **given: check(parameters, given)
    command(list(words), standalone_mode=False)


def check(parameters: Iterable[Any], given: dict[str, Any]) -> None:
    """Names that only the command itself would look up."""
    for parameter in parameters:
        value, option = given.get(parameter.name), parameter.opts[0]
        values = [value] if isinstance(value, str) else value or []
        if option == "--metric" and values and not given.get("own"):
            check_metrics(values)
        elif option == "--set":
            load_scenario("contact_centre", dict(map(parse_override, values)))
        elif option in ("--structure", "--from", "--to", "scenario") and isinstance(value, str | list):
            known = [*presets(), *structures()]
            assert [name for name in values if name not in known and not re.fullmatch(r".*\.toml|\d+", name)] == []


def parser_of(script: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The command line of a script, which does nothing."""
    asked: list[typer.Typer] = []
    monkeypatch.setattr("simsvc.process.perform", lambda made, name: asked.append(made))
    monkeypatch.setattr(sys, "path", [str(script.parent), *sys.path])
    runpy.run_path(str(script), run_name="__main__")
    return asked[0]


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "bash")], ids=lambda p: p.name)
def test_commands_are_understood(
    page: Path, command: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for name in ("docs", "experiments", "tests", "results", ".ci"):
        Path(name).symlink_to(ROOT / name)
    for words in commands(page):
        while re.fullmatch(r"[A-Z_]+=.*", words[0]):
            del words[0]
        to = words[words.index(">") + 1] if ">" in words else None
        program, *rest = words[: words.index(">")] if to else words
        if program in ("simsvc", ".venv/bin/simsvc"):
            parse(app, rest)
            if rest[0] in RUN:
                code, out, err = command(*rest)
                assert code == 0, err
                if to:
                    Path(to).write_text(out, encoding="utf-8")
        elif program == "python":
            parse(parser_of(ROOT / rest[0], monkeypatch), rest[1:])
        else:
            assert program in NOT_PARSED, words
        places = [word for word in words if re.match(r"(docs|experiments|tests|\.ci)/", word)]
        assert [place for place in places if not (ROOT / place).exists()] == []
        named = [name for word in words for name in re.findall(r"^\.\[(.*)\]$", word)]
        assert {extra for name in named for extra in name.split(",")} <= extras.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_no_block_is_left_out(page: Path, tmp_path: Path) -> None:
    for language in {language for language, _ in BLOCK.findall(page.read_text(encoding="utf-8"))} - {"text"}:
        assert language in RUN_BY
    for number, text in enumerate(blocks(page, "text")):
        runner: Any = RUN_BY[page.name, number]
        if not isinstance(runner, str):
            file = tmp_path / ("layout.toml" if text.startswith("[") else "months.csv")
            file.write_text(text, encoding="utf-8")
            runner(str(file) if runner is load_layout else file)
