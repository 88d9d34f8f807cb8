"""Agents who serve some kinds of calls only: where the answer is known it is found, and bad input gets one line."""

from __future__ import annotations

import itertools
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from calibration.test_reading_calls import CALLS, file, run

from simsvc.calibration.calls.skill_routing import BATCHES, SharedQueues, served_in_time
from simsvc.calibration.calls.skills import Group, read_skills, seen_skills
from simsvc.errors import InputError
from simsvc.evidence.service_level import served_within, servers_needed

SOON = 20.0 / 3600.0
MINUTE = 1.0 / 60.0
KINDS = ("sales", "service", "billing")
PAGE = Path(__file__).parents[2] / "docs" / "calibration.md"


def queues(
    rates: tuple[float, ...], minutes: tuple[float, ...], patience: float, skills: list[list[int]], most: int = 0
) -> SharedQueues:
    return SharedQueues(
        np.array(rates), np.array(minutes) * MINUTE, patience * MINUTE, np.array(skills, bool), SOON, most
    )


def test_calls_are_routed_as_by_hand() -> None:
    """One agent serves kind 0 (a), one both (b). What counts is a wait of at most 7.5.

    0 goes to a, who has fewer skills, so that 1 finds b. a is free at 10 and takes 3, which waited 7; b at 11 takes 2,
    the first of those waiting, after 9; 4 gave up at 7, so that a takes 5 at 15, after 7; b takes 6 at 16, after 7.
    """
    assert BATCHES == 20  # of as many calls: one each
    arrive = np.array([0, 1, 2, 3, 4, 8, 9, *range(100, 230, 10)], float)
    kinds = np.array([0, 1, 1, 0, 0, 0, 1, *[0] * 13])
    work = np.array([10, 10, 5, 5, 5, 30, 1, *[1] * 13], float)
    patience = np.full(20, np.inf)
    patience[4] = 3.0
    skills = np.array([[True, False], [True, True]])
    count = served_in_time(arrive, kinds, work, patience, skills, np.array([1, 1]), 7.5)
    assert count.sum(axis=1).tolist() == [1, 1, 0, 1, 0, 1, 1, *[1] * 13]
    assert count[:7, 1].tolist() == [0, 1, 0, 0, 0, 0, 1]
    none = served_in_time(arrive, kinds, work, patience, skills, np.array([3, 0]), 7.5)
    assert none.sum(axis=0).tolist() == [17, 0]  # nobody serves kind 1


@pytest.mark.parametrize(("patience", "agents"), [(math.inf, 6), (5.0, 5), (2.0, 4), (5.0, 40)])
def test_one_group_with_all_skills_is_erlang(patience: float, agents: int) -> None:
    """Levels of each kind, within four standard errors of the simulation; calls are 4.4 minutes of work an agent."""
    rate = 22.0 * agents
    found = queues((0.7 * rate, 0.3 * rate), (2.0, 2.0), patience, [[1, 1]], agents).intervals([agents])
    exact = served_within(rate, 30.0, agents, 60.0 / patience, SOON)
    assert 0.6 < exact < 0.999
    for level in found:
        assert abs(level.mean - exact) < 2 * level.half_width
        assert 0 < level.half_width < 0.02


@pytest.mark.parametrize("patience", [math.inf, 5.0])
def test_where_skills_are_all_or_one_the_need_is_erlangs(patience: float) -> None:
    leave, rates = 60.0 / patience, (55.0, 25.0)

    def clearly(rate: float) -> int:
        """Agents needed, where the level is not so near the target that luck may decide."""
        needed = servers_needed(rate, 20.0, leave, 0.8, SOON)
        beside = [served_within(rate, 20.0, number, leave, SOON) for number in (needed - 1, needed)]
        assert beside[0] < 0.775
        assert beside[1] > 0.825
        return needed

    pooled, separate = clearly(sum(rates)), [clearly(rate) for rate in rates]
    all_skills = queues(rates, (3.0, 3.0), patience, [[1, 1]])
    assert all_skills.needed(0.8, [1], 1).tolist() == [pooled]  # though it may begin below
    assert all_skills.needed(0.8, [1], pooled).tolist() == [pooled]
    one_each = queues(rates, (3.0, 3.0), patience, [[1, 0], [0, 1]])
    assert one_each.needed(0.8, [1, 1], pooled).tolist() == separate


