"""The levers of an organisation's structure: everything that may differ between two charts.

A chart is a set of values of these levers, nothing else. They fall into five components
(`Structure.component_of`), which the decomposition switches one at a time.
"""

from __future__ import annotations

from typing import Literal

from simsvc.scenario.fields import Section, choice, number

COMPONENTS = ("authority", "attention", "voice", "people", "boundaries")
"""The five components of the flip."""


class Structure(Section):
    """One chart of an organisation, as settings of the levers."""

    # authority
    frontline_limit: float = number(
        20, 0, 1e6, "money", "Largest remedy the front line may grant on its own (C3).", group="authority"
    )
    manager_limit: float = number(
        250, 0, 1e6, "money", "Largest remedy a team manager may grant without the director (C3).", group="authority"
    )
    director_limit: float = number(
        2000, 0, 1e6, "money", "Largest remedy a director may grant where there are executives above (C3, C9).",
        group="authority",
    )  # fmt: skip
    latitude: float = number(
        0.15, 0, 1, "0-1", "How far from the script the front line may go to fit a solution to a need (C24).",
        "Bowen & Lawler 1992", "authority",
    )  # fmt: skip
    escalation: Literal["blocked", "parked"] = choice(
        "blocked",
        "While an approval is awaited, customer and member of staff wait together (blocked), "
        "or the case is put aside and the customer called back (parked).",
        group="authority",
    )
    approver_strictness: float = number(
        0.6, 0, 1, "0-1", "How readily approvers say no; 0.5 treats both kinds of error alike (H3).",
        "Sah & Stiglitz 1986", "authority",
    )  # fmt: skip
    ratchet: float = number(
        0.5, 0, 1, "0-1", "How strongly costly concessions tighten the limits in force (C7).", group="authority"
    )
    adaptive_limits: float = number(
        0.0, 0, 1, "0-1", "How much limits widen with demonstrated skill and narrow without it (C29).",
        group="authority",
    )  # fmt: skip
    # attention
    share_control: float = number(
        0.60, 0, 1, "share", "Share of managers' time left after approvals that goes to control and reporting (C6).",
        "Mintzberg 1973", "attention",
    )  # fmt: skip
    share_coaching: float = number(
        0.15, 0, 1, "share", "Share of managers' time left after approvals that goes to coaching (H6).",
        "Lazear, Shaw & Stanton 2015", "attention",
    )  # fmt: skip
    share_floor: float = number(
        0.05, 0, 1, "share", "Share of managers' time left after approvals spent on the floor, listening in (C34).",
        group="attention",
    )  # fmt: skip
    share_causes: float = number(
        0.10, 0, 1, "share", "Share of managers' time left after approvals spent on removing causes of trouble (C6).",
        group="attention",
    )  # fmt: skip
    kpi: float = number(
        0.25, 0, 1, "0-1", "What managers steer by when they set pace and policy: cost (0) to customers (1) (C11).",
        group="attention",
    )  # fmt: skip
    # voice
    report_weight: float = number(
        0.3, 0, 1, "0-1", "How much managers listen to reports, against own prior and own eyes (C6).",
        group="voice",
    )  # fmt: skip
    reports_answered: float = number(
        0.2, 0, 1, "share", "Share of the front line's reports that get an answer (C26).",
        "Morrison 2014", "voice",
    )  # fmt: skip
    information_share: float = number(
        0.4, 0, 1, "0-1", "How much of what the organisation knows reaches the front line (C25).",
        "Bowen & Lawler 1995", "voice",
    )  # fmt: skip
    # people
    recognition: float = number(
        0.2, 0, 1, "0-1", "What is recognised: compliance (0) to service to the customer (1) (C32).", group="people"
    )
    selectivity: float = number(
        0.2, 0, 1, "0-1", "How much hiring selects for a hospitable disposition, at a cost (C33).",
        "Bowen & Lawler 1992", "people",
    )  # fmt: skip
    training_days: float = number(
        4, 0, 60, "days/year", "Training per member of staff and year, at a cost (C21, C28).", group="people"
    )
    peer_learning: float = number(
        0.2, 0, 1, "0-1", "How freely staff show each other what they learned (C35).", group="people"
    )
    promotion: float = number(
        0.8, 0, 1, "share", "Managers' vacancies filled with the best of the front line; the others from outside (C2).",
        group="people",
    )  # fmt: skip
    pay: float = number(
        1.0, 0.1, 5, "ratio", "Pay of the front line, ratio to economics.frontline_wage (C5).", group="people"
    )
    smile_training: float = number(
        0.0, 0, 1, "0-1", "How much staff are trained and told to smile, at a cost (C15).", "Grandey 2003", "people"
    )
    replace_unsuited: float = number(
        0.0, 0, 1, "0-1", "How readily staff of little hospitality are let go and replaced, at a cost (C33).",
        group="people",
    )  # fmt: skip
    # boundaries
    permeability: float = number(
        0.3, 0, 1, "share", "Share of cases of another department that are dealt with on the spot (C31).",
        group="boundaries",
    )  # fmt: skip
    clarity: float = number(
        0.6, 0, 1, "0-1", "How clear vision and limits are to those who decide (C27, C29).",
        "Homburg & Fürst 2005", "boundaries",
    )  # fmt: skip
    generosity: float = number(
        0.0, -0.5, 1, "share", "What is paid beyond the fair remedy (C36, H12).",
        "Haesevoets et al. 2017", "boundaries",
    )  # fmt: skip
    upkeep: float = number(
        0.5, 0, 1, "0-1", "How much of managers' attention keeps practices alive, at a tenth of their time at 1 (C37).",
        group="boundaries",
    )  # fmt: skip

    @classmethod
    def component_of(cls, lever: str) -> str:
        """The component of the flip that a lever belongs to."""
        extra = cls.model_fields[lever].json_schema_extra
        return str(extra["group"]) if isinstance(extra, dict) else ""

    def component(self, name: str) -> dict[str, float | str]:
        """Levers of one component with their values."""
        return {k: v for k, v in self.model_dump().items() if self.component_of(k) == name}
