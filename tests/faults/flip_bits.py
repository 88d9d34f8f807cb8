"""Is a sweep's folder ever believed when a bit of it has flipped? Flipped, read, resumed, and compared.

    python tests/faults/flip_bits.py                    # a hundred bits each of ledger, parts and manifest

After each flip the folder is read: what is read is true, or there is a message of one line. Then the sweep is resumed:
it must equal the one left alone to the last bit, or refuse the folder with one line (a manifest that is damaged).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from simsvc.errors import InputError
from simsvc.process import run_script
from simsvc.show.terminal import ProgressReport
from simsvc.studies.scripts import load_script
from simsvc.sweeps import store
from simsvc.sweeps.results import Results
from simsvc.sweeps.sweep import sweep

KILLS = load_script(Path(__file__).with_name("kill_sweeps.py"))
KINDS = {"ledger": "ledger.jsonl", "parts": "runs/*.parquet", "manifest": "manifest.json"}
"""What bits are flipped in."""


def flip_bits(
    folder: Path,
    undisturbed: Path,
    resume: Callable[[], Any],
    count: int,
    seed: int = 1,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, int]:
    """Flip bits of a finished sweep, one at a time, and see that none is believed.

    Args:
        folder: of the sweep.
        undisturbed: another folder of the same sweep.
        resume: takes the sweep up.
        count: bits of each kind of file.
        seed: of the places.
        watch: told how many are done, of how many.

    Returns:
        Number of flips by kind of file.
    """
    random = np.random.default_rng(seed)
    whole = folder.with_name(f"{folder.name}-whole")
    shutil.copytree(folder, whole)
    done = dict.fromkeys(KINDS, 0)
    for kind, pattern in KINDS.items():
        for _ in range(count):
            path = random.choice(sorted(folder.glob(pattern)))  # type: ignore[arg-type]
            raw = bytearray(path.read_bytes())
            place = int(random.integers(8 * len(raw)))
            raw[place // 8] ^= 1 << place % 8
            path.write_bytes(raw)
            try:
                _see(folder, undisturbed, resume)
            except InputError as error:
                if kind != "manifest" or "\n" in str(error):
                    raise
            except Exception as error:
                raise KILLS.Broken(f"{path.name}: bit {place}: {type(error).__name__}: {error}") from error
            done[kind] += 1
            watch(sum(done.values()), count * len(KINDS))
            shutil.rmtree(folder)
            shutil.copytree(whole, folder)
    return done


def _see(folder: Path, undisturbed: Path, resume: Callable[[], Any]) -> None:
    """Read a folder and resume its sweep."""
    truth = KILLS.true_tables(undisturbed)["runs"]
    try:
        found = KILLS.bits(Results(folder).runs())
    except InputError:
        pass
    else:
        if not found.equals(truth):
            raise KILLS.Broken("is believed")
    resume()
    KILLS.check_same(folder, undisturbed)


def main(
    count: Annotated[int, typer.Option(help="Bits of each kind of file.")] = 100,
    seed: Annotated[int, typer.Option(help="Of the places, 0 or more.")] = 1,
) -> None:
    """Flip bits of a finished sweep and see that none is believed."""
    store.PART_ROWS = KILLS.PART_ROWS
    with tempfile.TemporaryDirectory(dir=KILLS.IN_MEMORY) as home, ProgressReport("flips") as report:
        folders = Path(home) / "flipped", Path(home) / "undisturbed"
        for folder in folders:
            sweep(KILLS.DESIGN, folder)
        found = flip_bits(*folders, lambda: sweep(KILLS.DESIGN, folders[0]), count, seed, report.update)
    for name, flips in found.items():
        print(f"{flips:6} flips: {name}")


if __name__ == "__main__":
    run_script(main, "flip_bits")
