"""Does compiled code ever read or write outside a table? The same runs with bounds checks on, and as usual, compared.

    nice -n 19 python tests/faults/bounds.py --size 20         # a sample
    nice -n 19 python tests/faults/bounds.py --size 5000       # a night

Each case is an extreme valid scenario of a small size, days at which tables grow (64, 250), and a script that replaces
managers and lets customers leave. A process with `NUMBA_BOUNDSCHECK=1` and a cache of its own performs all of them, and
so does one without: an index out of bounds is an error there, and final states must be the same to the last bit.
Compiling with checks takes minutes and is done once for `--cache`.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from simsvc.errors import InputError
from simsvc.organization import ServiceOrganization
from simsvc.process import run_script
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import Scenario, sections

SIZES = {
    "market.population": (0, 300), "market.ties": (0, 20), "workforce.frontline": (1, 12),
    "workforce.departments": (1, 5), "workforce.managers": (0, 6), "workforce.directors": (0, 3),
    "operations.causes": (0, 5),
}  # fmt: skip
"""Ranges narrower than allowed, so that a case takes milliseconds."""
DAYS = (1, 63, 64, 65, 130, 251)


def extreme(draw: random.Random) -> Scenario:
    """A valid scenario: some settings at an end of their range or anywhere in it."""
    known = {
        f"{section}.{name}": field
        for section, model in sections().items()
        for name, field in model.model_fields.items()
        if section != "run" and not name.startswith("share_") and isinstance(field.json_schema_extra, dict)
    }
    numbers = [name for name, field in known.items() if "low" in field.json_schema_extra]  # type: ignore[operator]
    while True:
        chosen: dict[str, Any] = {}
        for name in (*SIZES, *draw.sample(numbers, draw.randint(0, 30))):
            field = known[name]
            low, high = SIZES.get(name, (field.json_schema_extra["low"], field.json_schema_extra["high"]))  # type: ignore[index,call-overload]
            whole = field.annotation is int
            inside = draw.randint(int(low), int(high)) if whole else draw.uniform(float(low), float(high))
            chosen[name] = draw.choice((low, high, inside))
            chosen[name] = int(chosen[name]) if whole else float(chosen[name])
        chosen["market.customers"] = draw.randint(0, chosen["market.population"])
        try:
            return load_scenario("contact_centre", chosen)
        except InputError:
            continue


def final_state(number: int, seed: int) -> str:
    """Digest of the state in which a case ends; the message if it is refused."""
    draw = random.Random(f"{seed} {number}")
    scenario = extreme(draw)
    model = ServiceOrganization(scenario, draw.choice(("traditional", "inverted")), rng=number)
    try:
        for _ in range(draw.randint(1, 3)):
            model.advance(draw.choice(DAYS))
            if draw.random() < 0.5:
                model.replace_managers([draw.randrange(-1, 4)])
            if draw.random() < 0.3 and len(model.customers):
                draw.choice(list(model.customers)).remove()
        model.step()
    except InputError as error:
        return f"refused: {error}"
    digest = hashlib.sha256()
    for name in model.state._fields:
        value = getattr(model.state, name)
        if isinstance(value, np.ndarray):
            digest.update(name.encode() + np.ascontiguousarray(value).tobytes())
    return digest.hexdigest()[:16]


def perform(size: int, seed: int, **environment: str) -> list[str]:
    """Final states of all cases, in a process of its own; what it said of its end if it broke off."""
    command = [sys.executable, __file__, "--size", str(size), "--seed", str(seed), "--here"]
    with tempfile.TemporaryFile("w+") as said:
        found = subprocess.run(
            command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=said, text=True, check=False
        )
        said.seek(0)
        lines = [str(json.loads(line)) for line in found.stdout.splitlines()]
        if found.returncode:
            lines.append(f"case {len(lines)}: ended with {found.returncode}: {said.read()[-2000:]}")
    return lines


def main(
    size: Annotated[int, typer.Option(help="Cases.")] = 20,
    seed: Annotated[int, typer.Option(help="Of the cases.")] = 1,
    cache: Annotated[Path | None, typer.Option(help="Folder of code with bounds checks, to be used again.")] = None,
    here: Annotated[bool, typer.Option("--here", help="Only print the final states of this process.")] = False,
) -> None:
    """Perform cases with and without bounds checks and compare how they end."""
    if here:
        gc.set_threshold(50_000)  # looking for garbage takes a sixth of compiling
        for number in range(size):
            print(json.dumps(final_state(number, seed)), flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        checked = perform(size, seed, NUMBA_BOUNDSCHECK="1", SIMSVC_CACHE_DIR=str(cache or folder))
    fast = perform(size, seed)
    wrong = [k for k in range(max(len(fast), len(checked))) if fast[k : k + 1] != checked[k : k + 1]]
    for k in wrong:
        print(f"case {k}, seed {seed}: checked {checked[k : k + 1]}, fast {fast[k : k + 1]}")
    refused = sum(state.startswith("refused") for state in fast)
    print(f"{len(fast)} of {size} cases, {refused} with a refused order, {len(wrong)} differ")
    raise typer.Exit(1 if wrong or len(fast) != size else 0)


if __name__ == "__main__":
    run_script(main, "bounds")
