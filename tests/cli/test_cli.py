"""The command line: what it prints where, what it refuses, and how."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Command

import simsvc
from simsvc.cli import frame
from simsvc.comparison.compute import compare
from simsvc.errors import AllRunsFailed, InputError, StoppedEarly, Terminated
from simsvc.model import compiling
from simsvc.model.phases import default_phases
from simsvc.process import run_script
from simsvc.scenario.loading import load_scenario, load_structure
from simsvc.scenario.settings import Scenario
from simsvc.show import terminal


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The program as a shell starts it."""
    words = [sys.executable, "-m", "simsvc", *arguments]
    return subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)


def refused(result: tuple[int, str, str], *words: str) -> str:
    """Exit code 2, nothing on standard output, one line on standard error with these words."""
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.startswith("simsvc: ")
    assert err.count("\n") == 1
    for word in words:
        assert word in err
    return err


# -- results ----------------------------------------------------------------------------------


def test_compare_prints_one_json_object_and_progress_elsewhere(tmp_path: Path) -> None:
    out = tmp_path / "results"
    found = program(
        "compare", "classroom", "--days", "20", "--replications", "2", "--seed", "5", "--json", "--out", str(out)
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    result = json.loads(found.stdout)
    assert [result[key] for key in ("scenario", "replications", "days", "seed")] == ["classroom", 2, 20, 5]
    assert set(result["structures"]) == {"traditional", "inverted"}
    retention = result["structures"]["inverted"]["retention"]
    assert 0 <= retention["low"] <= retention["mean"] <= retention["high"]
    assert {row["structure"] for row in result["differences"]} == {"inverted"}
    assert set(result["factors"]["inverted"]["profit"]) == {
        "power_old_management", "power_new_management", "management_old_power", "management_new_power",
        "interaction", "queueing",
    }  # fmt: skip
    assert json.loads((out / "manifest.json").read_text())["command"].startswith("simsvc compare classroom --days 20")
    assert "runs.csv" in found.stderr


def test_run_prints_one_json_object(command: Command) -> None:
    code, out, _ = command("run", "classroom", "--days", "12", "--structure", "inverted", "--json")
    result = json.loads(out)
    assert code == 0
    assert (result["structure"], result["days"], result["seed"]) == ("inverted", 12, 1)
    assert 0 < result["metrics"]["loyalty"] < 1


def test_a_metric_without_a_value_is_null_not_nan(command: Command) -> None:
    _, out, _ = command("run", "classroom", "--days", "5", "--set", "demand.contacts_per_year=0", "--json")
    assert json.loads(out)["metrics"]["mean_wait"] is None


def test_the_table_of_a_comparison_is_plain_text_when_piped(command: Command) -> None:
    code, out, err = command("compare", "classroom", "--days", "20", "--replications", "3", "--no-factors")
    assert code == 0, err
    assert all(character.isprintable() for character in out.replace("\n", ""))
    assert not set(out) & set("│─━┃┏╭")
    for text in ("Customers", "Service", "Staff", "Money", "Mean wait, min", "verdict", "change", "pairing"):
        assert text in out
    assert out.isascii()


@pytest.mark.parametrize("columns", [80, 100])
def test_tables_keep_to_the_width(command: Command, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for arguments in (("compare", "--replications", "2"), ("run",)):
        code, out, err = command(*arguments, "--days", "15", "--set", "market.customers=900")
        assert code == 0, err
        assert max(map(len, out.splitlines())) <= columns
        assert "…" not in out


def test_every_structure_but_the_first_gets_its_own_block(command: Command) -> None:
    Path("half.toml").write_text('base = "traditional"\nlatitude = 0.5\n')
    named = [word for name in ("traditional", "inverted", "half.toml") for word in ("--structure", name)]
    _, out, _ = command("compare", "classroom", *named, "--days", "10", "--replications", "2")
    assert "'inverted' against 'traditional'" in out
    assert "'half' against 'traditional'" in out
    assert "Where the difference of 'half' comes from" in out


def test_a_run_leaves_its_series_figure_and_manifest(command: Command) -> None:
    code, out, _ = command("run", "classroom", "--days", "40", "--out", "here")
    assert code == 0
    assert {"days.csv", "days.parquet", "manifest.json"} <= {file.name for file in Path("here").iterdir()}
    assert "How it went" in out


def test_an_override_reaches_the_run(command: Command) -> None:
    _, _, _ = command("run", "classroom", "--days", "3", "--set", "workforce.frontline=5", "--out", "here")
    assert json.loads(Path("here/manifest.json").read_text())["scenario"]["workforce"]["frontline"] == 5


def test_failed_runs_give_exit_code_1(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_failure(*arguments: Any, **options: Any) -> Any:
        result = compare(*arguments, **options)
        return replace(result, failures=[{"message": "a case has no owner"}])

    monkeypatch.setattr(simsvc, "compare", with_failure, raising=False)
    code, out, err = command("compare", "classroom", "--days", "5", "--replications", "2")
    assert code == 1
    assert "traditional" in out
    assert err.endswith("simsvc: 1 runs failed; the first: a case has no owner\n")


def test_verification_that_fails_gives_exit_code_1(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from simsvc.evidence import known_answers

    good = known_answers.Check("a", "Is it two?", 2.0, 2.0, 0.1, True, "-", "arithmetic")
    bad = replace(good, name="b", value=3.0, passed=False)
    for checks, expected, word in (([good], 0, "holds"), ([good, bad], 1, "FAILS")):
        monkeypatch.setattr(known_answers, "verify", lambda found=checks, **_: found)
        code, out, _ = command("verify", "--quick")
        assert code == expected
        assert word in out
        code, out, _ = command("verify", "--quick", "--json")
        assert code == expected
        assert json.loads(out)["passed"] is (expected == 0)
        last = json.loads(out)["checks"][-1]
        assert last["error"] == checks[-1].value - 2.0
        assert (last["low"], last["high"]) == (checks[-1].value - 0.1, checks[-1].value + 0.1)
        assert last["range"] == [2.0, 2.0]
        assert last["verdict"] == ("met" if expected == 0 else "missed")


# -- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["classroom", "contact_centre"])
def test_a_scenario_that_is_shown_can_be_given_back(command: Command, name: str) -> None:
    _, out, _ = command("scenario", "show", name)
    Path("mine.toml").write_text(out)
    assert load_scenario("mine.toml") == load_scenario(name)
    code, checked, _ = command("scenario", "check", "mine.toml")
    assert code == 0
    assert checked.startswith("mine.toml is valid")


@pytest.mark.parametrize("name", ["traditional", "inverted"])
def test_a_structure_that_is_shown_can_be_given_back(command: Command, name: str) -> None:
    _, out, _ = command("structure", "show", name)
    Path("mine.toml").write_text(out)
    assert load_structure("mine.toml") == load_structure(name)


def test_a_shown_structure_tells_what_differs_from_the_traditional_one(command: Command) -> None:
    _, out, _ = command("structure", "show", "inverted")
    usual = load_structure("traditional").latitude
    assert f"latitude = {load_structure('inverted').latitude}  # traditional: {usual}" in out
    _, out, _ = command("structure", "show", "traditional")
    assert "# traditional:" not in out


def test_lists_name_everything_with_what_it_is(command: Command) -> None:
    _, out, _ = command("scenario", "list")
    assert "contact_centre" in out
    assert "class-room" in out
    _, out, _ = command("structure", "list")
    assert "inverted" in out
    assert "customers on top" in out


def test_a_new_file_is_valid_and_never_replaces_another_unasked(command: Command) -> None:
    assert command("scenario", "new", "mine.toml", "--from", "classroom")[0] == 0
    written = Path("mine.toml").read_text()
    refused(command("scenario", "new", "mine.toml"), "mine.toml", "exists", "--force")
    assert Path("mine.toml").read_text() == written
    assert command("scenario", "new", "mine.toml", "--force")[0] == 0
    assert load_scenario("mine.toml") == Scenario()


def test_check_lists_what_differs_and_what_will_happen(command: Command) -> None:
    Path("mine.toml").write_text(
        '[workforce]\nfrontline = 30\n[[timeline]]\nday = 100\nstructure = "inverted"\n'
        '[[timeline]]\nday = 900\nset = { "demand.remedy" = 70 }\n'
    )
    code, out, _ = command("scenario", "check", "mine.toml")
    assert code == 0
    assert "1 setting differs" in out
    assert ["workforce.frontline", "30", "24"] in [line.split() for line in out.splitlines()]
    assert "From day 100: inverted\n" in out
    assert "From day 900: demand.remedy = 70; never comes in runs of 750 days" in out


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        ("--help", "numba mesa pandas numpy matplotlib pydantic rich"),
        ("compare --help", "numba mesa pandas numpy matplotlib rich"),
        ("scenario list", "numba mesa pandas matplotlib"),
        ("scenario show", "numba mesa pandas matplotlib"),
        ("structure show inverted", "numba mesa pandas matplotlib"),
    ],
)
def test_help_and_commands_about_files_load_only_what_they_need(words: str, unwanted: str) -> None:
    code = (
        "import sys; from simsvc.cli import app as cli; unwanted = set(sys.argv.pop().split())\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "assert not unwanted & set(sys.modules), unwanted & set(sys.modules)"
    )
    arguments = [sys.executable, "-c", code, *words.split(), unwanted]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


# -- help -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        (),
        *((name,) for name in "compare run verify validate sweep export sensitivity decompose best staff".split()),
        *((name,) for name in "robust calibrate assumptions odd".split()),
        *((name,) for name in "claims trace report demo".split()),
        *(("scenario", name) for name in "show check new".split()),
        ("structure", "show"),
    ],
)
def test_help_gives_an_example(command: Command, path: tuple[str, ...]) -> None:
    code, out, _ = command(*path, "--help")
    assert code == 0
    assert f"\n    simsvc {' '.join(path)}".rstrip() in out


