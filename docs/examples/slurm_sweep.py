"""A sweep on a Slurm cluster, through dask-jobqueue: run this on the login node, in tmux or screen.

    pip install 'simsvc[cluster]' dask-jobqueue
    python slurm_sweep.py phase.toml results/phase --jobs 10

Each job brings one worker with as many threads as cores. Jobs may start late, end early and be killed:
what they had under way is handed out again. When this program itself is stopped, the same command goes on
where it was.
"""

from __future__ import annotations

import argparse
from typing import Any

from simsvc import load_design, sweep


def cluster(cores: int, hours: int, **more: Any) -> Any:
    """Worker jobs as Slurm gets them; adapt partition and account to yours."""
    from dask_jobqueue import SLURMCluster

    return SLURMCluster(
        cores=cores,
        processes=1,  # compiled days let threads run side by side, so one process per job is best
        memory=f"{2 * cores} GB",
        walltime=f"{hours:02d}:00:00",
        job_script_prologue=["export SIMSVC_CACHE_DIR=$HOME/.cache/simsvc"],  # compile once for all jobs
        worker_extra_args=["--lifetime", f"{60 * hours - 5}m"],  # leave before Slurm kills
        **more,
    )


def main() -> None:
    """Start the jobs, then the sweep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("design")
    parser.add_argument("out")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--cores", type=int, default=16)
    parser.add_argument("--hours", type=int, default=4)
    wanted = parser.parse_args()
    design = load_design(wanted.design)
    with cluster(wanted.cores, wanted.hours) as jobs:
        jobs.adapt(minimum_jobs=1, maximum_jobs=wanted.jobs)  # Slurm gives them when it can
        frame = sweep(design, wanted.out, dask=jobs.scheduler_address).runs()
    print(frame.groupby("structure")["retention"].describe())


if __name__ == "__main__":
    main()
