"""How much memory a run needs, told before the system ends the program for it."""

from __future__ import annotations

import contextlib
import math
import os
from pathlib import Path

from simsvc.errors import InputError
from simsvc.model.people import CustomerRow
from simsvc.model.rows import LAYOUTS
from simsvc.scenario.settings import Scenario

_BESIDE_ROW = 24
"""Bytes for every person in tables of their own: next contact, joining, place in the network."""
_PER_TIE = 8
"""Bytes for every tie of a person while the network is made: twice a number of 4 bytes."""
_CONTROL_GROUP = Path("/sys/fs/cgroup/memory.max")


def bytes_needed(scenario: Scenario) -> int:
    """Memory (bytes) that the people of a scenario take; they are what large runs are made of."""
    market = scenario.market
    return market.population * (LAYOUTS[CustomerRow].itemsize + _BESIDE_ROW + _PER_TIE * market.ties)


def bytes_allowed() -> float:
    """Memory (bytes) that this process may have at most, whatever others use now; infinite where that is not told."""
    limits = [math.inf]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    try:
        import resource
    except ImportError:  # Windows
        return limits[-1]
    space = resource.getrlimit(resource.RLIMIT_AS)[0]
    limits += [space] if space != resource.RLIM_INFINITY else []
    with contextlib.suppress(OSError, ValueError):  # no such group, or "max"
        limits.append(int(_CONTROL_GROUP.read_text()))
    return min(limits)


def too_large(scenario: Scenario) -> InputError:
    """The error that says what a run needs and what decides it."""
    market = scenario.market
    return InputError(
        f"a run of this size needs about {bytes_needed(scenario) / 1e9:.2g} GB of memory, more than there is: "
        f"market.population = {market.population}, market.ties = {market.ties}"
    )


def check_memory(scenario: Scenario) -> None:
    """See that a run could fit into memory.

    Raises:
        InputError: if not.
    """
    if bytes_needed(scenario) > bytes_allowed():
        raise too_large(scenario)
