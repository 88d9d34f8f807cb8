"""How fast is the full model? Against plain Mesa, in the same run, on one core.

    python benchmarks/plain_mesa.py            # about two minutes
    python benchmarks/plain_mesa.py --quick

Plain Mesa runs a minimal model of service (below): customers, staff and managers as ordinary Mesa
agents with a handful of rules. simsvc runs its full model. Both are timed after compilation, on one
thread, in turns; printed are times and ratios, the median of several rounds.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from typing import Annotated

import mesa
import typer

import simsvc


class PlainCustomer(mesa.Agent):  # type: ignore[misc]
    """A customer of the minimal model."""

    def __init__(self, model: PlainService) -> None:
        super().__init__(model)
        self.satisfaction = 0.7

    def step(self) -> None:
        """Perhaps make contact; perhaps leave and be replaced."""
        model, random = self.model, self.model.random
        if random.random() >= 0.05:
            return
        model.contacts += 1
        server = random.choice(model.staff)
        if random.random() > 0.3:
            server.morale = max(server.morale - 0.01, 0.0)
            server = random.choice(model.bosses)
        quality = server.skill * (0.5 + 0.5 * server.morale) + random.gauss(0.0, 0.1)
        self.satisfaction += 0.3 * (quality - self.satisfaction)
        if random.random() < 1.0 / (1.0 + math.exp(8.0 * (self.satisfaction - 0.2))):
            self.satisfaction = 0.7


class PlainServer(mesa.Agent):  # type: ignore[misc]
    """A member of staff or a manager of the minimal model."""

    def __init__(self, model: PlainService) -> None:
        super().__init__(model)
        self.skill = model.random.uniform(0.5, 1.0)
        self.morale = 0.7

    def step(self) -> None:
        """Morale relaxes."""
        self.morale += 0.1 * (0.7 - self.morale)


class PlainService(mesa.Model):  # type: ignore[misc]
    """The minimal workload: N customers, N/100 staff, N/1000 managers."""

    def __init__(self, customers: int) -> None:
        super().__init__(rng=1)
        self.contacts = 0
        self.people = PlainCustomer.create_agents(self, customers)
        self.staff = list(PlainServer.create_agents(self, max(customers // 100, 1)))
        self.bosses = list(PlainServer.create_agents(self, max(customers // 1000, 1)))

    def step(self) -> None:
        """One day."""
        self.people.shuffle_do("step")
        for server in self.staff + self.bosses:
            server.step()


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


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def full(customers: int, days: int, structure: str = "traditional") -> tuple[float, float]:
    """Seconds and contacts of the full model."""
    model = simsvc.ServiceOrganization(scaled(customers), structure=structure, rng=1)
    model.advance(5)
    seconds = _seconds(lambda: model.advance(days))
    return seconds, float(model.days["contacts"][5:].sum())


def idle_cost(customers: int, days: int) -> float:
    """Nanoseconds per customer and day on which it makes no contact."""
    model = simsvc.ServiceOrganization(scaled(customers, contacts_per_year=0.0), rng=1)
    model.advance(2)
    return _seconds(lambda: model.advance(days)) / days / customers * 1e9


def main(
    quick: Annotated[bool, typer.Option(help="Fewer rounds, shorter runs.")] = False,
) -> None:
    """Print times and ratios."""
    days, rounds = (50, 2) if quick else (250, 5)
    full(1000, 5)
    ratios = []
    print(f"Minimal workload in plain Mesa {mesa.__version__} against the full model, 1,000 customers, {days} days:")
    for _ in range(rounds):
        plain = PlainService(1000)

        def days_of_plain(plain: PlainService = plain) -> None:
            for _ in range(days):
                plain.step()

        mesa_cost = _seconds(days_of_plain) / plain.contacts
        seconds, contacts = full(1000, days)
        ratios.append(mesa_cost / (seconds / contacts))
        print(
            f"  plain Mesa {mesa_cost * 1e6:8.2f} us a contact   full model {seconds / contacts * 1e6:6.2f} us "
            f"  ratio {ratios[-1]:6.1f}"
        )
    print(f"  a contact in plain Mesa costs {statistics.median(ratios):.1f} times one in the full model (goal: 10)")

    print("Growth of the cost of a contact with the number of customers:")
    costs = {}
    for customers in (1_000, 10_000, 100_000):
        span = max(days * 1000 // customers, 10) if quick else max(250 * 10_000 // max(customers, 10_000), 25)
        costs[customers] = statistics.median(
            seconds / contacts for seconds, contacts in (full(customers, span) for _ in range(2 if quick else 3))
        )
        print(f"  {customers:9,} customers {costs[customers] * 1e6:6.2f} us a contact")
    print(f"  ratio of 100,000 to 1,000 customers: {costs[100_000] / costs[1_000]:.2f} (goal: below 2)")

    print("Cost of a customer who makes no contact:")
    for customers in (100_000,) if quick else (100_000, 1_000_000):
        print(f"  {customers:9,} customers {idle_cost(customers, 20):6.2f} ns a day (goal: below 5)")


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
