"""Which levers of a chart are taken over: by component of the flip, by decision domain, one by one.

Structure files, timelines and `ServiceOrganization.restructure` select by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simsvc.errors import InputError, nearest
from simsvc.scenario.structure import COMPONENTS, Structure

SELECTORS = ("components", "levers", "domains")
"""The ways to select, as structure files and timelines call them."""

DOMAINS: dict[str, tuple[str, ...]] = {
    # money paid on claims: who may grant how much, what happens to what they may not, how policy reacts
    "remedies": (
        "frontline_limit",
        "manager_limit",
        "director_limit",
        "escalation",
        "approver_strictness",
        "ratchet",
        "adaptive_limits",
        "generosity",
    ),
    # how far one may go to fit a solution to a need: from the script, and into another department
    "solutions": ("latitude", "permeability"),
    # direction: what managers spend time on, whom they listen to, what they steer by and make known
    "priorities": (
        "share_control",
        "share_coaching",
        "share_floor",
        "share_causes",
        "kpi",
        "report_weight",
        "reports_answered",
        "information_share",
        "clarity",
        "upkeep",
    ),
    # management of staff
    "people": (
        "recognition",
        "selectivity",
        "training_days",
        "peer_learning",
        "promotion",
        "pay",
        "smile_training",
        "replace_unsuited",
    ),
}
"""Decision domains and their levers; every lever lies in exactly one (C8).

`remedies` and `solutions` are decisions about a customer's case; `priorities` and `people` are
direction and management. `escalation` counts as a remedy although it also holds for solutions that
go too far: what is passed up is mostly money.
"""


def select_levers(
    components: Sequence[str] = (), levers: Sequence[str] = (), domains: Sequence[str] = ()
) -> tuple[str, ...]:
    """Names of the levers that belong to any of what is named; all levers if nothing is.

    Args:
        components: components of the flip, see `simsvc.scenario.structure.COMPONENTS`.
        levers: single levers.
        domains: decision domains, see `DOMAINS`.

    Raises:
        InputError: for an unknown name, with the nearest valid one.
    """
    _known("component", components, COMPONENTS)
    _known("lever", levers, Structure.model_fields)
    _known("domain", domains, DOMAINS)
    if not components and not levers and not domains:
        return tuple(Structure.model_fields)
    of_domains = {lever for domain in domains for lever in DOMAINS[domain]}
    return tuple(
        lever
        for lever in Structure.model_fields
        if lever in levers or lever in of_domains or Structure.component_of(lever) in components
    )


def _known(kind: str, names: Iterable[str], valid: Iterable[str]) -> None:
    valid = list(valid)
    for name in names:
        if name not in valid:
            have = f"have: {', '.join(valid)}" if len(valid) < 10 else "see simsvc structure show traditional"
            raise InputError(f"there is no {kind} '{name}'{nearest(name, valid)}; {have}")
