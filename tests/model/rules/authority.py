"""Who may decide what, and what people do who may not."""

from simsvc.model.rows import ACT, ASK, BEND, REFUSE

VALUES = {
    "limit_in_force": (
        dict(limit=100.0, tightness=0.25, adaptive=0.5, skill=0.82, reference=0.62, strength=1.0),
        [
            ("policy takes a quarter, skill adds a fifth", {}, 100 * 0.75 * 1.2),
            ("with half the strength skill adds a tenth", dict(strength=0.5), 100 * 0.75 * 1.1),
            ("little skill costs a tenth", dict(skill=0.52), 100 * 0.75 * 0.9),
            ("nobody owes money, however tight the policy", dict(tightness=1.5), 0.0),
            ("nobody owes money, however unskilled", dict(skill=0.0, strength=3.0), 0.0),
        ],
    ),
    "beyond_authority": (
        dict(remedy=100.0, distance=0.2, limit=100.0, latitude=0.5),
        [
            ("up to the limit is within", {}, False),
            ("a penny more is beyond", dict(remedy=100.01), True),
            ("so is a need just further than half and half the latitude", dict(distance=0.7501), True),
            ("up to there a need is within", dict(distance=0.75), False),
            ("without latitude half the way is nobody's business", dict(latitude=0.0, distance=0.5), False),
        ],
    ),
    "plan_unscreened": (
        dict(plan=REFUSE, u=0.4, strength=1.0),
        [
            ("who screens refuses", {}, REFUSE),
            ("half of the cases are screened: this one", dict(strength=0.5), REFUSE),
            ("not that one", dict(strength=0.5, u=0.5), ACT),
            ("where nobody screens it is granted", dict(strength=0.0), ACT),
            ("other plans stay", dict(plan=ASK, strength=0.0), ASK),
        ],
    ),
    "offer_with_generosity": (
        dict(remedy=100.0, generosity=0.2, strength=1.0),
        [
            ("a fifth more than is fair", {}, 120.0),
            ("a tenth with half the strength", dict(strength=0.5), 110.0),
            ("a mean chart pays less", dict(generosity=-0.3), 70.0),
            ("what is fair without the rule", dict(strength=0.0), 100.0),
        ],
    ),
    "share_granted": (
        dict(granted=False, paid=30.0, remedy=120.0),
        [
            ("a quarter is paid all the same", {}, 0.25),
            ("no more than all of it", dict(paid=150.0), 1.0),
            ("what is granted is granted", dict(granted=True), 1.0),
            ("a wish turned down is turned down", dict(paid=0.0, remedy=0.0), 0.0),
        ],
    ),
    "weight_of_money": (
        dict(amount=30.0, usual=60.0),
        [
            ("a third of the most", {}, 1 / 3),
            ("half at what is usual", dict(amount=60.0), 0.5),
            ("the same in another currency", dict(amount=3000.0, usual=6000.0), 1 / 3),
            ("nothing where there is no money", dict(amount=0.0, usual=0.0), 0.0),
        ],
    ),
    "gesture_given": (
        dict(generosity=0.4, strength=1.0),
        [
            ("as generous as the chart", {}, 0.4),
            ("half of it", dict(strength=0.5), 0.2),
            ("a mean chart gives none", dict(generosity=-0.3), 0.0),
        ],
    ),
    "chance_to_bend": (
        dict(trust=0.6, recognition=0.5, empowerment=0.8, strength=1.0),
        [
            ("half of trust x recognition x daring", {}, 0.5 * 0.6 * 0.5 * 0.8),
            ("twice that", dict(strength=2.0), 0.6 * 0.5 * 0.8),
            ("never more than surely", dict(trust=1.0, recognition=1.0, empowerment=1.0, strength=5.0), 1.0),
        ],
    ),
    "plan_for": (
        dict(beyond=True, chance_to_bend=0.3, ask_share=0.6, anyone_to_ask=True, u1=0.5, u2=0.2),
        [
            ("beyond one's authority one asks", {}, ASK),
            ("within it one acts", dict(beyond=False), ACT),
            ("the daring bend", dict(u1=0.29), BEND),
            ("but not at the chance itself", dict(u1=0.3), ASK),
            ("some turn it down", dict(u2=0.6), REFUSE),
            ("with nobody to ask it is turned down", dict(anyone_to_ask=False), REFUSE),
        ],
    ),
}
