"""Which levers of a chart are taken over: by component of the flip, by decision domain, one by one.

Structure files, timelines and `ServiceOrganization.restructure` select by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simsvc.errors import InputError, nearest
from simsvc.scenario.structure import COMPONENTS, DOMAINS, Structure

SELECTORS = ("components", "levers", "domains")
"""The ways to select, as structure files and timelines call them."""


def select_levers(
    components: Sequence[str] = (), levers: Sequence[str] = (), domains: Sequence[str] = ()
) -> tuple[str, ...]:
    """Names of the levers that belong to any of what is named; all levers if nothing is.

    Args:
        components: components of the flip, see `simsvc.scenario.structure.COMPONENTS`.
        levers: single levers.
        domains: decision domains, see `simsvc.scenario.structure.DOMAINS`.

    Raises:
        InputError: for an unknown name, with the nearest valid one.
    """
    _known("component", components, COMPONENTS)
    _known("lever", levers, Structure.model_fields)
    _known("domain", domains, DOMAINS)
    if not components and not levers and not domains:
        return tuple(Structure.model_fields)
    return tuple(
        lever
        for lever in Structure.model_fields
        if lever in levers or Structure.domain_of(lever) in domains or Structure.component_of(lever) in components
    )


def _known(kind: str, names: Iterable[str], valid: Iterable[str]) -> None:
    valid = list(valid)
    for name in names:
        if name not in valid:
            have = f"have: {', '.join(valid)}" if len(valid) < 10 else "see simsvc structure show traditional"
            raise InputError(f"there is no {kind} '{name}'{nearest(name, valid)}; {have}")
