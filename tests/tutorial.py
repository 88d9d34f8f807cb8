"""The tutorial notebook with the outputs of a run, as it is kept.

python tests/tutorial.py --renew    run docs/tutorial.ipynb and keep what it prints and draws
"""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import nbformat
import typer
from nbclient import NotebookClient
from PIL import Image

from simsvc.process import run_script

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial.ipynb"


def executed() -> Any:
    """The notebook after all its cells have run in an empty folder; an assertion that fails in a cell fails here."""
    notebook = nbformat.read(TUTORIAL, as_version=4)
    with TemporaryDirectory() as place:
        NotebookClient(notebook, timeout=300, record_timing=False, resources={"metadata": {"path": place}}).execute()
    return notebook


def kept(notebook: Any) -> Any:
    """The notebook without messages and progress, and without what differs between machines."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
            for one in cell.outputs:
                data = one.get("data", {})
                if "image/png" in data:
                    data["image/png"] = _small(data["image/png"])
                if "text/html" in data:
                    data["text/html"] = re.sub(r"(?s)<style.*?</style>\n", "", data["text/html"])
    notebook.metadata.language_info = {"name": "python"}
    return notebook


def _small(picture: str) -> str:
    """A picture in 64 colours, which are more than a chart needs, without a note of who drew it."""
    drawn = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB").quantize(64)
    file = io.BytesIO()
    drawn.save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def printed(cell: Any) -> str:
    """What a cell has printed and shown as text."""
    shown = [one for one in cell.get("outputs", []) if one.get("name") != "stderr"]
    return "".join(one.get("text", "") or one.get("data", {}).get("text/plain", "") for one in shown)


def main(renew: Annotated[bool, typer.Option("--renew", help="Write the notebook.")] = False) -> None:
    """Run the notebook; say which cells print something else than is kept."""
    old = nbformat.read(TUTORIAL, as_version=4)
    new = kept(executed())
    for before, after in zip(old.cells, new.cells, strict=True):
        if printed(before) != printed(after):
            print(f"{after.id}: prints something else")
    if renew:
        nbformat.write(new, TUTORIAL)


if __name__ == "__main__":
    run_script(main, "tutorial")
