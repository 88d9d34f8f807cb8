"""What the page says of itself: how it works, what to try, what not to believe. The handout says the same."""

from __future__ import annotations

HOW = (
    "Every person is simulated, day by day: needs, queues, decisions, moods, who stays and who leaves.",
    "A and B get the same people and the same luck, so that a difference comes from the chart and not from chance; "
    "once the days differ, chance plays its part again.",
    "Who decides (limits, freedom, strictness) and how people are led (coaching, listening, recognition) are two "
    "things. Turning the chart with the button turns the first and leaves the second.",
)
TRY = (
    "Guess first: which curve moves first if you turn A upside down? Then turn it.",
    "Click the same person in A and in B, and put both stories side by side.",
    "Make the customers alike, or put the approvers far away (Settings), and reset.",
    "Begin again with another seed. What stays the same?",
)
DOUBT = (
    "These are answers of a model for these settings, not laws. Many of its numbers are assumptions of plausible size.",
    "One run is one throw of the dice. Trust what comes back with other seeds.",
    "What managers' support does for morale, and what it costs, decides much of the outcome, and is known least.",
    "Organisations are born with their chart here. Turning a real one costs time, quarrels and people, of which the "
    "model knows only a part.",
)


def info() -> list[dict[str, object]]:
    """The parts in order, with their titles."""
    parts = (("How it works", HOW), ("What to try", TRY), ("What not to believe", DOUBT))
    return [{"title": title, "lines": list(lines)} for title, lines in parts]
