"""Moments of a story for a class: short, with names, the reason for every outcome; numbers of 100 apart.

`simsvc.tracing.telling` tells the same moments for who reads traces, with every number as the model has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simsvc.demo.names import People
from simsvc.scenario.words import Words
from simsvc.show.numbers import number
from simsvc.tracing.moments import TIME, Moment
from simsvc.tracing.telling import count, ordinal

_HARD, _LOOSE = 0.6, 0.6
"""Difficulty from which a case is called hard; fit below which a solution is said to fit badly."""
_MOODS = ("morale", "exhaustion", "commitment", "skill")


@dataclass(frozen=True)
class Part:
    """What one of those concerned did.

    Attributes:
        kind: of person; with `number` whose turn it is.
        text: a sentence or two.
    """

    kind: str
    number: int
    text: str


class Telling:
    """Tells the moments of one organisation's people."""

    def __init__(self, people: People, words: Words) -> None:
        self._people, self._words = people, words

    def tell(self, moment: Moment) -> tuple[str, list[str]]:
        """What happened and why, and the numbers behind it."""
        if moment.kind == "contact":
            text = " ".join(part.text for part in self.parts(moment))
        else:
            text = _KINDS[moment.kind](self, moment)
        return self._words.put(text), [self._words.put(line) for line in _numbers(moment)]

    def parts(self, moment: Moment) -> list[Part]:
        """A contact, person after person: who needs what, who takes it, who is asked, what comes of it."""
        customer = moment.people["customer"]
        found = [Part("customer", customer, self._need(moment))]
        if "staff" in moment.people:
            asks = moment.decision == "asks"
            first = moment.people["asked_by" if asks else "staff"]
            found.append(Part("staff", first, f"{self._waiting(moment)} {self._decision(moment)}"))
            found += [self._answer(moment, one) for one in moment.facts.get("approvals", ())]
        if moment.facts["outcome"] != "silent":
            found.append(Part("customer", customer, self._outcome(moment)))
        return found

    def _customer(self, moment: Moment) -> str:
        return self._people.customer(moment.people["customer"])

    def _staff(self, moment: Moment, role: str = "staff") -> str:
        holder = moment.facts.get("holders", {}).get(role, moment.facts.get("holder", 0))
        return self._people.staff(moment.people[role], holder)

    # -- contacts -----------------------------------------------------------------------------

    def _need(self, moment: Moment) -> str:
        facts, who = moment.facts, self._customer(moment)
        again = f", for the {ordinal(facts['contact'])} time" if facts["contact"] > 1 else ""
        if facts["need"] == "routine":
            return f"{who} comes with something ordinary{again}."
        if facts["need"] == "request":
            unworthy = "" if facts["legitimate"] else ", and it costs more than it is worth"
            return f"{who} wishes for something special{again}{unworthy}."
        if not facts["legitimate"]:
            return f"{who} claims {facts['remedy']:.0f}, without good reason{again}."
        silent = ", and says nothing" if facts["outcome"] == "silent" else ""
        return f"Something went wrong for {who}{again}{silent}; {facts['remedy']:.0f} would be fair."

    def _waiting(self, moment: Moment) -> str:
        waited = moment.facts["waited"]
        return f"A wait of {_minutes(waited)}." if waited >= 1 else "No wait."

    def _decision(self, moment: Moment) -> str:
        facts, who = moment.facts, self._staff(moment)
        wrongly = "" if facts["granted"] == facts["legitimate"] else " That is a mistake."
        handed = ""
        if "handed_by" in moment.people:
            handed = f"{self._staff(moment, 'handed_by')} hands it to the right department. "
        if moment.decision == "acts":
            if facts["need"] == "routine":
                return f"{handed}{who} sees to it."
            if "granted before" in moment.reasons:
                return f"{handed}{who} does what was granted before."
            may = (
                "may not decide, but nothing is refused here"
                if "nothing is refused" in moment.reasons
                else "may decide"
            )
            does = "and grants it" if facts["granted"] else "and refuses, taking it for unjustified"
            return f"{handed}{who} {may} {does}.{wrongly}"
        beyond = self._beyond(moment)
        if moment.decision == "asks":
            return f"{handed}{self._staff(moment, 'asked_by')} may not decide: {beyond}. Passed up."
        return (
            handed
            + {
                "bends": f"{who} may not decide ({beyond}), but bends the rule and grants it.",
                "refuses": f"{who} may not decide ({beyond}), "
                + ("has nobody to ask" if "nobody to ask" in moment.reasons else "does not pass it up")
                + ": refused.",
                "denies": f"{who} may not decide ({beyond}), and takes it for unjustified: refused.{wrongly}",
                "drops": f"{who} may not decide ({beyond}); {self._customer(moment)} lets it go.",
            }[moment.decision]
        )

    def _beyond(self, moment: Moment) -> str:
        facts, parts = moment.facts, []
        if "beyond limit" in moment.reasons:
            parts.append(f"it is beyond the limit of {facts['limit']:.0f}")
        if "beyond latitude" in moment.reasons:
            parts.append("it is further from the script than allowed")
        return " and ".join(parts) or "it is beyond the authority given"

    def _answer(self, moment: Moment, approval: Mapping[str, Any]) -> Part:
        facts = moment.facts
        who = self._people.manager(approval["manager"], approval["holder"])
        who = who[0].upper() + who[1:]
        if approval["passed_up"]:
            return Part("manager", approval["manager"], f"{who} is for it, but may not decide either: passed up again.")
        verb = "grants it" if approval["granted"] else "takes it for unjustified and refuses"
        wrongly = "" if approval["granted"] == facts["legitimate"] else " That is a mistake."
        return Part("manager", approval["manager"], f"{who} {verb}, after {_minutes(facts['answer_took'])}.{wrongly}")

    def _outcome(self, moment: Moment) -> str:
        facts, who = moment.facts, self._customer(moment)
        outcome = facts["outcome"]
        if outcome == "settled":
            unjustified = not facts["granted"] and not facts["legitimate"] and facts["need"] == "failure"
            money = f"{facts['paid']:.0f}"
            what = f"goodwill worth {money}" if facts["gesture"] > 0 else f"{money} in money for {who}"
            paid = f", with {what}" if facts["paid"] >= 1 else ""
            text = "That is the end of it: there was nothing due." if unjustified else f"Settled{paid}."
            if not facts["granted"] and facts["legitimate"] and facts["need"] != "routine":
                text = f"Refused, yet settled{paid}: what may be done without it is enough this time."
        else:
            why = {
                "abandoned": f"{who} gives up after waiting {_minutes(facts.get('waited', 0.0))}",
                "turned away": f"{who} still waits at closing time, after {_minutes(facts.get('waited', 0.0))}",
                "hung up": f"{who} hangs up: no answer in {_minutes(facts.get('answer_took', 0.0))}",
                "withdrawn": f"{who} gives up on an answer that does not come in time",
                "unsettled": self._why_not(moment) if outcome == "unsettled" else "",
            }[outcome]
            on = facts["comes_back"]
            text = f"{why}. " + (f"{who} leaves it at that." if on is None else f"{who} will be back on day {on + 1}.")
        if facts["customer_had_left"]:
            text += f" By then {who} had left the firm."
        felt = moment.effects.get("customer")
        return f"{text} {_course(felt, 'satisfaction')}." if felt else text

    def _why_not(self, moment: Moment) -> str:
        """Why a contact that was served settled nothing."""
        facts = moment.facts
        if facts["grave_error"]:
            return "Not settled: a grave error was made"
        if not facts["granted"] and facts["need"] != "routine":
            return "Not settled: it was refused"
        against = [
            text
            for text, so in (
                ("the solution fits the need badly", facts["fit"] < _LOOSE),
                ("it is a hard case", facts["difficulty"] >= _HARD),
                ("another department should have dealt with it", facts["department"] != facts["owner"]),
            )
            if so
        ]
        granted = "Granted, yet not settled" if facts["need"] != "routine" else "Not settled"
        works = f"of 100 such tries {100 * facts['chance']:.0f} work" if "chance" in facts else "not every try works"
        return f"{granted}: the solution does not work ({'; '.join([*against, works])})"

    # -- customers ----------------------------------------------------------------------------

    def _words_heard(self, moment: Moment) -> str:
        who, felt = self._customer(moment), moment.effects["customer"]
        friends = [self._people.customer(int(friend)) for friend in moment.facts["friends_with_news"]]
        heard = f"{who} hears what {' and '.join(friends[:2]) or 'somebody'} went through"
        if "reluctance_change" in felt:
            return f"{heard} and is {'drawn to the firm' if felt['reluctance_change'] < 0 else 'put off'}."
        return f"{heard}. {_course(felt, 'satisfaction')}."

    def _joined(self, moment: Moment) -> str:
        return f"{self._customer(moment)} becomes a customer{' again' if moment.facts['spell'] > 1 else ''}."

    def _left(self, moment: Moment) -> str:
        why = {
            "neutral": "for reasons that have nothing to do with the service",
            "dissatisfied": "having stood enough",
            "incident": "at once, over this failure",
        }[moment.reasons[0]]
        return f"{self._customer(moment)} leaves after {count(moment.facts['days'], 'day')}, {why}."

    # -- staff --------------------------------------------------------------------------------

    def _evening(self, moment: Moment) -> str:
        facts, who = moment.facts, self._staff(moment)
        if facts["training"]:
            work = f"{who} is away for a day of training."
        elif facts["away"]:
            work = f"{who} spends the day with colleagues and managers."
        else:
            more = [count(facts["refusals"], "justified wish", "justified wishes") + " refused"] * (
                facts["refusals"] > 0
            )
            more += [f"{_minutes(facts['overtime'])} of overtime"] * (facts["overtime"] >= 1)
            more += [f"{count(facts['reports'], 'report')}, {facts['reports_answered']} answered"] * (
                facts["reports"] > 0
            )
            work = f"{who}: {', '.join([count(facts['contacts'], 'contact'), *more])}."
        moved = facts["moved_morale"]
        up = [name for name in moment.reasons if moved[name] > 0][:1]
        down = [name for name in moment.reasons if moved[name] < 0][:1]
        why = [f"helped most by {name}" for name in up] + [f"burdened most by {name}" for name in down]
        mood = _course(moment.effects["staff"], "morale")
        return f"{work} {mood}{', ' * bool(why)}{', '.join(why)}."

    def _quit(self, moment: Moment) -> str:
        facts, days = moment.facts, count(moment.facts["days"], "day")
        if "manager" in moment.people:
            who = self._people.manager(moment.people["manager"], facts["holder"])
            return (
                f"{who[0].upper()}{who[1:]} {'is replaced' if 'replaced' in moment.reasons else 'leaves'} after {days}."
            )
        verb = "leaves or is let go" if "unsuited" in moment.reasons else "leaves"
        why = "in low spirits" if "mood" in moment.reasons else "for reasons of their own"
        return f"{self._staff(moment)} {verb} after {days}, {why}. The position is vacant."

    def _promoted(self, moment: Moment) -> str:
        return f"{self._staff(moment)}, the most skilled of the team, becomes a manager. The position is vacant."

    def _hired(self, moment: Moment) -> str:
        return f"{self._staff(moment)} is hired and starts tomorrow."

    # -- managers -----------------------------------------------------------------------------

    def _day(self, moment: Moment) -> str:
        facts = moment.facts
        who = self._people.manager(moment.people["manager"], facts["holder"])
        most = max(TIME, key=lambda name: facts[name])
        text = f"{who[0].upper()}{who[1:]} spends most time on {TIME[most]}."
        if "works_on" in facts:
            text += f" Works on cause {facts['works_on'] + 1} of trouble" + (
                f", though cause {facts['worst'] + 1} does more harm." if facts["mistaken"] else ", the worst there is."
            )
        return text

    def _appointed(self, moment: Moment) -> str:
        who = self._people.manager(moment.people["manager"], moment.facts["holder"])
        whence = "from the front line" if moment.facts["from_the_front_line"] else "from outside"
        return f"{who[0].upper()}{who[1:]} takes over, {whence}."

    # -- anybody ------------------------------------------------------------------------------

    def _start(self, moment: Moment) -> str:
        if "manager" in moment.people:
            return f"The first morning of {self._people.manager(moment.people['manager'], moment.facts['holder'])}."
        if "staff" in moment.people:
            return f"{self._staff(moment)} has been there for {count(moment.facts['days'], 'day')}."
        there = "is" if moment.effects else "is not yet"
        return f"{self._customer(moment)} {there} a customer."

    def _changed(self, moment: Moment) -> str:
        return "Something from outside the day."


