"""The page of commands, from the command line's own parser."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import typer

from making.markup import table
from simsvc.cli.app import app


def pages() -> dict[str, str]:
    """Texts by place in the documents."""
    command = typer.main.get_command(app)
    parts = ["# Commands", *_texts(command.help or "")]
    for name, path in _commands(command, "simsvc"):
        parts += [f"## {name}", *_command(name, path)]
    return {"reference/commands.md": "\n\n".join(parts) + "\n"}


def _commands(command: Any, name: str) -> list[tuple[str, Any]]:
    """Commands below one, with their full names."""
    found = []
    for key, one in sorted(command.commands.items()):
        inner = _commands(one, f"{name} {key}") if hasattr(one, "commands") else []
        found += [(f"{name} {key}", one), *inner]
    return found


def _texts(text: str) -> list[str]:
    """Paragraphs of a help text; those that keep their lines are examples."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        kept = paragraph.strip().startswith("\b")
        lines = textwrap.dedent(paragraph.replace("\b", "").strip("\n"))
        found.append(f"```text\n{lines}\n```" if kept else " ".join(lines.split()))
    return found


def _command(name: str, command: Any) -> list[str]:
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join(command.collect_usage_pieces(context)).replace("[[", "[").replace("]...]...", "]...")
    parts = [f"`{name} {usage}`", *_texts(command.help or "")]
    rows = []
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record and parameter.name not in ("help", "install_completion", "show_completion"):
            called = record[0].partition(" <")[0] if parameter.param_type_name == "argument" else record[0]
            rows.append([f"`{called}`", record[1]])
    return [*parts, table(["argument or option", "meaning"], rows)] if rows else parts