def test_groups_called_alone_print_their_help(command: Command) -> None:
    for path in ((), ("scenario",), ("structure",)):
        code, out, _ = command(*path)
        assert code == 0
        assert "Commands:" in out


def test_version(command: Command) -> None:
    assert command("--version") == (0, f"simsvc {simsvc.__version__}\n", "")


# -- wrong input ------------------------------------------------------------------------------

WRONG_USE = [
    (("comprae",), ("no such command", "comprae", "compare")),
    (("scenario", "shw"), ("no such command", "show")),
    (("compare", "--replicatons", "3"), ("--replicatons", "--replications")),
    (("compare", "classroom", "extra"), ("extra",)),
    (("run", "--days"), ("--days",)),
    (("run", "--days", "ten"), ("--days", "'ten'", "whole number")),
    (("run", "--days", "0"), ("--days", "0", "1 to 100000 days")),
    (("run", "--seed", "-1"), ("--seed", "-1", "0 to")),
    (("compare", "--replications", "0"), ("--replications", "0", "1 to")),
    (("compare", "--workers", "0"), ("--workers", "0", "1 to 1024")),
    (("run", "clasroom"), ("clasroom", "did you mean 'classroom'")),
    (("run", "missing.toml"), ("missing.toml", "no such file")),
    (("run", "--structure", "invrted"), ("invrted", "did you mean 'inverted'")),
    (("compare", "--structure", "traditional", "--structure", "invrted"), ("did you mean 'inverted'",)),
    (("compare", "--structure", "inverted"), ("at least two",)),
    (("compare", "--structure", "inverted", "--structure", "inverted"), ("twice",)),
    (("run", "--set", "workforce.frontline"), ("workforce.frontline", "section.name=value")),
    (("run", "--set", "workforce.frontlin=3"), ("did you mean 'workforce.frontline'",)),
    (("run", "--set", "frontlin=3"), ("did you mean 'workforce.frontline'",)),
    (("run", "--set", "workforce.frontline=0"), ("workforce.frontline = 0", "1 to 100000 people")),
    (("run", "--set", "workforce.frontline=many"), ("'many'", "whole number")),
    (("run", "--set", "demand.remedy=nan"), ("demand.remedy = nan", "finite")),
    (("run", "--set", "market.network=scalefree"), ("'scalefree'", "scale_free", "random")),
    (("compare", "--set", "structure.latitude=0.3"), ("structure.latitude", "--structure")),
    (("decompose", "--set", "structure.latitude=0.3"), ("structure.latitude", "--from and --to")),
    (("best", "--set", "structure.latitude=0.3"), ("structure.latitude", "structure file")),
    (("demo", "--set", "structure.latitude=0.3"), ("structure.latitude", "--structure, twice")),
    (("decompose", "--workers", "0", "--out", "results"), ("--workers", "0", "1 to 1024")),
    (("best", "--workers", "-3"), ("--workers", "-3", "1 to 1024")),
    (("sweep", "design.toml", "--workers", "0"), ("--workers", "0", "1 to 1024")),
    (("sensitivity", "design.toml", "--workers", "0"), ("--workers", "0", "1 to 1024")),
    (("calibrate", "months.csv", "--workers", "0"), ("--workers", "0", "1 to 1024")),
    (("compare", "--workers", "2", "--dask", "tcp://127.0.0.1:8786", "--out", "results"), ("threads", "Dask")),
    (("best", "--metric", "retenton", "--out", "results"), ("did you mean 'retention'",)),
    (("robust", "--over", "asumptions"), ("did you mean 'assumptions'",)),
    (("robust", "--draws", "3", "--out", "results"), ("draws = 3", "40 to 1000000")),
    (("robust", "--set", "structure.latitude=0.3"), ("structure.latitude", "structure file")),
    (("robust", "--draws", "9" * 24), ("--draws", "out of range")),
    (("run", "--sweep", "x", "--number", "9" * 30), ("--number", "out of range")),
    (("staff", "--target", "eighty"), ("--target eighty", "80/20")),
    (("staff", "--target", "100/20"), ("--target 100/20", "less than 100 %")),
    (("best", "--workers", "1025"), ("--workers", "1 to 1024")),
    (("sweep", "design.toml", "--limit", "9" * 20), ("--limit", "out of range")),
    (("compare", "--turn-on", "100000"), ("turn_on = 100000", "1 to 99750")),
    (("validate", "--replications", "1000001"), ("replications = 1000001", "2 to 1000000")),
    (("decompose", "--by", "lever"), ("by = 'lever'", "levers")),
    (("compare", "--precision", "retention"), ("METRIC=HALFWIDTH",)),
    (("compare", "--precision", "retenton=0.01"), ("did you mean 'retention'",)),
    (("compare", "--precision", "retention=nan"), ("finite",)),
    (("compare", "--precision", "retention=much"), ("'much'",)),
    (("scenario", "check", "missing.toml"), ("missing.toml", "no such file")),
    (("scenario", "new", "mine.txt"), ("mine.txt", ".toml")),
    (("scenario", "new", "no/such/folder/mine.toml"), ("mine.toml", "cannot be written")),
    (("structure", "show"), ("NAME",)),
]


