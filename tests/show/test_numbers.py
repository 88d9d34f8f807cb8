"""How numbers are said."""

from __future__ import annotations

import pytest

from simsvc.show.numbers import whole_percent


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.0, "0 %"), (0.005, "<1 %"), (0.006, "1 %"), (0.5, "50 %"), (0.994, "99 %"), (0.995, ">99 %"), (1.0, "100 %")],
)
def test_few_are_not_said_to_be_none(share: float, told: str) -> None:
    assert whole_percent(share) == told
