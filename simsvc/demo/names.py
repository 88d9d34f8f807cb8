"""Names of people, by number: the same person has the same name under both charts and in every run.

Two lists whose lengths have no divisor in common, gone through side by side: the first 2,491 people have names that no
other of them has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsvc.scenario.management import LEVELS

if TYPE_CHECKING:
    from simsvc.model.engine import Engine

FIRST = (
    "Anna", "Omar", "Mei", "Jonas", "Priya", "Lucas", "Zoe", "Kofi", "Elena", "Hugo", "Amina", "Noah", "Ines", "Ravi",
    "Clara", "Tomas", "Yuki", "Sara", "Malik", "Greta", "Diego", "Leila", "Peter", "Nadia", "Sven", "Rosa", "Ali",
    "Marta", "Liam", "Chen", "Eva", "Samuel", "Aisha", "Pavel", "Julia", "Bruno", "Hana", "Victor", "Maya", "Felix",
    "Tara", "Emil", "Carmen", "Idris", "Lena", "Mateo", "Ruth",
)  # fmt: skip
LAST = (
    "Berg", "Silva", "Okafor", "Tanaka", "Novak", "Meyer", "Haddad", "Rossi", "Lind", "Patel", "Moreau", "Kim", "Adler",
    "Costa", "Ivanov", "Brandt", "Mensah", "Larsen", "Gupta", "Weber", "Santos", "Dubois", "Kaya", "Horvat", "Nilsen",
    "Farah", "Klein", "Ortiz", "Sato", "Baker", "Popov", "Vogel", "Diallo", "Marin", "Wong", "Fuchs", "Rahman",
    "Jansen", "Torres", "Keller", "Abebe", "Romano", "Singh", "Hansen", "Lopez", "Winter", "Aziz", "Murray", "Pires",
    "Walsh", "Yilmaz", "Becker", "Quinn",
)  # fmt: skip
_STAFF, _MANAGERS = 1300, 2200
"""From where in the lists they are taken."""
_HOLDERS = 71
"""From one holder of a position to the next."""


def customer_name(number: int) -> str:
    """Name of a person in the market."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"


class People:
    """Names of the people of a model."""

    def __init__(self, model: Engine) -> None:
        self._state = model.state

    def customer(self, number: int) -> str:
        """Of a person in the market."""
        return customer_name(int(number))

    def staff(self, position: int, holder: int | None = None) -> str:
        """Of somebody of the front line, by position and by how many held it before; whoever holds it if left out."""
        who = int(self._state.staff["person"][position]) if holder is None else holder
        return customer_name(_STAFF + int(position) + _HOLDERS * who)

    def title(self, manager: int) -> str:
        """What a manager is."""
        return LEVELS[int(self._state.managers["level"][manager]) - 1].title

    def manager_alone(self, number: int, holder: int | None = None) -> str:
        """Of a manager, without the title; likewise."""
        who = int(self._state.managers["person"][number]) if holder is None else holder
        return customer_name(_MANAGERS + int(number) + _HOLDERS * who)

    def manager(self, number: int, holder: int | None = None) -> str:
        """Of a manager, with the title; likewise."""
        return f"{self.title(number)} {self.manager_alone(number, holder)}"

    def now(self) -> dict[str, list[str]]:
        """Names of all who hold a position now, without titles."""
        return {
            "staff": [self.staff(j) for j in range(len(self._state.staff))],
            "managers": [self.manager_alone(m) for m in range(len(self._state.managers))],
        }
