"""Versions known to work: those of this environment, of what the project needs and what that needs in turn.

    python tests/constraints.py            # does this environment have the versions of constraints.txt?
    python tests/constraints.py --renew    # write constraints.txt anew from this environment

Renew it in an environment in which all tests pass, `.ci/newest` for one.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from simsvc.errors import InputError
from simsvc.process import run_script

ROOT = Path(__file__).parents[1]
FILE = ROOT / "constraints.txt"
HEAD = (
    "# Versions known to work, names and versions only, written by tests/constraints.py --renew.\n"
    "# Use: pip install -c constraints.txt simsvc\n"
)


def versions(extras: tuple[str, ...] = ("dev",)) -> dict[str, str]:
    """Installed versions of the project's requirements with some extras, and of all that these need, by name.

    Raises:
        InputError: if one is not installed.
    """
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = canonicalize_name(project["name"])
    found: dict[str, str] = {}
    done: set[tuple[str, str]] = set()
    waiting = [Requirement(f"{own}[{','.join(extras)}]")]
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        if name == own:
            needs = project["dependencies"] + [
                line for extra in asked.extras for line in project["optional-dependencies"][extra]
            ]
        else:
            try:
                found[name] = metadata.version(name)
            except metadata.PackageNotFoundError:
                raise InputError(f"{asked}: is not installed here") from None
            needs = metadata.requires(name) or []
        for extra in ("", *sorted(asked.extras)):
            if (name, extra) in done:
                continue
            done.add((name, extra))
            every = [Requirement(line) for line in needs]
            waiting += [one for one in every if one.marker is None or one.marker.evaluate({"extra": extra})]
    return dict(sorted(found.items()))


def constrained() -> dict[str, str]:
    """Versions of `constraints.txt`, by name."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if re.match(r"\w", line))


def main(renew: Annotated[bool, typer.Option("--renew", help="Write the file.")] = False) -> None:
    """Compare this environment with constraints.txt, or write it anew."""
    here = versions()
    if renew:
        FILE.write_text(HEAD + "".join(f"{name}=={version}\n" for name, version in here.items()), encoding="utf-8")
        return
    known = constrained()
    for name in sorted(here.keys() | known.keys()):
        if here.get(name) != known.get(name):
            print(f"{name}: {here.get(name, 'not needed')} here, {known.get(name, 'nothing')} in {FILE.name}")
    if here != known:
        sys.exit(1)


if __name__ == "__main__":
    run_script(main, "constraints")
