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
    from simsvc.comparison.compute import compare as compare
    from simsvc.comparison.result import Comparison as Comparison
    from simsvc.decomposition.compute import decompose as decompose
    from simsvc.decomposition.result import Decomposition as Decomposition
    from simsvc.errors import InputError as InputError
    from simsvc.evidence.validation import Validation as Validation
    from simsvc.evidence.validation import validate as validate
    from simsvc.evidence.worlds import WorldsValidation as WorldsValidation
    from simsvc.evidence.worlds import validate_worlds as validate_worlds
    from simsvc.model.agents import Customer as Customer
    from simsvc.model.agents import FrontlineStaff as FrontlineStaff
    from simsvc.model.agents import Manager as Manager
    from simsvc.model.phases import rule_names as rule_names
    from simsvc.model.rows import State as State
    from simsvc.organization import ServiceOrganization as ServiceOrganization
    from simsvc.reports import write_report as write_report
    from simsvc.robustness.compute import robust as robust
    from simsvc.robustness.result import Robustness as Robustness
    from simsvc.runs.metrics import METRICS as METRICS
    from simsvc.runs.statistics import interval as interval
    from simsvc.scenario.loading import load_scenario as load_scenario
    from simsvc.scenario.loading import load_structure as load_structure
    from simsvc.scenario.settings import Scenario as Scenario
    from simsvc.scenario.structure import Structure as Structure
    from simsvc.selection.compute import best as best
    from simsvc.selection.result import Selection as Selection
    from simsvc.sensitivity_analysis.analysis import sensitivity as sensitivity
    from simsvc.sensitivity_analysis.result import Sensitivity as Sensitivity
    from simsvc.sensitivity_analysis.screening import morris as morris
    from simsvc.sensitivity_analysis.variance_indices import sobol_indices as sobol_indices
    from simsvc.single_run.compute import run as run
    from simsvc.single_run.result import RunResult as RunResult
    from simsvc.staffing.compute import staff as staff
    from simsvc.staffing.result import StaffNeeded as StaffNeeded
    from simsvc.sweeps.block import Block as Block
    from simsvc.sweeps.block import Span as Span
    from simsvc.sweeps.design import Design as Design
    from simsvc.sweeps.files import load_design as load_design
    from simsvc.sweeps.results import Results as Results
    from simsvc.sweeps.sweep import sweep as sweep

_NAMES = {
    "runs.metrics": "METRICS",
    "model.rows": "State",
    "runs.statistics": "interval",
    "sweeps.files": "load_design",
    "sensitivity_analysis.screening": "morris",
    "sensitivity_analysis.variance_indices": "sobol_indices",
    "model.phases": "rule_names",
    "reports": "write_report",
    "errors": "InputError",
    "comparison.result": "Comparison",
    "comparison.compute": "compare",
    "decomposition.result": "Decomposition",
    "decomposition.compute": "decompose",
    "selection.result": "Selection",
    "selection.compute": "best",
    "staffing.result": "StaffNeeded",
    "staffing.compute": "staff",
    "robustness.result": "Robustness",
    "robustness.compute": "robust",
    "sensitivity_analysis.result": "Sensitivity",
    "sensitivity_analysis.analysis": "sensitivity",
    "sweeps.block": "Block Span",
    "sweeps.design": "Design",
    "sweeps.results": "Results",
    "sweeps.sweep": "sweep",
    "evidence.validation": "Validation validate",
    "evidence.worlds": "WorldsValidation validate_worlds",
    "single_run.result": "RunResult",
    "single_run.compute": "run",
    "model.agents": "Customer FrontlineStaff Manager",
    "organization": "ServiceOrganization",
    "scenario.loading": "load_scenario load_structure",
    "scenario.settings": "Scenario",
    "scenario.structure": "Structure",
}
"""Where each name is, without `simsvc.`."""
_HOME = {name: f"simsvc.{module}" for module, names in _NAMES.items() for name in names.split()}

__all__ = [*_HOME, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'simsvc' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
