"""Writes `simsvc/model/columns.pyi`: what the type checker knows of rows whose fields follow from other tables.

`python tests/columns.py` after a setting, the strength of a rule or a column of a day has been declared.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from simsvc import model
from simsvc.model.parameters import PARAMETERS
from simsvc.model.rows import DAY
from simsvc.scenario.assumptions import Assumptions

STUB = Path(model.__file__).parent / "columns.pyi"
ROWS = {
    "ParameterRow": (PARAMETERS, "Settings under their own names, strengths of rules as `rule_NAME`."),
    "DayRow": (DAY, "What is reported of a day."),
}

KINDS = {"f": "float", "i": "int", "u": "np.uint32"}


def stub() -> str:
    """The stub as it has to be."""
    lines = ['"""Rows whose fields follow from other tables; written by `python tests/columns.py`."""', ""]
    lines += ["import numpy as np", "", "from simsvc.model.tables import Row"]
    of = Assumptions.model_fields
    models = [cast("type", declared.annotation) for declared in of.values()]
    lines += sorted(f"from {model.__module__} import {model.__name__}" for model in models)
    for name, (columns, meaning) in ROWS.items():
        lines += ["", f"class {name}(Row):", f'    """{meaning}"""', ""]
        for field, (kind, *_) in (columns.fields or {}).items():
            kept = cast("type", of[field].annotation).__name__ if kind.kind == "V" else KINDS[kind.kind]
            lines.append(f"    {field}: {kept}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    STUB.write_text(stub(), "utf-8")