_KINDS: Mapping[str, Callable[[Telling, Moment], str]] = {
    "start": Telling._start,
    "words": Telling._words_heard,
    "joined": Telling._joined,
    "left": Telling._left,
    "evening": Telling._evening,
    "quit": Telling._quit,
    "promoted": Telling._promoted,
    "hired": Telling._hired,
    "day": Telling._day,
    "appointed": Telling._appointed,
    "changed": Telling._changed,
}


def _minutes(time: float) -> str:
    if time >= 90:
        return f"{time / 60:.1f} hours"
    return count(round(time), "minute") if time >= 1 else "less than a minute"


def _course(effect: Mapping[str, Any], name: str) -> str:
    """How a state has moved, of 100: `Satisfaction 58 → 61`."""
    now = 100.0 * effect[name]
    before = now - 100.0 * effect.get(f"{name}_change", 0.0)
    moved = "" if f"{before:.0f}" == f"{now:.0f}" else f"{before:.0f} → "
    return f"{name.capitalize()} {moved}{now:.0f}"


def _numbers(moment: Moment) -> list[str]:
    """The numbers behind a moment, of 100, in minutes and in money."""
    facts, lines = moment.facts, []
    for effect in (effect for whom, effect in moment.effects.items() if whom != "cause"):
        states = [name.removesuffix("_change") for name in effect if name.endswith("_change")]
        states += [name for name in _MOODS if name in effect and name not in states]
        lines += [
            f"{_course(effect, name)} ({number(100 * effect.get(f'{name}_change', 0.0), 1, '+')})"
            for name in states
            if name in effect
        ]
    if moment.kind == "contact":
        felt = moment.effects.get("customer", {})
        marks = {"experience": felt.get("experience"), "outcome": felt.get("outcome_felt"),
                 "procedure": felt.get("procedure_felt"), "manner": facts.get("courtesy"), "fit": facts.get("fit"),
                 "quality of the work": facts.get("quality"), "difficulty": facts["difficulty"]}  # fmt: skip
        lines += [f"{name.capitalize()} {100 * mark:.0f}" for name, mark in marks.items() if mark is not None]
        if "minutes" in facts:
            lines.append(f"Service took {facts['minutes']:.0f} minutes")
    if moment.kind == "evening":
        lines += [f"Morale, against an ordinary job: {name} {number(100 * value, 1, '+')}"
                  for name, value in facts["moved_morale"].items() if abs(value) >= 0.0005]  # fmt: skip
    if moment.kind == "day":
        lines += [f"{called[0].upper()}{called[1:]}: {facts[name]:.0f} minutes" for name, called in TIME.items()]
    return lines
