"""The event list and its calendar: events come in order of time, and simultaneous ones as they were noted."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import pytest
from tiny import organisation

from simsvc.model.compiling import entry
from simsvc.model.day.events import begin_calendar, next_event, pop_event, push_event
from simsvc.model.rows import State

CASES = 40


@entry
def push_one(s: State, time: float, case: int) -> None:
    push_event(s, time, case)


@entry
def pop_one(s: State) -> tuple[float, int]:
    time = next_event(s)
    return time, pop_event(s)


@entry
def when_next(s: State) -> float:
    return next_event(s)


@entry
def next_morning(s: State) -> None:
    begin_calendar(s)


def _state(slots: int) -> State:
    state = organisation().state
    now = state.organisation[0]
    now["slot"], now["events"], now["later"], now["sequence"] = -1, 0, 0, 0
    return state._replace(calendar=np.full(slots, -1, np.int32))


@pytest.mark.parametrize("slots", [1, 7, 64])
@pytest.mark.parametrize("seed", range(4))
def test_events_come_in_order_whatever_the_calendar(slots: int, seed: int) -> None:
    state, luck = _state(slots), np.random.default_rng(seed)
    free, expected, order, now = list(range(CASES)), [], 0, 0.0
    for _ in range(600):
        if free and luck.random() < 0.55:
            # often the same minute, often far off, at times after closing (480), and a change of shift now and then
            time = now + float(luck.choice([0.0, 1.0, luck.uniform(0.0, 30.0), luck.uniform(0.0, 600.0)]))
            shift = luck.random() < 0.05 and all(case >= 0 for _, _, case in expected)
            case = -3 if shift else free.pop()
            push_one(state, time, case)
            heapq.heappush(expected, (time, order, case))
            order += 1
        elif expected:
            now, _, case = heapq.heappop(expected)
            assert pop_one(state) == (now, case)
            free += [case] if case >= 0 else []
        left = state.organisation[0]
        assert left["events"] + left["later"] == len(expected)
    assert when_next(state) == (expected[0][0] if expected else np.inf)


def test_what_goes_on_overnight_comes_in_order_on_the_next_day() -> None:
    state = _state(48)  # ten minutes each
    for time, case in ((470.0, 1), (900.0, 2), (485.0, 3)):
        push_one(state, time, case)
    assert pop_one(state) == (470.0, 1)
    assert when_next(state) == 485.0, "nobody takes it today"
    state.organisation["day"] = 1
    next_morning(state)
    for time, case in ((489.0, 4), (481.0, 5), (900.0, 6), (700.0, 7)):
        push_one(state, time, case)
    assert state.organisation["later"][0] == 4, "in the calendar of the day"
    assert [pop_one(state) for _ in range(2)] == [(481.0, 5), (485.0, 3)]
    assert state.organisation["later"][0] == 2, "only the first slot was opened"
    assert [pop_one(state)[1] for _ in range(4)] == [4, 7, 2, 6]
    assert when_next(state) == np.inf


def test_a_day_without_moments_of_truth_loses_no_event() -> None:
    model: Any = organisation()
    state = model.state._replace(calendar=np.full(48, -1, np.int32))
    next_morning(state)
    for time, case in ((100.0, 1), (20.0, 2)):
        push_one(state, time, case)
    state.organisation["day"] = 1
    next_morning(state)
    push_one(state, 490.0, 3)
    assert [pop_one(state)[1] for _ in range(3)] == [2, 1, 3]
