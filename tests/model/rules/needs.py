"""What customers need and how often."""

from math import exp, inf, log, pi, sqrt

from simsvc.model.rows import FAILURE, REQUEST, ROUTINE

VALUES = {
    "idiosyncrasy_of_person": (
        dict(normal=0.0, mean=0.3, spread=1.0),
        [
            ("the middle lies further out than the mean", {}, 1 / (1 + (7 / 3) ** sqrt(1 + pi / 8))),
            ("everybody like the mean without a spread", dict(normal=2.0, spread=0.0), 0.3),
            ("somebody odd", dict(normal=1.0), 1 / (1 + exp(-1.0) * (7 / 3) ** sqrt(1 + pi / 8))),
            ("nobody is all standard", dict(normal=-99.0), 0.001),
            ("or all odd", dict(normal=99.0), 0.999),
        ],
    ),
    "share_of_distance": (
        dict(kind=REQUEST),
        [("a wish", {}, 1.0), ("a failure", dict(kind=FAILURE), 0.7), ("a routine need", dict(kind=ROUTINE), 0.4)],
    ),
    "days_to_next_need": (
        dict(u=0.5, rate=0.1),
        [
            ("the median wait is 0.69 mean waits of ten days", {}, 10 * log(2)),
            ("half as often", dict(rate=0.05), 20 * log(2)),
            ("never", dict(rate=0.0), inf),
            ("early for those in luck", dict(u=0.9, rate=2.0), -log(0.9) / 2),
        ],
    ),
    "distance_from_standard": (
        dict(u=0.5, idiosyncrasy=0.25),
        [
            ("the third power", {}, 0.125),
            ("even, at a mean of a half", dict(idiosyncrasy=0.5), 0.5),
        ],
    ),
    "is_misrouted": (
        dict(u=0.3, share=0.4, strength=1.0),
        [
            ("some are", {}, True),
            ("others not", dict(u=0.4), False),
            ("half as many", dict(strength=0.5), False),
            ("of half as many", dict(strength=0.5, u=0.19), True),
            ("every case finds its way", dict(strength=0.0), False),
        ],
    ),
    "claims_invited": (
        dict(illegitimate=0.2, succeeded=0.5, strength=1.0),
        [
            ("three times as many as succeed", {}, 0.3),
            ("half", dict(strength=0.5), 0.15),
            ("nobody tries in vain", dict(succeeded=0.0), 0.0),
        ],
    ),
    "chance_to_return": (
        dict(persistence=0.8, strength=1.0),
        [
            ("the persistent", {}, 0.8),
            ("half of them", dict(strength=0.5), 0.4),
            ("no more than persist", dict(strength=1.5), 0.8),
        ],
    ),
    "days_until_return": (
        dict(u=0.5, mean=2.0),
        [
            ("the day after tomorrow for half of those who do not come tomorrow", dict(u=0.49), 2.0),
            ("tomorrow for the other half", dict(u=0.51), 1.0),
            ("later for some", dict(u=0.24), 3.0),
            ("always tomorrow", dict(mean=1.0), 1.0),
            ("a tenth of those who are left each day", dict(u=0.5, mean=10.0), 1.0 + 6.0),
        ],
    ),
    "share_of_failures": (
        dict(base=0.1, prevalence=0.2),
        [
            ("unexplained and of known causes", {}, 1 - 0.9 * exp(-0.2)),
            ("unexplained alone", dict(prevalence=0.0), 0.1),
        ],
    ),
}
