"""People as rows: every state of a customer, of a member of staff and of a manager, declared once.

From here follow tables, types, the attributes of Mesa agents and the laws that tests check, see
`simsvc.model.tables`. A new trait is a line here, the rule that uses it, and its first draw.
"""

from __future__ import annotations

from simsvc.model.tables import Int32, Int64, Real, Row, state


class CustomerRow(Row):
    """Somebody of the market: a customer, or somebody who may become one."""

    satisfaction: Real = state("Cumulative satisfaction", "0-1", first="begin_spell", writable=True)
    expectation: Real = state("What it expects of an encounter, mean", "0-1", first="begin_spell", writable=True)
    uncertainty: Real = state("Variance of that expectation", "0-1", first="begin_spell", writable=True)
    loyalty: Real = state("Loyalty as an attitude", "0-1", first="begin_spell", writable=True)
    idiosyncrasy: Real = state(
        "Mean distance of its wishes from the standard", "0-1", 0.001, 0.999, first="draw_idiosyncrasy", writable=True
    )
    patience: Real = state(
        "Patience when waiting", "ratio to the mean", 0, first="populate", writable=True, at_most=1e6
    )
    contact_rate: Real = state("Needs", "ratio to the mean", 0, first="populate", writable=True, at_most=100)
    spend_level: Real = state("Spend", "ratio to the mean", 0, first="populate", writable=True, at_most=1000)
    switching_cost: Real = state("Cost of changing supplier", "0-1", first="draw_switching_cost", writable=True)
    next_need: Real = state("Day of the next need, with fraction", first="begin_spell")
    neutral_leave: Real  # day of leaving for structure-neutral reasons
    exposure: Real  # dissatisfaction this customer still stands before leaving
    leave_rate: Real = state(
        "Rate at which exposure to reasons to leave is used up now", "per day", 0, first="appraise"
    )
    settled: Int32  # day of the last settling of rate and spend; outside: of leaving
    since: Int32 = state("First day as a customer; -1 outside", first="begin_spell")
    spell: Int64  # how many times this person has become a customer
    failures: Int32 = state("Failures so far that were not put right", "", 0, first="begin_spell")
    known_staff: Int32 = state("Position of the member of staff it knows; -1: none", "", -1, first="begin_spell")
    known_person: Int32  # which holder of that position
    bond: Real = state("Bond with that member of staff", "0-1", first="begin_spell")
    type: Int32  # by attitude and behaviour: LOYAL, HOSTAGE, MERCENARY, DEFECTOR
    spend: Int64 = state("Spend per day, as counted in the organisation's revenue", "millionths", 0, first="appraise")
    counted_satisfaction: Int32  # millionths, as counted in the organisation's sums
    counted_loyalty: Int32  # millionths, likewise
    counted_score: Int32  # promoter 1, passive 0, detractor -1, likewise


