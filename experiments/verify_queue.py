"""Check any M/M/c or M/M/c+M queue against its exact answer.

The model runs with public settings alone: all behaviour is switched off, and what is left of the
organisation is a queue. Rates are per hour, times in hours:

    python experiments/verify_queue.py --arrivals 12 --service 5 --servers 2 --patience 1
"""

from __future__ import annotations

import json
import math
from typing import Annotated

import typer

from simsvc.errors import InputError
from simsvc.evidence.queueing import CONTACTS, erlang_a, erlang_c, simulate_queue
from simsvc.process import run_script

CONFIDENCE = 0.95
LABELS = {"p_wait": "share that waits", "mean_wait": "mean wait of all, hours", "p_abandon": "share that gives up"}


def compare(
    arrivals: float, service: float, servers: int, patience: float, contacts: int | None, seed: int
) -> dict[str, dict[str, float]]:
    """Simulated value, its interval, and the exact value of each measure.

    Raises:
        InputError: for values no queue can have, or an unstable one.
    """
    found = simulate_queue(arrivals, service, servers, patience, contacts, seed)
    exact = erlang_a(arrivals, service, servers, patience) if patience > 0 else erlang_c(arrivals, service, servers)
    result = {}
    for name, estimate in found.items():
        expected = getattr(exact, name)
        half = estimate.half_width(1.0 - CONFIDENCE)
        if name != "mean_wait" and expected > 0:
            half = max(half, 3.0 / (contacts or CONTACTS))  # what never happened may still happen: rule of three
        # nobody's patience is endless, only a billion minutes: where theory has none, a handful give up
        low = max(estimate.value - half, 0.0) if expected > 0 else 0.0
        high = estimate.value + half
        high = high if name == "mean_wait" else min(high, 1.0)
        result[name] = {"simulated": estimate.value, "exact": expected, "low": low, "high": high}
    return result


def main(
    arrivals: Annotated[float, typer.Option(help="Contacts arriving per hour (lambda), above 0.")],
    service: Annotated[float, typer.Option(help="Contacts one server can finish per hour (mu), above 0.")],
    servers: Annotated[int, typer.Option(help="Number of servers (c), 1 or more.")],
    patience: Annotated[
        float | None,
        typer.Option(help="Rate of giving up of one who waits, per hour (theta). Left out: nobody gives up."),
    ] = None,
    contacts: Annotated[
        int | None,
        typer.Option(
            help="Contacts to simulate; four times as many halve the interval. Left out: two million, "
            "or as many as a queue close to saturation needs."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the run, 0 or more.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Simulate an M/M/c queue, or M/M/c+M with --patience, and compare it with the exact answer.

    Reports the share of contacts that wait at all, the mean wait of all contacts in HOURS, and the
    share that gives up, each with a 95 % interval. A correct simulation misses an interval one time
    in twenty.
    """
    if patience is not None and not 0 < patience < math.inf:
        raise InputError(f"patience = {patience:g}: should be a rate above 0 per hour; leave it out if nobody gives up")
    if seed < 0:
        raise InputError(f"seed = {seed}: should be an integer of 0 or more")
    result = compare(arrivals, service, servers, patience or 0.0, contacts, seed)
    if as_json:
        typer.echo(json.dumps(result))
        return
    typer.echo(f"{'':24} {'simulated':>12} {'95 % interval':>25} {'exact':>12}")
    for name, row in result.items():
        interval = f"{row['low']:.6g} - {row['high']:.6g}"
        typer.echo(f"{LABELS[name]:24} {row['simulated']:12.6g} {interval:>25} {row['exact']:12.6g}")


if __name__ == "__main__":
    run_script(main, "verify_queue")
