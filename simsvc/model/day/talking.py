"""Customers tell others, and the public, what they have met with."""

from __future__ import annotations

from simsvc.model import random as keyed
from simsvc.model.ahead import ask_for
from simsvc.model.compiling import compiled
from simsvc.model.day.customers import settle
from simsvc.model.rows import CaseRow, State
from simsvc.model.rules.word_of_mouth import (
    appeal_of_word,
    chance_of_post,
    people_told,
    reputation_after,
    satisfaction_after_word,
    weight_of_post,
)
from simsvc.scenario.calendar import DAYS_PER_YEAR


@compiled
def friend_told(s: State, i: int, case: CaseRow, k: int) -> int:
    """Whom customer `i` tells of a case as the `k`-th."""
    u, _, _, _ = keyed.uniforms(s.p[0], i, case.day, keyed.TALK, case.number * 64 + k + 1)
    first = s.tie_start[i]
    friends = s.tie_start[i + 1] - first
    return int(s.tie[first + min(int(u * friends), friends - 1)])


@compiled
def talk(s: State, i: int, experience: float, case: CaseRow) -> None:
    """A customer tells others, and perhaps the public."""
    p = s.p[0]
    organisation = s.organisation[0]
    day = organisation.day
    today = s.days[day]
    mean = people_told(experience, p.told_after_good, p.rule_word_of_mouth, p.word_of_mouth)
    u0, u1, _, _ = keyed.uniforms(p, i, case.day, keyed.TALK, case.number * 64)
    if u1 < chance_of_post(p.post_share, experience, p.rule_word_of_mouth, p.word_of_mouth):
        today.posts += 1
        usual = p.post_share * p.contacts_per_year / DAYS_PER_YEAR * organisation.customers
        weight = weight_of_post(usual, p.word_of_mouth)
        organisation.reputation = reputation_after(organisation.reputation, experience, weight)
    good = experience > p.word_of_mouth.good_news
    if mean > 0.0:
        today.talked_good += 1 if good else 0
        today.talked_bad += 0 if good else 1
    told = int(mean + u0)
    friends = s.tie_start[i + 1] - s.tie_start[i]
    if told == 0 or friends == 0:
        return
    coming = friend_told(s, i, case, 0)
    for k in range(min(told, 63)):
        other = coming
        coming = friend_told(s, i, case, k + 1)
        ask_for(s.customers, coming)
        ask_for(s.join_at, coming)
        if good:
            today.told_good += 1
        else:
            today.told_bad += 1
        if s.customers[other].since < 0:
            s.join_at[other] -= appeal_of_word(experience, p.word_of_mouth)
        else:
            friend = s.customers[other]
            friend.satisfaction = satisfaction_after_word(friend.satisfaction, experience, p.word_of_mouth)
            settle(s, other, day)
