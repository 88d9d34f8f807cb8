"""The known answers. Statistical tests run with fixed seeds; their docstrings state the error rate."""

from __future__ import annotations

import json
import math
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from simsvc.errors import InputError
from simsvc.evidence.known_answers import ERROR_RATE, Check, standard_lost, verify
from simsvc.evidence.queueing import (
    BATCHES,
    erlang_a,
    erlang_c,
    estimate,
    observe,
    pooled_time,
    queue_scenario,
    simulate_queue,
    two_tier_time,
)

SCRIPT = Path(__file__).parents[2] / "experiments" / "verify_queue.py"


@pytest.fixture(scope="module")
def checks() -> list[Check]:
    return verify(quick=True)


# -- formulas ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "p_wait", "mean_wait"),
    [
        ((8, 5, 2), 0.71111111, 0.35555556),
        ((45, 6, 8), 0.80725255, 0.26908418),
        ((100, 4, 28), 0.45729958, 0.03810830),
    ],
)
def test_erlang_c_gives_the_published_points(point: tuple[float, float, int], p_wait: float, mean_wait: float) -> None:
    exact = erlang_c(*point)
    assert exact.p_wait == pytest.approx(p_wait, abs=5e-9)
    assert exact.mean_wait == pytest.approx(mean_wait, abs=5e-9)
    assert exact.p_abandon == 0


@pytest.mark.parametrize(
    ("point", "p_wait", "p_abandon"),
    [
        ((12, 5, 2, 1), 0.85957585, 0.24238557),
        ((60, 6, 10, 2), 0.66353092, 0.09192603),
        ((100, 4, 25, 4), 0.52660153, 0.07952295),
    ],
)
def test_erlang_a_gives_the_published_points(
    point: tuple[float, float, int, float], p_wait: float, p_abandon: float
) -> None:
    exact = erlang_a(*point)
    assert exact.p_wait == pytest.approx(p_wait, abs=5e-9)
    assert exact.p_abandon == pytest.approx(p_abandon, abs=5e-9)
    # whoever waits gives up at a constant rate, so the two are tied
    assert exact.p_abandon == pytest.approx(point[3] * exact.mean_wait)


def test_endless_patience_turns_erlang_a_into_erlang_c() -> None:
    patient, never = erlang_a(8, 5, 2, 1e-7), erlang_c(8, 5, 2)
    assert patient.p_wait == pytest.approx(never.p_wait, rel=1e-6)
    assert patient.mean_wait == pytest.approx(never.mean_wait, rel=1e-6)


def test_people_as_impatient_as_service_is_fast_make_the_queue_an_infinite_server() -> None:
    """With equal rates the number present is Poisson, whatever the number of servers."""
    load, servers = 3.0, 4
    below = sum(math.exp(-load) * load**k / math.factorial(k) for k in range(servers))
    assert erlang_a(15, 5, servers, 5).p_wait == pytest.approx(1 - below)


def test_a_hopelessly_overloaded_queue_loses_what_it_cannot_serve() -> None:
    assert erlang_a(1000, 5, 2, 0.001).p_abandon == pytest.approx(0.99)


def test_a_queue_that_grows_for_ever_has_no_answer() -> None:
    with pytest.raises(InputError, match="unstable"):
        erlang_c(10, 5, 2)


def test_pooling_beats_tiers_by_arithmetic_alone() -> None:
    assert two_tier_time(50, 6, 10, 0.3, 4, 5) == pytest.approx(0.31813507, abs=5e-9)
    assert pooled_time(50, 6, 0.3, 4, 15) == pytest.approx(0.2695, abs=5e-5)


# -- the model --------------------------------------------------------------------------------


def test_every_known_answer_is_met(checks: list[Check]) -> None:
    """Each statistical check fails a correct model with other draws with probability `ERROR_RATE`."""
    assert [f"{c.name}: {c.value} instead of {c.expected} ± {c.tolerance}" for c in checks if not c.passed] == []
    assert ERROR_RATE * len(checks) < 0.005


def test_every_check_has_a_name_of_its_own_and_says_where_its_answer_is_from(checks: list[Check]) -> None:
    assert len({c.name for c in checks}) == len(checks)
    assert all(c.question and c.source and c.unit for c in checks)


def test_no_tolerance_swallows_its_answer(checks: list[Check]) -> None:
    assert all(c.tolerance <= 0.25 * abs(c.expected) for c in checks if c.unit in ("share", "h", "%"))


def test_the_core_of_oliva_and_sterman_comes_from_a_surge_and_a_ratchet() -> None:
    assert standard_lost(0.0, 10) == 0  # no surge yet, nothing lost
    assert standard_lost(0.0, 200) == standard_lost(0.0, 22)  # lost for good
    assert standard_lost(0.35, 104) > standard_lost(1.0, 104) > 0