class StaffRow(Row):
    """A position at the front line, with whoever holds it."""

    department: Int64 = state("Number of the department", "", 0, first="unpopulated")
    open: Int32  # 1: the firm has this position; 0: a place in the table that no position takes
    place: Int32  # among the positions of the department, from 0
    person: Int32  # the how-manieth holder of this position, from 0
    present: Int32  # 1: somebody holds the position, 0: it is vacant
    since: Int32 = state("Day of hire; before 0 for those there on the first day", first="hire")
    returns: Int32  # day on which a vacancy ends
    next_idle: Int64  # next position in the list of idle people; NOBODY
    case: Int64  # case in hand; NOBODY
    skill: Real = state("Skill", "0-1", first="hire", writable=True)
    potential: Real = state("Skill that learning tends to", "0-1", first="hire", writable=True)
    disposition: Real = state("Hospitable disposition", "0-1", first="hire", writable=True)
    outlook: Real = state(
        "Lasting tendency to see one's work as bright (above 0) or dark", "logit", -25, 25, first="hire", writable=True
    )
    morale: Real = state("Morale", "0-1", first="hire", writable=True)
    exhaustion: Real = state("Exhaustion", "0-1", first="hire", writable=True)
    commitment: Real = state("Commitment to the firm", "0-1", first="hire", writable=True)
    accustomed: Real  # resources at work this person is used to, about 0.5
    empowerment: Real = state("Empowerment as felt; lags behind authority granted", "0-1", first="hire", writable=True)
    limit: Real = state("Remedy this person may grant today", "money", 0, first="opening")
    latitude: Real = state("Deviation from the script this person may take today", "0-1", first="opening")
    voice: Real = state("Readiness to report", "0-1", first="hire", writable=True)
    standard: Real = state("Time believed to be due to a case", "ratio", 0.3, 1, first="hire", writable=True)
    gratitude: Real = state("How customers take it, smoothed", "0-1", first="hire", writable=True)
    answered: Real = state("Share of own reports that were answered, smoothed", "0-1", first="hire")
    exposure: Real  # reasons to quit this person still stands
    leaves: Int32  # day on which somebody who has given notice leaves; NEVER: no notice given
    free_at: Real  # min, last end of work
    busy_from: Real  # min, when the case in hand was taken
    # of today
    busy: Real = state("Minutes at work on the last day", "", 0, first="opening")
    scheduled: Real  # min, length of today's shift
    on_duty: Int64  # 1: on duty in this part of the day
    overtime: Real  # min of today's work after closing
    contacts: Int32 = state("Contacts served on the last day", "", 0, first="opening")
    refusals: Int32 = state("Justified wishes this person had to turn down on the last day", "", 0, first="opening")
    overreach: Real = state("Strain of own decisions, summed over the last day", "", 0, first="opening")
    stretch: Real  # demand of own decisions, summed over the day
    acting: Real  # strain of showing what one does not feel, summed over the day
    obstacles: Int32 = state("Cases caused by something known to be broken on the last day", "", 0, first="opening")
    felt: Real  # sum over the day's contacts of how the customer took it
    judged: Int32  # contacts of the day that were judged
    reports: Int32  # troubles reported today
    reports_answered: Int32  # of these, answered
    training: Int32  # 1: away for training today
    away: Int32  # 1: with colleagues, managers or trainers instead of customers today


class ManagerRow(Row):
    """A position in management, with whoever holds it."""

    level: Int64 = state("Level of management, from 1", "", 1, first="unpopulated")
    pool: Int64  # pool of requests it serves
    heads: Real  # staff below it who were at work last night
    person: Int32  # the how-manieth holder of this position, from 0
    since: Int32 = state("Day of appointment", first="take_office")
    insider: Int32  # 1: promoted from the front line
    morale: Real = state("Morale", "0-1", first="take_office", writable=True)
    exposure: Real  # reasons to leave this person still stands
    next_idle: Int64  # next manager in the list of idle ones; NOBODY
    case: Int64  # request on the desk; NOBODY
    skill: Real = state("Skill at hard cases", "0-1", first="draw_manager", writable=True)
    teaching: Real = state("Skill as a boss", "0-1", first="draw_manager", writable=True)
    own_prior: Real = state(
        "Weight on own prior belief against any evidence", "0-1", first="draw_manager", writable=True
    )
    free_at: Real  # min, last end of work on a request
    busy_from: Real  # min, when the request on the desk was taken up
    approvals: Real = state("Minutes spent on approvals on the last day", "", 0, first="opening")
    overtime: Real = state("Minutes of these outside the own hours", "", 0, first="opening")
    control: Real = state("Minutes of control and reporting on the last day", "", 0, first="spend_time")
    coaching: Real = state("Minutes of coaching on the last day", "", 0, first="spend_time")
    floor: Real = state("Minutes on the floor on the last day", "", 0, first="spend_time")
    removing: Real = state("Minutes of removing causes on the last day", "", 0, first="spend_time")
    priority: Int64 = state("Number of the cause believed to matter most; -1: none", "", -1, first="take_office")
