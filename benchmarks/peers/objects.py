"""Plain Python objects and the standard library."""

from __future__ import annotations

from math import exp
from random import Random

from peers import CONTACT, DROP, PASSED_UP, RELAX, START, STEP, managers, skills, staff

NAME = "plain Python objects"


class Customer:
    """A customer."""

    __slots__ = ("satisfaction",)

    def __init__(self) -> None:
        self.satisfaction = START


class Server:
    """A member of staff or a manager."""

    __slots__ = ("morale", "passed_up", "skill")

    def __init__(self, skill: float) -> None:
        self.skill, self.morale, self.passed_up = skill, START, 0


class Service:
    """The minimal workload."""

    def __init__(self, customers: int, seed: int) -> None:
        self.luck = Random(seed)
        self.people = [Customer() for _ in range(customers)]
        self.staff = [Server(skill) for skill in skills(staff(customers))]
        self.managers = [Server(skill) for skill in skills(managers(customers))]
        self.contacts = self.left = 0

    def advance(self, days: int) -> None:
        """So many days."""
        random = self.luck.random
        for _ in range(days):
            for customer in self.people:
                if random() < CONTACT:
                    self.serve(customer)
            for server in self.staff + self.managers:
                morale = max(server.morale - DROP * server.passed_up, 0.0)
                server.morale, server.passed_up = morale + RELAX * (START - morale), 0

    def serve(self, customer: Customer) -> None:
        """A contact."""
        luck = self.luck
        self.contacts += 1
        server = self.staff[int(luck.random() * len(self.staff))]
        if luck.random() < PASSED_UP:
            server.passed_up += 1
            server = self.managers[int(luck.random() * len(self.managers))]
        quality = server.skill * (0.5 + 0.5 * server.morale) + luck.gauss(0.0, 0.1)
        customer.satisfaction += STEP * (quality - customer.satisfaction)
        if luck.random() < 1.0 / (1.0 + exp(8.0 * (customer.satisfaction - 0.2))):
            self.left += 1
            customer.satisfaction = START

    def satisfaction(self) -> float:
        """Mean over customers now."""
        return sum(customer.satisfaction for customer in self.people) / len(self.people)
