"""What a sweep survives: kills, damage, full disks, failing runs, impatience. Nothing is lost, doubled or changed."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import Command

from simsvc.errors import InputError, StoppedEarly
from simsvc.organization import ServiceOrganization
from simsvc.runs import perform as performing
from simsvc.runs.metrics import METRICS
from simsvc.runs.order import Order
from simsvc.runs.perform import perform
from simsvc.scenario.loading import load_structure
from simsvc.show import terminal
from simsvc.studies.scripts import load_script
from simsvc.sweeps import store
from simsvc.sweeps.design import Design
from simsvc.sweeps.manifest import read_manifest, write_manifest
from simsvc.sweeps.results import Results
from simsvc.sweeps.sweep import Sweep, sweep

KILLS = load_script(Path(__file__).parents[2] / "tests" / "faults" / "kill_sweeps.py")
FLIPS = load_script(Path(__file__).parents[2] / "tests" / "faults" / "flip_bits.py")
TINY = {"market.population": 60, "market.customers": 30}
DESIGN = Design("classroom", settings=TINY, vary={"workforce.frontline": [4, 6, 8]}, replications=5, days=20)
"""Thirty runs of a few milliseconds."""
RUNS = 30
FILE = """
scenario = "classroom"
replications = 5
days = 20
[set]
"market.population" = 60
"market.customers" = 30
[vary]
"workforce.frontline" = [4, 6, 8]
"""
PART = 7


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of seven runs: thirty runs are four parts and a remainder."""
    monkeypatch.setattr(store, "PART_ROWS", PART)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sweep that nothing happened to."""
    folder = tmp_path_factory.mktemp("undisturbed") / "out"
    sweep(DESIGN, folder)
    return folder


@pytest.fixture
def folder(undisturbed: Path, tmp_path: Path) -> Path:
    """A finished sweep to be damaged."""
    with Sweep(DESIGN, tmp_path / "out", workers=1) as work:
        work.perform()
    assert len(list((tmp_path / "out" / "runs").iterdir())) == 5
    return tmp_path / "out"


def resumed(folder: Path, undisturbed: Path) -> tuple[int, str]:
    """Finish a sweep, and see that it then equals the undisturbed one; runs found, and what was said."""
    said: list[str] = []
    with Sweep(DESIGN, folder, say=said.append) as work:
        found = work.found
        work.perform()
    KILLS.check_same(folder, undisturbed)
    parts = folder / "runs" / "*.parquet"
    rows = duckdb.sql(f"select count(*), count(distinct run), count(distinct number) from '{parts}'").fetchall()
    assert rows == [(RUNS, RUNS, RUNS)]
    assert not (folder / "failures.parquet").exists()
    return found, "\n".join(said)


def program(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    """The program as a shell starts it."""
    words = [sys.executable, "-m", "simsvc", *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The design as a file."""
    path = tmp_path / "design.toml"
    path.write_text(FILE)
    return path


# -- kills ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Sweeps that can be killed within milliseconds of their start; see tests/faults/kill_sweeps.py."""
    home = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else tmp_path_factory.getbasetemp()
    folder = home / f"simsvc-kills-{os.getpid()}"
    folder.mkdir()
    try:
        with KILLS.Nursery() as nursery:
            yield KILLS.Trials(nursery, folder)
    finally:
        shutil.rmtree(folder)


def test_sweeps_killed_at_random_moments_lose_nothing(trials: Any) -> None:
    killed = 0
    for _ in range(20):  # of three moments each; at some of them a sweep has ended by itself
        killed += trials.at_random()
        if killed >= 8:
            return
    raise AssertionError(f"only {killed} sweeps were there to be killed")


def test_sweeps_killed_at_any_file_operation_lose_nothing(trials: Any) -> None:
    """Among them: half a line in the ledger, parts written and not renamed, renamed and not in the ledger."""
    moments = np.linspace(1, trials.operations, 10).astype(int)
    assert sum(trials.at_operation(int(number)) for number in moments) == 10


@pytest.mark.parametrize("damage", KILLS.DAMAGES, ids=lambda damage: damage.__name__)
def test_a_sweep_killed_while_it_mends_is_mended_all_the_same(trials: Any, damage: Callable[[Path], None]) -> None:
    assert sum(trials.at_operation(number, damage) for number in (2, 4)) == 2


