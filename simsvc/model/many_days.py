"""Many days in one call of compiled code.

Between two phases a run is in the interpreter for a moment. Alone that hardly counts; but runs in threads share one
interpreter, and whoever finds it taken sleeps for much longer than that moment. So days in
which nothing but compiled phases happens are run in one stretch, the phases called by the addresses of their machine
code.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba.core import cgutils, types
from numba.core.dispatcher import Dispatcher
from numba.extending import intrinsic

from simsvc.model.compiling import entry
from simsvc.model.rows import State

Addresses = npt.NDArray[np.int64]


def can_be_called_by_address(function: Any) -> bool:
    """Whether a phase may run in a stretch: compiled, and without the interpreter lock."""
    return isinstance(function, Dispatcher) and bool(function.targetoptions.get("nogil"))


def addresses(functions: list[Any], state: State) -> Addresses | None:
    """Where the machine code of compiled phases lies; None if one of them returns something.

    The functions must live as long as the addresses are used.
    """
    signature = (numba.typeof(state),)  # type: ignore[no-untyped-call]
    found = []
    for function in functions:
        function.compile(signature)
        code = function.overloads[signature]
        if code.signature.return_type != types.none:
            return None
        found.append(code.library.get_pointer_to_function(code.fndesc.llvm_func_name))
    return np.array(found, np.int64)


def _call_at(_: Any, state: Any, address: Any) -> Any:
    """Compiled: call the phase whose machine code lies at an address."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        calls = context.call_conv
        kind = calls.get_function_type(types.none, (state,)).as_pointer()
        code = builder.inttoptr(arguments[1], kind)
        status, _ = calls.call_function(builder, code, types.none, (state,), (arguments[0],))
        with cgutils.if_unlikely(builder, status.is_error):  # type: ignore[no-untyped-call]
            calls.return_status_propagate(builder, status)
        return context.get_dummy_value()

    return types.void(state, types.int64), generate


_call: Any = intrinsic(_call_at)


@entry
def days_until_short(state: State, before: Addresses, after: Addresses, days: int) -> int:
    """Run whole days until room for cases runs short.

    Args:
        state: rows; there must be room for the records of all days.
        before: addresses of the phases before the phase `room`.
        after: addresses of the phases after it.
        days: how many days at most.

    Returns:
        Days done. If fewer than asked for, the phases `before` of the next day have been run too.
    """
    for done in range(days):
        for phase in before:
            _call(state, phase)
        if state.organisation[0].short > 0:
            return done
        for phase in after:
            _call(state, phase)
    return days
