"""The tutorial notebook runs from its first cell to its last, and what it claims holds."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.ipynb"


@pytest.fixture(scope="module")
def committed() -> nbformat.NotebookNode:
    return nbformat.read(TUTORIAL, as_version=4)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """The notebook after all its cells have run; an assertion that fails in a cell fails here."""
    notebook = nbformat.read(TUTORIAL, as_version=4)
    place = str(tmp_path_factory.mktemp("tutorial"))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": place}}).execute()
    return notebook


def printed(notebook: nbformat.NotebookNode, cell: str) -> str:
    outputs = next(one for one in notebook.cells if one.id == cell).outputs
    return "".join(one.get("text", "") or one.get("data", {}).get("text/plain", "") for one in outputs)


def test_every_cell_runs_in_order_and_nothing_warns(run: nbformat.NotebookNode) -> None:
    cells = [cell for cell in run.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    warned = [one["text"] for cell in cells for one in cell.outputs if one.get("name") == "stderr"]
    assert not [text for text in warned if "Warning" in text and "TqdmWarning" not in text]  # that one is of Mesa's


def test_what_the_text_says_of_the_stories_is_what_they_tell(run: nbformat.NotebookNode) -> None:
    assert re.search(r"day +48 .*asks for more than the routine solution", printed(run, "twin"))
    assert "may not go that far" in printed(run, "twin")
    assert re.search(r"day +48 .*asks for more than the routine solution", printed(run, "twin-story"))
    assert "may not go that far" not in printed(run, "twin-story")


def test_the_customer_named_as_a_warning_waits_in_vain_under_the_inverted_chart() -> None:
    import simsvc

    model = simsvc.ServiceOrganization(simsvc.load_scenario("classroom"), structure="inverted", rng=1)
    model.advance(60)
    assert "after waiting 70 min" in " ".join(str(model.trace(model.customers[949])).split())


def test_the_findings_are_printed_with_their_intervals(run: nbformat.NotebookNode) -> None:
    assert re.search(r"customer retention \+[\d.]+ points \[\+[\d.]+, \+[\d.]+\]", printed(run, "compare"))
    last = [float(number) for number in printed(run, "sweep-table").splitlines()[-1].split()]
    assert last[0] == 60
    assert 3 < last[2] < last[1] < last[3] < 10


def test_every_picture_is_drawn(run: nbformat.NotebookNode) -> None:
    drawn = {cell.id for cell in run.cells for one in cell.get("outputs", []) if "image/png" in one.get("data", {})}
    assert drawn == {"customers", "change-plot", "compare-plot", "sweep-plot"}


def test_it_is_kept_without_outputs_and_in_short_cells(committed: nbformat.NotebookNode) -> None:
    nbformat.validate(committed)
    cells = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert len(cells) > 20
    assert not [cell.id for cell in cells if cell.outputs or cell.execution_count]
    assert not [cell.id for cell in cells if len(cell.source.splitlines()) > 12]


def test_the_documents_it_points_to_exist(committed: nbformat.NotebookNode) -> None:
    text = "".join(cell.source for cell in committed.cells if cell.cell_type == "markdown")
    named = re.findall(r"`((?:docs|results)/[\w./]+)`", text)
    assert len(named) >= 6
    assert all((ROOT / name).exists() for name in named)
