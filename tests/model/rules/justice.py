"""How a customer takes an encounter: outcome, procedure and manner."""

from simsvc.model.rows import FAILURE, REQUEST, ROUTINE

VALUES = {
    "outcome_felt": (
        dict(
            kind=FAILURE,
            resolved=True,
            granted=True,
            legitimate=True,
            quality=0.8,
            fit=0.6,
            paid_share=0.5,
            overcompensation=1.0,
        ),
        [
            ("half of the remedy is three quarters of its value", {}, 0.3 * 0.7 + 0.65 * 0.75),
            ("paid in full", dict(paid_share=1.0), 0.3 * 0.7 + 0.65),
            ("half too much does a little harm", dict(paid_share=1.5), 0.3 * 0.7 + 0.65 * (1 - 0.3 * 0.25)),
            ("or none", dict(paid_share=1.5, overcompensation=0.0), 0.3 * 0.7 + 0.65),
            ("far too much has no value", dict(paid_share=9.0), 0.0),
            ("no more than perfect", dict(quality=3.0, fit=3.0, paid_share=1.0), 1.0),
            ("not settled", dict(resolved=False), 0.1),
            ("was only trying", dict(granted=False, legitimate=False), 0.35),
            ("wrongly turned down", dict(granted=False, paid_share=0.0), 0.3 * 0.7),
            ("wrongly granted", dict(legitimate=False), 0.3 * 0.7 + 0.65 * 0.75),
            ("a wish granted", dict(kind=REQUEST), 0.15 + 0.85 * 0.7),
            ("a wish turned down", dict(kind=REQUEST, granted=False), 0.4 * 0.7),
            ("routine", dict(kind=ROUTINE, granted=False), 0.15 + 0.85 * 0.7),
        ],
    ),
    "procedure_felt": (
        dict(
            waited=15.0,
            delayed=60.0,
            attempts=2,
            reexplained=1.0,
            wait_tolerance=30.0,
            delay_tolerance=240.0,
            strength=1.0,
        ),
        [
            ("waiting, delay, repetition, telling it anew", {}, 1 / (1 + 0.5 + 0.25 + 0.45 + 0.2)),
            ("nothing to complain of", dict(waited=0.0, delayed=0.0, attempts=1, reexplained=0.0), 1.0),
            ("half of the mechanism", dict(strength=0.5), 0.75 + 0.5 * (1 / 1.7 - 0.75)),
            ("twice the burden", dict(strength=2.0), 1 / (1 + 2 * 1.4)),
            ("typical", dict(strength=0.0), 0.75),
        ],
    ),
    "inconsistency_of": (
        dict(latitude=0.4, clarity=0.7),
        [
            ("latitude without guidelines, limits read differently", {}, 0.4 * 0.5 + 0.5 * 0.3),
            ("clear limits leave what latitude does", dict(clarity=1.0), 0.4 * 0.2),
            ("no more than altogether", dict(latitude=1.0, clarity=0.0), 1.0),
        ],
    ),
    "procedure_compared": (
        dict(procedure=0.8, inconsistency=0.5, strength=1.0),
        [
            ("a tenth less", {}, 0.72),
            ("a fifth less", dict(strength=2.0), 0.64),
            ("nothing is left at the most", dict(strength=20.0), 0.0),
        ],
    ),
    "delight_of_gesture": (
        dict(gesture=0.5, strength=1.0),
        [
            ("half a gesture", {}, 0.06),
            ("twice as much noticed", dict(strength=2.0), 0.12),
            ("more than a full one adds nothing", dict(gesture=1.8), 0.12),
        ],
    ),
    "encounter_felt": (
        dict(outcome=0.8, procedure=0.5, courtesy=0.6),
        [
            ("outcome first", {}, 0.45 * 0.8 + 0.25 * 0.5 + 0.3 * 0.6),
            ("perfect is perfect", dict(outcome=1.0, procedure=1.0, courtesy=1.0), 1.0),
        ],
    ),
    "treatment_felt": (
        dict(outcome=0.8, procedure=0.5, courtesy=0.6),
        [
            ("manner slightly before outcome", {}, 0.35 * 0.8 + 0.25 * 0.5 + 0.4 * 0.6),
            ("perfect is perfect", dict(outcome=1.0, procedure=1.0, courtesy=1.0), 1.0),
        ],
    ),
}