def test_progress_of_a_first_compilation_counts_what_is_compiled_now(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Files of another environment lie in the same folder, and are compiled anew."""
    told: list[int] = []
    old, new = (
        getattr(one.function, "__name__", "") for one in [one for one in default_phases() if one.is_compiled][:2]
    )
    monkeypatch.setattr(compiling, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(terminal.ProgressReport, "update", lambda _, done, total: told.append(done))
    (tmp_path / f"phases.{old}-1.py311.1.nbi").touch()
    os.utime(tmp_path / f"phases.{old}-1.py311.1.nbi", (0, 0))
    with frame._compiling_shown():
        (tmp_path / f"phases.{new}-2.py311.1.nbi").touch()
        while not told:
            time.sleep(0.05)
    assert set(told) == {1}


@pytest.mark.parametrize(("arguments", "words"), WRONG_USE, ids=[" ".join(case[0]) for case in WRONG_USE])
def test_wrong_input_is_one_line_that_helps(
    command: Command, arguments: tuple[str, ...], words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame, "compile_first", lambda: pytest.fail("compiles before it refuses"))
    refused(command(*arguments), *words)
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("hidden", "told", "extra", "arguments"),
    [
        ("SALib", "SALib", "analysis", "sensitivity screening.toml"),
        ("sklearn", "scikit-learn", "analysis", "calibrate months.csv classroom --out fitted"),
        ("emcee", "emcee", "analysis", "calibrate months.csv classroom --out fitted"),
        ("openpyxl", "openpyxl", "excel", "export phase runs.xlsx"),
    ],
)
def test_a_command_whose_package_is_missing_says_in_one_line_how_to_install_it(
    command: Command, monkeypatch: pytest.MonkeyPatch, hidden: str, told: str, extra: str, arguments: str
) -> None:
    Path("months.csv").write_text("month,churn\n1,0.02\n2,0.03\n")
    design = 'scenario = "classroom"\nreplications = 1\ndays = 5\n[vary]\n"demand.idiosyncrasy" = '
    Path("screening.toml").write_text(design + "{ low = 0.1, high = 0.9 }\n")
    Path("design.toml").write_text(design + "[0.1]\n")
    simsvc.sweep("design.toml", out="phase")
    before = sorted(Path().rglob("*"))
    monkeypatch.setitem(sys.modules, hidden, None)
    refused(command(*arguments.split()), f"needs the package {told}: pip install 'simsvc[{extra}]'")
    assert sorted(Path().rglob("*")) == before


def test_profiles_and_call_records_need_no_package_but_the_plain_ones() -> None:
    code = (
        "import sys\n"
        "for name in ('SALib', 'sklearn', 'emcee', 'threadpoolctl', 'openpyxl', 'distributed'):\n"
        "    sys.modules[name] = None\n"
        "import pkgutil, simsvc, importlib\n"
        "for found in pkgutil.walk_packages(simsvc.__path__, 'simsvc.'):\n"
        "    if not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_wrong_input_looks_the_same_from_the_shell() -> None:
    found = program("compare", "clasroom")
    refused((found.returncode, found.stdout, found.stderr), "clasroom")


def test_a_folder_for_results_is_checked_before_anything_runs(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("the simulation began")

    monkeypatch.setattr(simsvc, "run", never, raising=False)
    monkeypatch.setattr(simsvc, "compare", never, raising=False)
    Path("file").write_text("mine")
    Path("full").mkdir()
    Path("full/letter.txt").write_text("mine")
    for name in ("run", "compare"):
        refused(command(name, "--out", "file"), "file", "is a file")
        refused(command(name, "--out", "file/below"), "file/below")
        refused(command(name, "--out", "full"), "full", "another folder")
    assert Path("file").read_text() == "mine"


def test_a_comparison_that_never_began_leaves_no_folder(command: Command) -> None:
    refused(command("compare", "--structure", "inverted", "--out", "results"))
    assert not Path("results").exists()


@pytest.mark.parametrize("name", ["compare", "decompose", "best"])
def test_runs_that_all_fail_are_one_line_and_leave_no_folder(
    command: Command, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def failing(*_: Any, **__: Any) -> None:
        assert Path("results").is_dir()
        raise AllRunsFailed("all 20 runs failed; the first: a case has no owner")

    monkeypatch.setattr(simsvc, name, failing, raising=False)
    code, out, err = command(name, "classroom", "--out", "results")
    assert (code, out) == (1, "")
    assert err.endswith("simsvc: all 20 runs failed; the first: a case has no owner\n")
    assert not Path("results").exists()


# -- scripts ----------------------------------------------------------------------------------

ENDINGS: list[tuple[BaseException, int, str]] = [
    (InputError("--out: is\n a file"), 2, "levels: --out: is a file\n"),
    (StoppedEarly("the disk is full"), 1, "levels: the disk is full\n"),
    (AllRunsFailed("all runs failed"), 1, "levels: all runs failed\n"),
    (PermissionError(13, "Permission denied", "table.csv"), 1, "levels: table.csv: Permission denied\n"),
    (KeyboardInterrupt(), 130, "levels: stopped by Ctrl-C\n"),
    (Terminated(), 143, "levels: stopped by a request to end (SIGTERM)\n"),
    (SystemExit(3), 3, ""),
]


@pytest.mark.parametrize(("error", "code", "line"), ENDINGS, ids=[type(case[0]).__name__ for case in ENDINGS])
def test_a_script_ends_like_a_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, line: str
) -> None:
    def levels() -> None:
        raise error

    monkeypatch.setattr(sys, "argv", ["levels.py"])
    with pytest.raises(SystemExit) as stopped:
        run_script(levels, "levels")
    assert (stopped.value.code, capsys.readouterr().err) == (code, line)


def test_a_wrong_option_of_a_script_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def levels(quick: bool = False) -> None:
        raise AssertionError("it began")

    monkeypatch.setattr(sys, "argv", ["levels.py", "--quik"])
    with pytest.raises(SystemExit) as stopped:
        run_script(levels, "levels")
    assert stopped.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("levels: ")
    assert "--quik" in err
    assert err.count("\n") == 1
    assert err.endswith("--help')\n")


# -- terminals and signals --------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(
    ("sent", "code", "line"),
    [
        (signal.SIGINT, 130, "simsvc: stopped by Ctrl-C"),
        (signal.SIGTERM, 143, "simsvc: stopped by a request to end (SIGTERM)"),
    ],
)
def test_a_signal_stops_with_one_line_and_leaves_no_empty_folder(
    tmp_path: Path, sent: signal.Signals, code: int, line: str
) -> None:
    long = "compare classroom --days 2000 --replications 1000 --out results".split()
    with subprocess.Popen(
        [sys.executable, "-m", "simsvc", *long],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(simsvc.__file__).parents[1])},
    ) as process:
        assert process.stderr is not None
        while process.poll() is None and not (tmp_path / "results").exists():
            time.sleep(0.05)
        time.sleep(1.0)  # it is at work; the first line of progress comes after ten seconds
        process.send_signal(sent)
        out, err = process.communicate(timeout=120)
    assert process.returncode == code
    assert out == ""
    assert err.splitlines()[-1] == line
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("columns", ["0", "1", "00", "many"])
def test_a_terminal_without_a_width_gets_everything(
    command: Command, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    code, out, _ = command("structure", "list")
    assert code == 0
    assert "traditional" in out
    _, _, err = command("scenario", "new", "mine.toml")
    assert err.startswith("Written: ")
    assert err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("closing", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_written_nowhere(tmp_path: Path, closing: str) -> None:
    def closed(words: str) -> subprocess.CompletedProcess[str]:
        shell = f"'{sys.executable}' -m simsvc {words} {closing}"
        return subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False, timeout=300)

    found = closed("scenario list")
    assert (found.returncode, found.stderr) == (0, "")
    assert ("contact_centre" in found.stdout) is (closing == "2>&-")
    assert closed("scenario show clasroom").returncode == 2
    found = closed(f"run classroom --days 3 --out '{tmp_path / 'results'}'")
    assert found.returncode == 0
    assert ("Written to" in found.stderr) is (closing == ">&-")
    assert json.loads((tmp_path / "results" / "manifest.json").read_text())["kind"] == "run"
    assert len((tmp_path / "results" / "days.csv").read_text().splitlines()) == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "simsvc", "scenario", "show"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "simsvc: cannot write: No space left on device\n"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    shell = f"'{sys.executable}' -m simsvc scenario show | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
