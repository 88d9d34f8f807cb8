"""What is simulated: every setting with its unit, range, meaning and source.

A `Scenario` is frozen. Its sections are the tables of a scenario file. The defaults are the preset
`contact_centre`. Calibrated values are marked so; `experiments/calibrate_baseline.py` reports the
levels they reach.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from simsvc.scenario.about import About
from simsvc.scenario.assumptions import Assumptions
from simsvc.scenario.carried import OwnRules
from simsvc.scenario.fields import Section, choice, number
from simsvc.scenario.strengths import Rules as Rules
from simsvc.scenario.structure import Structure
from simsvc.scenario.timeline import Change

CALIBRATED = "calibrated to the level table"


class Market(Section):
    """Customers, those who could become customers, and why they come and go."""

    # fmt: off
    population: int = number(30_000, 0, 50_000_000, "people", "People who are or could become customers.")
    customers: int = number(12_000, 0, 50_000_000, "people", "Customers on the first day.")
    neutral_churn: float = number(0.0858, 0, 5, "per year",
        "Rate of leaving for reasons that have nothing to do with the service (H10).",
        "Keaveney 1995: about 40 % of leavers; " + CALIBRATED)
    dissatisfaction_churn: float = number(0.028, 0, 10, "per year",
        "Rate of leaving of a customer exactly as satisfied as a competitor would make it.", CALIBRATED)
    incident_churn: float = number(0.9, 0, 1, "share",
        "Share leaving at once after a large loss about which nothing was done.",
        "TARP, as quoted: 9 % of the silent stay")
    large_loss: float = number(300, 1, 1e6, "money", "Loss that counts as large.", "TARP: over 100 dollars of 1986")
    loss_exponent: float = number(1.0, 0, 4, "exponent",
        "Severity of a smaller loss: its ratio to a large one to this power; 1: in proportion.",
        "assumption; TARP's ladder of small losses, as quoted, would take about 0.1")
    alternative: float = number(0.55, 0, 1, "0-1", "Satisfaction a competitor is expected to give.")
    switching_cost: float = number(0.2, 0, 1, "0-1",
        "Mean cost of changing supplier, as a share of what would hold anyone (lock-in).")
    joining_rate: float = number(0.11, 0, 10, "per year",
        "Rate at which a person outside becomes a customer, without word of mouth.",
        "the market neither fills nor empties")
    promise: float = number(0.62, 0, 1, "0-1",
        "Quality of service promised to the market; raises expectation and joining (C22).")
    expectation_uncertainty: float = number(0.05, 0.0001, 1, "variance",
        "How unsure a new customer is of what to expect.", "Boulding et al. 1993, form")
    ties: int = number(6, 0, 100, "people", "Mean number of people a person talks with about services.")
    network: Literal["small_world", "random", "scale_free"] = choice("small_world",
        "Shape of the network of ties.", "Watts & Strogatz 1998; Barabási & Albert 1999")
    rewiring: float = number(0.1, 0, 1, "share", "Share of ties of a small world that reach far.")
    told_after_good: float = number(0.6, 0, 100, "people",
        "People told of a delightful experience; of a bad one twice as many.", "TARP")
    post_share: float = number(0.05, 0, 1, "share", "Share of experiences that become public posts (C36).")


class Demand(Section):
    """What customers need, and when."""

    # fmt: off
    contacts_per_year: float = number(9.0, 0, 250, "per year",
        "Needs per customer and year; unresolved ones come on top.")
    contact_rate_cv: float = number(0.5, 0, 5, "ratio", "How much customers differ in that: coefficient of variation.")
    profile: Annotated[tuple[float, ...], Field(strict=False, min_length=1, max_length=96)] = Field(
        default=(1.0,),
        description="Relative arrivals in equal parts of the open day; [1.0] is flat.",
        json_schema_extra={"unit": "weights", "source": "assumption"},
    )
    request_share: float = number(0.25, 0, 1, "share", "Needs that ask for more than the routine solution.")
    failure_share: float = number(0.08, 0, 1, "share", "Needs due to failures that no known cause explains.")
    idiosyncrasy: float = number(0.3, 0.01, 0.99, "0-1",
        "Mean distance of a wish from the standard (C24); of a failure 0.7, of a routine need 0.4 times that.",
        "Bowen & Lawler 1992, concept")
    idiosyncrasy_spread: float = number(0.5, 0, 3, "logit", "How much customers differ in that.")
    difficulty: float = number(0.4, 0.01, 0.99, "0-1", "Mean difficulty of a case.")
    remedy: float = number(60, 0, 1e6, "money", "Mean remedy that would be fair after a failure.")
    remedy_cv: float = number(1.2, 0, 5, "ratio", "Coefficient of variation of the fair remedy.")
    illegitimate_share: float = number(0.15, 0, 1, "share", "Claims without a good reason (H3).", "Dukes & Zhu 2019")
    unworthy_share: float = number(0.15, 0, 1, "share",
        "Requests that cost the firm more than they are worth (H3).",
        "assumption: as many as claims without a good reason")
    misrouted_share: float = number(0.08, 0, 1, "share", "Cases that reach the wrong department first (C31).")
    silent_share: float = number(0.2, 0, 1, "share",
        "Real failures about which the customer says nothing.", "TARP, order")
    patience: float = number(42.4, 0.01, 1e9, "min",
        "Mean time a customer waits before giving up.", "exponential: Palm 1943; " + CALIBRATED)
    patience_aside: float = number(5, 0.01, 1e6, "days",
        "Mean time a customer whose case was put aside waits to be called back before giving up.",
        "assumption: exponential as on the line")
    answer_within: float = number(1 / 3, 0, 1440, "min",
        "Longest wait for an answer that counts for the service level; nothing else hangs on it.",
        "80 % within 20 s: a convention of call centres, Gans, Koole & Mandelbaum 2003")
    wait_tolerance: float = number(30, 0.1, 1e6, "min", "Wait on the line that halves the procedure as felt.")
    delay_tolerance: float = number(480, 0.1, 1e6, "min",
        "Delay off the line, until called back, that halves it; open minutes count.")
    persistence: float = number(0.85, 0, 1, "share", "Unresolved cases that come back.", "SQM Group, order")
    redial_share: float = number(0.5, 0, 1, "share",
        "Of those who give up waiting and come back, those who try again the same day.",
        "guess; retrials matter for staffing: Aguir et al. 2004, abstract")
    redial_minutes: float = number(30, 0, 1e6, "min",
        "Mean time until they do; whom closing time finds still waiting comes back another day.", "guess; exponential")
    return_days: float = number(2, 1, 250, "days",
        "Mean time until an unresolved case comes back, at the earliest next day.")


class Workforce(Section):
    """Those who serve and those who manage."""

    # fmt: off
    frontline: int = number(24, 1, 100_000, "people", "Positions at the front line.")
    departments: int = number(3, 1, 64, "departments", "Departments, each with one pool of frontline staff.")
    managers: int = number(3, 0, 10_000, "people", "Team managers, spread over the departments.")
    directors: int = number(1, 0, 1000, "people", "Directors, to whom managers pass what exceeds their limit.")
    executives: int = number(0, 0, 1000, "people", "A third level, to whom directors pass what exceeds theirs (C9).")
    skill: float = number(0.62, 0, 1, "0-1", "Mean skill of the staff on the first day.")
    skill_spread: float = number(0.08, 0, 0.5, "0-1", "Standard deviation of skill among staff.")
    hire_skill: float = number(0.42, 0, 1, "0-1", "Mean skill of somebody newly hired.")
    potential: float = number(0.78, 0, 1, "0-1", "Mean skill that people tend to as they learn.")
    growth_need: float = number(0.5, 0, 1, "0-1",
        "How much the front line wants autonomy and challenge from its work.",
        "Hackman & Oldham 1976; Bowen & Lawler 1992")
    disposition: float = number(0.6, 0, 1, "0-1", "Mean hospitable disposition of the labour market (C33).")
    manager_skill: float = number(0.75, 0, 1, "0-1", "Mean skill of managers at hard cases (H2).", "Garicano 2000")
    boss_quality: float = number(0.5, 0, 1, "0-1",
        "Mean skill of managers as teachers (H6).", "Lazear, Shaw & Stanton 2015")
    boss_spread: float = number(0.1, 0, 0.5, "0-1",
        "Standard deviation of skill as a teacher among managers (H6).",
        "a boss of the best tenth is worth 8 to 15 %, in runs of the baseline: Lazear, Shaw & Stanton 2015, abstract")
    own_prior: float = number(0.4, 0, 1, "0-1",
        "Mean weight of managers on their own prior opinion against any evidence (C6).")
    misalignment: float = number(0.0, 0, 1, "0-1",
        "How far approvers decide by something else than whether a claim is justified (H11).",
        "Bandiera, Best, Khan & Prat 2021, concept")
    manager_quit_rate: float = number(0.12, 0, 20, "per year", "Rate of leaving of managers of middling morale (C2).")
    quit_rate: float = number(0.442, 0, 20, "per year",
        "Rate of quitting at middling morale and commitment.", "Global Call Center Report; " + CALIBRATED)
    notice_days: float = number(20, 0, 250, "days",
        "Mean time between having had enough and leaving: a month's notice, looking around.")
    mood_spread: float = number(0.35, 0, 3, "logit",
        "How much people differ for good in how bright they see their work: standard deviation among the front line.",
        "Connolly & Viswesvaran 2000, abstract: affectivity makes 10-25 % of the variance of job satisfaction")
    vacancy_days: float = number(20, 0, 250, "days", "Mean time until a position is filled, an old or a new one.")
    staffing: Literal["fixed", "to_demand"] = choice("to_demand",
        "Whether the number of positions of each department stays or follows the work of the last weeks.")
    target_occupancy: float = number(0.84, 0.05, 3, "share",
        "Work that positions are planned for, in their time on duty; hurrying saves none.", CALIBRATED)
    review_days: int = number(20, 1, 100_000, "days", "Days between two reviews of how many positions there are to be.")
    hiring_freeze: bool = choice(False, "Nobody is hired while it lasts; vacancies stay (C16).")
    standard_recovery: float = number(1.0, 0, 1, "ratio",
        "Speed of the standard's recovery against its erosion; 1: as fast, 0: never.",
        "Oliva & Sterman 2001")
    day_minutes: float = number(480, 1, 1440, "min",
        "Minutes of work that a day's wage pays for: shifts are paid pro rata, managers work that long.")
    shift_profile: Annotated[tuple[float, ...], Field(strict=False, min_length=1, max_length=96)] = Field(
        default=(1.0,),
        description="Share of the positions on duty in equal parts of the open day; [1.0]: everybody, all day.",
        json_schema_extra={"unit": "shares", "source": "assumption"},
    )
    comfortable_load: float = number(0.86, 0.05, 1, "0-1",
        "Share of the day at work that is felt as normal.", "middle of occupancy in practice")


class Operations(Section):
    """How contacts are served."""

    # fmt: off
    open_minutes: float = number(480, 1, 1440, "min", "Length of the working day.")
    continuous: bool = choice(False, "One unbroken clock: the day never closes and the queue lives on overnight.")
    service_minutes: float = number(13.2, 0.001, 1440, "min", "Time an average case deserves at reference skill.")
    service_cv: float = number(0.7, 0, 5, "ratio", "Coefficient of variation of lognormal service times.")
    service_profile: Annotated[tuple[float, ...], Field(strict=False, min_length=1, max_length=96)] = Field(
        default=(1.0,),
        description="Service time in equal parts of the open day, as a ratio to service_minutes.",
        json_schema_extra={"unit": "ratios", "source": "assumption"},
    )
    distribution: Literal["lognormal", "exponential"] = choice("lognormal",
        "Distribution of service and approval times.", "Brown et al. 2005: lognormal")
    diagnosis_share: float = number(0.5, 0, 1, "share", "Share of the service done before an approval is asked for.")
    approval_minutes: float = number(6, 0.001, 1440, "min", "Mean time an approver spends on a case.")
    approval_delay: float = number(6, 0, 10_000, "min", "Mean time until an approver takes notice of a case (H11).")
    reexplain_minutes: float = number(3, 0, 240, "min",
        "Extra time when a case is taken up by somebody else than who heard it.")
    information_loss: float = number(0.15, 0, 1, "share",
        "What is lost of a case at each level or hand-off (C9).", "Garicano 2000, concept")
    ask_share: float = number(1.0, 0, 1, "share", "Cases beyond one's authority that are passed up, not turned down.")
    resolution: float = number(0.643, 0, 1, "share",
        "Chance that a middling contact of middling quality settles the case.", CALIBRATED)
    tools: float = number(0.7, 0, 1, "0-1", "Quality of tools and systems (C16).")
    continuity: float = number(0.0, 0, 1, "share",
        "Contacts for which the member of staff the customer knows is looked for first (C13).")
    causes: int = number(3, 0, 20, "per department", "Known kinds of trouble per department: broken tools, bad rules.")
    cause_prevalence: float = number(0.04, 0, 1, "share",
        "Share of needs that one untouched cause turns into failures, mean over the causes.")
    cause_effort: float = number(20_000, 1, 1e9, "min", "Manager time that cuts a cause to about a third.")
    cause_drift: float = number(0.6, 0, 100, "per year", "Rate at which removed causes grow back.")
    repair_budget: float = number(0, 0, 1e9, "money/day",
        "Money that buys further work on causes, at a manager's wage per minute (C15, C16).")


class Economics(Section):
    """Money. Revenue comes from customers' spending; all costs are counted."""

    # fmt: off
    spend: float = number(400, 0, 1e6, "money/year", "What a customer of reference satisfaction spends in a year.")
    spend_cv: float = number(0.4, 0, 5, "ratio", "How much customers differ in that: coefficient of variation.")
    frontline_wage: float = number(140, 0, 1e5, "money/day", "Wage of a member of the front line.")
    market_wage: float = number(140, 0.01, 1e5, "money/day", "What others pay the front line for such work (C5).")
    manager_wage: float = number(230, 0, 1e5, "money/day", "Wage of a team manager.")
    director_wage: float = number(420, 0, 1e5, "money/day", "Wage of a director.")
    executive_wage: float = number(700, 0, 1e5, "money/day", "Wage of an executive.")
    fixed_costs: float = number(4000, 0, 1e9, "money/day", "Costs that nothing in the model changes.")
    replacement_months: float = number(3.5, 0, 36, "months of pay",
        "Cost of replacing a member of staff.", "Global Call Center Report, order")
    selection_cost: float = number(800, 0, 1e6, "money/hire", "Cost of fully selective hiring (C33, H9).")
    training_cost: float = number(120, 0, 1e5, "money/day", "Cost of a training day besides the wage (H9).")
    smile_cost: float = number(600, 0, 1e6, "money/year", "Cost of full smile training per member of staff (C15).")
    gesture_cost: float = number(15, 0, 1e6, "money",
        "Cost of a gesture in a contact at generosity 1, where no claim is settled (C36, H9).")
    wish_cost: float = number(15, 0, 1e6, "money",
        "What it costs to grant a request that is not worth it, beyond the work.", "assumption: as a gesture")


