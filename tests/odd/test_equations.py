"""Every printed equation gives what the source of its rule gives, whatever its coefficients.

That it gives what the compiled rule gives is tested beside the rules, where they are compiled anyway.
"""

from __future__ import annotations

import pytest
from odd.pages import differing

from simsvc.model.compiling import our_rule, rule_names
from simsvc.odd.equations import equations

EQUATIONS = {equation.name: equation for equation in equations()}


@pytest.mark.parametrize("name", EQUATIONS)
def test_a_printed_equation_gives_what_the_source_gives_whatever_the_coefficients(name: str) -> None:
    source = our_rule(name).py_func
    assert differing(EQUATIONS[name], source, next(iter(source.__defaults__ or ()), None)) == ""


def test_every_rule_and_all_that_rules_share_has_its_equation() -> None:
    assert set(EQUATIONS) >= {*rule_names(), "logistic", "logit", "saturating", "exponential", "normal", "lognormal"}
