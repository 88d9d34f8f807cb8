"""Moments in plain words: what happened, why, and what it did to those concerned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simsvc.model.reasons import REASONS
from simsvc.scenario.management import LEVELS
from simsvc.tracing.moments import TIME, Moment

OPENS = 9 * 60
"""Minute of the day at which doors open, for reading only: 09:00."""


def tell(moment: Moment) -> list[str]:
    """What happened, in a paragraph; then what it did to each of those concerned, one line each."""
    story, effects = _TELLERS[moment.kind](moment)
    return [" ".join(_sentence(part) for part in story), *effects]


def clock(minute: float) -> str:
    """Time of day of a minute since opening, such as `10:41`; overtime may go past 24:00."""
    at = OPENS + int(minute)
    return f"{at // 60:02d}:{at % 60:02d}"


def count(n: int, noun: str, plural: str = "") -> str:
    """A number of things: `1 contact`, `3 contacts`."""
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def ordinal(n: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th`."""
    return f"{n}{'th' if 10 <= n % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def state_now(effect: Mapping[str, Any], *names: str) -> str:
    """States after a change, such as `satisfaction 0.58 -> 0.61 (+0.031)`."""
    parts = []
    for name in names:
        now, change = effect[name], effect.get(f"{name}_change", 0.0)
        before = f"{now - change:.2f}"
        part = f"{name} {now:.2f}" if before == f"{now:.2f}" else f"{name} {before} -> {now:.2f}"
        parts.append(part + (f" ({change:+.3f})" if abs(change) >= 0.0005 else ""))
    return ", ".join(parts)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _minutes(time: float) -> str:
    if time >= 90:
        return f"{time / 60:.1f} h"
    return f"{time:.0f} min" if time >= 1 else "less than a minute"


