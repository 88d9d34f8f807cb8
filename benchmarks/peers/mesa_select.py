"""Mesa with sets of agents: who makes contact is selected, and the set acts."""

from __future__ import annotations

from peers import CONTACT, mesa_agents

NAME = "Mesa with select"


class Service(mesa_agents.Service):
    """The minimal workload; customers and servers are those of plain Mesa."""

    def step(self) -> None:
        """One day."""
        random = self.random.random
        self.people.select(lambda customer: random() < CONTACT).do("contact")
        self.servers.do("evening")
