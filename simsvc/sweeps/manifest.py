"""The manifest of a sweep's folder: what the folder is of, and whether that is the same as what is to be run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simsvc.errors import InputError
from simsvc.runs.folder import manifest, written
from simsvc.runs.metrics import definitions
from simsvc.scenario.settings import setting_field
from simsvc.sweeps.design import Design
from simsvc.sweeps.ledger import seal

FORMAT = 2
"""Version of the layout. Before 2 nothing was sealed; such folders are refused, since they cannot be believed."""
MANIFEST = "manifest.json"


def key_of(manifest: Mapping[str, Any]) -> bytes:
    """The key of a sweep's seals."""
    own = {name: manifest[name] for name in ("format", "model", "structures", "keys", "metrics", "design")}
    return hashlib.blake2b(json.dumps(own).encode(), digest_size=32).digest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a sweep's folder.

    Raises:
        InputError: if the folder is none, is damaged, or was made by a version that keeps results differently.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder}: holds no results of a sweep (no {MANIFEST})") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', '') or error}") from None
    if not isinstance(content, dict) or content.get("kind") != "sweep":
        kind = content.get("kind", "something else") if isinstance(content, dict) else "something else"
        raise InputError(f"{folder}: holds results of another kind ({kind}), not of a sweep")
    if content.get("format") != FORMAT:
        raise InputError(
            f"{folder}: was made by simsvc {content.get('version')}, which keeps results in another form (format "
            f"{content.get('format')}, this version knows {FORMAT}); its Parquet files can be read by any program"
        )
    if content.pop("seal", None) != seal(json.dumps(content).encode()):
        raise InputError(f"{path}: cannot be read: is damaged or was changed by hand; put a copy of it back")
    return content


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write the manifest with its seal."""
    written(folder / MANIFEST, json.dumps({**content, "seal": seal(json.dumps(content).encode())}, indent=1))


def manifest_of(design: Design, command: str) -> dict[str, Any]:
    """The manifest of a new folder."""
    first = design.first_scenario
    kinds = {name: _kind(name) for name in design.varied}
    return manifest(
        first,
        command,
        kind="sweep",
        format=FORMAT,
        replications=design.replication_count,
        cells=design.cell_count - len(design.twins),
        structures=list(design.structure_names),
        keys={"number": "int64", "point": "int64", "scenario": "str", "structure": "str", **kinds,
              "replication": "int64"},
        metrics={**definitions(), **({name: first.own.sha256[:8] for name in first.own.metrics} if first.own else {})},
        design=json.loads(json.dumps(design.described())),
    )  # fmt: skip


def _kind(setting: str) -> str:
    """Type of a setting's column."""
    kinds = {int: "int64", float: "float64", bool: "bool"}
    return kinds.get(setting_field(setting).annotation, "str")


def check_same(folder: Path, before: dict[str, Any], now: dict[str, Any]) -> None:
    """See that a folder holds results of this design and this version.

    A metric that this version has and the folder has not is no difference: all runs of a folder, new ones too,
    have the metrics that it was begun with, so that its table has no holes and is the same whether it was
    interrupted or not.

    Raises:
        InputError: naming what differs.
    """
    if before["model"] != now["model"]:
        raise InputError(
            f"{folder}: was made with simsvc {before['version']} (model {before['model']}), this is "
            f"{now['version']} (model {now['model']}): their runs cannot be mixed; choose another folder"
        )
    there, here = (note.get("own_rules", {}).get("sha256", "")[:12] for note in (before, now))
    if there != here:
        raise InputError(
            f"{folder}: was begun with {f'own rules {there}' if there else 'no own rules'}, this is with "
            f"{here or 'none'}: their runs cannot be mixed; choose another folder"
        )
    for name, definition in before["metrics"].items():
        if now["metrics"].get(name) != definition:
            how = "computes otherwise" if name in now["metrics"] else "does not have"
            raise InputError(
                f"{folder}: has a metric '{name}' that this version ({now['version']}) {how}: "
                "their runs cannot be mixed; choose another folder"
            )
    for what in ("keys", "structures", "design"):
        difference = _first_difference(before[what], now[what], what)
        if difference:
            raise InputError(f"{folder}: holds another design: {difference}; choose another folder")


def _first_difference(before: Any, now: Any, name: str) -> str:
    if before == now:
        return ""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in [*before, *(key for key in now if key not in before)]:
            if key not in before or key not in now:
                return f"{name}.{key} is only in {'the new one' if key in now else 'the folder'}"
            if found := _first_difference(before[key], now[key], f"{name}.{key}"):
                return found
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return next(
            found
            for k, pair in enumerate(zip(before, now, strict=True), 1)
            if (found := _first_difference(*pair, f"{name} {k}"))
        )
    return f"{name} is {_short(before)} there and {_short(now)} here"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."
