"""A page an experiment: question, finding, figures, command; from what its script has written to `results/`."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from making.markup import ROOT

RESULTS = ROOT / "results"


def pages() -> dict[str, str]:
    """Texts by place in the documents: an index and a page an experiment."""
    folders = sorted(path.parent for path in RESULTS.glob("*/finding.txt"))
    notes = {folder: _note(folder) for folder in folders}
    parts = [
        "# Gallery of experiments",
        "Every experiment whose results are published: what it asks, what the runs said, and the command that makes it "
        "again. Findings are those of this model in these settings. [How to read them](../experiments.md).",
        "## Experiments",
    ]
    for folder in folders:
        parts.append(f"- [{_title(folder)}]({folder.name}.md): {notes[folder]['question']}")
    parts[3:] = ["\n".join(parts[3:])]
    for folder in folders:
        figures = sorted(folder.glob("*.png"))
        if figures:
            link = f"[![{_title(folder)}](../../{figures[0].relative_to(ROOT)})]({folder.name}.md)"
            parts.append(f":::{{container}} picture\n{link}\n\n{_title(folder)}\n:::")
    made = {f"gallery/{folder.name}.md": _page(folder, notes[folder]) for folder in folders}
    return {"gallery/index.md": "\n\n".join(parts) + "\n", **made}


def _note(folder: Path) -> dict[str, Any]:
    """What is noted of an experiment; what it asks stands in its script, where the note does not say it."""
    note: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    note = {"name": folder.name, "claims": [], **note}
    script = (ROOT / "experiments" / f"{note['name']}.py").read_text(encoding="utf-8")
    return {"question": (ast.get_docstring(ast.parse(script)) or "").partition("\n")[0], **note}


def _title(folder: Path) -> str:
    return folder.name.replace("_", " ").capitalize()


def _page(folder: Path, note: dict[str, Any]) -> str:
    claims = ", ".join(f"[{number}](../claims/{number}.md)" for number in note["claims"])
    finding = (folder / "finding.txt").read_text(encoding="utf-8").strip()
    parts = [
        f"# {_title(folder)}",
        note["question"],
        "\n".join(f"> {line}".strip() for line in finding.splitlines()),
        *([f"Claims: {claims}."] if claims else []),
    ]
    for figure in sorted(folder.glob("*.png")):
        parts.append(f"![{_title(folder)}: {figure.stem.replace('_', ' ')}](../../{figure.relative_to(ROOT)})")
    tables = ", ".join(f"[{path.name}](../../{path.relative_to(ROOT)})" for path in sorted(folder.glob("*.csv")))
    runs = f"{note['runs']:,} runs, root seed {note['seed']}. " if note.get("runs") else ""
    apart = note.get("organisations", {}).values()
    commands = "\n".join(dict.fromkeys(one["command"] for one in [*apart] or [note]))
    took = "" if apart else f", in {max(note['seconds'] / 60, 1):.0f} min"
    parts += [
        "## Make it again",
        f"```bash\n{commands}\n```",
        f"{runs}Made on {note['made'][:10]} with version {note['version']}{took}. "
        f"Script: [experiments/{note['name']}.py](../../experiments/{note['name']}.py). Tables: {tables}.",
    ]
    return "\n\n".join(parts) + "\n"
