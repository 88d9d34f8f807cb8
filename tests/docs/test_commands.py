"""Commands in the documents do what they say: what a page calls is understood, and run in the order of the page.

A page has a folder to itself, with the files that it takes for granted. Organisations and designs are small, and
analyses do the least they can, so that a page takes seconds.
"""

from __future__ import annotations

import json
import re
import runpy
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from conftest import SMALL, Command

from simsvc.calibration.calls.layouts import load_layout
from simsvc.calibration.months.monthly_figures import read_monthly
from simsvc.cli.app import app
from simsvc.demo.lessons import built_in_lessons
from simsvc.odd.document import fragment
from simsvc.runs.metrics import check_metrics
from simsvc.scenario import sources
from simsvc.scenario.loading import load_scenario, parse_override, presets, structures

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

NOT_RUN = {
    r"demo(?!.* --(copy|check|export)\b)": "a page that is served until somebody stops it",
    r"sweep .* --dask": "needs a scheduler; test_sweep_dask.py has one",
    r"validate --worlds DIR": "DIR is any; validation.md says which",
    r"verify": "half a minute; test_verify.py runs it",
}
"""Commands of this project that are parsed only, and why."""
ON_ITS_PAGE = r"(best|calibrate|decompose|robust|sensitivity|staff|sweep|validate)\b"
"""Analyses that README names: their own pages run them."""
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

FEW = SMALL | {"run.days": 110, "run.replications": 2}
"""Settings of every preset, besides its own; stories are told up to day 104."""
AS_THEY_ARE = ("teaching.md",)
"""Pages whose organisations are as they come: lessons quote what was published of them."""
LEAST = {
    r"best": "--indifference 1e9 --days 30",
    r"calibrate months\.csv": "--points 20 --replications 2",
    r"compare --precision": "--precision retention=1 --days 20 --metric retention",
    r"compare(?!.* --metric)": "--metric retention",
    r"decompose": "--replications 2 --days 30",
    r"robust": "--draws 20 --days 10 --metric retention",
    r"staff": "--replications 2 --days 30",
    r"validate --worlds": "--only bosses --sample 2",
    r"validate": "--only bosses --only sas_profit --replications 2",
}
"""What is asked for at the end of a command, by how it begins, the first that fits: the least it takes."""
CONSTANTS = {
    "simsvc.calibration.calls.skill_routing.CALLS": 2_000,
    "simsvc.calibration.months.compute.PREDICTIVE": 19,
    "simsvc.calibration.months.posterior.BURN_IN": 50,
    "simsvc.calibration.months.posterior.CHUNK": 50,
    "simsvc.calibration.months.posterior.LENGTHS": 2,
    "simsvc.calibration.months.posterior.WALKERS": 16,
    "simsvc.demo.exporting.DAYS": 20,
    "simsvc.demo.exporting.EVERY": 25,
    "simsvc.demo.exporting.GRID": {},
    "simsvc.demo.exporting.LUCK": 1,
    "simsvc.demo.exporting.OTHER_SEEDS": 0,
    "simsvc.demo.exporting.PEOPLE": (("customer", 0),),
    "simsvc.demo.lessons.built_in_lessons": lambda: {"smile_training": built_in_lessons()["smile_training"]},
    "simsvc.demo.trying.SEEDS": 4,
    "simsvc.robustness.compute.FEWEST_DRAWS": 20,
    "simsvc.robustness.compute.PAIRS": 2,
    "simsvc.robustness.compute.REFERENCE": 2,
    "simsvc.robustness.matching.CUT": 1e9,
    "simsvc.robustness.matching.FIRST": 1.0,
    "simsvc.runs.result.Result.forms": ("csv", "parquet", "svg"),
}
"""What no option says, and what stands for it here: all worlds are kept, figures are not drawn twice."""
DESIGN = {"days": 20, "replications": 2, "trajectories": 2, "points": 2, "levels": 2}
"""The same at the top of files of designs."""


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


# -- parsed --------------------------------------------------------------------------------------------------------


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


def parser_of(script: Path) -> typer.Typer:
    """The command line of a script, which does nothing."""
    asked: list[typer.Typer] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simsvc.process.perform", lambda made, name: asked.append(made))
        patch.setattr(sys, "path", [str(script.parent), *sys.path])
        runpy.run_path(str(script), run_name="__main__")
    return asked[0]


# -- run -----------------------------------------------------------------------------------------------------------


def few(design: str) -> str:
    """The file of a design with few points, runs and days."""
    for name, value in DESIGN.items():
        design = re.sub(rf"(?m)^{name} = .*", f"{name} = {value}", design)
    return design


