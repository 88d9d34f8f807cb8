"""simsvc: what happens when a service organisation's chart is turned upside down.

    import simsvc
    result = simsvc.compare("contact_centre", replications=30)
    print(result)

Names below are loaded when first used, so that `import simsvc` and `simsvc --help` stay quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from simsvc.errors import InputError as InputError
    from simsvc.experiment.comparing import compare as compare
    from simsvc.experiment.comparison import Comparison as Comparison
    from simsvc.experiment.decomposing import Decomposition as Decomposition
    from simsvc.experiment.decomposing import decompose as decompose
    from simsvc.experiment.selecting import Selection as Selection
    from simsvc.experiment.selecting import best as best
    from simsvc.experiment.sensitivity.analysis import Sensitivity as Sensitivity
    from simsvc.experiment.sensitivity.analysis import sensitivity as sensitivity
    from simsvc.experiment.single import RunResult as RunResult
    from simsvc.experiment.single import run as run
    from simsvc.experiment.sweeps.block import Block as Block
    from simsvc.experiment.sweeps.block import Span as Span
    from simsvc.experiment.sweeps.design import Design as Design
    from simsvc.experiment.sweeps.results import Results as Results
    from simsvc.experiment.sweeps.sweep import sweep as sweep
    from simsvc.model.agents import Customer as Customer
    from simsvc.model.agents import FrontlineStaff as FrontlineStaff
    from simsvc.model.agents import Manager as Manager
    from simsvc.model.organization import ServiceOrganization as ServiceOrganization
    from simsvc.scenario.loading import load_scenario as load_scenario
    from simsvc.scenario.loading import load_structure as load_structure
    from simsvc.scenario.settings import Scenario as Scenario
    from simsvc.scenario.structure import Structure as Structure

_HOME = {
    "InputError": "simsvc.errors",
    "Comparison": "simsvc.experiment.comparison",
    "compare": "simsvc.experiment.comparing",
    "Decomposition": "simsvc.experiment.decomposing",
    "decompose": "simsvc.experiment.decomposing",
    "Selection": "simsvc.experiment.selecting",
    "best": "simsvc.experiment.selecting",
    "Sensitivity": "simsvc.experiment.sensitivity.analysis",
    "sensitivity": "simsvc.experiment.sensitivity.analysis",
    "Block": "simsvc.experiment.sweeps.block",
    "Design": "simsvc.experiment.sweeps.design",
    "Span": "simsvc.experiment.sweeps.block",
    "Results": "simsvc.experiment.sweeps.results",
    "sweep": "simsvc.experiment.sweeps.sweep",
    "RunResult": "simsvc.experiment.single",
    "run": "simsvc.experiment.single",
    "Customer": "simsvc.model.agents",
    "FrontlineStaff": "simsvc.model.agents",
    "Manager": "simsvc.model.agents",
    "ServiceOrganization": "simsvc.model.organization",
    "load_scenario": "simsvc.scenario.loading",
    "load_structure": "simsvc.scenario.loading",
    "Scenario": "simsvc.scenario.settings",
    "Structure": "simsvc.scenario.structure",
}

__all__ = [*_HOME, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'simsvc' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
