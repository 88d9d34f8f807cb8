"""Every mechanism with a strength: the model without it, and what it does on its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EVENTFUL = {
    "market.dissatisfaction_churn": 0.5,
    "market.large_loss": 60.0,
    "market.joining_rate": 2.0,
    "market.promise": 0.75,
    "market.told_after_good": 2.0,
    "market.post_share": 0.5,
    "demand.contacts_per_year": 150.0,
    "demand.failure_share": 0.3,
    "demand.patience": 20.0,
    "demand.misrouted_share": 0.3,
    "demand.illegitimate_share": 0.3,
    "workforce.quit_rate": 3.0,
    "workforce.vacancy_days": 5.0,
    "workforce.manager_quit_rate": 5.0,
    "workforce.misalignment": 0.3,
    "workforce.executives": 1,
    "operations.service_minutes": 26.0,
    "assumptions.encounter.ordinary_errors": 0.02,
    "workforce.growth_need": 0.8,
    "operations.causes": 3,
    "operations.cause_effort": 5000.0,
    "operations.cause_prevalence": 0.1,
    "operations.continuity": 0.5,
    "operations.tools": 0.4,
    "structure.frontline_limit": 60.0,
    "structure.manager_limit": 80.0,
    "structure.director_limit": 120.0,
    "structure.latitude": 0.4,
    "structure.ratchet": 1.0,
    "structure.adaptive_limits": 0.5,
    "structure.share_control": 0.2,
    "structure.share_coaching": 0.2,
    "structure.share_floor": 0.2,
    "structure.share_causes": 0.3,
    "structure.kpi": 0.5,
    "structure.information_share": 0.7,
    "structure.recognition": 0.9,
    "structure.selectivity": 0.5,
    "structure.training_days": 20.0,
    "structure.pay": 1.1,
    "structure.smile_training": 0.5,
    "structure.replace_unsuited": 0.5,
    "structure.generosity": 0.9,
    "structure.clarity": 0.4,
    "rules.grave_errors": 2.0,
}
"""A small organisation in which everything happens within weeks."""


@dataclass(frozen=True)
class Mechanism:
    """One mechanism.

    Attributes:
        without: rule, the argument that is the strength, and what the rule returns in a model that
            has no such mechanism, as an expression of its other arguments.
        measure: a column of the days, summed; or `staff.` and a field of the staff, in the mean.
        sign: of the change in the measure when the strength goes from 0 to 1, on its own.
        where: settings under which it has something to act on.
    """

    without: tuple[tuple[str, str, str], ...]
    measure: str
    sign: int
    where: dict[str, Any] = field(default_factory=dict)


TYPICAL = (("tempered", "strength", "min(max(typical, 0.0), 1.0)"),)


def _tempered(measure: str, sign: int, **where: Any) -> Mechanism:
    return Mechanism(TYPICAL, measure, sign, {name.replace("__", "."): value for name, value in where.items()})


S = "strength"
BUSY = {"demand.contacts_per_year": 220.0, "demand.patience": 1e6}
CLAIMS = {"demand.failure_share": 0.6, "demand.silent_share": 0.0}
REFUSED = {**CLAIMS, "structure.frontline_limit": 0.0, "operations.ask_share": 0.0, "structure.latitude": 0.0}
PASSED_UP = {**CLAIMS, "structure.frontline_limit": 0.0, "structure.manager_limit": 1e6}
FREE = {"structure.frontline_limit": 1e6, "structure.latitude": 1.0}
MORALE = {"rules.morale": 1.0}
OVERRUN = {**BUSY, "operations.service_minutes": 35.0}
STRAIN = {**REFUSED, **BUSY, "rules.overload": 1.0, "rules.refusals": 1.0}
MOBILE = {"workforce.quit_rate": 6.0, "workforce.vacancy_days": 5.0}

MECHANISMS: dict[str, Mechanism] = {
    # customers
    "waiting": Mechanism(
        (("procedure_felt", S, "0.75"), ("promptness_felt", S, "1.0")), "episode", -1,
        {**BUSY, "operations.service_minutes": 25.0},
    ),
    "expectation": Mechanism(
        (("encounter_satisfaction", S, "min(max(felt, 0.0), 1.0)"), ("expectation_after", S, "expectation")),
        "episode", -1, {"market.promise": 0.95},
    ),
    "loss_aversion": Mechanism(
        (("satisfaction_after", "loss_aversion", "satisfaction + (experience - satisfaction) * weight"),),
        "satisfaction", -1, REFUSED,
    ),
    "loyalty": Mechanism((("loyalty_after", S, "loyalty"),), "loyalty", -1, REFUSED),
    "leaving": Mechanism((("rate_of_leaving", S, "0.0"),), "left_dissatisfied", 1, REFUSED),
    "incidents": Mechanism((("chance_to_leave_at_once", S, "0.0"),), "left_incident", 1, REFUSED),
    "reluctance": Mechanism((("reluctance_to_return", S, "1.0"),), "joined", -1,
        {**REFUSED, "market.joining_rate": 5.0, "market.dissatisfaction_churn": 2.0}),
    "word_of_mouth": Mechanism(
        (
            ("people_told", S, "0.0"),
            ("chance_of_post", S, "0.0"),
            ("rate_of_joining", S, "base * max(1.0 + 1.0 * (promise - 0.62), 0.0)"),
        ),
        "told_bad", 1, REFUSED,
    ),
    "spending": Mechanism((("spending_factor", S, "1.0"),), "revenue", -1, REFUSED),
    "promise": Mechanism(
        (("expectation_from_promise", S, "0.62"),), "joined", 1, {"market.promise": 0.95, "market.joining_rate": 2.0}
    ),
    "relationship": Mechanism(
        (
            ("bond_after", S, "0.0"),
            ("gets_acquainted", S, "False"),
            ("chance_to_look_for", S, "0.0"),
            ("time_with_acquaintance", S, "1.0"),
            ("distance_to_acquaintance", S, "distance"),
            ("warmth", S, "0.0"),
            ("loyalty_without_acquaintance", S, "loyalty"),
        ),
        "loyalty", 1, {"operations.continuity": 1.0},
    ),
    "delight": Mechanism((("delight_of_gesture", S, "0.0"),), "satisfaction", 1, {"structure.generosity": 0.8}),
    "overcompensation": Mechanism(
        (
            (
                "outcome_felt",
                "overcompensation",
                "ORIGINAL(kind, resolved, granted, legitimate, quality, fit, min(paid_share, 1.0), 0.0)",
            ),
        ),
        "episode", -1, {**FREE, **CLAIMS, "structure.generosity": 1.0, "rules.delight": 0.0},
    ),
    "tenure": Mechanism(
        (("unsettled_by_incident", S, "1.0"),), "left_incident", -1,
        {**REFUSED, **BUSY, "market.large_loss": 200.0, "demand.persistence": 0.0, "rules.leaving": 0.0,
         "market.incident_churn": 0.05},
    ),
    "memory": Mechanism(
        (("remembered", S, "0.0"),), "satisfaction", -1,
        {"market.joining_rate": 10.0, "market.dissatisfaction_churn": 1.0, "operations.resolution": 0.2},
    ),
    "second_failure": Mechanism(
        (
            (
                "chance_to_leave_at_once",
                "second_failure",
                "ORIGINAL(severity, recovery, 0, loyalty, unsettled, incident_churn, 0.0, strength)",
            ),
        ),
        "left_incident", 1,
        {**REFUSED, **BUSY, "market.large_loss": 200.0, "demand.persistence": 0.0, "rules.leaving": 0.0},
    ),
    # decisions
    "screening": Mechanism(
        (("chance_to_grant", S, "1.0"), ("plan_unscreened", S, "0 if plan == 3 else plan")), "refused", 1, CLAIMS
    ),
    "leniency": Mechanism(
        (("leniency_in_doubt", S, "0.0"),),
        "asked", 1, {**PASSED_UP, "rules.screening": 1.0, "demand.illegitimate_share": 0.5}
    ),
    "fit": Mechanism((("fit_of_solution", S, "0.7"),), "satisfaction", -1,
        {**FREE, "demand.idiosyncrasy": 0.9, "demand.request_share": 0.7, "workforce.skill": 0.2},
    ),
    "hassle": Mechanism(
        (("chance_to_drop", S, "0.0"),), "asked", -1, {**PASSED_UP, "demand.illegitimate_share": 0.8}
    ),
    "bending": Mechanism((("chance_to_bend", S, "0.0"),), "bent", 1, {**PASSED_UP, "structure.recognition": 1.0}),
    "generosity": Mechanism(
        (("offer_with_generosity", S, "remedy"), ("gesture_given", S, "0.0")),
        "grant_cost", 1, {**FREE, "structure.generosity": 0.8},
    ),
    "specialists": Mechanism(
        (("skill_for", S, "skill"),),
        "satisfaction", -1, {"rules.skill": 1.0, "demand.misrouted_share": 1.0, "structure.permeability": 1.0},
    ),
    "overgranting": Mechanism(
        (("over_granting", S, "0.0"),),
        "granted_unjustified", 1, {**FREE, **CLAIMS, "structure.clarity": 0.0, "demand.illegitimate_share": 0.5,
                                   "rules.ambiguity": 1.0},
    ),
    "consistency": Mechanism(
        (("procedure_compared", S, "procedure"),), "satisfaction", -1, {**FREE, "structure.clarity": 0.0}
    ),
    "distortion": Mechanism(
        (("information_after_level", S, "information"),),
        "refused_justified", 1, {**PASSED_UP, "operations.information_loss": 0.8},
    ),
    "misalignment": Mechanism(
        (("share_of_aim", S, "1.0"),), "refused_justified", 1, {**PASSED_UP, "workforce.misalignment": 1.0}
    ),
    "opportunism": Mechanism(
        (("claims_invited", S, "0.0"),),
        "granted_unjustified", 1, {**FREE, **CLAIMS, "rules.screening": 0.0, "demand.illegitimate_share": 0.5,
                                   "demand.failure_share": 0.2},
    ),
    # queueing
    "handoffs": Mechanism((("is_misrouted", S, "False"),), "handoffs", 1, {"demand.misrouted_share": 0.5}),
    "repeat_contacts": Mechanism((("chance_to_return", S, "0.0"),), "repeats", 1),
    # behaviour
    "skill": Mechanism(
        (
            ("speed", S, "1.0"),
            ("difficult_case_time", S, "1.0"),
            (
                "quality_of_work",
                S,
                "ORIGINAL(0.62, effort, time_given, fit, tools, ordinary_skill, 0.0)",
            ),
            *TYPICAL,
        ),
        "satisfaction", -1, {"workforce.skill": 0.3},
    ),
    "tools": _tempered("service_time", 1, operations__tools=0.1),
    "information": _tempered("refused_justified", 1, structure__information_share=0.0, **{
        "demand.failure_share": 0.6, "structure.frontline_limit": 1e6, "structure.latitude": 1.0,
    }),
    "kpi": Mechanism(
        (("pace_of_target", S, "1.0"), ("ratchet_under_kpi", S, "ratchet")), "service_time", 1, {"structure.kpi": 1.0}
    ),
    "adaptive_limits": Mechanism(
        (("limit_in_force", S, "ORIGINAL(limit, tightness, 0.0, skill, reference, 0.0)"),),
        "asked", -1,
        {**CLAIMS, "structure.frontline_limit": 60.0, "structure.adaptive_limits": 1.0, "workforce.skill": 0.9},
    ),
    "answers": _tempered("morale", 1, rules__morale=1.0, structure__reports_answered=1.0, **REFUSED),
    "overload": Mechanism((("overload_felt", S, "0.0"),), "morale", -1, {**MORALE, **BUSY}),
    "refusals": Mechanism((("refusals_felt", S, "0.0"),), "morale", -1, {**MORALE, **REFUSED}),
    "obstacles": Mechanism((("obstacles_felt", S, "0.0"),), "morale", -1,
        {**MORALE, "operations.cause_prevalence": 0.3}),
    "control": Mechanism((("control_felt", S, "0.0"),), "morale", -1, {**MORALE, "structure.share_control": 0.6}),
    "overwork": Mechanism(
        (("time_when_overworked", S, "1.0"),), "served", -1, {**BUSY, "operations.service_minutes": 25.0}
    ),
    "smiling": Mechanism(
        (("courtesy_with_smile", S, "courtesy"), ("surface_acting", S, "0.0")),
        "satisfaction", 1, {"structure.smile_training": 1.0},
    ),
    "pressure": Mechanism((("work_pressure", S, "1.0"),), "standard", -1, {**OVERRUN, "rules.standard_erosion": 1.0}),
    "standard_erosion": Mechanism(
        (("standard_after", S, "standard"),), "standard", -1, {**OVERRUN, "rules.pressure": 1.0}
    ),
    "monitoring": Mechanism(
        (("effort_unwatched", S, "1.0"), ("share_not_caught", S, "1.0"), *TYPICAL), "satisfaction", -1,
        {"structure.share_control": 0.0},
    ),
    "effort": Mechanism((("volunteered_effort", S, "1.0"),), "satisfaction", 1),
    "authority_load": Mechanism(
        (("unusual_need_time", S, "1.0"), ("overreach_felt", S, "0.0")), "service_time", 1, {"structure.latitude": 1.0}
    ),
    "grave_errors": Mechanism((("chance_of_grave_error", S, "0.0"),), "grave_errors", 1),
    "morale": Mechanism(
        (("morale_after", S, "morale"), ("courtesy_shown", S, "min(max(0.15 + 0.85 * disposition, 0.0), 1.0)")),
        "morale", -1, STRAIN,
    ),
    "support": _tempered("morale", 1, structure__share_coaching=0.8, rules__morale=1.0, **{
        "structure.share_control": 0.0, "structure.share_causes": 0.0, "structure.share_floor": 0.0,
        "workforce.boss_quality": 0.9,
    }),
    "colleagues": _tempered("morale", -1, rules__morale=1.0, **STRAIN),
    "gratitude": _tempered("morale", -1, rules__morale=1.0, **REFUSED),
    "challenge": _tempered("morale", -1, rules__morale=1.0, **{**REFUSED, "workforce.skill": 0.93}),
    "training": _tempered("morale", -1, rules__morale=1.0, structure__training_days=0.0),
    "pay": Mechanism((("pay_felt", S, "0.0"),), "morale", 1, {**MORALE, "structure.pay": 1.5}),
    "ambiguity": Mechanism(
        (("ambiguity_felt", S, "0.0"), *TYPICAL), "morale", -1, {**MORALE, **FREE, "structure.clarity": 0.0}
    ),
    "broken_promise": Mechanism(
        (("gap_of_promise", S, "0.0"),), "morale", -1, {**MORALE, **REFUSED, "market.promise": 0.99}
    ),
    "growth": Mechanism(
        (("valued", S, "min(max(value, 0.0), 1.0)"),), "morale", -1,
        {**MORALE, **FREE, "rules.empowerment": 1.0, "workforce.growth_need": 0.0},
    ),
    "habituation": Mechanism(
        (("resources_against_habit", S, "resources"),), "morale", -1,
        {**MORALE, "structure.pay": 3.0, "rules.pay": 1.0},
    ),
    "exhaustion": Mechanism((("exhaustion_after", S, "exhaustion"),), "exhaustion", 1, STRAIN),
    "commitment": Mechanism((("commitment_after", S, "commitment"),), "commitment", 1,
        {"structure.share_coaching": 0.2}),
    "pride": Mechanism(
        (("pride_felt", S, "0.0"),), "commitment", -1, {**REFUSED, "rules.commitment": 1.0, "market.post_share": 1.0}
    ),
    "empowerment": Mechanism((("empowerment_after", S, "empowerment"),), "empowerment", 1, FREE),
    "recognition": _tempered("morale", 1, rules__morale=1.0, structure__recognition=1.0),
    "trust": Mechanism(
        (("trust_after", S, "trust"),),
        "trust", 1, {"structure.share_floor": 0.9, "structure.share_control": 0.0, "structure.share_coaching": 0.0},
    ),
    "hiring": Mechanism(
        (
            ("selectivity_in_force", S, "0.0"),
            ("disposition_of_hire", S, "min(max(mean + 0.12 * z, 0.05), 0.95)"),
        ),
        "staff.disposition", 1, {**MOBILE, "structure.selectivity": 1.0},
    ),
    "hospitality": Mechanism(
        (("disposition_after", S, "disposition"), ("rate_of_dismissal", S, "0.0")),
        "staff.disposition", 1, {"structure.training_days": 60.0, "rules.learning": 1.0, "workforce.quit_rate": 0.0},
    ),
    "quitting": Mechanism(
        (
            (
                "rate_of_quitting",
                "quitting",
                "base * math.exp(min(max(strength * futility - 2.5 * pay, -10.0), 4.0))",
            ),
        ),
        "staff.exposure", -1, {**MORALE, **STRAIN, "workforce.quit_rate": 0.2},
    ),
    "futility": Mechanism(
        (
            (
                "rate_of_quitting",
                S,
                "ORIGINAL(base, morale, commitment, exhaustion, 0.0, pay, quitting, 0.0)",
            ),
        ),
        "staff.exposure", -1, {**REFUSED, **MOBILE, "structure.reports_answered": 0.0, "workforce.quit_rate": 0.2},
    ),
    "capacity_to_act": Mechanism(
        (("answers_managed", S, "1.0"), ("time_for_answers", S, "0.0"), ("answer_in_effect", S, "answered")),
        "morale", -1,
        {**MORALE, **REFUSED, "rules.answers": 1.0, "structure.share_causes": 0.0, "structure.reports_answered": 1.0},
    ),
    "learning": Mechanism(
        (
            ("skill_after", "learning", "skill"),
            ("chance_of_training", S, "0.0"),
            ("skill_of_newcomer", "learning", "usual"),
        ),
        "skill", 1, {"workforce.quit_rate": 0.0},
    ),
    "forgetting": Mechanism((("skill_after_forgetting", S, "skill"),), "skill", -1),
    "coaching": Mechanism(
        (("skill_from_coaching", S, "0.0"), ("potential_under", S, "min(max(potential, 0.05), 0.95)")), "skill", 1
    ),
    "participation": Mechanism((("chance_of_absence", S, "0.0"),), "available", -1),
    "peer_learning": Mechanism((("skill_from_peers", S, "0.0"),), "skill", 1),
    "floor_service": Mechanism(
        (("help_on_the_floor", S, "1.0"),),
        "service_time", -1,
        {"structure.share_floor": 0.9, "structure.share_control": 0.0, "structure.share_coaching": 0.0},
    ),
    "coordination": Mechanism(
        (("coordination_of_span", S, "1.0"),),
        "satisfaction", 1, {"demand.misrouted_share": 1.0, "structure.permeability": 0.0},
    ),
    "manager_morale": Mechanism(
        (
            ("manager_morale_after", S, "morale"),
            ("teaching_in_force", S, "min(max(teaching, 0.0), 1.0)"),
            ("rate_of_leaving_of_managers", S, "base"),
        ),
        "manager_morale", 1,
    ),
    "promotion": Mechanism(
        (("chance_of_promotion", S, "0.0"),),
        "promoted", 1, {"workforce.manager_quit_rate": 10.0, "structure.promotion": 1.0},
    ),
    "voice": Mechanism((("voice_after", S, "voice"),), "voice", -1, {**REFUSED, "structure.reports_answered": 0.0}),
    "safety": _tempered("voice", -1, rules__voice=1.0),
    "beliefs": Mechanism(
        (("belief_in_cause", S, "prior"),),
        "belief_error", -1,
        {"operations.cause_prevalence": 0.2, "workforce.own_prior": 0.0, "structure.report_weight": 1.0},
    ),
    "overview": Mechanism(
        (("seen_at_desk", S, "0.0"),),
        "belief_error", -1,
        {**PASSED_UP, "rules.beliefs": 1.0, "operations.cause_prevalence": 0.2, "workforce.own_prior": 0.0,
         "structure.share_floor": 0.0, "structure.report_weight": 0.0},
    ),
    "improvement": Mechanism((("prevalence_after_work", S, "prevalence"),), "prevalence", -1),
    "ratchet": Mechanism(
        (("tightness_after", S, "tightness"), ("tightness_in_force", S, "0.0")),
        "tightness", 1, {**FREE, **CLAIMS, "structure.generosity": 1.0, "structure.ratchet": 1.0},
    ),
    "upkeep": Mechanism(
        (("practice_after", S, "1.0"), ("share_of_time_for_upkeep", S, "0.0")),
        "control", -1, {"structure.upkeep": 1.0},
    ),
}  # fmt: skip
"""By the name of the strength, `rules.NAME`."""
