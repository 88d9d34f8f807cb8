"""What imports what in the package, and the picture of the house that follows from it.

python tests/house.py          which imports go upwards, which modules import each other?
python tests/house.py --draw   write the picture and the table of rooms in docs/architecture.md anew
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "simsvc"
PAGE = ROOT / "docs" / "architecture.md"
MARKS = "<!-- made by tests/house.py: begin -->", "<!-- end -->"

FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("process",),
    ("scenario",),
    ("model",),
    ("tracing",),
    ("organization",),
    ("runs",),
    ("show",),
    ("sweeps",),
    ("evidence",),
    (
        "single_run",
        "comparison",
        "decomposition",
        "selection",
        "staffing",
        "sensitivity_analysis",
        "calibration",
        "studies",
        "odd",
    ),
    ("robustness",),
    ("reports",),
    ("demo",),
    ("cli",),
)
"""Rooms from the ground up. A room may use those below it, and none beside it."""
HINTS = {"model.agents", "model.engine", "model.phases"}
"""The only modules that may know each other by name in type hints."""


@cache
def modules() -> dict[str, Path]:
    """Every module by its dotted name within the package; packages stand for their `__init__.py`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports(tree: ast.AST, hints: bool) -> Iterator[tuple[str, ast.ImportFrom | ast.Import]]:
    """Names of modules imported anywhere, late or not; those for type checkers alone only if asked for."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            if hints:
                yield from _imports(node, hints)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "simsvc":
            for name in node.names:
                yield f"{node.module}.{name.name}", node
        elif isinstance(node, ast.Import):
            for name in node.names:
                if name.name.split(".")[0] == "simsvc":
                    yield name.name, node
        else:
            yield from _imports(node, hints)


@cache
def graph(*, hints: bool) -> nx.DiGraph:
    """Modules and what each imports."""
    drawn = nx.DiGraph()
    drawn.add_nodes_from(modules())
    for module, path in modules().items():
        for name, _ in _imports(ast.parse(path.read_text("utf-8")), hints):
            inside = name.removeprefix("simsvc").removeprefix(".")
            target = inside if inside in modules() else inside.rpartition(".")[0]
            if target and target in modules() and target != module:
                drawn.add_edge(module, target)
    return drawn


def circles(*, hints: bool) -> list[list[str]]:
    """Groups of modules that import each other."""
    return [sorted(group) for group in nx.strongly_connected_components(graph(hints=hints)) if len(group) > 1]


def room(module: str) -> str:
    """The room of a module."""
    return module.split(".")[0]


def upwards() -> list[str]:
    """Imports that go to a room above or beside, type hints included."""
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    return [
        f"{a} -> {b}"
        for a, b in sorted(graph(hints=True).edges)
        if a and b and room(a) != room(b) and room(a) != "__main__" and floor[room(a)] <= floor[room(b)]
    ]


def picture() -> str:
    """Rooms and arrows to the rooms below, as Mermaid and as a table."""
    rooms = [name for names in FLOORS for name in names]
    arrows = sorted({(room(a), room(b)) for a, b in graph(hints=False).edges if a and b and room(a) != room(b)})
    reduced = nx.transitive_reduction(nx.DiGraph([(a, b) for a, b in arrows if a in rooms and b in rooms]))
    text = ["```mermaid", "flowchart TD"]
    for names in reversed(FLOORS):
        text += [f"    {name}" for name in names]
    text += [f"    {a} --> {b}" for a, b in sorted(reduced.edges)]
    text += ["```", "", "| room | what it is |", "|---|---|"]
    for names in reversed(FLOORS):
        for name in names:
            about = (ast.get_docstring(ast.parse(modules()[name].read_text("utf-8"))) or "").splitlines()[0]
            text.append(f"| `{name}` | {about} |")
    return "\n".join(text)


def page_with_picture() -> str:
    """The page of the architecture with the picture as it is today."""
    before, _, rest = PAGE.read_text("utf-8").partition(MARKS[0])
    return f"{before}{MARKS[0]}\n{picture()}\n{MARKS[1]}{rest.partition(MARKS[1])[2]}"


if __name__ == "__main__":
    if "--draw" in sys.argv:
        PAGE.write_text(page_with_picture(), "utf-8")
    for line in upwards():
        print("upwards:", line)
    for group in circles(hints=True):
        print("circle:", ", ".join(group))
