"""Numbers that pin the model: metrics of short runs and the sum of each daily series.

Every preset under two charts, and the classroom under every structure that comes with the program.

    python tests/baseline.py           which of them are other than in tests/baseline.json?
    python tests/baseline.py --renew   write them anew; say in the commit's message why they moved

On the processor and with the Numba they were made with, every number must be the same to the last bit. Elsewhere
compilers may round products and sums otherwise, and a decision here and there falls the other way: see `TOLERANCE`.
"""

from __future__ import annotations

import json
import math
import platform
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
from llvmlite.binding import get_host_cpu_features, get_host_cpu_name

import simsvc

FILE = Path(__file__).with_suffix(".json")
TOLERANCE = 0.02
"""Relative deviation allowed on another processor or with another compiler; absolute for numbers below 1."""
KINDS = ("presets", "structures")
CHARTS = ("traditional", "inverted")
DAYS = 60
SEEDS = (1, 2, 3)


def cases() -> list[tuple[str, str]]:
    """Presets with the structures they are run under."""
    folder = Path(simsvc.__file__).parent / "scenario"
    presets, structures = (sorted(path.stem for path in (folder / kind).glob("*.toml")) for kind in KINDS)
    return [(name, chart) for name in presets for chart in (structures if name == "classroom" else CHARTS)]


def processor() -> dict[str, str]:
    """What the last bit of a number depends on."""
    features = ",".join(sorted(name for name, there in get_host_cpu_features().items() if there))
    return {
        "machine": platform.machine(),
        "processor": get_host_cpu_name(),
        "features": features,
        "numba": numba.__version__,
        "numpy": np.__version__,
    }


def numbers_of(preset: str, chart: str) -> dict[str, dict[str, float | None]]:
    """By seed: every metric of a run of `DAYS` days, and the sum of every daily series.

    Large organisations are pinned by their first seed alone.
    """
    settings = simsvc.load_scenario(preset)
    found = {}
    for seed in SEEDS if settings.market.population <= 5000 else SEEDS[:1]:
        result = simsvc.run(settings, seed, structure=chart, days=DAYS)
        sums = {f"sum of {name}": float(np.sum(result.rows[name])) for name in result.rows.dtype.names}
        numbers = {**result.summary, **sums}
        found[str(seed)] = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    return found


def differing(before: Any, now: Any, *, exact: bool) -> list[str]:
    """Names of numbers that are not the same."""

    def same(a: float | None, b: float | None) -> bool:
        if exact or a is None or b is None:
            return a == b
        return abs(a - b) <= TOLERANCE * max(abs(a), abs(b), 1.0)

    return [
        f"seed {seed}, {name}: {before.get(seed, {}).get(name)} -> {now.get(seed, {}).get(name)}"
        for seed in sorted({*before, *now})
        for name in sorted({*before.get(seed, {}), *now.get(seed, {})})
        if not same(before.get(seed, {}).get(name), now.get(seed, {}).get(name))
    ]


def main() -> int:
    """Compare with the file, or write it."""
    now = {f"{preset}, {chart}": numbers_of(preset, chart) for preset, chart in cases()}
    if "--renew" in sys.argv:
        FILE.write_text(json.dumps({"made on": processor(), "runs": now}, indent=0) + "\n", encoding="utf-8")
        return 0
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    exact = kept["made on"] == processor()
    lines = [
        f"{name}: {line}"
        for name in sorted({*kept["runs"], *now})
        for line in differing(kept["runs"].get(name, {}), now.get(name, {}), exact=exact)
    ]
    print("\n".join([*lines[:50], f"{len(lines)} numbers differ{'' if exact else f' by more than {TOLERANCE:.0%}'}"]))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
