"""Word of mouth: the few very angry, the shape of the network, and giving more than expected.

    python experiments/word_of_mouth.py            # 12 replications of nine arms, three years
    python experiments/word_of_mouth.py --quick    # 2 replications

The traditional contact centre without word of mouth and on three networks of ties, and with generosity swept
from nothing to paying twice what is fair. Writes word_of_mouth.png, words.csv, generosity.csv.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from simsvc.organization import ServiceOrganization
from simsvc.runs.metrics import measured
from simsvc.runs.statistics import contrast, intervals
from simsvc.scenario.loading import load_scenario
from simsvc.scenario.settings import DAYS_PER_YEAR
from simsvc.show.axes import COLOURS, clean
from simsvc.show.numbers import difference_unit, tell
from simsvc.studies.study import Point, Study

STUDY = Study(
    "word_of_mouth",
    "Who talks, what does talk do to joining and leaving, and does giving more than expected pay through it?",
    ["C36", "H12"],
    replications=12,
    quick=2,
)
SILENT = "nobody talks"
NETWORKS = {"small world": "small_world", "random ties": "random", "few with many ties": "scale_free"}
GENEROSITY = (0.0, 0.1, 0.25, 0.5, 1.0)
WORDS = ("bad contacts talked about", "words that are bad", "bad talkers among talkers", "posts", "joined", "gestures")
METRICS = ("retention", "satisfaction", "customers", "grant_cost", "profit")


def words(model: ServiceOrganization, days: Any) -> dict[str, float]:
    """Who talks and how much of it is bad, in percent; posts, gestures and people who join, a year."""
    now = measured(days, model.settings.run.settling)
    total = {
        name: float(now[name].sum()) for name in ("talked_good", "talked_bad", "told_good", "told_bad", "contacts")
    }
    told, talked = total["told_good"] + total["told_bad"], total["talked_good"] + total["talked_bad"]
    return {
        "bad contacts talked about": 100 * total["talked_bad"] / total["contacts"],
        "words that are bad": 100 * total["told_bad"] / told if told else float("nan"),
        "bad talkers among talkers": 100 * total["talked_bad"] / talked if talked else float("nan"),
        **{name: float(now[name].mean()) * DAYS_PER_YEAR for name in ("posts", "joined", "gestures")},
    }


def points() -> list[Point]:
    """Networks at no generosity, and generosity on a small world."""
    arms: dict[str, dict[str, Any]] = {SILENT: {"rules.word_of_mouth": 0.0}}
    arms |= {name: {"market.network": network} for name, network in NETWORKS.items()}
    arms |= {f"generosity {g:g}": {"structure.generosity": g} for g in GENEROSITY[1:]}
    return [Point({"arm": arm}, load_scenario("contact_centre", settings)) for arm, settings in arms.items()]


def main(study: Study) -> None:
    """Run all arms; what is said, what it does, and what generosity adds."""
    runs = study.runs(points(), probe=words)
    base = next(iter(NETWORKS))
    networks = runs[runs["arm"].isin([SILENT, *NETWORKS])]
    study.table(intervals(networks, ["arm"], [*WORDS, *METRICS]), "words")
    here = runs[runs["arm"] == base]
    for name in WORDS[:3]:
        study.answer("C36", name, here[name], "%", meaning="traditional contact centre, small world")
    for arm in NETWORKS:
        effect = contrast(runs, "arm", arm, SILENT)
        for metric in ("retention", "customers"):
            scale, unit = difference_unit(metric)
            meaning = f"word of mouth ({arm}) less nobody talking, traditional chart"
            study.answer("C36", f"{metric}: {arm} less silence", effect[metric] * scale, unit, meaning=meaning)
        found = study.answer("C36", f"joined: {arm} less silence", effect["joined"], "people/year", meaning=meaning)
        if arm == base:
            bad, share = (float(here[name].mean()) for name in WORDS[:2])
            study.finding(
                f"{bad:.1f} % of contacts anger so much that they are talked about, and make {share:.0f} % of all "
                f"words; talk as a whole changes the number who join by {tell(found, ' a year', 0)}."
            )
    gains = pd.concat(contrast(runs, "arm", f"generosity {g:g}", base).assign(generosity=g) for g in GENEROSITY[1:])
    table = intervals(gains, ["generosity"], [*WORDS, *METRICS])
    study.table(table, "generosity")
    study.figure(figure(study, runs, table), "word_of_mouth")
    answer_generosity(study, gains)


def answer_generosity(study: Study, gains: pd.DataFrame) -> None:
    """What giving a little and giving much more than is due brings and costs (C36), and much against a little (H12)."""
    for g in (GENEROSITY[2], GENEROSITY[-1]):
        mine = gains[gains["generosity"] == g]
        said = []
        meaning = f"generosity {g:g} less none, traditional chart"
        for metric in METRICS:
            scale, unit = difference_unit(metric)
            found = study.answer("C36", f"{metric}: generosity {g:g}", mine[metric] * scale, unit, meaning=meaning)
            if metric in ("retention", "profit"):
                said.append(f"{metric} {tell(found, f' {unit}')}")
        study.answer("C36", f"posts: generosity {g:g}", mine["posts"], "posts/year", meaning=meaning)
        found = study.answer("C36", f"joined: generosity {g:g}", mine["joined"], "people/year", meaning=meaning)
        study.finding(f"Generosity {g:g} against none: {', '.join(said)}, joined {tell(found, ' a year', 0)}.")
    little, much = (gains[gains["generosity"] == g].set_index("replication") for g in (GENEROSITY[2], GENEROSITY[-1]))
    for metric in ("retention", "profit"):
        scale, unit = difference_unit(metric)
        name = f"{metric}, generosity {GENEROSITY[-1]:g} less {GENEROSITY[2]:g}"
        meaning = "paying far beyond what is fair less paying a little beyond it, traditional chart; negative: it harms"
        study.answer("H12", name, (much[metric] - little[metric]) * scale, unit, meaning=meaning)


def figure(study: Study, runs: pd.DataFrame, table: pd.DataFrame) -> Figure:
    """Who joins and stays on which network; what generosity brings and costs."""
    drawn = Figure(figsize=(11, 6.4), layout="constrained")
    above, below = drawn.subplots(2, 3)
    arms = [SILENT, *NETWORKS]
    shown = (("retention", 100.0, "%"), ("joined", 1.0, "people a year"), ("words that are bad", 1.0, "% of words"))
    for axes, (name, scale, unit) in zip(above, shown, strict=True):
        levels = intervals(runs[runs["arm"].isin(arms)], ["arm"], [name]).set_index("arm").loc[arms]
        mean = levels["mean"] * scale
        reach = [mean - levels["low"] * scale, levels["high"] * scale - mean]
        axes.errorbar(range(len(arms)), mean, yerr=reach, fmt="o", color=COLOURS[0], capsize=3)
        axes.set_xticks(range(len(arms)), [arm.replace(" ", "\n", 1) for arm in arms], fontsize=8)
        axes.set_xlim(-0.5, len(arms) - 0.5)
        axes.set_title(name.capitalize(), fontsize=10, loc="left")
        axes.set_ylabel(unit, fontsize=8)
        clean(axes)
    gained = (("retention", 100.0, "points"), ("joined", 1.0, "people a year"), ("profit", 1e-3, "thousand a year"))
    for axes, (name, scale, unit) in zip(below, gained, strict=True):
        mine = table[table["metric"] == name]
        mean = mine["mean"] * scale
        reach = [mean - mine["low"] * scale, mine["high"] * scale - mean]
        axes.errorbar(mine["generosity"], mean, yerr=reach, fmt="D-", color=COLOURS[1], capsize=3, markersize=4)
        axes.axhline(0, color="black", linewidth=0.8)
        axes.set_title(f"{name.capitalize()} by generosity", fontsize=10, loc="left")
        axes.set_ylabel(f"{unit} more than without", fontsize=8)
        axes.set_xlabel("paid beyond what is fair, share", fontsize=8)
        clean(axes)
    title = f"Talk and generosity, traditional contact centre ({study.replications} runs each, 95 % intervals)"
    drawn.suptitle(title, fontsize=10, x=0.01, ha="left")
    return drawn


if __name__ == "__main__":
    STUDY.command(main)
