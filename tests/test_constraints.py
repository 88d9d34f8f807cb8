"""The versions known to work are those that the project allows, and none is forgotten."""

from __future__ import annotations

import re
import tomllib

from constraints import FILE, ROOT, constrained
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def test_every_direct_dependency_has_a_version_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: lines for name, lines in project["optional-dependencies"].items() if name != "bench"}  # peers only
    lines = [*project["dependencies"], *(line for extra in extras.values() for line in extra)]
    asked = [one for one in map(Requirement, lines) if canonicalize_name(one.name) != project["name"]]
    known = constrained()
    assert len(asked) > 30
    assert [str(one) for one in asked if not one.specifier.contains(known[canonicalize_name(one.name)])] == []


def test_the_file_holds_names_and_versions_only() -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    names = [line.split("==")[0] for line in lines]
    assert names == sorted(set(names))
