"""Examples of the documents that need machines which are not here: what can be seen without them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from simsvc.sweeps.files import load_design

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_a_slurm_job_brings_one_worker_with_a_thread_per_core_and_leaves_before_its_time_is_up() -> None:
    spec = importlib.util.spec_from_file_location("slurm_sweep", EXAMPLES / "slurm_sweep.py")
    assert spec
    assert spec.loader
    example: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    with example.cluster(cores=8, hours=4) as jobs:
        script = jobs.job_script()
    assert "--cpus-per-task=8" in script
    assert "-t 04:00:00" in script
    assert "--nthreads 8" in script
    assert "--nworkers" not in script
    assert "--lifetime 235m" in script


def test_the_example_design_is_small_enough_to_try() -> None:
    design = load_design(EXAMPLES / "phase.toml")
    assert len(design) == 15 * 2 * 4
