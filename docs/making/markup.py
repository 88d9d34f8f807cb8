"""What a forge shows by itself and Sphinx does not: notebooks, lists of links as contents, links to other files."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s#:]+)(#[^)\s]*)?\)")
_LISTED = re.compile(r"^(?:- |\| ?)\[([^\]]*)\]\(([^)\s#:]+\.(?:md|ipynb))\)", re.MULTILINE)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *([" ".join(cell.replace("|", "\\|").split()) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def notebook(text: str) -> str:
    """A notebook with its stored outputs as Markdown; pictures lie in the text."""
    parts = []
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        parts += [_output(output) for output in cell["outputs"]]
    return "\n\n".join(parts) + "\n"


def _output(output: dict[str, Any]) -> str:
    data = output.get("data", {})
    if "image/png" in data:
        return f"![What the cell above draws](data:image/png;base64,{''.join(data['image/png']).strip()})"
    if table_of := re.search(r"(?s)<table.*</table>", "".join(data.get("text/html", ""))):
        return f'<div class="output">\n{table_of[0]}\n</div>'
    return f"```text\n{''.join(output.get('text') or data.get('text/plain', ''))}\n```"


def pages() -> dict[str, str]:
    """The documents at the root of the project, by place in the documents."""
    found = {}
    for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        found[f"project/{name}"] = _LINK.sub(r"[\1](../../\2\3)", text)
    return found


def with_contents(text: str) -> str:
    """An index with the pages that its lists and tables name as contents of the site, section by section."""
    parts = re.split(r"(?m)^(?=## )", text)
    for number, part in enumerate(parts):
        pages = [f"{title} <{page.rpartition('.')[0]}>" for title, page in _LISTED.findall(part)]
        if pages:
            caption = part.partition("\n")[0].removeprefix("## ")
            contents = "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *pages, "```"])
            parts[number] = f"{part.rstrip()}\n\n{contents}\n\n"
    return "".join(parts)


def with_links(text: str, folder: Path) -> str:
    """A text of `folder` whose links to results and rules lead to their pages in the site."""

    def led(match: re.Match[str]) -> str:
        title, target, _ = match.groups()
        path = Path(os.path.normpath(folder / target))
        if not path.is_relative_to(ROOT):
            return match.group()
        place = path.relative_to(ROOT).as_posix()
        if found := re.fullmatch(r"results/(\w+)", place):
            page = f"gallery/{found[1]}.md"
        elif found := re.fullmatch(r"simsvc/model/rules/(\w+)\.py", place):
            page = f"reference/rules.md#{found[1]}"
        elif (DOCS / "project" / place).exists():
            page = f"project/{place}"
        else:
            return match.group()
        return f"[{title}]({os.path.relpath(DOCS, folder)}/{page})"

    return _LINK.sub(led, text)
