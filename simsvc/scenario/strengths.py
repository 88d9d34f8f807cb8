"""How strong every rule is: the section `rules` of a scenario."""

from __future__ import annotations

from typing import Any

from simsvc.scenario.fields import Section, number


def _strength(stage: str, meaning: str, source: str = "assumption") -> Any:
    return number(1.0, 0, 3, "strength", meaning, source, stage)


class Rules(Section):
    """Strength of every rule: 1 as described, 0 switched off.

    Each rule belongs to a stage of the model, `queueing`, `decisions` or `behaviour` (`simsvc.scenario.stages`), or to
    `customers`, which is always on.
    """

    # fmt: off
    # how customers react
    waiting: float = _strength("customers", "Waiting, repeating and re-explaining spoil an encounter.")
    expectation: float = _strength("customers", "Expectations learn, and deviations from them count.", "Oliver 1980")
    loss_aversion: float = _strength("customers", "Disappointments weigh twice as much.", "Mittal et al. 1998")
    loyalty: float = _strength("customers", "Loyalty grows and fades with how one is treated (C10).")
    leaving: float = _strength("customers", "Dissatisfied customers leave.")
    incidents: float = _strength("customers", "Customers leave after failures not put right.", "Keaveney 1995")
    tenure: float = _strength("customers", "Incidents move the long-standing less.", "Bolton 1998, concept")
    memory: float = _strength("customers", "Who comes back remembers how it was, the less the longer ago.")
    reluctance: float = _strength("customers", "Who left over the service hesitates to come back.")
    word_of_mouth: float = _strength("customers", "People told of an experience act on it.", "TARP")
    spending: float = _strength("customers", "Satisfied customers spend more (C14).", "Mittal & Kamakura 2001, form")
    promise: float = _strength("customers", "What is promised raises expectations and draws customers (C22).")
    relationship: float = _strength("customers", "Customers get to know who serves them, and miss them (C13, C23).")
    delight: float = _strength("customers", "More than was expected delights and is talked about (C36).")
    overcompensation: float = _strength("customers",
        "Remedies beyond full compensation do harm (H12).", "Haesevoets et al. 2017")
    second_failure: float = _strength("customers",
        "A second failure is worse than the first (H12).", "Maxham & Netemeyer 2002")
    # decisions
    screening: float = _strength("decisions", "Who decides tells good claims from bad, with errors.", "Sah & Stiglitz")
    leniency: float = _strength("decisions",
        "Who has not the last word passes up in doubt what the last word would refuse.", "Sah & Stiglitz 1986, concept")
    fit: float = _strength("decisions", "Needs far from the standard are missed by the script.")
    hassle: float = _strength("decisions",
        "Weak claims are dropped when they are to be passed up (H3).", "Dukes & Zhu 2019")
    bending: float = _strength("decisions", "Trusted, daring staff bend rules for a customer (C32).")
    generosity: float = _strength("decisions", "What the chart says is paid beyond the fair remedy (H12).")
    specialists: float = _strength("decisions", "Another department's cases are done less well, more slowly (H2).")
    overgranting: float = _strength("decisions", "Those unsure of the aim give more than is due (C27).")
    consistency: float = _strength("decisions", "Unequal treatment is noticed and minded (H5).", "Homburg & Fürst 2005")
    distortion: float = _strength("decisions", "Each level and hand-over loses part of what was known (C9).")
    misalignment: float = _strength("decisions", "Approvers may have aims of their own (H11).", "Bandiera et al. 2021")
    opportunism: float = _strength("decisions",
        "Unjustified claims that succeed bring more of them (H3).", "Wirtz & McColl-Kennedy 2010, concept")
    handoffs: float = _strength("queueing", "Cases of another department are handed over (C31).")
    repeat_contacts: float = _strength("queueing", "Cases left unresolved come back.")
    # behaviour
    skill: float = _strength("behaviour", "The skilled are faster, better, and judge better.")
    tools: float = _strength("behaviour", "Tools make work better or worse (C16).")
    information: float = _strength("behaviour", "Those who know more decide and serve better (C25).")
    kpi: float = _strength("behaviour", "What managers steer by sets pace and policy: cost or customers (C11).")
    adaptive_limits: float = _strength("behaviour", "Limits may follow demonstrated skill (C29).")
    answers: float = _strength("behaviour", "Answers to reports are a resource (C26).")
    overload: float = _strength("behaviour",
        "Being busy beyond the comfortable, and hurrying, strains.", "Bakker & Demerouti 2007")
    refusals: float = _strength("behaviour", "Having to turn down justified wishes strains.")
    obstacles: float = _strength("behaviour", "What is known to be broken strains those who work with it (C16).")
    control: float = _strength("behaviour", "Being checked strains.")
    smiling: float = _strength("behaviour", "Smiling on instruction shows, and tires (C15).", "Grandey 2003")
    pressure: float = _strength("behaviour", "Under pressure, time per case is cut.", "Oliva & Sterman 2001")
    overwork: float = _strength("behaviour", "Long overwork slows people down.", "KC & Terwiesch 2009")
    standard_erosion: float = _strength("behaviour", "The internal standard follows practice.", "Oliva & Sterman 2001")
    monitoring: float = _strength("behaviour",
        "Without control people take it easy, grant too easily, and errors pass.", "Nagin et al. 2002")
    effort: float = _strength("behaviour", "Effort is volunteered out of morale and commitment (C17).")
    authority_load: float = _strength("behaviour", "Authority takes time and strains (H4).", "Chan & Lam 2011")
    grave_errors: float = _strength("behaviour", "Strain makes grave errors, convexly (C19).")
    morale: float = _strength("behaviour", "Resources and demands move morale.", "Bakker & Demerouti 2007")
    support: float = _strength("behaviour", "Support from managers is a resource (C21).", "Bakker & Demerouti 2007")
    colleagues: float = _strength("behaviour", "The team's mood is a resource (C21).")
    gratitude: float = _strength("behaviour", "How customers take it is a resource (C12).")
    challenge: float = _strength("behaviour",
        "Challenge that fits one's skill is a resource, boredom wears (C21, C28).")
    training: float = _strength("behaviour", "Frequent training is a resource (C21).")
    pay: float = _strength("behaviour", "Pay against the market's acts on morale, quitting and applicants (C5).")
    ambiguity: float = _strength("behaviour",
        "Authority without clear aims and limits strains and is used less well (C27, C29).")
    broken_promise: float = _strength("behaviour", "Promises the firm does not keep strain its staff (C22).")
    growth: float = _strength("behaviour",
        "Autonomy and challenge are worth what people want them (H4).", "Hackman & Oldham 1976")
    habituation: float = _strength("behaviour",
        "People get used to how they are treated, good or bad.", "Boswell et al. 2005, concept")
    exhaustion: float = _strength("behaviour", "Demands tire, rest restores.", "Bakker & Demerouti 2007")
    commitment: float = _strength("behaviour", "Commitment follows treatment over months (C20).")
    pride: float = _strength("behaviour", "What the public says makes proud or ashamed (C20).")
    empowerment: float = _strength("behaviour", "Felt empowerment lags behind authority granted.", "Spreitzer 1995")
    recognition: float = _strength("behaviour", "Being recognised for service lifts and makes daring (C32).")
    trust: float = _strength("behaviour", "Managers' trust follows what they see (C34).")
    hiring: float = _strength("behaviour", "Hiring selects, and good employers draw better people (C33).")
    hospitality: float = _strength("behaviour", "Disposition can be trained, the unsuited replaced (C33).")
    quitting: float = _strength("behaviour", "Morale and commitment act on quitting.")
    futility: float = _strength("behaviour",
        "Voice in vain drives people out, voice that leads to action keeps them (H7).", "McClean et al. 2013")
    capacity_to_act: float = _strength("behaviour",
        "Answers take managers' time, and count where something is done (H7).", "McClean et al. 2013")
    learning: float = _strength("behaviour", "People learn by doing, from training and from each other.")
    forgetting: float = _strength("behaviour", "Skill fades as work changes (C28).", "Arthur et al. 1998, concept")
    coaching: float = _strength("behaviour", "Bosses teach, and it lasts (H6).", "Lazear, Shaw & Stanton 2015")
    participation: float = _strength("behaviour",
        "Coaching, meetings and showing each other take staff's time (H9).", "practice: shrinkage")
    peer_learning: float = _strength("behaviour", "People learn from each other (C35).")
    floor_service: float = _strength("behaviour", "Managers on the floor serve customers (C34).")
    coordination: float = _strength("behaviour", "Near managers keep hand-overs together (H6).", "Gittell 2001")
    manager_morale: float = _strength("behaviour", "Managers' morale follows their work, and they lead by it.")
    promotion: float = _strength("behaviour", "Managers' places may take the best off the front (C2).")
    voice: float = _strength("behaviour", "Staff report what they see, if it is answered (C26).", "Morrison 2014")
    safety: float = _strength("behaviour", "Who is trusted dares to speak (C25).", "Edmondson 1999, concept")
    beliefs: float = _strength("behaviour", "Managers learn what is wrong from reports and own eyes (C6, C9).")
    overview: float = _strength("behaviour", "Whoever sees many cases sees their common cause (H8).")
    improvement: float = _strength("behaviour", "Managers' time removes causes of failures (C6, C16).")
    ratchet: float = _strength("behaviour", "Costly concessions tighten limits (C7).")
    upkeep: float = _strength("behaviour", "New ways take hold slowly and slide back without upkeep (C37).")
