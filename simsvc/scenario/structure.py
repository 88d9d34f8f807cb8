"""The levers of an organisation's structure: everything that may differ between two charts.

A chart is a set of values of these levers, nothing else. They fall into five components
(`Structure.component_of`), which the decomposition switches one at a time, into four decision domains, and into two
factors: who decides, and how people are led.
"""

from __future__ import annotations

from typing import Any, Literal, cast

from simsvc.scenario.fields import Section, choice, number

COMPONENTS = ("authority", "attention", "voice", "people", "boundaries")
"""The five components of the flip."""

DOMAINS = ("remedies", "solutions", "priorities", "people")
"""Decision domains (C8); every lever lies in exactly one.

`remedies`: money paid on claims, who may grant how much, what happens to what they may not, how policy reacts.
`solutions`: how far one may go to fit a solution to a need, from the script and into another department.
These two are decisions about a customer's case; the others are direction and management.
`priorities`: what managers spend time on, whom they listen to, what they steer by and make known.
`people`: management of staff.
"""

FACTORS = ("power", "management")
"""The two factors of the flip; every lever belongs to exactly one.

`power`: who decides. It moves the right to decide between the levels of the chart, or how narrowly those who have it
are bound by those above.
`management`: how people are led, and how work is organised, whoever decides.
"""


def lever(
    component: str,
    domain: str,
    factor: str,
    default: float,
    low: float,
    high: float,
    unit: str,
    meaning: str,
    source: str = "assumption",
    formal: bool = False,
) -> Any:
    """Declare a lever with a number as its value; see `simsvc.scenario.fields.number`.

    Args:
        component: of the flip, one of `COMPONENTS`.
        domain: of decisions, one of `DOMAINS`.
        factor: of the flip, one of `FACTORS`.
        default: value unless a chart says otherwise.
        low: smallest value allowed.
        high: largest value allowed.
        unit: of the value.
        meaning: what it says about the organisation, in one sentence.
        source: publication or practice it comes from.
        formal: whether it is in force on paper and so at once; the others are practices and take hold slowly (C37).
    """
    return _of_chart(number(default, low, high, unit, meaning, source, component), domain, factor, formal)


def _of_chart(field: Any, domain: str, factor: str, formal: bool) -> Any:
    field.json_schema_extra |= {"domain": domain, "factor": factor, "formal": formal}
    return field


