"""A sweep in pieces, and how far it has come: limits, deadlines, status, points of what is there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from simsvc.cli.sweep import _moment
from simsvc.errors import InputError
from simsvc.sweeps.design import Design
from simsvc.sweeps.status import _pace, status
from simsvc.sweeps.store import Store
from simsvc.sweeps.sweep import Sweep, _Stop, sweep

Command = Callable[..., tuple[int, str, str]]
FILE = """scenario = "classroom"
replications = 3
days = 20
[set]
"market.population" = 60
"market.customers" = 30
[vary]
"workforce.frontline" = [4, 6, 8]
"""


def tiny() -> Design:
    """Eighteen runs of milliseconds."""
    changes = {"market.population": 60, "market.customers": 30}
    return Design("classroom", settings=changes, vary={"workforce.frontline": [4, 6, 8]}, replications=3, days=20)


def test_a_sweep_in_pieces_gives_what_it_gives_at_once(tmp_path: Path) -> None:
    for done in (7, 14, 18):
        assert len(sweep(tiny(), tmp_path / "out", limit=7).runs()) == done
    pd.testing.assert_frame_equal(sweep(tiny(), tmp_path / "out").runs(), sweep(tiny()).runs(), check_exact=True)


def test_no_run_begins_that_would_end_too_late(tmp_path: Path) -> None:
    past = datetime.now() - timedelta(seconds=1)
    assert sweep(tiny(), tmp_path / "out", until=past).runs().empty
    with Sweep(tiny(), tmp_path / "out") as work:
        work.perform(until=datetime.now() + timedelta(hours=1))
        assert work.store.done == 18
    with pytest.raises(InputError, match="limit = 0"):
        sweep(tiny(), limit=0)


def test_a_run_is_expected_to_take_as_long_as_the_longest_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("simsvc.sweeps.sweep.time.time", lambda: now)

    stop = _Stop()
    stop.deadline = 1060.0
    stop.longest = 30.0
    assert not stop.is_set()
    stop.longest = 90.0
    assert stop.is_set()
    assert not stop.was_asked


def test_status_tells_what_is_done_whether_somebody_is_at_work_and_disturbs_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with Sweep(tiny(), folder) as work:
        work.perform(list(work.design.tasks())[:7])
        before = sorted(folder.rglob("*"))
        found = status(folder)
        assert (found.runs, found.done, found.failed, found.left, found.points) == (18, 7, 0, 11, 3)
        assert found.at_work
        assert found.pace
        assert found.pace > 0
        assert found.last
        assert abs(found.last - datetime.now().timestamp()) < 3600
        assert sorted(folder.rglob("*")) == before
    assert status(folder).at_work is False
    Store(folder, tiny()).close()  # asking has left nothing that keeps anybody away
    (folder / "ledger.jsonl").unlink()  # what only the parts know counts
    assert (status(folder).done, status(folder).pace) == (7, None)


def test_status_counts_failures_until_they_are_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broke:
        broke.setattr("simsvc.runs.perform.summary", broken)
        sweep(tiny(), tmp_path / "out", limit=5)
    assert (status(tmp_path / "out").done, status(tmp_path / "out").failed, status(tmp_path / "out").left) == (0, 5, 13)
    sweep(tiny(), tmp_path / "out", retry_failed=True)
    assert (status(tmp_path / "out").done, status(tmp_path / "out").failed, status(tmp_path / "out").left) == (18, 0, 0)


def test_pauses_do_not_slow_the_pace() -> None:
    night = [(10.0 * k, 20.0) for k in range(10)] + [(50_000 + 10.0 * k, 20.0) for k in range(10)]
    assert _pace(night) == pytest.approx(0.1)
    assert _pace(night[:1]) is None


def test_the_command_stops_as_asked_tells_how_far_it_is_and_makes_points_of_chosen_metrics(command: Command) -> None:
    Path("d.toml").write_text(FILE)
    code, _, told = command("sweep", "d.toml", "--limit", "7", "--metric", "mean_wait")
    assert code == 0
    assert "7 of 18 runs done" in told
    assert "Stopped as asked (--limit 7)" in told
    assert set(pd.read_csv("d/points.csv")["metric"]) == set(pd.read_csv("d/changes.csv")["metric"]) == {"mean_wait"}
    code, out, _ = command("sweep", "--status", "d", "--metric", "morale", "--out", "seen")
    assert code == 0
    assert re.search(r"d: 7 of 18 runs done, at 3 points; 0 failed, 11 left\.\s+Nobody is at work on it\.", out)
    assert set(pd.read_csv("seen/points.csv")["metric"]) == {"morale"}
    assert Path("seen/overview.png").stat().st_size > 1000
    code, out, _ = command("sweep", "--status", "d", "--json")
    assert {**json.loads(out), "pace": 0, "last": 0, "seconds_left": 0} == {
        "folder": "d", "runs": 18, "done": 7, "failed": 0, "points": 3, "pace": 0, "at_work": False, "last": 0,
        "left": 11, "seconds_left": 0,
    }  # fmt: skip
    code, out, told = command("sweep", "d.toml", "--until", "1h", "--json")
    assert (code, "Stopped" in told) == (0, False)
    (change, *_) = json.loads(out)["changes"]
    assert change["mean"] == pytest.approx(change["at_highest"] - change["at_lowest"])
    assert change["low"] <= change["mean"] <= change["high"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sweep",), "DESIGN.toml"),
        (("sweep", "d.toml", "--limit", "0"), "--limit: 0 is out of range"),
        (("sweep", "d.toml", "--until", "25:00"), "--until 25:00: should be a time"),
        (("sweep", "d.toml", "--until", "2020-01-01 10:00"), "is past"),
        (("sweep", "d.toml", "--metric", "moral"), "did you mean 'morale'"),
        (("sweep", "--status", "nowhere"), "nowhere: holds no results of a sweep"),
        (("sweep", "d.toml", "--status", "nowhere"), "leave it out"),
        (("sweep", "--status", "d", "--limit", "2", "--estimate"), "runs nothing; leave out --limit and --estimate"),
    ],
)
def test_what_cannot_be_asked_is_one_line(command: Command, arguments: tuple[str, ...], words: str) -> None:
    Path("d.toml").write_text(FILE)
    code, out, told = command(*arguments)
    assert (code, out, told.count("\n")) == (2, "", 1)
    assert words in told
    assert [path.name for path in Path().iterdir()] == ["d.toml"]


def test_times_are_read_as_people_say_them() -> None:
    now = datetime.now()
    assert abs(_moment("90min") - now - timedelta(minutes=90)) < timedelta(seconds=5)
    assert abs(_moment("2h30m") - now - timedelta(hours=2.5)) < timedelta(seconds=5)
    assert abs(_moment("2d") - now - timedelta(days=2)) < timedelta(seconds=5)
    assert _moment("2130-05-01 07:30") == datetime(2130, 5, 1, 7, 30)
    soon = _moment("7:05")
    assert (soon.hour, soon.minute) == (7, 5)
    assert timedelta() < soon - now <= timedelta(days=1)
