"""Does what users of Mesa expect hold on several of its versions? The tests of that are run on each.

    python tests/mesa_versions.py                # released ones, and the pre-release known to work
    python tests/mesa_versions.py --newest       # the newest pre-release in place of the one known
    python tests/mesa_versions.py 3.4.2          # only this one

Each version is put into a folder of its own that comes first in `PYTHONPATH`; compiled code does not depend on Mesa and
is that of all other tests. A version that asks for a newer Python than this is tried with one of those that are found,
in an environment with the project's other dependencies, where the model is compiled once more.

A line tells what came of each version; the exit code is 1 if one of them fails. A pre-release that cannot be installed,
and a version that asks for a newer Python where there is none, is told and is no failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from packaging.requirements import Requirement
from packaging.version import Version

from simsvc.process import run_script

ROOT = Path(__file__).parents[1]
KNOWN = ("3.3.1", "3.5.1", "4.0.0a0")
"""Versions that are to work."""
TESTS = ("tests/model/test_scripts.py", "tests/model/test_agents.py")
BESIDES = ("tqdm", "pytest", "pytest-xdist", "hypothesis")
"""What Mesa and these tests need beyond the project's dependencies."""
NEWER = ("3.12", "3.13", "3.14")
"""Versions of Python that newer versions of Mesa may ask for."""


def pythons() -> Iterator[str]:
    """Other Pythons of this machine, the oldest first: on the path, or kept by pyenv."""
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for version in NEWER:
        for found in (shutil.which(f"python{version}"), *sorted(map(str, kept.glob(f"{version}.*/bin/python")))):
            if found and not subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode:
                yield found


def pip(python: str, *arguments: str) -> str:
    """Let pip install something for a Python; its last line if it could not."""
    command = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "install", "--quiet"]
    done = subprocess.run([*command, "--no-compile", *arguments], capture_output=True, text=True, check=False)
    return (done.stderr.strip().splitlines() or ["pip failed"])[-1] if done.returncode else ""


def environment(folder: Path, constraints: Path) -> tuple[str, str]:
    """An environment of a newer Python with all that tests need but Mesa: its Python; what is wrong, if anything."""
    newer = next(pythons(), "")
    if not newer:
        return "", f"no Python {' or '.join(NEWER)} was found"
    subprocess.run([newer, "-m", "venv", "--without-pip", folder], check=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = [line for line in project["dependencies"] if Requirement(line).name != "mesa"]
    python = str(folder / "bin" / "python")
    return python, pip(python, "--constraint", str(constraints), *needs, *BESIDES)


def run(python: str, folder: Path) -> tuple[str, bool]:
    """Run the tests with the Mesa of a folder: the last line, and whether all passed."""
    path = os.pathsep.join([str(folder), str(ROOT), str(ROOT / "tests")])
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--numprocesses", "0", *TESTS]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    lines = done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or ["said nothing"]
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR", "E  "))]
    return "\n  ".join([lines[-1], *failed]), done.returncode == 0


def main(
    versions: Annotated[list[str] | None, typer.Argument(help="Of Mesa; those known to work if left out.")] = None,
    newest: Annotated[bool, typer.Option("--newest", help="The newest pre-release, not the one known.")] = False,
) -> None:
    """Run the tests of what users of Mesa expect on several of its versions."""
    wanted = [f"mesa=={version}" for version in versions or KNOWN]
    if newest:
        wanted = [one for one in wanted if not Version(one.split("==")[1]).is_prerelease] + ["mesa"]
    good = True
    with tempfile.TemporaryDirectory() as kept:
        constraints = Path(kept) / "constraints.txt"
        known = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines(keepends=True)
        constraints.write_text("".join(line for line in known if not line.startswith("mesa==")), encoding="utf-8")
        other: tuple[str, str] | None = None
        for number, asked in enumerate(wanted):
            folder = Path(kept) / str(number)
            here = ("--pre", "--upgrade", "--no-deps", "--target", str(folder), asked)
            python = sys.executable
            # the newest for this Python may be an old one
            wrong = "needs a newer Python" if asked == "mesa" and sys.version_info < (3, 12) else pip(python, *here)
            if wrong:
                other = other or environment(Path(kept) / "environment", constraints)
                python, wrong = other
                wrong = wrong or pip(python, *here)
            if wrong:
                early = asked == "mesa" or Version(asked.split("==")[1]).is_prerelease
                good &= early or not python
                print(f"{asked}: cannot be installed{' (a pre-release)' * early}: {wrong}", flush=True)
                continue
            told, passed = run(python, folder)
            good &= passed
            print(f"{asked}: {told}", flush=True)
    raise typer.Exit(0 if good else 1)


if __name__ == "__main__":
    run_script(main, "mesa_versions")
