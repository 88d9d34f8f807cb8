"""Who serves which kinds of calls: groups of agents with the same skills, told by the user or seen in the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from simsvc.calibration.calls.service_times import LEAST_CALLS
from simsvc.errors import InputError, nearest

LEAST_SERVED = 5
"""Calls of a kind that an agent must have served to count as skilled in it."""
LEAST_SHARE = 0.2
"""And so much of what would have been his, had he got calls of every kind as often as all agents together."""
FORM = "should be GROUP: KIND, KIND; GROUP: KIND, for example 'en: sales, service; es: sales', or records"


class Group(NamedTuple):
    """Agents with the same skills: kinds of calls they serve; how many the records know, 1 if they were not asked."""

    name: str
    kinds: tuple[str, ...]
    agents: int = 1


def read_skills(text: str, kinds: Sequence[str]) -> list[Group]:
    """Groups as people write them: `en: sales, service; es: sales`; `*` stands for every kind.

    Raises:
        InputError: if the text says something else, or a kind is unknown or left to nobody.
    """
    groups: dict[str, tuple[str, ...]] = {}
    for part in filter(str.strip, text.split(";")):
        name, colon, rest = (word.strip() for word in part.partition(":"))
        served = tuple(dict.fromkeys(word for word in map(str.strip, rest.split(",")) if word))
        if not (name and colon):
            raise InputError(f"--skills {part.strip()}: {FORM}")
        if name in groups:
            raise InputError(f"--skills: group {name} is there twice")
        if not served:
            raise InputError(f"--skills: group {name} serves no kind of call; kinds: {', '.join(kinds)}")
        for kind in served:
            if kind not in (*kinds, "*"):
                raise InputError(
                    f"--skills: group {name}: there is no kind '{kind}'{nearest(kind, kinds)}; kinds: "
                    f"{', '.join(kinds)}"
                )
        groups[name] = tuple(kinds) if "*" in served else served
    if not groups:
        raise InputError(f"--skills: {FORM}")
    _check_all_served(kinds, (kind for served in groups.values() for kind in served))
    return [Group(name, served) for name, served in groups.items()]


def seen_skills(agents: pd.Series[Any], types: pd.Series[Any], kinds: Sequence[str]) -> list[Group]:
    """Groups by who has served what: agents with the same skills make a group.

    An agent of at least `LEAST_CALLS` calls is skilled in the kinds of which he served at least `LEAST_SERVED` calls
    and `LEAST_SHARE` of what would have been his share: less may have come to him by mistake. If nobody is skilled in
    a kind, whoever has served it counts as skilled.

    Args:
        agents: who served each call, None where nobody known did.
        types: kind of each of them, one of `kinds`.
        kinds: of calls.

    Raises:
        InputError: if no agent is known, or nobody has served a kind.
    """
    seen = pd.crosstab(agents, types).reindex(columns=list(kinds), fill_value=0)
    seen = seen[seen.sum(axis=1) >= LEAST_CALLS]
    if seen.empty:
        raise InputError(
            f"--skills records: the records name no agent with {LEAST_CALLS} calls or more; say who serves what, for "
            "example --skills 'en: sales, service; es: sales'"
        )
    count = seen.to_numpy()
    usual = np.outer(count.sum(axis=1), count.sum(axis=0)) / count.sum()
    skilled = (count >= LEAST_SERVED) & (count >= LEAST_SHARE * usual)
    skilled |= (count > 0) & ~skilled.any(axis=0)
    sets = [tuple(kind for kind, can in zip(kinds, row, strict=True) if can) for row in skilled]
    sizes = Counter(served for served in sets if served)
    _check_all_served(kinds, (kind for served in sizes for kind in served))
    ordered = sorted(sizes, key=lambda served: (-sizes[served], served))
    return [Group(f"G{number}", served, sizes[served]) for number, served in enumerate(ordered, 1)]


def _check_all_served(kinds: Iterable[str], served: Iterable[str]) -> None:
    left = sorted(set(kinds) - set(served))
    if left:
        raise InputError(f"--skills: nobody serves calls of the kind {', '.join(left)}, and such calls come")
