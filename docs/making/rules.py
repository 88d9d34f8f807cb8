"""Pages of the rules and of the names that scripts use, from their docstrings."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import simsvc
from making.markup import ROOT

FOLDER = ROOT / "simsvc" / "model" / "rules"


def pages() -> dict[str, str]:
    """Texts by place in the documents."""
    return {"reference/rules.md": _rules(), "reference/python.md": _python()}


def _rules() -> str:
    parts = [
        "# Rules",
        "What the model says about people and work, one file a mechanism. A rule is a function of numbers; any can be "
        "replaced by [one of yours](../extending.md). `a` stands for its [coefficients](coefficients.md).",
    ]
    for file in sorted(FOLDER.glob("[!_]*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _is_rule(node)]
        if found:
            parts += [f"## {file.stem}", ast.get_docstring(tree) or ""]
            parts += [part for node in found for part in _rule(node)]
    return "\n\n".join(parts) + "\n"


def _is_rule(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(each) == "rule" for each in node.decorator_list)


def _rule(node: ast.FunctionDef) -> Iterator[str]:
    """A rule with its arguments, and what it computes."""
    names = ", ".join(each.arg for each in node.args.args)
    doc = ast.get_docstring(node) or ""
    body = [each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    computed = "\n".join(ast.unparse(each) for each in body)
    yield f"### {node.name}"
    yield f"`{node.name}({names})`"
    yield with_lists(doc)
    yield f"<details><summary>What it computes</summary>\n\n```python\n{computed}\n```\n\n</details>"


def with_lists(doc: str) -> str:
    """A docstring in Google's style as Markdown: its sections become lists."""
    parts = re.split(r"(?m)^(Args|Attributes|Returns|Raises):\n", doc)
    text = [parts[0].strip()]
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        lines = inspect.cleandoc(body)
        if name in ("Args", "Attributes"):
            lines = re.sub(r"(?m)^(\w+): ", r"- `\1`: ", lines)
            text.append(lines)
        else:
            text.append(f"{name}: {lines}")
    return "\n\n".join(text)


def _python() -> str:
    """The public names: functions, classes, and what else there is."""
    functions: list[str] = []
    classes: list[str] = []
    others: list[str] = []
    for name in sorted(simsvc.__all__):
        one = getattr(simsvc, name)
        group = classes if inspect.isclass(one) else functions if callable(one) else others
        group.append(name)
    parts = [
        "# Python",
        "Everything that `import simsvc` gives. [A first script](../tutorial.ipynb) and "
        "[what can be looked at and changed](../extending.md) explain them at work.",
        "## Functions",
        *(_directive("autofunction", name) for name in functions),
        "## What functions are asked besides",
        _directive("autoclass", "sweeps.kept.Asked"),
        _directive("autoclass", "runs.executors.Where"),
        "## Classes",
        *(_directive("autoclass", name, ":members:") for name in classes),
        "## Values",
        *(f"`simsvc.{name}`: {VALUES[name]}" for name in others),
    ]
    return "\n\n".join(parts) + "\n"


VALUES = {"METRICS": "[metrics](metrics.md) by name.", "__version__": "version of the program."}


def _directive(kind: str, name: str, *options: str) -> str:
    return "\n".join(["```{eval-rst}", f".. {kind}:: simsvc.{name}", *(f"   {each}" for each in options), "```"])
