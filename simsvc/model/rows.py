"""Where state lives: one row per person, case, cause, department and day.

Agents are views of these rows, rules are functions of them. The field that is scanned for
everybody on every day (`due`) is an array of its own, because scanning fat rows costs several times
as much.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

NEVER = 2**31 - 1
"""A day that never comes."""
NOBODY = -1

# kinds of cases
ROUTINE, REQUEST, FAILURE = 0, 1, 2
# stages of a case
FREE, IN_QUEUE, IN_SERVICE, ASKING, WITH_MANAGER = 0, 1, 2, 3, 4
FINISHING, AWAY, CLOSED, ARRIVING, UNNOTICED = 5, 6, 7, 8, 9
# what a member of staff does with a case
ACT, ASK, BEND, REFUSE, HAND_OVER, DENY, DROP = 0, 1, 2, 3, 4, 5, 6
# how a contact ended
UNDER_WAY, RESOLVED, UNRESOLVED, ABANDONED, TURNED_AWAY, SILENT_LOSS = 0, 1, 2, 3, 4, 5
# types of customers by attitude and behaviour
LOYAL, HOSTAGE, MERCENARY, DEFECTOR = 0, 1, 2, 3
# why customers leave
NEUTRAL, DISSATISFIED, INCIDENT = 0, 1, 2

CUSTOMER = np.dtype(
    [
        ("satisfaction", "f8"),  # 0-1, cumulative
        ("expectation", "f8"),  # 0-1, mean of what is expected of an encounter
        ("uncertainty", "f8"),  # variance of that expectation
        ("loyalty", "f8"),  # 0-1, attitude
        ("idiosyncrasy", "f8"),  # 0-1, mean distance of its needs from the standard
        ("patience", "f8"),  # ratio to the mean patience
        ("contact_rate", "f8"),  # ratio to the mean contact rate
        ("spend_level", "f8"),  # ratio to the mean spend
        ("switching_cost", "f8"),  # 0-1
        ("next_need", "f8"),  # day, with fraction
        ("neutral_leave", "f8"),  # day of leaving for structure-neutral reasons
        ("exposure", "f8"),  # dissatisfaction this customer still stands before leaving
        ("leave_rate", "f8"),  # per day, current rate at which exposure is used up
        ("settled", "i4"),  # day of the last settling of rate and spend
        ("since", "i4"),  # first day as a customer; -1 outside
        ("spell", "i8"),  # how many times this person has become a customer
        ("failures", "i4"),  # failures so far that were not put right
        ("known_staff", "i4"),  # position of the member of staff it knows
        ("known_person", "i4"),  # which holder of that position
        ("bond", "f8"),  # 0-1, with that person
        ("type", "i4"),  # LOYAL, HOSTAGE, MERCENARY, DEFECTOR
        ("spend", "i4"),  # cents per day, as counted in the organisation's revenue
        ("counted_satisfaction", "i4"),  # millionths, as counted in the organisation's sums
        ("counted_loyalty", "i4"),  # millionths
        ("counted_score", "i4"),  # promoter 1, passive 0, detractor -1, as counted
    ]
)

STAFF = np.dtype(
    [
        ("department", "i8"),
        ("person", "i4"),  # the how-manieth holder of this position, from 0
        ("present", "i4"),  # 0: the position is vacant
        ("since", "i4"),  # day of hire
        ("returns", "i4"),  # day on which a vacancy ends
        ("next_idle", "i8"),
        ("case", "i8"),  # case in hand
        ("skill", "f8"),  # 0-1
        ("potential", "f8"),  # 0-1, skill that learning tends to
        ("disposition", "f8"),  # 0-1, hospitality
        ("morale", "f8"),  # 0-1
        ("exhaustion", "f8"),  # 0-1
        ("commitment", "f8"),  # 0-1
        ("accustomed", "f8"),  # resources at work this person is used to, about 0.5
        ("empowerment", "f8"),  # 0-1, felt; lags behind authority granted
        ("limit", "f8"),  # money, remedy this person may grant today
        ("latitude", "f8"),  # 0-1, deviation from the script this person may take today
        ("voice", "f8"),  # 0-1, readiness to report
        ("standard", "f8"),  # ratio, time believed to be due to a case
        ("gratitude", "f8"),  # 0-1, smoothed mean of how customers took it
        ("answered", "f8"),  # 0-1, smoothed share of own reports that were answered
        ("exposure", "f8"),  # reasons to quit this person still stands
        ("free_at", "f8"),  # min, last end of work
        ("busy_from", "f8"),  # min
        # of today
        ("busy", "f8"),  # min
        ("scheduled", "f8"),  # min, length of today's shift
        ("on_duty", "i8"),
        ("overtime", "f8"),  # min
        ("contacts", "i4"),
        ("refusals", "i4"),  # justified wishes this person had to turn down
        ("overreach", "f8"),  # strain of own decisions, summed
        ("stretch", "f8"),  # demand of own decisions, summed
        ("acting", "f8"),  # strain of showing what one does not feel, summed
        ("obstacles", "i4"),  # cases caused by something known to be broken
        ("felt", "f8"),  # sum over contacts of how the customer took it
        ("judged", "i4"),  # contacts that were judged
        ("reports", "i4"),
        ("reports_answered", "i4"),
        ("training", "i4"),  # 1: away for training today
        ("away", "i4"),  # 1: with colleagues, managers or trainers instead of customers today
    ],
    align=True,
)

MANAGER = np.dtype(
    [
        ("level", "i8"),  # 1: team manager, 2: director, 3: executive
        ("pool", "i8"),
        ("person", "i4"),  # the how-manieth holder of this position, from 0
        ("since", "i4"),  # day of appointment
        ("insider", "i4"),  # 1: promoted from the front line
        ("morale", "f8"),  # 0-1
        ("exposure", "f8"),  # reasons to leave this person still stands
        ("next_idle", "i8"),
        ("case", "i8"),
        ("skill", "f8"),  # 0-1, at hard cases
        ("teaching", "f8"),  # 0-1, skill as a boss
        ("own_prior", "f8"),  # 0-1, weight on own prior belief against any evidence
        ("free_at", "f8"),  # min
        ("busy_from", "f8"),  # min
        ("approvals", "f8"),  # min today
        ("control", "f8"),  # min today, and so on
        ("coaching", "f8"),
        ("floor", "f8"),
        ("removing", "f8"),
        ("priority", "i8"),  # cause believed to matter most
    ],
    align=True,
)

CASE = np.dtype(
    [
        ("customer", "i8"),
        ("spell", "i8"),  # the customer's spell it belongs to
        ("day", "i8"),  # day of its first contact; with customer and number the key of its draws
        ("number", "i8"),  # which case of that customer and day
        ("stage", "i4"),
        ("outcome", "i4"),
        ("kind", "i4"),
        ("department", "i8"),  # where it is
        ("owner", "i8"),  # department that can deal with it
        ("cause", "i8"),  # NOBODY: no known cause
        ("legitimate", "i4"),
        ("familiar", "i4"),  # 1: served by the member of staff the customer knows
        ("heard", "i4"),  # 1: somebody has listened to it before
        ("grave", "i4"),  # a grave error was made
        ("attempts", "i8"),  # contacts so far
        ("level", "i8"),  # highest level it was passed up to in this contact
        ("plan", "i4"),  # ACT, ASK, BEND, REFUSE, HAND_OVER, DENY, DROP
        ("granted", "i4"),  # 1: what was asked for was granted
        ("refused", "i4"),
        ("callback", "i4"),  # 1: the customer is off the line and will be called back
        ("staff", "i8"),  # position in charge; NOBODY before service
        ("manager", "i8"),
        ("handed_by", "i4"),  # position that handed it over in this contact; NOBODY
        ("asked_by", "i4"),  # position that passed it up in this contact; NOBODY
        ("approver_1", "i4"),  # team manager who decided in this contact; NOBODY
        ("approver_2", "i4"),  # director likewise; `manager` is who decided last
        ("next", "i8"),  # in a queue, or in the list of free rows
        ("difficulty", "f8"),  # 0-1
        ("distance", "f8"),  # 0-1, from the standard need
        ("remedy", "f8"),  # money, fair
        ("paid", "f8"),  # money
        ("fit", "f8"),  # 0-1, of the solution
        ("quality", "f8"),  # 0-1, of the work
        ("courtesy", "f8"),  # 0-1
        ("gesture", "f8"),  # what was given beyond the solution, ratio to a full one
        ("information", "f8"),  # 0-1, what is left of the case after passing it on
        ("reexplained", "f8"),  # times the customer had to start anew in this contact
        ("contact_at", "f8"),  # min on the organisation's clock
        ("first_at", "f8"),  # min, first contact
        ("queued_at", "f8"),  # min
        ("noticed_at", "f8"),  # min, when an approver takes notice of it
        ("leaves_at", "f8"),  # min, end of patience
        ("waited", "f8"),  # min on the line in this contact
        ("delayed", "f8"),  # min off the line in this contact
        ("minutes", "f8"),  # of service in this contact
        ("left", "f8"),  # of service after an approval
        ("ended_at", "f8"),  # min
        # how the customer took this contact
        ("experience", "f8"),  # 0-1, satisfaction with it
        ("outcome_felt", "f8"),  # 0-1
        ("procedure_felt", "f8"),  # 0-1
        ("satisfaction_change", "f8"),  # of the customer's cumulative satisfaction
        ("loyalty_change", "f8"),
    ],
    align=True,
)

CAUSE = np.dtype(
    [
        ("department", "i8"),
        ("base", "f8"),  # 0-1, share of routine needs it spoils when untouched
        ("prevalence", "f8"),  # 0-1, now
    ],
    align=True,
)

DEPARTMENT = np.dtype(
    [
        ("pool", "i8"),  # managers' pool it asks
        ("load", "f8"),  # smoothed work demanded over time available
        ("tightness", "f8"),  # 0-1, policy in force beyond the chart's limits
        ("pressure", "f8"),  # factor on time per case from work pressure today
        ("pace", "f8"),  # factor on time per case from what managers steer by
        ("help", "f8"),  # factor on time per case from managers who serve
        ("information", "f8"),  # 0-1, at the front line, as it comes through
        ("practice", "f8"),  # 0-1, how far the levers that were changed are lived, in the mean
        ("span", "f8"),  # members of staff per manager
        ("spoiled", "f8"),  # share of needs that are failures today
        ("failing", "f8"),  # the same, with those that are only claimed to be
        ("illegitimate", "f8"),  # share of claims without a good reason today
        ("control", "f8"),  # min per head, yesterday
        ("coaching", "f8"),
        ("floor", "f8"),
        ("removing", "f8"),
        ("answers", "f8"),  # 0-1, share of answers promised that there is time for
        ("teaching", "f8"),  # 0-1, of its managers
        ("trust", "f8"),  # 0-1
        ("morale", "f8"),  # 0-1, mean of the team last night
        ("skill", "f8"),  # 0-1, mean of the team last night
        ("heads", "f8"),  # staff at work for it last night
        ("capacity", "f8"),  # min of staff at work today
        ("lost", "i8"),  # callers who gave up today
        ("demanded", "f8"),  # min of work today, at the standard
        ("granted", "f8"),  # money today, granted to customers
        ("grants_smoothed", "f8"),  # money per day
        ("attempts", "i4"),  # unjustified claims decided today
        ("succeeded", "i4"),  # of these
        ("succeeded_share", "f8"),  # smoothed
        ("reports", "i4"),  # today
        ("answered", "i4"),  # of these
    ],
    align=True,
)

POOL = np.dtype([("head", "i8"), ("tail", "i8"), ("idle_head", "i8"), ("idle_tail", "i8")])
"""A queue first come first served and the free people who serve it, longest idle first."""

_COUNTS = (
    # customers
    "customers cohort satisfaction loyalty promoters detractors loyal hostages mercenaries defectors "
    "joined left_neutral left_dissatisfied left_incident told_good told_bad talked_good talked_bad posts "
    # cases and contacts
    "cases_in resolved given_up cases_open contacts served abandoned turned_away callbacks "
    "first_contact_resolved first_contact_judged repeats failures silent_failures handoffs "
    "asked escalated_1 escalated_2 escalated_3 bent refused refused_justified granted_unjustified grants grave_errors "
    "familiar gestures "
    "wait waited_at_all delay waited_served service_time calls_judged top_box episode "
    "judged_1 top_1 judged_2 top_2 judged_3 top_3 "
    # staff
    "present vacancies quits promoted hires morale exhaustion commitment empowerment skill tenure voice standard "
    "gratitude busy available overtime reports reports_answered load climate "
    # managers and causes
    "approvals control coaching floor removing manager_time manager_morale "
    "manager_changes practice prevalence belief_error tightness trust "
    # money, in cents
    "revenue wages management grant_cost training hiring programmes fixed "
    # loyalty ladder: large losses of a year ago by how they were handled, and customers still there
    "losses_silent kept_silent losses_vain kept_vain losses_right kept_right losses_fast kept_fast "
    "reputation"
).split()
DAY = np.dtype([(name, "f8") for name in ["day", *_COUNTS]])
"""What is reported of a day: counts are sums over the day, states are means at its end."""

MONEY = ("revenue", "wages", "management", "grant_cost", "training", "hiring", "programmes", "fixed")
"""Fields of a day in cents; whole numbers, so that sums are exact."""

ORGANISATION = np.dtype(
    [
        ("day", "i8"),
        ("attraction", "f8"),  # cumulated reasons to join
        ("reputation", "f8"),  # 0-1, of the firm in public
        ("cash", "i8"),  # cents since the first day
        ("delivered", "f8"),  # 0-1, mean experience of customers, smoothed
        ("customers", "i8"),
        ("cohort", "i8"),  # customers of the first day who never left
        ("satisfaction", "i8"),  # sums over customers, in millionths
        ("loyalty", "i8"),
        ("spend", "i8"),  # cents per day
        ("promoters", "i8"),
        ("detractors", "i8"),
        ("types_loyal", "i8"),
        ("types_hostage", "i8"),
        ("types_mercenary", "i8"),
        ("types_defector", "i8"),
        ("free_case", "i8"),  # first free row of the case table
        ("open_cases", "i8"),
        ("events", "i8"),  # length of the event list
        ("sequence", "i8"),  # events so far; keeps simultaneous ones in order
        ("woken", "i8"),  # people with something due today
        ("new_cases", "i8"),  # needs that become cases today
        ("short", "i8"),  # rows for cases that are missing for them
        ("ended", "i8"),  # contacts ended today
        ("losses_noted", "i8"),  # large losses noted and
        ("losses_judged", "i8"),  # judged a year later, since the first day
    ]
)

LOSS = np.dtype(
    [
        ("customer", "i8"),
        ("spell", "i8"),
        ("day", "i8"),
        ("handling", "i4"),  # 0 silent, 1 complained in vain, 2 put right, 3 put right fast
    ]
)
"""A large loss and how it was handled; rows are used in turn, for the loyalty ladder."""


class State(NamedTuple):
    """All of an organisation's state: what a compiled phase is given.

    Rows of `p` (one row) are the settings, rows of `levers` the structure by department.
    """

    p: Any
    levers: Any
    """The structure as it is lived, by department."""
    lever_table: Any
    """float64 (departments, levers): the same memory as a plain table; so are the next two."""
    chart_table: Any
    """The structure as written."""
    old_table: Any
    """The ways before each lever was last changed."""
    home_table: Any
    """The structure of the first day, which needs no upkeep."""
    practice: Any
    """float64 (departments, levers): how far each lever is lived as written, 0-1."""
    changed_on: Any
    """int64 (departments, levers): day on which each lever was last changed; `NEVER`."""
    formal: Any
    """float64 (levers,): 1 for levers that are in force as written at once."""
    organisation: Any
    customers: Any
    due: Any
    """int32 per person: next day on which something is due; `NEVER` for people outside."""
    join_at: Any
    """float64 per person: attraction at which it becomes a customer; infinite for customers."""
    tie_start: Any
    tie: Any
    staff: Any
    staff_order: Any
    """int64: positions, the one idle longest first as of this morning."""
    managers: Any
    manager_order: Any
    departments: Any
    pools: Any
    """Frontline pools by department, then the managers' pools, last the directors'."""
    causes: Any
    beliefs: Any
    """float64 (managers, causes): prevalence each manager believes in."""
    evidence: Any
    """float64 (managers, causes): smoothed evidence each manager has seen or been told."""
    priors: Any
    """float64 (managers, causes): what each manager believed before any evidence."""
    told: Any
    """float64 (managers, causes): cases reported to each manager today."""
    seen: Any
    """float64 (managers, causes): cases each manager met today."""
    cases: Any
    event_time: Any
    event_case: Any
    event_order: Any
    woken: Any
    ended: Any
    days: Any
    losses: Any
    profile: Any
    shifts: Any
    """float64 (parts of the day, 2): where the arc of those on duty begins and how long it is, see `day/shifts.py`."""
    service_profile: Any
    """float64 (parts of the day,): service time as a ratio to `service_minutes`."""


def empty(dtype: np.dtype[Any], n: int) -> Any:
    """`n` rows of zeros."""
    return np.zeros(n, dtype)
