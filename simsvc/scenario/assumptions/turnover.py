"""Staff who quit, and those who take their place: coefficients of `model/rules/turnover.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient

_SCALED = (
    "scaled so that good jobs lose about half as many as poor ones: the order of Batt 2002 (abstract: "
    "direction) and the Global Call Center Report, as remembered"
)


class Turnover(Section):
    """Why staff quit or are let go, who is hired, and how they begin."""

    # fmt: off
    quitting_morale: float = coefficient(1.5, 0.75, 3.0, "1/point", "order",
        "How steeply morale acts on the logarithm of the rate of quitting.", _SCALED)
    quitting_commitment: float = coefficient(1.0, 0.5, 2.0, "1/point", "order",
        "How steeply commitment acts on it.", _SCALED)
    quitting_exhaustion: float = coefficient(0.5, 0.25, 1.0, "1/point", "order",
        "How steeply exhaustion acts on it.", _SCALED)
    base_morale: float = coefficient(0.6, 0.45, 0.75, "0-1", "guess", "Morale at which people quit at the base rate.")
    base_commitment: float = coefficient(0.55, 0.4, 0.7, "0-1", "guess",
        "Commitment at which people quit at the base rate; newcomers begin with it.")
    base_exhaustion: float = coefficient(0.4, 0.25, 0.55, "0-1", "guess",
        "Exhaustion at which people quit at the base rate.")
    pay_elasticity: float = coefficient(2.5, 1.0, 4.0, "ratio", "estimated",
        "By how many percent quits fall as pay rises by one.",
        "EPI 2022, summary: 2 to 3 where pay varied by chance; Manning 2003, as remembered: around 1")
    dismissal_rate: float = coefficient(6.0, 3.0, 12.0, "1/year", "guess",
        "Rate of being let go per unit of disposition short of what is wanted.")
    disposition_wanted: float = coefficient(0.55, 0.4, 0.7, "0-1", "guess",
        "Hospitable disposition below which somebody counts as unsuited.")
    ordinary_reputation: float = coefficient(0.75, 0.6, 0.9, "0-1", "guess",
        "Reputation of an ordinary firm of the trade, which it has on the first day.")
    hire_spread: float = coefficient(0.12, 0.06, 0.24, "0-1", "guess",
        "Standard deviation of hospitable disposition on the labour market.")
    hire_selectivity: float = coefficient(0.12, 0.06, 0.24, "0-1", "guess",
        "How much more disposed people are whom fully selective hiring chooses.")
    hire_reputation: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess",
        "How much more disposed applicants are per unit of the firm's reputation.")
    hire_pay: float = coefficient(0.1, 0.05, 0.2, "0-1", "guess",
        "How much more disposed applicants are per unit of pay felt.")
    least_skill: float = coefficient(0.05, 0.02, 0.2, "0-1", "guess",
        "Skill of the least skilled newcomer.", at_most=0.3)
    most_skill: float = coefficient(0.93, 0.8, 0.97, "0-1", "guess",
        "Skill of the most skilled.", at_least=0.4, at_most=0.99)
    least_potential: float = coefficient(0.3, 0.15, 0.5, "0-1", "guess", "Skill that even the least gifted can reach.")
    most_potential: float = coefficient(0.95, 0.85, 0.99, "0-1", "guess", "Skill that the most gifted can reach.")
    spread_of_potential: float = coefficient(0.08, 0.04, 0.16, "0-1", "guess",
        "Standard deviation of the skill that people can reach.")
    first_exhaustion: float = coefficient(0.35, 0.2, 0.5, "0-1", "guess", "Exhaustion of somebody between two jobs.")
    first_voice: float = coefficient(0.45, 0.25, 0.65, "0-1", "guess",
        "Readiness to report of somebody whom the firm has neither answered nor ignored yet.")


TURNOVER = plain_numbers(Turnover())
