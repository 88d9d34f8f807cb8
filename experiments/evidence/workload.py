"""Workload: from stays in hospital to what overwork does to time and errors.

    python experiments/evidence/workload.py

Ten per cent more load shortened stays by two days, one per cent more overwork lengthened them by six hours; ten per
cent more overwork went with two per cent more deaths (KC & Terwiesch 2009). Stays grew again beyond 93 % of beds
(Berry Jaeker & Tucker 2017), deaths beyond 92.5 % (Kuntz, Mennicken & Scholtes 2015).
"""

from __future__ import annotations

from simsvc.evidence.derivations import Derived, States, derive_alone, value_of


def derive(seen: States) -> list[Derived]:  # algebra alone
    """Elasticities to overwork, and the load from which it counts."""
    ratio = 6.0 / (48.0 / 10.0)
    pressure = [-value_of("service_time.elasticity"), 0.49, 0.79]
    kc = ("KC & Terwiesch 2009", ("KCTerwiesch2009",), "abstract")
    return [
        Derived("service_time.overwork_elasticity", [ratio * one for one in pressure],
                "1 % overwork six hours longer, 1 % load 4.8 hours shorter", *kc,
                "ratio of the two times the elasticity to pressure"),
        Derived("encounter.error_elasticity", [0.2, 0.2, 0.2], "10 % overwork, 2 % deaths", *kc, "ratio of the two"),
        Derived("service_time.tipping_load", [0.93, 0.925, 0.93], "93 % of beds (stays), 92.5 % (deaths)",
                "Berry Jaeker & Tucker 2017; Kuntz, Mennicken & Scholtes 2015",
                ("BerryJaekerTucker2017", "KuntzMennickenScholtes2015"), "abstract", "the number itself"),
    ]  # fmt: skip


if __name__ == "__main__":
    derive_alone(derive)
