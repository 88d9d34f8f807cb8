"""NumPy: a day's contacts at once. Days to the next contact are drawn, so that a day looks at one number each."""

from __future__ import annotations

import numpy as np

from peers import CONTACT, DROP, PASSED_UP, RELAX, START, STEP, managers, skills, staff

NAME = "NumPy"


class Service:
    """The minimal workload."""

    def __init__(self, customers: int, seed: int) -> None:
        self.luck = np.random.default_rng(seed)
        self.level = np.full(customers, START)
        self.due = self.luck.geometric(CONTACT, customers).astype(np.int32) - np.int32(1)
        self.skill = np.array(skills(staff(customers)))
        self.morale = np.full(len(self.skill), START)
        self.manager_skill = np.array(skills(managers(customers)))
        self.manager_morale = np.full(len(self.manager_skill), START)
        self.day = self.contacts = self.left = 0

    def advance(self, days: int) -> None:
        """So many days."""
        luck = self.luck
        for _ in range(days):
            who = np.flatnonzero(self.due <= self.day)
            n = len(who)
            server = luck.integers(len(self.skill), size=n)
            passed_up = luck.random(n) < PASSED_UP
            manager = luck.integers(len(self.manager_skill), size=n)
            quality = np.where(
                passed_up,
                self.manager_skill[manager] * (0.5 + 0.5 * self.manager_morale[manager]),
                self.skill[server] * (0.5 + 0.5 * self.morale[server]),
            )
            level = self.level[who]
            level += STEP * (quality + luck.normal(0.0, 0.1, n) - level)
            leaves = luck.random(n) < 1.0 / (1.0 + np.exp(8.0 * (level - 0.2)))
            level[leaves] = START
            self.level[who] = level
            self.due[who] += luck.geometric(CONTACT, n).astype(np.int32)
            self.contacts += n
            self.left += int(np.count_nonzero(leaves))
            lost = DROP * np.bincount(server[passed_up], minlength=len(self.morale))
            morale = np.maximum(self.morale - lost, 0.0)
            self.morale = morale + RELAX * (START - morale)
            self.manager_morale += RELAX * (START - self.manager_morale)
            self.day += 1

    def satisfaction(self) -> float:
        """Mean over customers now."""
        return float(self.level.mean())
