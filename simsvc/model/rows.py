"""Where state lives: one row per person, case, cause, department and day.

Agents are views of these rows, rules are functions of them. The field that is scanned for
everybody on every day (`due`) is an array of its own, because scanning fat rows costs more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from simsvc.model.people import CustomerRow, ManagerRow, StaffRow
from simsvc.model.reasons import LEFT
from simsvc.model.tables import Floats, Int32, Int64, Ints, Real, Row, Table, layout, state
from simsvc.scenario.management import LEVELS

if TYPE_CHECKING:
    from simsvc.model.columns import DayRow as DayRow
    from simsvc.model.columns import ParameterRow as ParameterRow
    from simsvc.scenario.structure import Structure

    class LeverRow(Structure, Row):
        """The levers of a chart under their own names."""

        escalation: float  # type: ignore[assignment]  # the number of its name

else:

    class DayRow(Row):
        """What is reported of a day; its columns are those of `DAY`."""

    class LeverRow(Row):
        """The levers of a chart under their own names; its columns are those of `LEVERS`."""

    class ParameterRow(Row):
        """Settings; its columns are those of `PARAMETERS`."""


R = TypeVar("R")
Approvers = Annotated[npt.NDArray[np.int32], "i4", (len(LEVELS) - 1,)]

NEVER = 2**31 - 1
"""A day that never comes."""
LONG_AGO = -(2**30)
"""A day long before the first."""
NOBODY = -1

# kinds of cases
ROUTINE, REQUEST, FAILURE = 0, 1, 2
# stages of a case
FREE, IN_QUEUE, IN_SERVICE, ASKING, WITH_MANAGER = 0, 1, 2, 3, 4
FINISHING, AWAY, CLOSED, ARRIVING, UNNOTICED = 5, 6, 7, 8, 9
# whether who gives up waiting tries again the same day
WOULD_REDIAL, REDIALLED = 1, 2
# what a member of staff does with a case
ACT, ASK, BEND, REFUSE, HAND_OVER, DENY, DROP = 0, 1, 2, 3, 4, 5, 6
# how a contact ended
UNDER_WAY, RESOLVED, UNRESOLVED, ABANDONED = 0, 1, 2, 3
TURNED_AWAY, SILENT_LOSS, WITHDRAWN, HUNG_UP = 4, 5, 6, 7
# types of customers by attitude and behaviour
LOYAL, HOSTAGE, MERCENARY, DEFECTOR = 0, 1, 2, 3


class CaseRow(Row):
    """A need that somebody has got in touch about, and its contact under way."""

    customer: Int32  # number of the person whose case it is
    spell: Int32  # the customer's spell it belongs to
    day: Int32  # day of its first contact; with customer and number the key of its draws
    number: Int32  # which case of that customer and day
    stage: Int32  # where it is now: FREE to UNNOTICED
    outcome: Int32  # how the last contact ended: UNDER_WAY to HUNG_UP
    kind: Int32  # ROUTINE, REQUEST, FAILURE
    department: Int32  # where it is
    owner: Int32  # department that can deal with it
    cause: Int32  # NOBODY: no known cause
    legitimate: Int32  # 1: what is asked for is justified, or worth its cost
    familiar: Int32  # 1: served by the member of staff the customer knows
    heard: Int32  # position that has listened to it last; NOBODY
    grave: Int32  # 1: a grave error was made in this contact
    attempts: Int32  # contacts so far
    level: Int32  # highest level it was passed up to in this contact
    plan: Int32  # ACT, ASK, BEND, REFUSE, HAND_OVER, DENY, DROP
    granted: Int32  # 1: what was asked for was granted
    refused: Int32  # 1: what was asked for was refused in this contact
    promised: Int32  # 1: granted in an earlier contact, and still to be carried out
    callback: Int32  # 1: the customer is off the line and will be called back, or has hung up on an answer
    redials: Int32  # 1: who gives up waiting would try again the same day; 2: has done so
    staff: Int32  # position in charge; NOBODY before service
    manager: Int32  # who decided last; until somebody takes a request up, the pool it goes to; NOBODY
    handed_by: Int32  # position that handed it over in this contact; NOBODY
    asked_by: Int32  # position that passed it up in this contact; NOBODY
    approvers: Approvers  # who decided in this contact at each level but the highest; NOBODY; `manager` decided last
    next: Int32  # in a queue, in a slot of the calendar, or in the list of free rows
    previous: Int32  # in a queue, unless it is the first
    order: Int64  # of its next event among those of the same time, while it is in the calendar
    happens_at: Real  # min, when its next event comes, likewise
    difficulty: Real  # 0-1, of the work
    distance: Real  # 0-1, from the standard need
    remedy: Real  # money, fair
    paid: Real  # money, in this contact
    fit: Real  # 0-1, of the solution
    quality: Real  # 0-1, of the work
    courtesy: Real  # 0-1, as shown
    gesture: Real  # what was given beyond the solution, ratio to a full one
    information: Real  # 0-1, what is left of the case after passing it on
    reexplained: Real  # times the customer had to start anew in this contact
    contact_at: Real  # min on the organisation's clock, begin of this contact or of the next
    first_at: Real  # min, first contact
    queued_at: Real  # min, when it last began to wait
    noticed_at: Real  # min, when an approver takes notice of it
    leaves_at: Real  # min, end of patience: on the line, or with being called back
    redials_at: Real  # min, when who gives up waiting tries again today; infinite: not today
    waited: Real  # min on the line in this contact
    delayed: Real  # min off the line in this contact
    minutes: Real  # min of service in this contact
    left: Real  # min of service still to do after an approval
    ended_at: Real  # min, end of this contact
    # how the customer took this contact
    experience: Real  # 0-1, satisfaction with it
    outcome_felt: Real  # 0-1
    procedure_felt: Real  # 0-1
    satisfaction_change: Real  # of the customer's cumulative satisfaction
    loyalty_change: Real  # of the customer's loyalty


class CauseRow(Row):
    """Something broken that turns needs into failures."""

    department: Int64  # whose needs it spoils
    base: Real = state("Share of needs it spoils when untouched", "0-1", first="unpopulated")
    prevalence: Real = state("That share now", "0-1", first="unpopulated")
    asked_on: Int32  # day on which somebody to be answered last reported it
    answered_on: Int32  # day of the last answer about it


class DepartmentRow(Row):
    """A department: one queue, one team."""

    pool: Int64  # managers' pool it asks
    load: Real = state("Smoothed work demanded over time available", "ratio", 0, first="unpopulated")
    tightness: Real = state("Policy in force beyond the chart's limits", "0-1")
    pressure: Real  # factor on time per case from work pressure today
    overwork: Real = state("How far its load has lain above the tipping point for weeks", "ratio", 0)
    slowed: Real  # factor on time per case from that
    pace: Real  # factor on time per case from what managers steer by
    help: Real  # factor on time per case from managers on the floor
    information: Real  # 0-1, at the front line, as it comes through
    practice: Real  # 0-1, how far the levers that were changed are lived, in the mean
    span: Real  # positions per manager
    positions: Int64 = state("Positions at the front line", "", 0, first="count_positions")
    wanted: Int64  # positions there are to be since the last review
    needed: Real = state("Positions that the work of the last weeks asks for", "people", 0, first="unpopulated")
    spoiled: Real  # share of needs that are failures today
    invited: Real  # claims made up today because such claims succeed, per need
    control: Real = state("Minutes of control per head yesterday", "", 0, first="look_at_teams")
    coaching: Real = state("Minutes of coaching likewise", "", 0, first="look_at_teams")
    floor: Real = state("Minutes of managers on the floor likewise", "", 0, first="look_at_teams")
    removing: Real = state("Minutes of removing causes likewise", "", 0, first="look_at_teams")
    answers: Real  # 0-1, share of answers promised that there is time for
    teaching: Real = state("Skill of its managers as bosses, as it shows", "0-1", first="count_teaching")
    trust: Real = state("Managers' trust in the front line", "0-1", first="unpopulated")
    morale: Real = state("Mean morale of the team last night", "0-1", first="unpopulated")
    skill: Real = state("Mean skill of the team last night", "0-1", first="unpopulated")
    heads: Real = state("Staff at work for it last night", "people", 0, first="unpopulated")
    contacts: Real  # served per member of staff today
    capacity: Real  # min of staff at work today
    lost: Int64  # contacts given up on the line today
    demanded: Real = state("Work demanded today, at the standard", "min", 0, first="opening")
    granted: Real = state("Granted to customers today", "money", 0, first="opening")
    grants_smoothed: Real = state("That, smoothed", "money per day", 0)
    attempts: Int32  # unjustified claims decided today
    succeeded: Real  # of these, those paid in part counted in part
    succeeded_share: Real  # 0-1, share of unjustified claims that succeed, smoothed
    promised: Int32  # answers promised today, one about each trouble
    answered: Int32  # of these, given


class PoolRow(Row):
    """A queue first come first served and the free people who serve it, longest idle first."""

    head: Int64  # first case of the queue; NOBODY
    tail: Int64  # last case of the queue
    idle_head: Int64  # who has been idle longest; NOBODY
    idle_tail: Int64  # who has been idle shortest
    managers: Int64  # positions that serve it, in management


class EventRow(Row):
    """Something that happens with a case, or an end of patience with it."""

    time: Real  # min, on the organisation's clock
    order: Int64  # in which events were noted
    case: Int32  # row; below 0: a change of shift
    slot: Int32  # of today's calendar


class LevelRow(Row):
    """A level of management, see `simsvc.scenario.management.LEVELS`."""

    wage: Real  # money per day
    limit: Int64  # column of the lever with the remedy its managers may grant; NOBODY: there is none
    above: Int64  # pool of the level above; NOBODY


_ESCALATED = tuple(f"escalated_{level}" for level in range(1, len(LEVELS) + 1))
_LADDER = tuple(
    f"{what}_{size}{handling}"
    for size in ("", "small_")
    for handling in ("silent", "vain", "right", "fast")
    for what in ("losses", "kept")
)
_COUNTS = (
    # customers
    "customers cohort satisfaction loyalty promoters detractors loyal hostages mercenaries defectors "
    f"joined {' '.join(LEFT)} told_good told_bad talked_good talked_bad posts "
    # cases and contacts
    "cases_in resolved given_up cases_open contacts served abandoned turned_away callbacks withdrawn hung_up "
    "first_contact_resolved first_contact_judged repeats failures silent_failures handoffs "
    f"asked {' '.join(_ESCALATED)} bent refused refused_justified granted_unjustified grants grave_errors "
    "familiar gestures "
    "answered_in_time wait waited_at_all delay waited_served service_time calls_judged top_box episode "
    "judged_1 top_1 judged_2 top_2 judged_3 top_3 gap_down moved_down gap_up moved_up "
    # staff
    "positions present vacancies quits promoted hires morale exhaustion commitment empowerment skill tenure voice "
    "standard gratitude busy available scheduled overtime reports reports_answered load climate "
    # managers and causes
    "approvals control coaching floor removing manager_time manager_morale "
    "manager_changes practice prevalence belief_error tightness trust "
    # money, in cents
    "revenue wages management grant_cost training hiring programmes fixed "
    # loyalty ladders: large and small losses of a year ago by how they were handled, and customers still there
    f"{' '.join(_LADDER)} "
    "reputation"
).split()
DAY = np.dtype([(name, "f8") for name in ["day", *_COUNTS]])
"""What is reported of a day: counts are sums over the day, states are means at its end."""
_COLUMNS = DAY.names or ()
LEFT_COLUMN = _COLUMNS.index(LEFT[0])
"""Column of the leavers for the first reason; those for the others follow."""
LADDER_COLUMN = _COLUMNS.index(_LADDER[0])
"""Column of the large losses about which nothing was said; those kept, the other handlings and small losses follow."""
ESCALATED_COLUMN = _COLUMNS.index(_ESCALATED[0])
"""Column of the cases passed up to the first level of managers; those of the others follow."""

MONEY = ("revenue", "wages", "management", "grant_cost", "training", "hiring", "programmes", "fixed")
"""Fields of a day in cents; whole numbers, so that sums are exact."""


class OrganisationRow(Row):
    """What there is once: the clock, the sums over customers, the ends of lists."""

    day: Int64  # days gone by
    attraction: Real  # cumulated reasons to join
    reputation: Real  # 0-1, of the firm in public
    cash: Int64  # cents since the first day
    delivered: Real  # 0-1, mean experience of customers, smoothed
    claiming: Real  # contacts begun, with claims made up, as a ratio to needs
    customers: Int64  # people who are customers now
    cohort: Int64  # customers of the first day who never left
    satisfaction: Int64  # sum over customers, millionths
    loyalty: Int64  # sum over customers, millionths
    spend: Int64  # sum over customers, millionths of the currency per day
    unbilled: Int64  # spent in millionths, not yet a whole cent of revenue
    promoters: Int64  # number of customers of this class
    detractors: Int64  # likewise
    types_loyal: Int64  # number of customers of this type
    types_hostage: Int64  # likewise
    types_mercenary: Int64  # likewise
    types_defector: Int64  # likewise
    free_case: Int64  # first free row of the case table
    open_cases: Int64  # cases that are not over
    rows_used: Int64  # of the case table: no row from this on was ever taken
    events: Int64  # length of the event list
    slot: Int64  # last slot of today's calendar that was opened; -1: none
    later: Int64  # events in the others
    patient: Int64  # length of the list of ends of patience
    sequence: Int64  # events so far; keeps simultaneous ones in order
    woken: Int64  # people with something due today
    new_cases: Int64  # needs that become cases today
    new_rows: Int64  # rows that these may take, and cases that are tried again
    places_short: Int64  # positions wanted for which the table of staff has no place
    short: Int64  # rows for cases and for positions that are missing
    ended: Int64  # contacts ended today
    losses_noted: Int64  # large and small losses noted since the first day
    losses_judged: Int64  # of these, those judged a year later


class LossRow(Row):
    """A large or a small loss and how it was handled; rows are used in turn, for the loyalty ladders."""

    customer: Int64  # who had it
    spell: Int64  # of that customer
    day: Int64  # on which it was noted
    handling: Int32  # 0 silent, 1 complained in vain, 2 put right, 3 put right fast
    small: Int32  # 1: a small loss, 0: a large one


Workers = Table[StaffRow] | Table[ManagerRow]


class State(NamedTuple):
    """All of an organisation's state: what a compiled phase is given.

    Rows of `p` (one row) are the settings, rows of `levers` the structure by department.
    """

    p: Table[ParameterRow]
    levers: Table[LeverRow]
    """The structure as it is lived, by department."""
    lever_table: Floats
    """float64 (departments, levers): the same memory as a plain table; so are the next two."""
    chart_table: Floats
    """The structure as written."""
    old_table: Floats
    """The ways before each lever was last changed."""
    home_table: Floats
    """The structure of the first day, which needs no upkeep."""
    practice: Floats
    """float64 (departments, levers): how far each lever is lived as written, 0-1."""
    changed_on: npt.NDArray[np.int64]
    """int64 (departments, levers): day on which each lever was last changed; `NEVER`."""
    formal: Floats
    """float64 (levers,): 1 for levers that are in force as written at once."""
    levels: Table[LevelRow]
    organisation: Table[OrganisationRow]
    customers: Table[CustomerRow]
    due: Ints
    """int32 per person: next day on which something is due; `NEVER` for people outside."""
    join_at: Floats
    """float64 per person: attraction at which it becomes a customer; infinite for customers."""
    tie_start: Ints
    tie: Ints
    staff: Table[StaffRow]
    staff_order: Ints
    """int64: positions, the one idle longest first as of this morning."""
    managers: Table[ManagerRow]
    manager_order: Ints
    departments: Table[DepartmentRow]
    pools: Table[PoolRow]
    """Frontline pools by department, then those of team managers, then one for each level above."""
    causes: Table[CauseRow]
    beliefs: Floats
    """float64 (managers, causes): prevalence each manager believes in."""
    evidence: Floats
    """float64 (managers, causes): smoothed evidence each manager has seen or been told."""
    priors: Floats
    """float64 (managers, causes): what each manager believed before any evidence."""
    told: Floats
    """float64 (managers, causes): cases reported to each manager today."""
    seen: Floats
    """float64 (managers, causes): cases each manager met today."""
    cases: Table[CaseRow]
    events: Table[EventRow]
    """What will happen with cases in the slots of the calendar opened so far, the next first (a binary heap)."""
    calendar: Ints
    """int32: first case of each slot of today that something will happen with; `NOBODY`."""
    ends: Table[EventRow]
    """When patience with cases will end, the first first."""
    woken: Ints
    ended: Ints
    days: Table[DayRow]
    day_table: Floats
    """float64 (days, columns of `DAY`): the same memory as a plain table."""
    losses: Table[LossRow]
    profile: Floats
    shifts: Floats
    """float64 (parts of the day, 2): where the arc of those on duty begins and how long it is, see `day/shifts.py`."""
    service_profile: Floats
    """float64 (parts of the day,): service time as a ratio to `service_minutes`."""


_ALIGNED = (StaffRow, ManagerRow, CaseRow, CauseRow, DepartmentRow)
LAYOUTS: dict[type, np.dtype[Any]] = {
    **{kind: layout(kind, align=True) for kind in _ALIGNED},
    **{kind: layout(kind) for kind in (CustomerRow, OrganisationRow, LossRow, PoolRow, LevelRow, EventRow)},
    DayRow: DAY,
}
"""How rows of each kind lie in memory."""


def empty(kind: type[R], n: int) -> Table[R]:
    """`n` rows of zeros."""
    return cast("Table[R]", np.zeros(n, LAYOUTS[kind]))