class RunSettings(Section):
    """How long and how often."""

    days: int = number(750, 1, 100_000, "days", "Working days simulated; 250 are a year.")
    settling: float = number(1 / 3, 0, 0.95, "share", "First part of a run that is left out of the summary.")
    replications: int = number(30, 1, 1_000_000, "runs", "Pairs of runs in a comparison.")
    seed: int = number(1, 0, 2**63 - 1, "", "Root seed; every run's seed follows from it.")


class Scenario(Section):
    """Everything that a run depends on, besides its seed; and, in `about`, what none depends on."""

    about: About = About()
    market: Market = Market()
    demand: Demand = Demand()
    workforce: Workforce = Workforce()
    operations: Operations = Operations()
    economics: Economics = Economics()
    structure: Structure = Structure()
    rules: Rules = Rules()
    assumptions: Assumptions = Assumptions()
    timeline: Annotated[tuple[Change, ...], Field(strict=False)] = ()
    run: RunSettings = RunSettings()

    _own: Any = PrivateAttr(default=None)

    @property
    def own(self) -> OwnRules | None:
        """The user's own rules, phases and metrics, if it is run under any; no file of settings can name them."""
        return self._own  # type: ignore[no-any-return]

    def carrying(self, own: OwnRules | None) -> Scenario:
        """The same with the user's own rules, phases and metrics."""
        copy = self.model_copy()
        copy._own = own
        return copy

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        if self.market.customers > self.market.population:
            raise ValueError(
                f"market.customers = {self.market.customers} exceeds market.population = {self.market.population}"
            )
        if self.workforce.departments > self.workforce.frontline:
            raise ValueError(
                f"workforce.departments = {self.workforce.departments} exceeds workforce.frontline = "
                f"{self.workforce.frontline}: every department needs somebody"
            )
        if not sum(self.demand.profile) > 0 or not all(0 <= weight <= 1e9 for weight in self.demand.profile):
            raise ValueError("demand.profile needs weights from 0 to 1e9, and one above 0")
        if not max(self.workforce.shift_profile) > 0 or not all(
            0 <= share <= 1 for share in self.workforce.shift_profile
        ):
            raise ValueError("workforce.shift_profile needs shares from 0 to 1, and one above 0")
        if not all(0.01 <= ratio <= 100 for ratio in self.operations.service_profile):
            raise ValueError("operations.service_profile needs ratios from 0.01 to 100")
        s = self.structure
        shares = s.share_control + s.share_coaching + s.share_floor + s.share_causes
        if shares > 1 + 1e-9:
            raise ValueError(f"structure.share_* add up to {shares:.4g}; managers have only one day a day (at most 1)")
        return self