def _money(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 10 or amount == round(amount) else f"{amount:.1f}"


def _name(kind: str, number: int, holder: int = 0) -> str:
    return f"{kind} {number}" + (f" ({ordinal(holder + 1)} holder)" if holder else "")


def _who(moment: Moment, role: str = "staff") -> str:
    """Somebody of the front line, or a manager, with which holder of the position it is."""
    holder = moment.facts.get("holders", {}).get(role, moment.facts.get("holder", 0))
    if role == "manager":
        return _name(_title(moment.facts["level"]), moment.people[role], holder)
    return _name("staff", moment.people[role], holder)


def _title(level: int) -> str:
    return LEVELS[level - 1].short


def _customer(moment: Moment) -> str:
    return _name("customer", moment.people["customer"])


# -- contacts -------------------------------------------------------------------------------------


def _contact(moment: Moment) -> tuple[list[str], list[str]]:
    facts = moment.facts
    story = [_need(moment)]
    if "handed_by" in moment.people:
        story.append(f"{_who(moment, 'handed_by')} hands it over to department {facts['department']}")
    elif facts["department"] != facts["owner"] and facts["outcome"] != "silent":
        story.append(f"it reaches department {facts['department']} but is the business of department {facts['owner']}")
    if facts["outcome"] == "silent":
        story.append("says nothing")
    elif facts["outcome"] == "abandoned":
        story.append(f"gives up after waiting {_minutes(facts['waited'])}")
    elif facts["outcome"] == "turned away":
        story.append(f"still waits at closing time, after {_minutes(facts['waited'])}")
    else:
        story += [f"waits {_minutes(facts['waited'])}" if facts["waited"] > 0 else "no wait", *_decision(moment)]
        story.append(_outcome(facts))
    if facts["outcome"] in ("abandoned", "turned away"):
        story.append(_continued(facts))
    if facts["customer_had_left"]:
        story.append("by then the customer had left")
    return story, _taken(moment)


def _need(moment: Moment) -> str:
    facts, who = moment.facts, _customer(moment)
    again = "" if facts["contact"] < 2 else f" for the {ordinal(facts['contact'])} time"
    if moment.minute is not None and facts["began"] < moment.day:
        again += f" on day {facts['began']} at {clock(moment.minute)}"
    if facts["need"] == "routine":
        return f"{who} gets in touch{again} about a routine matter"
    if facts["need"] == "request":
        unworthy = "" if facts["legitimate"] else ", which costs more than it is worth"
        return f"{who} asks{again} for more than the routine solution{unworthy}"
    silent = facts["outcome"] == "silent"
    if not facts["legitimate"]:
        claims = "takes something for a failure" if silent else f"claims {_money(facts['remedy'])}{again}"
        return f"{who} {claims} without good reason"
    cause = "" if facts["cause"] is None else f" owed to cause {facts['cause']}"
    return f"{who} {'meets' if silent else 'reports'} a failure{cause}{again}; {_money(facts['remedy'])} would be fair"


def _authority(moment: Moment) -> str:
    """In what the case exceeds the authority of who took it."""
    facts, parts = moment.facts, []
    if "beyond limit" in moment.reasons:
        parts.append(f"may grant {_money(facts['limit'])}")
    if "beyond latitude" in moment.reasons:
        parts.append(
            f"may not go that far from the script ({facts['distance']:.2f} off; latitude {facts['latitude']:.2f})"
        )
    return _and(parts) if parts else "may not decide it alone"


def _wrongly(facts: Mapping[str, Any], granted: bool) -> str:
    return "" if granted == facts["legitimate"] else " (wrongly)"


def _decision(moment: Moment) -> list[str]:
    """Who decided what, and why; one sentence for each of those who did."""
    facts, reasons, who = moment.facts, moment.reasons, _who(moment)
    known = f"{who}, whom the customer knows," if facts["familiar"] else who
    if moment.decision == "asks":
        asking = _who(moment, "asked_by")
        first = known if asking == who else asking
        answers = [_answer(moment, approval) for approval in facts.get("approvals", ())]
        back = [f"{who} calls back"] if facts["called_back"] and asking != who else []
        return [f"{first} {_authority(moment)}: asks", *answers, *back]
    if moment.decision == "acts" and "granted before" in reasons:
        return [f"{known} carries out what was granted before"]
    if moment.decision == "acts" and "nothing is refused" in reasons:
        return [f"{known} {_authority(moment)}, but nothing is refused"]
    if moment.decision == "acts" and facts["need"] == "routine":
        return [f"{known} sees to it"]
    if moment.decision == "acts" and facts["need"] == "request":
        if facts["granted"]:
            return [f"{known} sees to it{_wrongly(facts, True)}"]
        return [f"{known} thinks it costs more than it is worth{_wrongly(facts, False)}: refuses"]
    if moment.decision == "acts":
        may = f" may grant {_money(facts['limit'])}" if "limit" in facts else " may decide it"
        if facts["granted"]:
            return [f"{known}{may}: grants it{_wrongly(facts, True)}"]
        return [f"{known}{may} but takes the claim for unjustified{_wrongly(facts, False)}: refuses"]
    does = {
        "bends": "but bends the rule",
        "refuses": f"and {'has nobody to ask' if 'nobody to ask' in reasons else 'does not pass it up'}: refuses",
        "denies": f"and takes it for unjustified{_wrongly(facts, False)}: refuses",
        "drops": "and would have to ask; the customer lets the claim go",
    }[moment.decision]
    return [f"{known} {_authority(moment)}, {does}"]


def _answer(moment: Moment, approval: Mapping[str, Any]) -> str:
    who = _name(_title(approval["level"]), approval["manager"])
    if approval["passed_up"]:
        may = f" but may grant {_money(approval['limit'])}" if "limit" in approval else ""
        return f"{who} is for it{may}: passes it up"
    facts = moment.facts
    took = f"{_minutes(facts['answer_took'])} {'off the line' if facts['called_back'] else 'on the line'}"
    verb = "grants" if approval["granted"] else "refuses"
    return f"{who} {verb} it{_wrongly(facts, approval['granted'])}, after {took}"


def _outcome(facts: Mapping[str, Any]) -> str:
    if facts["outcome"] == "settled":
        if facts["gesture"] > 0:
            return f"settled, with a gesture worth {_money(facts['paid'])}"
        return "settled" + (f", {_money(facts['paid'])} paid" if facts["paid"] > 0 else "")
    if facts["outcome"] == "hung up":
        return f"hangs up after {_minutes(facts['answer_took'])} without an answer; {_continued(facts)}"
    if facts["outcome"] == "withdrawn":
        return f"gives up on being called back after {_minutes(facts['answer_took'])}; {_continued(facts)}"
    return ("a grave error: nothing is settled" if facts["grave_error"] else "not settled") + f"; {_continued(facts)}"


def _continued(facts: Mapping[str, Any]) -> str:
    return "that is the end of it" if facts["comes_back"] is None else f"to be continued on day {facts['comes_back']}"


def _taken(moment: Moment) -> list[str]:
    """How those who met took it."""
    effects, lines = moment.effects, []
    if "customer" in effects:
        felt = effects["customer"]
        marks = [f"outcome {felt['outcome_felt']:.2f}", f"procedure {felt['procedure_felt']:.2f}"]
        if "courtesy" in moment.facts:
            marks.append(f"manner {moment.facts['courtesy']:.2f}")
        line = f"{_customer(moment)}: {state_now(felt, 'satisfaction', 'loyalty')}; "
        line += f"experience {felt['experience']:.2f} ({', '.join(marks)})"
        if "failures_not_put_right" in felt:
            line += f"; {ordinal(felt['failures_not_put_right'])} failure not put right"
        if "missed_staff" in felt:
            line += f"; misses staff {felt['missed_staff']}, who has left: loyalty {-felt['loyalty_lost_with_it']:+.3f}"
        lines.append(line)
    if "staff" in effects:
        met = effects["staff"]
        mood = "a grateful customer" if met["grateful"] else "a customer less pleased than usual"
        line = f"{_who(moment)}: {mood} ({met['met']:.2f}; usually {met['usually']:.2f})"
        line += "; had to refuse what was justified" if met["refused_justified"] else ""
        line += "; met something known to be broken" if met["met_broken"] else ""
        lines.append(line)
    if "manager" in effects:
        level = moment.facts["approvals"][-1]["level"]
        manager = _name(_title(level), moment.people["manager"])
        lines.append(f"{manager}: sees cause {effects['manager']['saw_cause']} at work")
    return lines


# -- customers ------------------------------------------------------------------------------------


def _words(moment: Moment) -> tuple[list[str], list[str]]:
    who, felt = _customer(moment), moment.effects["customer"]
    news = [f"customer {friend} ({experience:.2f})" for friend, experience in moment.facts["friends_with_news"].items()]
    story = f"{who} hears of somebody's experience" + (f": {_and(news)}" if news else "")
    if "reluctance_change" in felt:
        drawn = "drawn to the firm" if felt["reluctance_change"] < 0 else "put off"
        return [story], [f"{who}: {drawn} ({-felt['reluctance_change']:+.2f} reasons to join)"]
    return [story], [f"{who}: {state_now(felt, 'satisfaction')}"]


def _joined(moment: Moment) -> tuple[list[str], list[str]]:
    again = " again" if moment.facts["spell"] > 1 else ""
    story = f"{_customer(moment)} becomes a customer{again}, from tomorrow on"
    return [story], [f"{_customer(moment)}: {state_now(moment.effects['customer'], 'satisfaction', 'loyalty')}"]


def _left(moment: Moment) -> tuple[list[str], list[str]]:
    facts, felt, who = moment.facts, moment.effects["customer"], _customer(moment)
    why = next(reason.words for reason in REASONS if reason.name == moment.reasons[0]).format_map(facts)
    state = f"{who}: {state_now(felt, 'satisfaction', 'loyalty')}, switching cost {facts['switching_cost']:.2f}, "
    state += count(facts["failures_not_put_right"], "failure not put right", "failures not put right")
    return [f"{who} leaves after {count(facts['days'], 'day')}, {why}"], [state]


# -- staff ----------------------------------------------------------------------------------------

MOODS = ("morale", "exhaustion", "commitment", "voice", "skill")


def _evening(moment: Moment) -> tuple[list[str], list[str]]:
    facts, mood, who = moment.facts, moment.effects["staff"], _who(moment)
    if facts["training"]:
        story = [f"{who} was away for a day of training"]
    elif facts["away"]:
        story = [f"{who} spent the day with colleagues and managers"]
    else:
        work = f"{who}: {count(facts['contacts'], 'contact')}, at work {100 * facts['busy']:.0f} % of the day"
        if facts["overtime"] >= 1:
            work += f", {_minutes(facts['overtime'])} of it overtime"
        if facts["refusals"]:
            work += f", {count(facts['refusals'], 'justified wish', 'justified wishes')} refused"
        if facts["reports"]:
            work += f", {count(facts['reports'], 'report')}, {facts['reports_answered']} answered"
        story = [work]
        if facts["met"] is not None:
            story.append(f"customers took it at {facts['met']:.2f}, usually {facts['usually']:.2f}")
    lines = [f"{who}: {state_now(mood, *MOODS)}"]
    if moment.reasons:
        moved = [f"{name} {facts['moved_morale'][name]:+.3f}" for name in moment.reasons]
        lines.append(f"morale, against an ordinary job: {', '.join(moved)}")
    return story, lines


def _goes(moment: Moment, verb: str) -> str:
    days = count(moment.facts["days"], "day")
    return f"{_who(moment, 'staff' if 'vacant_until' in moment.facts else 'manager')} {verb} after {days}"


def _quit(moment: Moment) -> tuple[list[str], list[str]]:
    facts = moment.facts
    if "vacant_until" not in facts:
        state = state_now(moment.effects["manager"], "morale")
        verb = "is replaced" if "replaced" in moment.reasons else "leaves"
        return [_goes(moment, verb)], [f"{_who(moment, 'manager')}: {state}"]
    verb = "quits or is let go" if "unsuited" in moment.reasons else "quits"
    reason = f"in this mood people go at {facts['rate']:.2f} a year, {facts['usual_rate']:.2f} is usual"
    story = [f"{_goes(moment, verb)}; {reason}", f"the position is vacant until day {facts['vacant_until']} or later"]
    return story, [f"{_who(moment)}: {state_now(moment.effects['staff'], *MOODS)}"]


def _promoted(moment: Moment) -> tuple[list[str], list[str]]:
    office = f"manager {moment.people['manager']}" if "manager" in moment.people else "a manager"
    story = [_goes(moment, f"is promoted to {office}, being the most skilled of the team,")]
    story.append(f"the position is vacant until day {moment.facts['vacant_until']} or later")
    return story, [f"{_who(moment)}: {state_now(moment.effects['staff'], *MOODS)}"]


def _hired(moment: Moment) -> tuple[list[str], list[str]]:
    story = f"{_who(moment)} is hired, from tomorrow on; disposition {moment.facts['disposition']:.2f}"
    return [story], [f"{_who(moment)}: {state_now(moment.effects['staff'], *MOODS)}"]


# -- managers -------------------------------------------------------------------------------------


def _day(moment: Moment) -> tuple[list[str], list[str]]:
    facts, who = moment.facts, _who(moment, "manager")
    rest = facts["hours"] - sum(facts[name] for name in TIME)
    minutes = [f"{called} {facts[name]:.0f}" for name, called in TIME.items()] + [f"other things {max(rest, 0.0):.0f}"]
    story = [f"{who} spends the day, in minutes: {', '.join(minutes)}"]
    lines = [f"{who}: {state_now(moment.effects['manager'], 'morale')}"] if "manager" in moment.effects else []
    if "works_on" in facts:
        belief = f"works on cause {facts['works_on']}, believed to make {100 * facts['believed_share']:.0f} % of the "
        belief += f"trouble; it makes {100 * facts['true_share']:.0f} %"
        story.append(f"is told of {facts['told']:.1f} cases of trouble, sees {facts['seen']:.1f} at the desk")
        story.append(
            belief + (f", and cause {facts['worst']} does more harm" if facts["mistaken"] else ", the most of all")
        )
        cause = moment.effects["cause"]
        now, change = 100 * cause["prevalence"], 100 * cause["prevalence_change"]
        lines.append(f"cause {facts['works_on']}: turns {now:.2f} % of routine needs into failures ({change:+.3f})")
    return story, lines


def _appointed(moment: Moment) -> tuple[list[str], list[str]]:
    facts, who = moment.facts, _who(moment, "manager")
    promoted = [f"staff {position}" for position in facts["from_the_front_line"]]
    whence = f"from the front line ({' or '.join(promoted)})" if promoted else "from outside"
    return [f"{who} takes over, {whence}"], [f"{who}: {_traits(moment)}"]


def _traits(moment: Moment) -> str:
    return (
        f"skill at hard cases {moment.facts['skill']:.2f}, as a boss {moment.facts['teaching']:.2f}, "
        f"weight on the own opinion against evidence {moment.facts['own_prior']:.2f}, "
        + state_now(moment.effects["manager"], "morale")
    )


# -- anybody --------------------------------------------------------------------------------------


def _start(moment: Moment) -> tuple[list[str], list[str]]:
    effects, facts = moment.effects, moment.facts
    if "manager" in moment.people:
        return [f"{_who(moment, 'manager')}: {_traits(moment)}"], []
    if "staff" in moment.people:
        story = f"{_who(moment)} of department {facts['department']}, there for {count(facts['days'], 'day')}"
        return [f"{story}: {state_now(effects['staff'], *MOODS)}"], []
    if not effects:
        return [f"{_customer(moment)} is not a customer yet"], []
    return [f"{_customer(moment)} is a customer: {state_now(effects['customer'], 'satisfaction', 'loyalty')}"], []


def _changed(moment: Moment) -> tuple[list[str], list[str]]:
    ((kind, effect),) = moment.effects.items()
    names = [name for name in effect if not name.endswith("_change")]
    story = "something from outside the day: a script, or a phase of its own"
    return [story], [f"{_name(kind, moment.people[kind])}: {state_now(effect, *names)}"]


_TELLERS: dict[str, Callable[[Moment], tuple[list[str], list[str]]]] = {
    "start": _start,
    "contact": _contact,
    "words": _words,
    "joined": _joined,
    "left": _left,
    "evening": _evening,
    "quit": _quit,
    "promoted": _promoted,
    "hired": _hired,
    "day": _day,
    "appointed": _appointed,
    "changed": _changed,
}
