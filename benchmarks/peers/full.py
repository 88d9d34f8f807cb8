"""simsvc's full model: a contact centre of any size, staffed in proportion."""

from __future__ import annotations

import simsvc
from simsvc.model.reasons import LEFT

NAME = "simsvc, full model"


def scaled(customers: int, contacts_per_year: float = 8.9) -> simsvc.Scenario:
    """The contact centre for any number of customers, staffed in proportion."""
    staff = max(round(customers / 500 * contacts_per_year / 8.9), 3)
    return simsvc.load_scenario(
        "contact_centre",
        {
            "market.population": int(customers * 2.5),
            "market.customers": customers,
            "workforce.frontline": staff,
            "workforce.departments": 3,
            "workforce.managers": max(staff // 8, 1),
            "demand.contacts_per_year": contacts_per_year,
        },
    )


class Service:
    """The full model."""

    def __init__(self, customers: int, seed: int) -> None:
        self.model = simsvc.ServiceOrganization(scaled(customers), structure="traditional", rng=seed)

    def advance(self, days: int) -> None:
        """So many days."""
        self.model.advance(days)

    @property
    def contacts(self) -> int:
        """So far."""
        return int(self.model.days["contacts"].sum())

    @property
    def left(self) -> int:
        """So far."""
        return int(self.model.days[list(LEFT)].to_numpy().sum())

    def satisfaction(self) -> float:
        """Mean over customers now."""
        return float(self.model.days["satisfaction"].iloc[-1])
