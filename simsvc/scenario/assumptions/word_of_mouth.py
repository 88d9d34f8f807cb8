"""Talk: who is told, and what they make of it: coefficients of `model/rules/word_of_mouth.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class WordOfMouth(Section):
    """Talk: who is told, and what they make of it."""

    # fmt: off
    delight: float = coefficient(0.8, 0.7, 0.9, "0-1", "guess",
        "Satisfaction with an encounter from which it is worth telling.", at_least=0.5)
    anger: float = coefficient(0.3, 0.15, 0.45, "0-1", "guess",
        "Satisfaction with an encounter up to which it is worth complaining of to others.", at_most=0.5)
    anger_travels: float = coefficient(2.0, 1.0, 4.0, "ratio", "order",
        "People told of a bad experience over those told of a good one.",
        "TARP, as quoted: twice as many; Anderson 1998, abstract: more, but by less than is supposed")
    good_news: float = coefficient(0.5, 0.4, 0.6, "0-1", "guess",
        "Satisfaction with an encounter above which what is told of it is good news.")
    posts_of_indifferent: float = coefficient(0.4, 0.2, 0.8, "ratio", "guess",
        "Chance that an unremarkable experience is posted, over the mean of all.")
    posts_of_extremes: float = coefficient(3.0, 1.5, 6.0, "1/point", "order",
        "How much the distance from the unremarkable adds to the chance of a post.",
        "Anderson 1998, abstract: form; size assumed")
    unremarkable: float = coefficient(0.6, 0.5, 0.7, "0-1", "guess",
        "Satisfaction with an encounter that is posted least.")
    good_word: float = coefficient(0.1, 0.05, 0.2, "reasons", "order",
        "Reasons to join that good news give to an outsider, who joins after one in the mean.",
        "East, Hammond & Lomax 2008, abstract: good words move more than bad ones; size assumed")
    bad_word: float = coefficient(0.055, 0.03, 0.12, "reasons", "derived",
        "Reasons to join that bad news take from an outsider.",
        "East, Hammond & Lomax 2008, as quoted: a bad word moves about half as much as a good one")
    good_word_to_customers: float = coefficient(0.01, 0.005, 0.02, "0-1", "guess",
        "Share of the way to somebody's good experience that hearing of it moves a customer.")
    bad_word_to_customers: float = coefficient(0.02, 0.01, 0.04, "0-1", "guess",
        "Share of the way to somebody's bad experience that hearing of it moves a customer.")
    public_memory: float = coefficient(4.6, 2.3, 9.2, "days", "guess",
        "Working days in which two thirds of the reputation are made anew.")
    reputation_pull: float = coefficient(1.0, 0.5, 2.0, "1/point", "guess",
        "How much reputation above the ordinary adds to the rate of joining, as a ratio.")
    promise_pull: float = coefficient(1.0, 0.5, 2.0, "1/point", "guess",
        "How much a promise above the ordinary adds to the rate of joining, as a ratio.")


WORD_OF_MOUTH = plain_numbers(WordOfMouth())
