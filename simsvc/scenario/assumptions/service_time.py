"""How long a case takes: coefficients of `model/rules/service_time.py`."""

from __future__ import annotations

from simsvc.scenario.assumptions.coefficients import plain_numbers
from simsvc.scenario.fields import Section, coefficient


class ServiceTime(Section):
    """How long a case takes, how work pressure eats into it, and what overwork costs."""

    # fmt: off
    # work pressure
    elasticity: float = coefficient(-0.64, -0.96, -0.32, "elasticity", "estimated",
        "Elasticity of time per case to work pressure.", "Oliva & Sterman 2001, table, as remembered", at_least=-2.0,
        at_most=0.0)
    shortest: float = coefficient(0.5, 0.3, 0.8, "ratio", "guess",
        "Time per case under the heaviest pressure, as nobody serves a case in no time.", at_most=1.0)
    longest: float = coefficient(1.25, 1.1, 1.5, "ratio", "guess",
        "Time per case of whoever has nothing else to do.", at_least=1.0)
    erosion_days: float = coefficient(18.83 * 5, 50.0, 190.0, "days", "estimated",
        "Working days in which the standard follows practice down.",
        "Oliva & Sterman 2001, table, as remembered: 18.83 weeks")
    load_days: float = coefficient(10.0, 5.0, 20.0, "days", "guess",
        "Working days over which the load that presses on a team is averaged.", at_least=1.0)
    most_load: float = coefficient(3.0, 2.0, 6.0, "ratio", "guess", "Load of a day beyond which more is felt no more.")
    # overwork
    tipping_load: float = coefficient(0.93, 0.85, 1.0, "ratio", "order",
        "Load above which stress takes over.",
        "Berry Jaeker & Tucker 2017, abstract: 93 % of beds; Kuntz, Mennicken & Scholtes 2015, abstract: 92.5 %")
    overwork_elasticity: float = coefficient(0.8, 0.4, 1.6, "elasticity", "derived",
        "Elasticity of time per case to overwork, 1.25 times that to pressure, the other way.",
        "KC & Terwiesch 2009, abstract: a per cent of load saves 4.8 hours, one of overwork adds six")
    overwork_days: float = coefficient(20.0, 10.0, 40.0, "days", "guess",
        "Working days over which load above the tipping point wears people down.", at_least=1.0)
    # what the case, the person and the chart do to it
    kpi_pace: float = coefficient(0.1, 0.05, 0.2, "1/point", "guess",
        "How much longer cases take per point that managers steer by customers instead of cost.")
    tools_pace: float = coefficient(0.3, 0.15, 0.6, "1/point", "guess",
        "How much longer cases take per point that tools are worse than ordinary.", at_most=1.0)
    skill_pace: float = coefficient(0.6, 0.3, 1.2, "1/point", "guess",
        "How much faster the skilled are, in the logarithm of time per point of skill.")
    exhaustion_pace: float = coefficient(0.3, 0.15, 0.6, "ratio", "guess",
        "How much slower the wholly exhausted are, in the logarithm of time.")
    latitude_time: float = coefficient(0.35, 0.2, 0.7, "ratio", "guess",
        "Share of extra time for a need at full distance from the standard.")
    deliberation: float = coefficient(0.1, 0.05, 0.2, "ratio", "order",
        "Share of extra time where nothing is laid down.",
        "Bowen & Lawler 1992, from memory: direction, slower service")
    hand_over_share: float = coefficient(0.25, 0.1, 0.5, "0-1", "guess",
        "Share of a service spent until it is clear that another department must deal with it.")


SERVICE_TIME = plain_numbers(ServiceTime())