class Structure(Section):
    """One chart of an organisation, as settings of the levers."""

    # fmt: off
    # authority
    frontline_limit: float = lever("authority", "remedies", "power", 20, 0, 1e6, "money",
        "Largest remedy the front line may grant on its own (C3).", formal=True)
    manager_limit: float = lever("authority", "remedies", "power", 250, 0, 1e6, "money",
        "Largest remedy a team manager may grant without the director (C3).", formal=True)
    director_limit: float = lever("authority", "remedies", "power", 2000, 0, 1e6, "money",
        "Largest remedy a director may grant where there are executives above (C3, C9).", formal=True)
    latitude: float = lever("authority", "solutions", "power", 0.15, 0, 1, "0-1",
        "How far from the script the front line may go to fit a solution to a need (C24).", "Bowen & Lawler 1992")
    # Organisation, not power: the same person decides either way; only what people do while they wait differs.
    escalation: Literal["blocked", "parked"] = _of_chart(choice("blocked",
        "While an approval is awaited, customer and member of staff wait together (blocked), "
        "or the case is put aside and the customer called back (parked).", group="authority"),
        "remedies", "management", formal=True)
    approver_strictness: float = lever("authority", "remedies", "power", 0.6, 0, 1, "0-1",
        "How readily those who judge claims and wishes say no, at the desk and above; 0.5 treats both kinds of error "
        "alike (H3).", "Sah & Stiglitz 1986")
    ratchet: float = lever("authority", "remedies", "power", 0.5, 0, 1, "0-1",
        "How strongly costly concessions tighten the limits in force (C7).")
    adaptive_limits: float = lever("authority", "remedies", "power", 0.0, 0, 1, "0-1",
        "How much limits widen with demonstrated skill and narrow without it (C29).")
    # attention
    share_control: float = lever("attention", "priorities", "management", 0.60, 0, 1, "share",
        "Share of managers' time left after approvals that goes to control and reporting (C6).", "Mintzberg 1973")
    share_coaching: float = lever("attention", "priorities", "management", 0.15, 0, 1, "share",
        "Share of managers' time left after approvals that goes to coaching (H6).", "Lazear, Shaw & Stanton 2015")
    share_floor: float = lever("attention", "priorities", "management", 0.05, 0, 1, "share",
        "Share of managers' time left after approvals spent on the floor, listening in (C34).")
    share_causes: float = lever("attention", "priorities", "management", 0.10, 0, 1, "share",
        "Share of managers' time left after approvals spent on removing causes of trouble (C6).")
    kpi: float = lever("attention", "priorities", "management", 0.25, 0, 1, "0-1",
        "What managers steer by when they set pace and policy: cost (0) to customers (1) (C11).")
    # voice
    report_weight: float = lever("voice", "priorities", "management", 0.3, 0, 1, "0-1",
        "How much managers listen to reports, against own prior and own eyes (C6).")
    reports_answered: float = lever("voice", "priorities", "management", 0.2, 0, 1, "share",
        "Share of the front line's reports that get an answer (C26).", "Morrison 2014")
    information_share: float = lever("voice", "priorities", "management", 0.4, 0, 1, "0-1",
        "How much of what the organisation knows reaches the front line (C25).", "Bowen & Lawler 1995")
    # people
    recognition: float = lever("people", "people", "management", 0.2, 0, 1, "0-1",
        "What is recognised: compliance (0) to service to the customer (1) (C32).")
    selectivity: float = lever("people", "people", "management", 0.2, 0, 1, "0-1",
        "How much hiring selects for a hospitable disposition, at a cost (C33).", "Bowen & Lawler 1992")
    training_days: float = lever("people", "people", "management", 4, 0, 60, "days/year",
        "Training per member of staff and year, at a cost (C21, C28).")
    peer_learning: float = lever("people", "people", "management", 0.2, 0, 1, "0-1",
        "How freely staff show each other what they learned (C35).")
    promotion: float = lever("people", "people", "management", 0.8, 0, 1, "share",
        "Managers' vacancies filled with the best of the front line; the others from outside (C2).")
    pay: float = lever("people", "people", "management", 1.0, 0.1, 5, "ratio",
        "Pay of the front line, ratio to economics.frontline_wage (C5).", formal=True)
    smile_training: float = lever("people", "people", "management", 0.0, 0, 1, "0-1",
        "How much staff are trained and told to smile, at a cost (C15).", "Grandey 2003")
    replace_unsuited: float = lever("people", "people", "management", 0.0, 0, 1, "0-1",
        "How readily staff of little hospitality are let go and replaced, at a cost (C33).")
    # boundaries
    permeability: float = lever("boundaries", "solutions", "management", 0.3, 0, 1, "share",
        "Share of cases of another department that are dealt with on the spot (C31).")
    clarity: float = lever("boundaries", "priorities", "management", 0.6, 0, 1, "0-1",
        "How clear vision and limits are to those who decide (C27, C29).", "Homburg & Fürst 2005")
    generosity: float = lever("boundaries", "remedies", "management", 0.0, -0.5, 1, "share",
        "What is paid beyond the fair remedy (C36, H12).", "Haesevoets et al. 2017")
    upkeep: float = lever("boundaries", "priorities", "management", 0.5, 0, 1, "0-1",
        "How much of managers' attention keeps practices alive, at a tenth of their time at 1 (C37).", formal=True)
    # fmt: on

    @classmethod
    def component_of(cls, lever: str) -> str:
        """The component of the flip that a lever belongs to."""
        return str(cls._declared(lever)["group"])

    @classmethod
    def domain_of(cls, lever: str) -> str:
        """The decision domain that a lever belongs to."""
        return str(cls._declared(lever)["domain"])

    @classmethod
    def factor_of(cls, lever: str) -> str:
        """The factor of the flip that a lever belongs to."""
        return str(cls._declared(lever)["factor"])

    @classmethod
    def is_formal(cls, lever: str) -> bool:
        """Whether a lever is in force on paper and so at once; the others are practices."""
        return bool(cls._declared(lever)["formal"])

    @classmethod
    def _declared(cls, lever: str) -> dict[str, Any]:
        return cast("dict[str, Any]", cls.model_fields[lever].json_schema_extra)

    def component(self, name: str) -> dict[str, float | str]:
        """Levers of one component with their values."""
        return {k: v for k, v in self.model_dump().items() if self.component_of(k) == name}
