"""Plain Mesa: agents with a step each.

The order of customers makes no difference here, so `do` stands where `shuffle_do` would be slower.
"""

from __future__ import annotations

from math import exp

import mesa

from peers import CONTACT, DROP, PASSED_UP, RELAX, START, STEP, managers, skills, staff

NAME = "Mesa"


class Customer(mesa.Agent):  # type: ignore[misc]
    """A customer."""

    def __init__(self, model: Service) -> None:
        super().__init__(model)
        self.satisfaction = START

    def step(self) -> None:
        """Perhaps make contact."""
        if self.random.random() < CONTACT:
            self.contact()

    def contact(self) -> None:
        """Be served; perhaps leave and be replaced."""
        model, random = self.model, self.random
        model.contacts += 1
        server = random.choice(model.staff)
        if random.random() < PASSED_UP:
            server.passed_up += 1
            server = random.choice(model.managers)
        quality = server.skill * (0.5 + 0.5 * server.morale) + random.gauss(0.0, 0.1)
        self.satisfaction += STEP * (quality - self.satisfaction)
        if random.random() < 1.0 / (1.0 + exp(8.0 * (self.satisfaction - 0.2))):
            model.left += 1
            self.satisfaction = START


class Server(mesa.Agent):  # type: ignore[misc]
    """A member of staff or a manager."""

    def __init__(self, model: Service, skill: float) -> None:
        super().__init__(model)
        self.skill, self.morale, self.passed_up = skill, START, 0

    def evening(self) -> None:
        """Morale moves."""
        morale = max(self.morale - DROP * self.passed_up, 0.0)
        self.morale, self.passed_up = morale + RELAX * (START - morale), 0


class Service(mesa.Model):  # type: ignore[misc]
    """The minimal workload."""

    def __init__(self, customers: int, seed: int) -> None:
        super().__init__(rng=seed)
        self.contacts = self.left = 0
        n, m = staff(customers), managers(customers)
        self.people = Customer.create_agents(self, customers)
        self.staff = list(Server.create_agents(self, n, skills(n)))
        self.managers = list(Server.create_agents(self, m, skills(m)))
        self.servers = self.agents_by_type[Server]

    def step(self) -> None:
        """One day."""
        self.people.do("step")
        self.servers.do("evening")

    def advance(self, days: int) -> None:
        """So many days."""
        for _ in range(days):
            self.step()

    def satisfaction(self) -> float:
        """Mean over customers now."""
        return float(self.people.agg("satisfaction", sum)) / len(self.people)