@functools.cache
def sections() -> Mapping[str, type[BaseModel]]:
    """The sections of a scenario that hold plain settings, by name, in the order of a file."""
    found: dict[str, type[BaseModel]] = {}
    for name, field in Scenario.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Assumptions):
            found |= {f"{name}.{part}": cast("Any", of.annotation) for part, of in Assumptions.model_fields.items()}
        elif isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            found[name] = field.annotation
    return MappingProxyType(found)


def section_and_key(name: str) -> tuple[str, str]:
    """A setting's full name cut in two: `assumptions.leaving` and `satisfaction`."""
    section, _, key = name.rpartition(".")
    return section, key


def setting_names() -> list[str]:
    """Every setting's full name, `section.name`."""
    return [f"{section}.{name}" for section, model in sections().items() for name in model.model_fields]


def assumption_names() -> list[str]:
    """Full names of the coefficients of all rules, `assumptions.mechanism.name`."""
    return [name for name in setting_names() if name.startswith("assumptions.")]


def setting_field(name: str) -> Any:
    """How a setting of this full name is declared: type, description, unit and range."""
    section, key = section_and_key(name)
    return sections()[section].model_fields[key]


def setting_value(scenario: Scenario, name: str) -> Any:
    """A setting of this full name in a scenario."""
    return attrgetter(name)(scenario)