def calls() -> str:
    """Two weeks of calls of two kinds, made up."""
    luck = np.random.default_rng(1)
    lines = ["arrival,wait,outcome,service_time,agent,customer,type"]
    for date in pd.bdate_range("2025-03-03", periods=10):
        for second in np.sort(luck.integers(9 * 3600, 11 * 3600, 60)):
            served, wait = luck.random() < 0.9, round(luck.exponential(15))
            service = f"served,{round(luck.exponential(180))},{luck.integers(3)}" if served else "abandoned,,"
            kind = luck.choice(["sales", "service"])
            lines.append(f"{date + pd.Timedelta(seconds=int(second))},{wait},{service},c{luck.integers(400)},{kind}")
    return "\n".join(lines) + "\n"


def months() -> str:
    """A year of monthly figures, made up."""
    return "month,retention,abandonment\n" + "".join(f"{k},0.9{7 + k % 2},0.0{4 + k % 3}\n" for k in range(1, 13))


def taken_for_granted(page: Path) -> dict[str, str]:
    """Files that the commands of a page need before they make any, by name."""
    examples = {path: few(path.read_text("utf-8")) for path in (ROOT / "docs" / "examples").glob("*.toml")}
    mine = re.compile(r"source = '''\n(.*?)'''", re.DOTALL)
    files: dict[str, dict[str, Callable[[], str]]] = {
        "README.md": {"calls.csv": calls},
        "calibration.md": {"calls.csv": calls, "months.csv": months},
        "calibration_monthly.md": {"months.csv": months, "mine.toml": lambda: 'base = "classroom"\n'},
        "decompose_and_best.md": {"mine.toml": lambda: 'base = "inverted"\nlatitude = 0.5\n'},
        "extending.md": {
            "design.toml": lambda: examples[ROOT / "docs" / "examples" / "phase.toml"],
            "my_rules.py": lambda: "\n".join(mine.findall(page.read_text("utf-8"))),
        },
        "sensitivity.md": {
            "design.toml": lambda: few("points = 64\ntrajectories = 10\nlevels = 9\n" + blocks(page, "text")[0])
        },
    }
    return {str(path.relative_to(ROOT)): text for path, text in examples.items()} | {
        name: made() for name, made in files.get(page.name, {}).items()
    }


@pytest.fixture
def small(page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Presets that are quickly run, and analyses that do the least they can."""
    folder, own = tmp_path_factory.mktemp("presets"), Path(sources.__file__).parent / "presets"
    for name in presets():
        text = "".join(f"{setting} = {value}\n" for setting, value in FEW.items())
        (folder / f"{name}.toml").write_text(f'base = "{(own / name).as_posix()}.toml"\n{text}', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for place, value in CONSTANTS.items():
            patch.setattr(place, value)
        if page.name not in AS_THEY_ARE:
            patch.setitem(sources._FOLDERS, "scenario", str(folder))
        sources.built_in.cache_clear()
        yield
    sources.built_in.cache_clear()
    fragment.cache_clear()  # of the ODD document, which has a table of the presets


def run(page: Path, words: list[str], command: Command) -> str:
    """Run a command and give what it prints."""
    said = shlex.join(words)
    least = next((more for pattern, more in LEAST.items() if re.match(pattern, said)), "")
    try:
        code, out, err = command(*words, *least.split())
    except Exception as error:
        error.add_note(f"{page.name}: simsvc {said} {least}")
        raise
    assert code == 0, f"{page.name}: simsvc {said} {least}\nexit code {code}\n{err}"
    return out


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "bash")], ids=lambda p: p.name)
def test_commands_are_understood_and_run(page: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    monkeypatch.setattr("webbrowser.open", lambda address: True)
    for name, text in taken_for_granted(page).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    for words in commands(page):
        while re.fullmatch(r"[A-Z_]+=.*", words[0]):
            del words[0]
        to = words[words.index(">") + 1] if ">" in words else None
        program, *rest = words[: words.index(">")] if to else words
        if program in ("simsvc", ".venv/bin/simsvc"):
            parse(app, rest)
            patterns = [*NOT_RUN, ON_ITS_PAGE] if page.name == "README.md" else NOT_RUN
            if not any(re.match(pattern, shlex.join(rest)) for pattern in patterns):
                out = run(page, rest, command)
                if to:
                    Path(to).write_text(out, encoding="utf-8")
        elif program == "python":
            parse(parser_of(ROOT / rest[0]), rest[1:])
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


@pytest.mark.parametrize("finding", sorted(ROOT.glob("results/*/finding.txt")), ids=lambda path: path.parent.name)
def test_commands_of_the_gallery_are_understood(finding: Path) -> None:
    """As they stand in the manifests; each took minutes or hours."""
    note = json.loads((finding.parent / "manifest.json").read_text("utf-8"))
    for command in {note["command"], *(one["command"] for one in note.get("organisations", {}).values())}:
        program, script, *rest = shlex.split(command)
        assert program == "python"
        parse(parser_of(ROOT / script), rest)