@pytest.mark.parametrize(
    "skills", [[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [[1, 1, 0], [0, 1, 1], [1, 0, 1]], [[1, 0, 0], [1, 1, 1]]]
)
def test_the_need_lies_between_pooled_and_separate_and_none_is_too_many(skills: list[list[int]]) -> None:
    rates, minutes = (50.0, 30.0, 12.0), (2.5, 4.0, 6.0)
    work = sum(rate * time for rate, time in zip(rates, minutes, strict=True))
    pooled = servers_needed(sum(rates), 60.0 * sum(rates) / work, 20.0, 0.8, SOON)
    separate = sum(
        servers_needed(rate, 60.0 / time, 20.0, 0.8, SOON) for rate, time in zip(rates, minutes, strict=True)
    )
    shared = queues(rates, minutes, 3.0, skills)
    agents = shared.needed(0.8, [1] * len(skills), pooled)
    assert pooled <= agents.sum() <= separate
    assert shared.levels(agents).min() >= 0.8
    for group in np.flatnonzero(agents):
        fewer = agents - np.eye(len(agents), dtype=int)[group]
        assert fewer.sum() < pooled or shared.levels(fewer).min() < 0.8
    again = queues(rates, minutes, 3.0, skills)
    assert again.needed(0.8, [1] * len(skills), pooled).tolist() == agents.tolist()
    assert again.intervals(agents) == shared.intervals(agents)


def test_the_example_of_the_page_is_what_comes_out() -> None:
    one_queue = servers_needed(100.0, 20.0, 12.0, 0.8, SOON)
    some = queues((60.0, 40.0), (3.0, 3.0), 5.0, [[1, 0], [1, 1]]).needed(0.8, [1, 1], one_queue)
    apart = sum(servers_needed(rate, 20.0, 12.0, 0.8, SOON) for rate in (60.0, 40.0))
    told = (
        f"take {one_queue} agents for 80/20 if all serve both, {some.sum()} ({some[0]} and {some[1]}) if some serve "
        f"sales only and some both, and {apart} if nobody serves both."
    )
    assert told in " ".join(PAGE.read_text("utf-8").split())


def test_no_mix_with_fewer_agents_is_enough() -> None:
    """All of them are tried: three groups in a chain, where one queue for all would take one agent fewer."""
    shared = queues((30.0, 57.0, 38.0), (2.9, 5.0, 4.7), math.inf, [[1, 0, 0], [1, 1, 0], [0, 1, 1]])
    pooled = servers_needed(125.0, 60.0 * 125.0 / (30.0 * 2.9 + 57.0 * 5.0 + 38.0 * 4.7), 0.0, 0.8, SOON)
    assert shared.needed(0.8, [1, 1, 1], pooled).sum() == pooled + 1
    for first, second in itertools.product(range(pooled + 1), repeat=2):
        if first + second <= pooled:
            assert shared.levels([first, second, pooled - first - second]).min() < 0.8


def test_more_agents_never_look_worse_by_luck() -> None:
    shared = queues((60.0, 40.0), (3.0, 3.0), math.inf, [[1, 1]])
    levels = np.array([shared.levels([number]) for number in range(5, 14)])
    assert (np.diff(levels, axis=0) >= 0).all()
    assert levels[0].max() < 0.2
    assert levels[-1].min() > 0.98


def test_skills_are_read_as_people_write_them() -> None:
    groups = read_skills("en: sales, service; es:sales ;float: *;", KINDS)
    assert groups == [Group("en", ("sales", "service")), Group("es", ("sales",)), Group("float", KINDS)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("en: sales, servise, billing; es: *", "group en: there is no kind 'servise'; did you mean 'service'?"),
        ("en: sales, service; es: sales", "nobody serves calls of the kind billing, and such calls come"),
        ("en: *; es:", "group es serves no kind of call; kinds: sales, service, billing"),
        ("en: *; en: sales", "group en is there twice"),
        ("sales, service", "--skills sales, service: should be GROUP: KIND, KIND"),
        (": sales", "should be GROUP: KIND, KIND"),
        (" ; ", "should be GROUP: KIND, KIND"),
    ],
)
def test_skills_that_cannot_be_are_told_in_a_line(text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_skills(text, KINDS)
    assert told in str(caught.value)
    assert str(caught.value).startswith("--skills")
    assert "\n" not in str(caught.value)


def served(**numbers: dict[str, int]) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Who served calls, and their kinds, from numbers by agent and kind."""
    rows = [(who, kind) for who, kinds in numbers.items() for kind, n in kinds.items() for _ in range(n)]
    calls = pd.DataFrame(rows, columns=["agent", "type"])
    return calls["agent"], calls["type"]


def test_agents_who_have_served_the_same_make_a_group_and_strays_no_skill() -> None:
    """Of a, 4 calls of service are too few; of b, 10 of a third of all are less than a fifth of his share (2.2 %)."""
    both, only = {"sales": 200, "service": 150}, {"sales": 300, "service": 4}
    much = {"sales": 440, "service": 10}
    groups = seen_skills(*served(a=only, b=much, c=both, d=both, e=both, f={"service": 29}), ("sales", "service"))
    assert groups == [Group("G1", ("sales", "service"), 3), Group("G2", ("sales",), 2)]


def test_a_kind_that_few_have_served_is_left_to_them() -> None:
    calls = served(a={"sales": 100, "rare": 1}, b={"sales": 100})
    assert seen_skills(*calls, ("sales", "rare")) == [Group("G1", ("sales",), 1), Group("G2", ("sales", "rare"), 1)]
    with pytest.raises(InputError, match="--skills: nobody serves calls of the kind odd"):
        seen_skills(*calls, ("sales", "rare", "odd"))


AGENTS, EITHER = CALLS["agent"].to_numpy(), np.where(CALLS.index % 2, "service", "sales")
TYPES = np.where(np.isin(AGENTS, ["A1", "A2"]), "sales", np.where(AGENTS == "A3", "service", EITHER))


def test_the_command_writes_agents_by_group(tmp_path: Path) -> None:
    path, out = file(tmp_path / "calls.csv", type=TYPES), tmp_path / "o"
    result = run(str(path), "--staff", "80/20", "--skills", "records", "--slot", "120", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "- G1 (agents in the records: 3): sales, service" in result.stdout
    by_group = pd.read_csv(out / "required_staff_by_group.csv")
    assert list(by_group.columns) == ["hour", "group", "kinds", "agents"]
    assert by_group.groupby("group")["kinds"].first().tolist() == ["sales, service", "sales", "service"]
    table = pd.read_csv(out / "required_staff.csv")
    assert (table["shared"].to_numpy() == by_group.groupby("hour")["agents"].sum().to_numpy()).all()
    assert (table["shared"] >= table["erlang_a"]).all()
    assert (table["shared"] <= table["separate"]).all()
    assert f"With these skills {table['shared'].max()}, so" in " ".join(result.stdout.split())
    by_type = pd.read_csv(out / "required_staff_by_type.csv")
    assert (by_type["shared_level"] >= 0.8).all()
    assert ((by_type["low"] < by_type["shared_level"]) & (by_type["shared_level"] < by_type["high"])).all()
    assert json.loads((out / "result.json").read_text())["groups"][1] == {
        "group": "G2", "kinds": ["sales"], "agents_seen": 2,
    }  # fmt: skip
    told = run(str(path), "--staff", "80/20", "--skills", "all: *", "--slot", "120", "--json")
    parts = json.loads(told.stdout)
    assert [part["shared"] for part in parts["parts"]] == [part["agents"] for part in parts["by_group"]]


@pytest.mark.parametrize(
    ("columns", "options", "told"),
    [
        ({"type": TYPES}, ["--skills", "all: *"], "--skills: goes with --staff PERCENT/SECONDS"),
        ({}, ["--staff", "80/20", "--skills", "all: *"], "--skills: the records tell fewer than two kinds of calls"),
        ({"type": TYPES, "agent": None}, ["--staff", "80/20", "--skills", "records"], "the records name no agent"),
    ],
)
def test_records_that_do_not_tell_are_told_in_a_line(
    tmp_path: Path, columns: dict[str, Any], options: list[str], told: str
) -> None:
    result = run(str(file(tmp_path / "calls.csv", **columns)), *options)
    assert result.exit_code != 0
    assert told in str(result.exception)


def test_the_example_of_the_page_is_what_is_found() -> None:
    page = " ".join(PAGE.read_text("utf-8").split())
    said = re.search(
        r"(\d+) calls for sales and (\d+) for service an hour, (\d+) minutes each, with a patience of (\d+) minutes, "
        r"take (\d+) agents for 80/20 if all serve both, (\d+) \((\d+) and (\d+)\) if some serve sales only and some "
        r"both, and (\d+) if nobody serves both",
        page,
    )
    assert said
    sales, service, minutes, patience, pooled, shared, only, both, separate = map(int, said.groups())
    rate, leave = 60.0 / minutes, 60.0 / patience
    assert servers_needed(sales + service, rate, leave, 0.8, SOON) == pooled
    assert sum(servers_needed(one, rate, leave, 0.8, SOON) for one in (sales, service)) == separate
    two = queues((sales, service), (minutes, minutes), patience, [[1, 0], [1, 1]])
    assert two.needed(0.8, [1, 1], pooled).tolist() == [only, both]
    assert only + both == shared