def test_a_wrong_queue_is_found_out() -> None:
    """The tolerances are tight enough to see one per cent more work: detected here by over 10 standard errors."""
    scenario = queue_scenario(12, 5 / 1.01, 2, 1)
    wrong = estimate(scenario, observe(scenario, 400_000), ["abandoned"], ("calls_judged", "abandoned"))
    right = erlang_a(12, 5, 2, 1).p_abandon
    assert abs(wrong.value - right) > wrong.half_width(ERROR_RATE)
    assert wrong.value == pytest.approx(erlang_a(12, 5 / 1.01, 2, 1).p_abandon, abs=wrong.half_width(ERROR_RATE))


def test_intervals_cover_as_often_as_they_say() -> None:
    """Of 20 intervals of 95 %, 16 or more cover with probability 0.997."""
    exact = erlang_a(12, 5, 2, 1)
    covered = 0
    for seed in range(20):
        found = simulate_queue(12, 5, 2, 1, contacts=40_000, seed=seed)["p_abandon"]
        covered += abs(found.value - exact.p_abandon) <= found.half_width(0.05)
    assert covered >= 16


def test_a_run_too_short_for_a_busy_queue_is_refused() -> None:
    with pytest.raises(InputError, match="too few"):
        simulate_queue(9.9, 5, 2, contacts=BATCHES * 100)


# -- the script -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def command() -> typer.Typer:
    """The script as a command within this process: starting Python again takes seconds each time."""
    app = typer.Typer()
    app.command()(runpy.run_path(str(SCRIPT))["main"])
    return app


@pytest.mark.parametrize("patience", [None, 1.0])
def test_the_script_checks_a_queue(command: typer.Typer, patience: float | None) -> None:
    """Wrong for a correct model and other draws with probability under 0.001: three intervals, doubled."""
    options = [] if patience is None else ["--patience", str(patience)]
    queue = ["--arrivals", "7", "--service", "4", "--servers", "3", *options, "--contacts", "300000", "--json"]
    done = CliRunner().invoke(command, queue)
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    exact = erlang_c(7, 4, 3) if patience is None else erlang_a(7, 4, 3, patience)
    assert set(result) == {"p_wait", "mean_wait", "p_abandon"}
    for name, row in result.items():
        assert row["exact"] == pytest.approx(getattr(exact, name))
        assert row["low"] <= row["simulated"] <= row["high"]
        assert abs(row["simulated"] - row["exact"]) <= row["high"] - row["low"]
    if patience is None:
        assert result["p_abandon"] == {"simulated": 0, "exact": 0, "low": 0, "high": 0}


def test_the_script_prints_a_table(command: typer.Typer) -> None:
    queue = "--arrivals 12 --service 5 --servers 2 --patience 1 --contacts 50000"
    done = CliRunner().invoke(command, queue.split())
    assert done.exit_code == 0, done.output
    assert "share that gives up" in done.stdout
    assert "0.242386" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("--arrivals -1 --service 5 --servers 2", "arrivals = -1"),
        ("--arrivals nan --service 5 --servers 2", "arrivals = nan"),
        ("--arrivals 8 --service inf --servers 2", "service = inf"),
        ("--arrivals 8 --service 5 --servers 0", "servers = 0"),
        ("--arrivals 10 --service 5 --servers 2", "unstable"),
        ("--arrivals 10 --service 5 --servers 2 --patience -1", "patience = -1"),
        ("--arrivals 10 --service 5 --servers 2 --patience nan", "patience = nan"),
        ("--arrivals 8 --service 5 --servers 2 --contacts 10", "contacts = 10"),
        ("--arrivals 8 --service 5 --servers 2 --seed -1", "seed = -1"),
        ("--arrivals 8 --service 1e9 --servers 2", "service_minutes"),
        ("--arrivals 1e9 --service 5 --servers 2 --patience 1", "open_minutes"),
        ("--arrivals 1e-9 --service 5 --servers 2", "arrivals = 1e-09"),
        ("--arrivals 9.9999 --service 5 --servers 2", "too few"),
    ],
)
def test_bad_input_gives_one_clear_line(command: typer.Typer, arguments: str, complaint: str) -> None:
    with pytest.raises(InputError) as wrong:
        command(arguments.split(), standalone_mode=False)
    assert len(str(wrong.value).splitlines()) == 1
    assert complaint in str(wrong.value)


def test_bad_input_ends_the_process_with_code_2() -> None:
    queue = ["--arrivals", "10", "--service", "5", "--servers", "2"]
    done = subprocess.run([sys.executable, str(SCRIPT), *queue], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("verify_queue: unstable queue")