def test_the_whole_program_killed_as_a_user_would_find_it(file: Path, undisturbed: Path, tmp_path: Path) -> None:
    file.write_text(FILE.replace("replications = 5", "replications = 400"))
    for lines in (1, 3):  # while it opens the folder; while it runs
        with program("sweep", file, "--out", tmp_path / "out") as process:
            assert process.stderr is not None
            for _ in range(lines):
                process.stderr.readline()
            if lines == 3:
                wait_for_runs(process, tmp_path / "out", 30)
            process.kill()
        assert process.returncode == -signal.SIGKILL
    assert 30 <= len(Results(tmp_path / "out").runs()) < 2400
    design = replace(DESIGN, replications=400)
    with Sweep(design, tmp_path / "out") as work:
        assert work.found >= 30
        work.perform(design.tasks(replications=range(5)))
        frame = work.runs()
    expected = Results(undisturbed).runs()
    found = frame[frame["replication"] < 5].reset_index(drop=True)
    assert KILLS.bits(found).equals(KILLS.bits(expected))
    assert frame["run"].is_unique


def wait_for_runs(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    """Wait until so many runs are in the ledger."""
    while process.poll() is None:
        if (folder / "ledger.jsonl").exists() and (folder / "ledger.jsonl").read_bytes().count(b"\n") >= count:
            return
        time.sleep(0.01)
    raise AssertionError(process.communicate())


# -- damage -----------------------------------------------------------------------------------


def parts(folder: Path) -> list[Path]:
    return sorted((folder / "runs").iterdir())


def edit_ledger(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = folder / "ledger.jsonl"
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def truncate_part(folder: Path) -> None:
    os.truncate(parts(folder)[1], parts(folder)[1].stat().st_size // 2)


def empty_part(folder: Path) -> None:
    os.truncate(parts(folder)[1], 0)


def spoil_part(folder: Path) -> None:
    parts(folder)[1].write_bytes(np.random.default_rng(1).bytes(5000))


def flip_bit(folder: Path, place: Callable[[bytes], int]) -> None:
    raw = bytearray(parts(folder)[1].read_bytes())
    raw[place(bytes(raw))] ^= 4
    parts(folder)[1].write_bytes(raw)


def flip_bit_of_values(folder: Path) -> None:
    """The file still looks like one of Parquet."""
    column = pq.ParquetFile(parts(folder)[1]).metadata.row_group(0).column(20)
    flip_bit(folder, lambda raw: column.data_page_offset + column.total_compressed_size // 2)


def flip_bit_of_names(folder: Path) -> None:
    """Names of columns are the one thing in such a file without a checksum."""
    flip_bit(folder, lambda raw: raw.index(b"retention", len(raw) - 8 - int.from_bytes(raw[-8:-4], "little")))


def cut_last_line(folder: Path) -> None:
    """The last line names the last part."""
    edit_ledger(folder, lambda lines: [*lines[:-1], lines[-1][:9]])


def cut_line_end(folder: Path) -> None:
    edit_ledger(folder, lambda lines: [*lines[:-1], lines[-1][:-1]])


def zeros_at_the_end(folder: Path) -> None:
    """As some file systems leave it after a power cut."""
    edit_ledger(folder, lambda lines: [*lines[:-2], bytes(400)])


def empty_ledger(folder: Path) -> None:
    edit_ledger(folder, lambda lines: [])


def leave_rests(folder: Path) -> None:
    for name in ("manifest.json.part", "runs/part-000004.parquet.part", "failures.parquet.part"):
        (folder / name).write_bytes(b"half")


DAMAGES = {
    KILLS.lose_parts: "made again from the ledger",
    truncate_part: "made again from the ledger",
    empty_part: "made again from the ledger",
    spoil_part: "made again from the ledger",
    flip_bit_of_values: "made again from the ledger",
    flip_bit_of_names: "made again from the ledger",
    cut_last_line: "was cut off",
    cut_line_end: "was cut off",
    zeros_at_the_end: "was cut off",
    KILLS.cut_ledger: "mended from the parts",
    KILLS.spoil_ledger: "mended from the parts",
    KILLS.lose_ledger: "made again from the parts",
    empty_ledger: "mended from the parts",
    leave_rests: "",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_folder_is_mended_without_running_anything_again(
    damage: Callable[[Path], None], folder: Path, undisturbed: Path
) -> None:
    if damage is KILLS.lose_parts:  # needs more of them than there are
        damage = lambda folder: parts(folder)[1].unlink()  # noqa: E731
        message = "made again from the ledger"
    else:
        message = DAMAGES[damage]
    damage(folder)
    found, said = resumed(folder, undisturbed)
    assert found == RUNS
    assert message in said
    assert "\n\n" not in said
    assert resumed(folder, undisturbed) == (RUNS, "")  # and is sound from then on


def test_runs_that_only_the_lost_lines_knew_are_run_again(folder: Path, undisturbed: Path) -> None:
    """The ledger and a part are gone: the other parts still tell of 23 runs."""
    (folder / "ledger.jsonl").unlink()
    parts(folder)[1].unlink()
    found, said = resumed(folder, undisturbed)
    assert found == RUNS - PART
    assert "is missing: made again from the parts" in said


def test_lines_of_the_ledger_without_a_part_are_all_there_is_to_runs(folder: Path, undisturbed: Path) -> None:
    """Killed before a part was written: the garbled line is run again, the others are not."""
    shutil.rmtree(folder / "runs")
    edit_ledger(folder, lambda lines: [b"\xff\xfe" + line[2:] if k == 4 else line for k, line in enumerate(lines)])
    found, said = resumed(folder, undisturbed)
    assert found == RUNS - 1
    assert "line 5 cannot be read" in said
    assert (folder / "ledger.damaged.jsonl").read_bytes().count(b"\xff\xfe") == 1


def test_a_damaged_part_is_a_clear_message_for_who_only_reads(
    folder: Path, undisturbed: Path, command: Command, tmp_path: Path
) -> None:
    for damage in (flip_bit_of_names, flip_bit_of_values, truncate_part):
        damage(folder)
        code, out, err = command("export", folder, tmp_path / "runs.csv")
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "part-000002-" in err
        assert "'simsvc sweep' with the same design makes it again" in err
    assert not (tmp_path / "runs.csv").exists()
    parts(folder)[1].unlink()
    assert KILLS.bits(Results(folder).runs()).equals(KILLS.bits(Results(undisturbed).runs()))  # the ledger has them


def test_a_program_killed_as_it_begins_leaves_a_folder_that_can_be_used(undisturbed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / ".lock").touch()
    (folder / "manifest.json.part").write_text('{"kind": "swe')
    assert resumed(folder, undisturbed) == (0, "")


def line_with(folder: Path, number: int) -> int:
    """Place of the line of a run in the ledger."""
    lines = (folder / "ledger.jsonl").read_bytes().splitlines()
    return next(k for k, line in enumerate(lines) if json.loads(line)["number"] == number)


def say_otherwise(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Change the line of run 7, which no part holds, and forget all parts."""

    def damage(folder: Path) -> None:
        shutil.rmtree(folder / "runs")
        place = line_with(folder, 7)
        edit_ledger(folder, lambda lines: [change(line) if k == place else line for k, line in enumerate(lines)])

    return damage


def from_another_sweep(folder: Path) -> None:
    """The line of a run of another design that has the same number."""
    other = folder.with_name("other")
    sweep(replace(DESIGN, seed=2), other)
    line = (other / "ledger.jsonl").read_bytes().splitlines(keepends=True)[line_with(other, 7)]
    say_otherwise(lambda _: line)(folder)


LIES: dict[str, Callable[[Path], None]] = {
    "a digit": say_otherwise(lambda line: line.replace(b'"row":[7', b'"row":[8')),
    "another number": say_otherwise(lambda line: line.replace(b'"number":7,', b'"number":8,')),
    "a number beyond the design": say_otherwise(lambda line: line.replace(b'"number":7,', b'"number":7000,')),
    "text for a number": say_otherwise(lambda line: line.replace(b'"number":7,', b'"number":"seven",')),
    "nothing but a name": say_otherwise(lambda line: b'{"part":"part-000001"}\n'),
    "brackets": say_otherwise(lambda line: b"[" * 100_000 + b"\n"),
    "a line of another sweep": from_another_sweep,
}


@pytest.mark.parametrize("name", LIES)
def test_a_line_that_is_not_what_was_written_is_not_believed(name: str, folder: Path, undisturbed: Path) -> None:
    LIES[name](folder)
    with pytest.raises(InputError, match=r"ledger\.jsonl: line \d+ is damaged; 'simsvc sweep' with the same design"):
        Results(folder).runs()
    found, said = resumed(folder, undisturbed)
    assert found == RUNS - 1
    assert "cannot be read: taken from the parts or run again" in said


def test_a_manifest_of_fewer_runs_does_not_cost_those_that_are_there(folder: Path, undisturbed: Path) -> None:
    """Somebody puts an old copy of it back."""
    edit_manifest(folder, replications=4)
    with pytest.raises(InputError, match=r"holds run \d+, more than the 24 of .*put the right one back"):
        sweep(replace(DESIGN, replications=4), folder)
    edit_manifest(folder, replications=5)
    assert resumed(folder, undisturbed) == (RUNS, "")


def test_no_flipped_bit_is_ever_believed(folder: Path, undisturbed: Path) -> None:
    """One bit anywhere in ledger, parts or manifest; tests/faults/flip_bits.py does hundreds."""
    for name, count in FLIPS.flip_bits(folder, undisturbed, lambda: sweep(DESIGN, folder), count=8).items():
        assert count == 8, name


def test_an_export_replaces_a_file_only_when_told_to(folder: Path, command: Command, tmp_path: Path) -> None:
    for name in ("runs.csv", "runs.xlsx", "runs.parquet"):
        file = tmp_path / name
        file.write_text("my own")
        code, out, err = command("export", folder, file)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert f"{file}: exists; give another name, or --force to replace it" in err
        assert file.read_text() == "my own"
        assert command("export", folder, file, "--force")[0] == 0
        assert file.stat().st_size > 1000


def test_no_text_of_an_export_is_a_formula(tmp_path: Path) -> None:
    """A structure may be called whatever its file is called."""
    charts = {"=HYPERLINK(1)": load_structure("traditional"), "@SUM(1)": load_structure("inverted")}
    found = sweep(replace(DESIGN, structures=charts, replications=1), tmp_path / "out")
    found.export(tmp_path / "runs.csv")
    found.export(tmp_path / "runs.xlsx")
    assert set(pd.read_csv(tmp_path / "runs.csv")["structure"]) == {"'=HYPERLINK(1)", "'@SUM(1)"}
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "runs.xlsx")["runs"].iter_rows() for cell in row]
    assert "'=HYPERLINK(1)" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(isinstance(cell.value, float) and cell.value < 0 for cell in cells)  # numbers are left alone
    assert "=HYPERLINK(1)" in set(found.runs()["structure"])


# -- metrics that come and go -----------------------------------------------------------------


def test_a_new_metric_does_not_make_a_kept_sweep_one_of_another_version(
    undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sweep(DESIGN, tmp_path / "out") as work:
        work.perform(list(DESIGN.tasks())[:12])
    new = replace(METRICS["loyalty"], name="joined", of=lambda days: float(days["joined"].mean()))
    monkeypatch.setitem(METRICS, "joined", new)
    found, said = resumed(tmp_path / "out", undisturbed)  # equals one that was begun and ended without it
    assert found == 12
    assert said.endswith("was begun without joined; its new runs are kept without, too.")
    with pytest.raises(InputError, match="was begun before there was a metric 'joined'"):
        Results(tmp_path / "out").runs(["joined"])
    assert "joined" in sweep(DESIGN, tmp_path / "new").runs()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (lambda days: 1.001 * METRICS["nps"].of(days), "computes otherwise"),
        (lambda days: max(METRICS["nps"].of(days), -100.0), "computes otherwise"),
        (None, "does not have"),
    ],
)
def test_a_metric_that_is_defined_otherwise_is_noticed(
    changed: Any, words: str, folder: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {name: metric for name, metric in METRICS.items() if name != "nps"}
    if changed:
        others["nps"] = replace(METRICS["nps"], of=changed)
    with monkeypatch.context() as other:
        other.setattr("simsvc.runs.metrics.METRICS", others)
        with pytest.raises(InputError, match=f"has a metric 'nps' that this version .* {words}"):
            sweep(DESIGN, folder)
        assert len(Results(folder).runs()["nps"]) == RUNS  # reading is free
    assert resumed(folder, undisturbed) == (RUNS, "")


# -- folders that are refused -----------------------------------------------------------------


def edit_manifest(folder: Path, **changes: Any) -> None:
    """A manifest that says something else, and is sound."""
    write_manifest(folder, {**read_manifest(folder), **changes})


def edit_text(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "another model": (lambda f: edit_manifest(f, model="0123456789abcdef", version="0.0.9"), "cannot be mixed"),
    "another format": (lambda f: edit_manifest(f, format=99, version="9.0"), "keeps results in another form"),
    "another kind": (lambda f: edit_manifest(f, kind="comparison"), "results of another kind (comparison)"),
    "a damaged manifest": (lambda f: edit_text(f / "manifest.json", '"seed"', '"sged"'), "damaged or was changed"),
    "half a manifest": (lambda f: os.truncate(f / "manifest.json", 200), "manifest.json: cannot be read"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "holds no results of simsvc"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_folder_of_something_else_is_refused_and_left_alone(
    name: str, folder: Path, file: Path, undisturbed: Path, command: Command
) -> None:
    damage, words = REFUSED[name]
    manifest = (folder / "manifest.json").read_bytes()
    damage(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    code, out, err = command("sweep", file, "--out", folder)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert str(folder) in err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    (folder / "manifest.json").write_bytes(manifest)
    assert resumed(folder, undisturbed) == (RUNS, "")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[4, 6, 8]", "[4, 6, 9]", "workforce.frontline"),
        ('"market.customers" = 30', '"market.customers" = 31', "market.customers is 30 there and 31 here"),
        ("days = 20", "days = 21", "design.days is 20 there and 21 here"),
        ("days = 20", "days = 20\nseed = 2", "design.seed is 1 there and 2 here"),
        ("days = 20", "days = 20\ncommon_random_numbers = false", "common_luck"),
        ("days = 20", 'days = 20\nseries = ["loyalty"]', "series"),
        ("days = 20", 'days = 20\nstructures = ["inverted"]', "structures"),
    ],
)
def test_another_design_is_refused_with_what_differs(
    old: str, new: str, words: str, folder: Path, file: Path, command: Command
) -> None:
    file.write_text(FILE.replace(old, new))
    code, out, err = command("sweep", file, "--out", folder)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"{folder}: holds another design: " in err
    assert words in err


def test_a_folder_that_cannot_be_written_to_is_refused(file: Path, command: Command, tmp_path: Path) -> None:
    places = [Path("/proc/simsvc")] if Path("/proc").exists() else []
    (tmp_path / "a_file").touch()
    for place in [*places, tmp_path / "a_file", tmp_path / "a_file" / "below"]:
        code, out, err = command("sweep", file, "--out", place)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert str(place) in err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_refused(folder: Path, file: Path, command: Command, undisturbed: Path) -> None:
    folder.chmod(0o555)
    code, _, err = command("sweep", file, "--out", folder)
    folder.chmod(0o755)
    assert (code, err.count("\n")) == (2, 1)
    assert "cannot be written to" in err
    assert resumed(folder, undisturbed) == (RUNS, "")


def test_two_programs_on_one_folder(file: Path, undisturbed: Path, command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with Sweep(DESIGN, folder) as work:
        work.perform(list(DESIGN.tasks())[:5])
        code, out, err = command("sweep", file, "--out", folder)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert f"{folder}: is in use by another run of simsvc" in err
        work.perform(list(DESIGN.tasks())[:9])
        assert len(Results(folder).runs()) == 9  # reading is free
    assert resumed(folder, undisturbed) == (9, "")


# -- full disks -------------------------------------------------------------------------------


def limited(size: int) -> Callable[[], None]:
    """Make a process unable to write more than so many bytes to any file."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_file_that_may_not_grow_stops_the_sweep_with_everything_kept(
    file: Path, undisturbed: Path, tmp_path: Path
) -> None:
    """The ledger reaches 16,000 bytes after some 25 runs, in the middle of a line; the manifest is longer and there."""
    with program("sweep", file, "--out", tmp_path / "out", "--limit", "1") as process:
        process.communicate(timeout=120)
    with program("sweep", file, "--out", tmp_path / "out", preexec_fn=limited(16_000)) as process:
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, "")
    last = err.splitlines()[-1]
    assert "cannot be written to: File too large" in last
    assert "finished runs are kept; make room and give the same command again" in last
    assert "Traceback" not in err
    found, _ = resumed(tmp_path / "out", undisturbed)
    assert 10 < found < RUNS
    assert f"{found} finished runs are kept" in last


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A file system of a given size in kilobytes, where this system lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(size: int, again: str = "") -> Path:
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"{again}size={size}k", "tmpfs", place], capture_output=True
        )
        if made.returncode:
            pytest.skip("may not mount file systems here; the limit of a file's size stands for it")
        return place

    yield mount
    with contextlib.suppress(OSError):
        subprocess.run(["umount", place], capture_output=True, check=False)


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount")
@pytest.mark.parametrize("size", [4, 24, 36, 60, 72])
def test_a_full_disk_stops_the_sweep_with_everything_kept(
    size: int, file: Path, undisturbed: Path, tiny_disk: Callable[..., Path], command: Command
) -> None:
    """Full while the manifest, the ledger, or a part is written."""
    folder = tiny_disk(size) / "out"
    code, out, err = command("sweep", file, "--out", folder)
    assert code == 1
    assert "No space left on device" in err.splitlines()[-1]
    assert out == ""
    held = len(Results(folder).runs()) if (folder / "ledger.jsonl").exists() else 0
    tiny_disk(4000, "remount,")
    found, _ = resumed(folder, undisturbed)
    assert found == held


# -- runs that fail ---------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Runs with six at the front fail on the way, those with eight are measured wrongly; until the call."""
    advance, measured = ServiceOrganization.advance, performing.summary
    here = threading.local()

    def advance_or_not(self: ServiceOrganization, days: int) -> None:
        here.staff = self.settings.workforce.frontline
        if here.staff == 6:
            raise ZeroDivisionError("nobody\nthere")
        advance(self, days)

    def measure_or_not(rows: Any, settling: float, model: Any) -> dict[str, float]:
        if here.staff == 8:
            raise ValueError("no measure")
        return measured(rows, settling, model)

    monkeypatch.setattr(ServiceOrganization, "advance", advance_or_not)
    monkeypatch.setattr(performing, "summary", measure_or_not)

    def mend() -> None:
        monkeypatch.setattr(ServiceOrganization, "advance", advance)
        monkeypatch.setattr(performing, "summary", measured)

    return mend


def test_failures_are_rows_with_stage_message_and_traceback(
    failing: Callable[[], None], undisturbed: Path, tmp_path: Path
) -> None:
    with Sweep(DESIGN, tmp_path / "out") as work:
        work.perform()
        assert (work.store.done, work.store.failed) == (10, 20)
    frame = Results(tmp_path / "out").runs()
    expected = Results(undisturbed).runs()
    labels = ["number", "point", "structure", "workforce.frontline", "replication", "run"]
    pd.testing.assert_frame_equal(frame[labels], expected[labels])
    by_staff = frame.groupby("workforce.frontline")
    assert by_staff["status"].unique().map(list).to_dict() == {4: ["done"], 6: ["failed"], 8: ["failed"]}
    assert by_staff["stage"].unique().map(list).to_dict() == {4: [np.nan], 6: ["days"], 8: ["measure"]}
    lost = frame[frame["workforce.frontline"] == 6]
    assert set(lost["message"]) == {"ZeroDivisionError: nobody there"}
    assert lost["traceback"].str.contains("in advance_or_not").all()
    assert lost["retention"].isna().all()
    kept = duckdb.sql(f"select stage, count(*) from '{tmp_path / 'out' / 'failures.parquet'}' group by 1 order by 1")
    assert kept.fetchall() == [("days", 10), ("measure", 10)]


def test_what_failed_is_run_again_only_when_asked_and_leaves_no_trace(
    failing: Callable[[], None], undisturbed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    sweep(DESIGN, folder)
    failing()
    assert sweep(DESIGN, folder).runs()["status"].value_counts().to_dict() == {"failed": 20, "done": 10}
    sweep(DESIGN, folder, retry_failed=True)
    assert not (folder / "failures.parquet").exists()
    assert resumed(folder, undisturbed) == (RUNS, "")


def test_failures_outlive_a_kill_before_they_are_tabled(failing: Callable[[], None], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    sweep(DESIGN, folder)
    table = pd.read_parquet(folder / "failures.parquet")
    (folder / "failures.parquet").unlink()
    sweep(DESIGN, folder)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "failures.parquet"), table)


@pytest.mark.parametrize("first", [4, 6])
def test_a_sweep_may_stop_at_the_first_failure(first: int, failing: Callable[[], None], tmp_path: Path) -> None:
    design = replace(DESIGN, vary={"workforce.frontline": [first, 6 if first == 4 else 4]}, replications=50)
    with (
        pytest.raises(StoppedEarly, match=r"stopped after a failed run, as asked; \d+ finished runs are kept"),
        Sweep(design, tmp_path / "out", workers=2, on_error="stop") as work,
    ):
        work.perform()
    assert 1 <= work.store.failed <= 6  # those under way end as well
    assert work.store.done <= 6


def test_failed_runs_end_the_command_with_code_one(failing: Callable[[], None], file: Path, command: Command) -> None:
    folder = file.with_name("out")
    code, out, err = command("sweep", file, "--out", folder, "--json")
    assert code == 1
    told = json.loads(out)
    assert (told["runs"], told["done"], told["failed"]) == (RUNS, 10, 20)
    assert "20 runs failed; the first, at point 1: ZeroDivisionError: nobody there" in err
    code, _, err = command("sweep", file, "--out", file.with_name("other"), "--on-error", "stop")
    assert code == 1
    assert "stopped after a failed run, as asked" in err.splitlines()[-1]
    failing()
    code, out, err = command("sweep", file, "--out", folder, "--retry-failed", "--json")
    assert (code, json.loads(out)["found"], json.loads(out)["done"]) == (0, 10, RUNS)


def test_a_run_that_cannot_be_begun_fails_alone() -> None:
    """Somebody is to be followed who is not there, which a design is refused for."""
    task = next(DESIGN.tasks())
    settings = DESIGN.settings_of(task)
    order = Order(settings, 1, traces={"customer": [10**6]})
    outcome = perform(order)
    assert (outcome.failed, outcome.stage, outcome.metrics) == (True, "start", {})
    assert "there is no customer 1000000" in outcome.message
    assert "Traceback" in outcome.traceback


def test_an_estimate_runs_one_run_and_leaves_nothing_behind(file: Path, command: Command) -> None:
    folder = file.with_name("out")
    code, out, err = command("sweep", file, "--out", folder, "--estimate")
    assert (code, out, "One run takes" in err, folder.exists()) == (0, "", True, False)
    file.write_text(FILE.replace("days = 20", "days = 21"))
    assert command("sweep", file, "--out", folder)[0] == 0


def test_an_estimate_of_a_sweep_that_was_begun_takes_it_up(file: Path, command: Command, undisturbed: Path) -> None:
    folder = file.with_name("out")
    with Sweep(DESIGN, folder) as work:
        work.perform(list(DESIGN.tasks())[:4])
    assert command("sweep", file, "--out", folder, "--estimate")[0] == 0
    assert resumed(folder, undisturbed) == (5, "")


def test_what_makes_no_sense_together_is_refused(file: Path, command: Command) -> None:
    folder = file.with_name("out")
    code, _, err = command("sweep", file, "--out", folder, "--retry-failed")
    assert (code, err.count("\n"), "nothing to run again" in err) == (2, 1, True)
    code, _, err = command("sweep", file, "--out", folder, "--workers", 2, "--dask", "tcp://127.0.0.1:8786")
    assert (code, err.count("\n"), "start more or fewer of its workers" in err) == (2, 1, True)
    assert not folder.exists()


# -- impatience -------------------------------------------------------------------------------

LONG = 'scenario = "classroom"\nreplications = 1000\ndays = {days}\n[vary]\n"workforce.frontline" = [6, 8]\n'


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_once_it_keeps_what_is_under_way(kind: signal.Signals, file: Path, tmp_path: Path) -> None:
    file.write_text(LONG.format(days=500))
    with program("sweep", file, "--out", tmp_path / "out") as process:
        wait_for_runs(process, tmp_path / "out", 3)
        process.send_signal(kind)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert any(line.startswith("Stopping: the runs under way are finished and kept") for line in err.splitlines())
    frame = Results(tmp_path / "out").runs()
    asked_by = "Ctrl-C" if kind == signal.SIGINT else "a request to end (SIGTERM)"
    assert err.splitlines()[-1] == (
        f"simsvc: stopped by {asked_by}; {len(frame)} of 4,000 runs are kept in {tmp_path / 'out'}; "
        "give the same command again to go on"
    )
    assert "Traceback" not in err
    assert 3 <= len(frame) <= 30
    assert (frame["status"] == "done").all()
    table = pd.read_parquet(tmp_path / "out" / "runs")  # and the last part is written
    assert sorted(table["number"]) == sorted(frame["number"])


def test_asked_twice_it_stops_at_once(file: Path, tmp_path: Path) -> None:
    file.write_text(LONG.format(days=20_000))  # some seconds each: those under way would take a while
    with program("sweep", file, "--out", tmp_path / "out") as process:
        wait_for_runs(process, tmp_path / "out", 2)  # the first one is tried alone
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert any(line.startswith("Stopping") for line in process.stderr)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=120)
    assert process.returncode == -signal.SIGINT
    design = Design("classroom", vary={"workforce.frontline": [6, 8]}, replications=1000, days=20_000)
    with Sweep(design, tmp_path / "out") as work:  # nobody holds the folder any more
        assert 2 <= work.found <= 4


def test_progress_is_told_in_lines_where_there_is_no_terminal(
    file: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr(terminal.time, "monotonic", lambda: float(next(clock)))
    code, out, err = command("sweep", file, "--out", file.with_name("out"), "--json")
    assert code == 0
    assert json.loads(out)["done"] == RUNS
    lines = [line for line in err.splitlines() if " of 30 runs (" in line]
    assert len(lines) >= 5
    assert all("per s" in line for line in lines[1:])
    assert "left" in lines[1]
    assert "\r" not in err
    assert "\x1b" not in err


def test_a_long_check_of_a_design_is_told(file: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr(terminal.time, "monotonic", lambda: float(next(clock)))
    file.write_text(
        FILE.replace("[4, 6, 8]", "[4, 6, 8]\n'demand.idiosyncrasy' = { low = 0.1, high = 0.9, steps = 100 }")
    )
    _, _, err = command("sweep", file, "--out", file.with_name("out"), "--estimate")
    lines = [line for line in err.splitlines() if " of 600 points checked (" in line]
    assert len(lines) >= 3
    assert "left" in lines[1]


def test_a_design_that_cannot_be_run_is_code_two_before_anything_is_written(file: Path, command: Command) -> None:
    file.write_text(FILE.replace("[4, 6, 8]", "[4, 6, 0]"))
    code, out, err = command("sweep", file, "--out", file.with_name("out"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "point 2: workforce.frontline = 0" in err
    assert not file.with_name("out").exists()


def test_a_folder_in_use_is_free_again_when_its_user_fails(tmp_path: Path) -> None:
    with pytest.raises(InputError), Sweep(replace(DESIGN, days=0), tmp_path / "out"):
        pass
    with Sweep(DESIGN, tmp_path / "out") as work, contextlib.suppress(RuntimeError):
        work.perform(list(DESIGN.tasks())[:1])
        raise RuntimeError("of the caller")
    with Sweep(DESIGN, tmp_path / "out") as work:
        assert work.found == 1
