"""SimPy: a process for every customer, which sleeps until its next contact; one for the evenings."""

from __future__ import annotations

from collections.abc import Generator
from math import exp, log
from random import Random
from typing import Any

import simpy

from peers import CONTACT, DROP, PASSED_UP, RELAX, START, STEP, managers, skills, staff

NAME = "SimPy"
Process = Generator[Any, None, None]


class Server:
    """A member of staff or a manager."""

    def __init__(self, skill: float) -> None:
        self.skill, self.morale, self.passed_up = skill, START, 0


class Service:
    """The minimal workload; day k goes from time k to k + 1, and contacts come before its evening."""

    def __init__(self, customers: int, seed: int) -> None:
        self.luck, self.env = Random(seed), simpy.Environment()
        self.staff = [Server(skill) for skill in skills(staff(customers))]
        self.managers = [Server(skill) for skill in skills(managers(customers))]
        self.day = self.contacts = self.left = 0
        self.total, self.customers = START * customers, customers
        for _ in range(customers):
            self.env.process(self.customer())
        self.env.process(self.evenings())

    def customer(self) -> Process:
        """One customer after the other in the same place."""
        luck, days_to_contact = self.luck, 1.0 / log(1.0 - CONTACT)
        satisfaction, gap = START, int(log(1.0 - luck.random()) * days_to_contact)
        while True:
            yield self.env.timeout(gap)
            gap = 1 + int(log(1.0 - luck.random()) * days_to_contact)
            self.contacts += 1
            server = luck.choice(self.staff)
            if luck.random() < PASSED_UP:
                server.passed_up += 1
                server = luck.choice(self.managers)
            quality = server.skill * (0.5 + 0.5 * server.morale) + luck.gauss(0.0, 0.1)
            before = satisfaction
            satisfaction += STEP * (quality - satisfaction)
            if luck.random() < 1.0 / (1.0 + exp(8.0 * (satisfaction - 0.2))):
                self.left += 1
                satisfaction = START
            self.total += satisfaction - before

    def evenings(self) -> Process:
        """Morale moves."""
        yield self.env.timeout(0.5)
        while True:
            for server in self.staff + self.managers:
                morale = max(server.morale - DROP * server.passed_up, 0.0)
                server.morale, server.passed_up = morale + RELAX * (START - morale), 0
            yield self.env.timeout(1)

    def advance(self, days: int) -> None:
        """So many days."""
        self.day += days
        self.env.run(until=self.day - 0.25)

    def satisfaction(self) -> float:
        """Mean over customers now."""
        return self.total / self.customers
