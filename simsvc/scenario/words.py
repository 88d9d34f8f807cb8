"""What people are called in each organisation that comes with the program: guests, patients, shoppers, crew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Words:
    """The words of one organisation, for a class; texts are written with those of the defaults and put into these.

    Attributes:
        title: what it is, without an article.
        customer: one of those it serves; `customers`: several.
        frontline: those who serve them, after `the`.
        member: one of those.
        phone: whether people call; where they do not, nobody is called back.
    """

    title: str = "service organisation"
    customer: str = "customer"
    customers: str = "customers"
    frontline: str = "front line"
    member: str = "member of the front line"
    phone: bool = False

    @property
    def firm(self) -> str:
        """The title with its article."""
        return f"{'an' if self.title[0] in 'aeiou' else 'a'} {self.title}"

    def put(self, text: str) -> str:
        """A text about customers and the front line in this organisation's words."""
        later = {} if self.phone else {"called back": "answered later", "call back": "later answer"}
        mine = {
            "customers": self.customers, "customer": self.customer, "callers": self.customers,
            "caller": self.customer, "front line": self.frontline, "escalations per contact": "passed up per contact",
            **later,
        }  # fmt: skip

        def new(found: re.Match[str]) -> str:
            word = mine[found[0].lower()]
            return word[0].upper() + word[1:] if found[0][0].isupper() else word

        return re.sub(rf"\b(?:{'|'.join(mine)})\b", new, text, flags=re.IGNORECASE)

    def as_json(self) -> dict[str, str]:
        """The words as the page is told of them."""
        return {name: getattr(self, name) for name in ("title", "firm", "customer", "customers", "frontline", "member")}


WORDS = {
    "airline_cabin": Words("airline's cabin crew", "passenger", "passengers", "cabin crew", "member of the crew"),
    "classroom": Words("small contact centre", member="agent", phone=True),
    "contact_centre": Words("contact centre", member="agent", phone=True),
    "department_store": Words("department store", "shopper", "shoppers", "sales staff", "salesperson"),
    "fast_food": Words("fast-food restaurant", "guest", "guests", "crew", "member of the crew"),
    "hospital_ward": Words("hospital ward", "patient", "patients", "nurses", "nurse"),
    "online_retailer": Words("online retailer", "shopper", "shoppers", "service team", "member of the service team",
                             phone=True),
    "phone_shops": Words("chain of phone shops", frontline="shop staff", member="salesperson"),
    "private_bank": Words("private bank", "client", "clients", "bankers", "banker"),
}  # fmt: skip
"""By name of the preset."""
OWN = Words(phone=True)
"""Those of everybody else's organisations."""


def words_of(scenario: str) -> Words:
    """The words of a scenario, by the name of its preset; those of the defaults for a file of one's own."""
    return WORDS.get(scenario, OWN)


def spoken(name: str) -> str:
    """A name of a structure or scenario as it is spoken."""
    return Path(name).name.replace("_", " ")


def setting_words(setting: str) -> str:
    """A setting as it is spoken: `approval delay`; a coefficient with its mechanism, a rule called so."""
    section, _, key = setting.rpartition(".")
    if section == "rules":
        return f"rule of {spoken(key)}"
    return f"{spoken(key)} ({spoken(section.removeprefix('assumptions.'))})" if "." in section else spoken(key)
