"""Which levers of a chart are taken over: by component, domain or factor of the flip, one by one.

Structure files, timelines and `ServiceOrganization.restructure` select by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simsvc.errors import InputError, nearest
from simsvc.scenario.structure import COMPONENTS, DOMAINS, FACTORS, Structure

SELECTORS = ("components", "levers", "domains", "factors")
"""The ways to select, as structure files and timelines call them."""


def select_levers(
    components: Sequence[str] = (), levers: Sequence[str] = (), domains: Sequence[str] = (), factors: Sequence[str] = ()
) -> tuple[str, ...]:
    """Names of the levers that belong to any of what is named; all levers if nothing is.

    Args:
        components: components of the flip, see `simsvc.scenario.structure.COMPONENTS`.
        levers: single levers.
        domains: decision domains, see `simsvc.scenario.structure.DOMAINS`.
        factors: of the flip, power or management, see `simsvc.scenario.structure.FACTORS`.

    Raises:
        InputError: for an unknown name, with the nearest valid one.
    """
    _known("component", components, COMPONENTS)
    _known("lever", levers, Structure.model_fields)
    _known("domain", domains, DOMAINS)
    _known("factor", factors, FACTORS)
    if not (components or levers or domains or factors):
        return tuple(Structure.model_fields)
    return tuple(
        lever
        for lever in Structure.model_fields
        if lever in levers
        or Structure.component_of(lever) in components
        or Structure.domain_of(lever) in domains
        or Structure.factor_of(lever) in factors
    )


def _known(kind: str, names: Iterable[str], valid: Iterable[str]) -> None:
    valid = list(valid)
    for name in names:
        if name not in valid:
            have = f"have: {', '.join(valid)}" if len(valid) < 10 else "see simsvc structure show traditional"
            raise InputError(f"there is no {kind} '{name}'{nearest(name, valid)}; {have}")
