"""AgentPy: lists of agents."""

from __future__ import annotations

from math import exp

import agentpy

from peers import CONTACT, DROP, PASSED_UP, RELAX, START, STEP, managers, skills, staff

NAME = "AgentPy"


class Customer(agentpy.Agent):  # type: ignore[misc]
    """A customer."""

    def setup(self) -> None:
        """As on the first day."""
        self.satisfaction = START

    def step(self) -> None:
        """Perhaps make contact; perhaps leave and be replaced."""
        model = self.model
        random = model.random
        if random.random() >= CONTACT:
            return
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


class Server(agentpy.Agent):  # type: ignore[misc]
    """A member of staff or a manager."""

    def setup(self) -> None:
        """As on the first day."""
        self.morale, self.passed_up = START, 0

    def evening(self) -> None:
        """Morale moves."""
        morale = max(self.morale - DROP * self.passed_up, 0.0)
        self.morale, self.passed_up = morale + RELAX * (START - morale), 0


class Organisation(agentpy.Model):  # type: ignore[misc]
    """The minimal workload as AgentPy has models."""

    def setup(self) -> None:
        """As on the first day."""
        n, m = staff(self.p.customers), managers(self.p.customers)
        self.contacts = self.left = 0
        self.people = agentpy.AgentList(self, self.p.customers, Customer)
        self.staff = agentpy.AgentList(self, n, Server)
        self.managers = agentpy.AgentList(self, m, Server)
        for servers in (self.staff, self.managers):
            for server, skill in zip(servers, skills(len(servers)), strict=True):
                server.skill = skill

    def step(self) -> None:
        """One day."""
        self.people.step()
        self.staff.evening()
        self.managers.evening()


class Service:
    """The minimal workload."""

    def __init__(self, customers: int, seed: int) -> None:
        self.model = Organisation({"customers": customers})
        self.model.sim_setup(seed=seed)

    def advance(self, days: int) -> None:
        """So many days."""
        for _ in range(days):
            self.model.sim_step()

    @property
    def contacts(self) -> int:
        """So far."""
        return int(self.model.contacts)

    @property
    def left(self) -> int:
        """So far."""
        return int(self.model.left)

    def satisfaction(self) -> float:
        """Mean over customers now."""
        return sum(self.model.people.satisfaction) / len(self.model.people)
