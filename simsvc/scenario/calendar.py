"""The calendar of the model, which compiled code takes over as it is (see `simsvc.model.compiling`)."""

from __future__ import annotations

DAYS_PER_YEAR = 250
"""Working days of a year; a tick is one of them."""
MONTHS_PER_YEAR = 12
DAYS_PER_MONTH = 21
"""Working days of a month, in courses of a run."""
