"""The tutorial notebook runs from its first cell to its last, and what it claims holds."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from tutorial import TUTORIAL, executed, printed

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def committed() -> nbformat.NotebookNode:
    return nbformat.read(TUTORIAL, as_version=4)


@pytest.fixture(scope="module")
def run() -> nbformat.NotebookNode:
    return executed()


def told(notebook: nbformat.NotebookNode, cell: str) -> str:
    return printed(next(one for one in notebook.cells if one.id == cell))


def drawn(notebook: nbformat.NotebookNode) -> set[str]:
    return {cell.id for cell in notebook.cells for one in cell.get("outputs", []) if "image/png" in one.get("data", {})}


def test_every_cell_runs_in_order_and_nothing_warns(run: nbformat.NotebookNode) -> None:
    cells = [cell for cell in run.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    warned = [one["text"] for cell in cells for one in cell.outputs if one.get("name") == "stderr"]
    assert not [text for text in warned if "Warning" in text and "TqdmWarning" not in text]  # that one is of Mesa's


def test_what_the_text_says_of_the_stories_is_what_they_tell(run: nbformat.NotebookNode) -> None:
    assert re.search(r"day +47 .*asks for more than the routine solution", told(run, "twin"))
    assert "may not go that far" in told(run, "twin")
    assert re.search(r"day +47 .*asks for more than the routine solution", told(run, "twin-story"))
    assert "may not go that far" not in told(run, "twin-story")


def test_the_customer_named_as_a_warning_waits_in_vain_under_the_inverted_chart() -> None:
    import simsvc

    model = simsvc.ServiceOrganization(simsvc.load_scenario("classroom"), structure="inverted", rng=1)
    model.advance(60)
    assert "after waiting 59 min" in " ".join(str(model.trace(model.customers[128])).split())


def test_the_findings_are_printed_with_their_intervals(run: nbformat.NotebookNode) -> None:
    assert re.search(r"customer retention \+[\d.]+ points \[\+[\d.]+, \+[\d.]+\]", told(run, "compare"))
    last = [float(number) for number in told(run, "sweep-table").splitlines()[-1].split()]
    assert last[0] == 60
    assert 7 < last[2] < last[1] < last[3] < 14


def test_it_is_kept_as_it_runs(run: nbformat.NotebookNode, committed: nbformat.NotebookNode) -> None:
    """Renewed by `python tests/tutorial.py --renew`."""
    new, kept = ({cell.id: printed(cell).split() for cell in one.cells} for one in (run, committed))
    assert {name: words for name, words in kept.items() if words != new[name]} == {}
    assert drawn(run) == drawn(committed) == {"customers", "change-plot", "compare-plot", "sweep-plot"}


def test_it_is_small_and_has_short_cells(committed: nbformat.NotebookNode) -> None:
    nbformat.validate(committed)
    assert TUTORIAL.stat().st_size < 300_000
    cells = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert len(cells) > 20
    assert not [cell.id for cell in cells if len(cell.source.splitlines()) > 12]


def test_the_documents_it_points_to_exist(committed: nbformat.NotebookNode) -> None:
    text = "".join(cell.source for cell in committed.cells if cell.cell_type == "markdown")
    named = re.findall(r"`((?:docs|results)/[\w./]+)`", text)
    assert len(named) >= 6
    assert all((ROOT / name).exists() for name in named)
