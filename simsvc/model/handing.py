"""How compiled functions are handed an organisation's state, as one pointer, and whole numbers.

Numba hands tuples over by value. A state is some forty arrays of seven words each, so that every call that is not
inlined would copy more than two hundred words. Here these words are laid down once, where Python calls compiled
code, and what is handed on from there is where they lie. In Python a state stays a plain named tuple.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils as _cgutils
from numba.core import imputils as _imputils
from numba.core import types
from numba.core.dispatcher import Dispatcher
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)

from simsvc.model.rows import State

cgutils: Any = _cgutils
imputils: Any = _imputils


class StateType(types.Type):
    """The type of a state in compiled code: the types of its arrays by name."""

    def __init__(self, arrays: tuple[tuple[str, Any], ...]) -> None:
        self.arrays = dict(arrays)
        super().__init__(f"State({hashlib.sha256(repr(arrays).encode()).hexdigest()[:16]})")

    @property
    def key(self) -> str:
        """What tells two types apart."""
        return str(self.name)


_known: dict[tuple[tuple[Any, ...], ...], StateType] = {}
"""Types met so far, by what tells the arrays of their states apart: Numba takes long to describe forty tables."""


@typeof_impl.register(State)
def _type(state: State, context: Any) -> StateType:
    kinds = tuple((array.dtype, array.ndim, array.flags.num) for array in state)
    if kinds not in _known:
        _known[kinds] = StateType(tuple((name, typeof_impl(array, context)) for name, array in state._asdict().items()))
    return _known[kinds]


register_model(StateType)(models.OpaqueModel)  # a pointer


def _struct(context: Any, kind: StateType) -> Any:
    """What lies where the pointer points to: one array after the other."""
    return ir.LiteralStructType([context.get_value_type(array) for array in kind.arrays.values()])


@unbox(StateType)  # type: ignore[no-untyped-call, untyped-decorator]
def _lay_down(kind: StateType, state: Any, c: Any) -> NativeValue:
    """Lay the arrays of a state down for as long as the call lasts."""
    words = cgutils.alloca_once(c.builder, _struct(c.context, kind))
    failed = cgutils.false_bit
    for i, array in enumerate(kind.arrays.values()):
        native = c.unbox(array, c.pyapi.tuple_getitem(state, i))
        c.builder.store(native.value, cgutils.gep_inbounds(c.builder, words, 0, i))
        failed = c.builder.or_(failed, native.is_error)

    def give_back() -> None:
        if c.context.enable_nrt:
            for i, array in enumerate(kind.arrays.values()):
                value = c.builder.load(cgutils.gep_inbounds(c.builder, words, 0, i))
                c.context.nrt.decref(c.builder, array, value)

    return NativeValue(  # type: ignore[no-untyped-call]
        c.builder.bitcast(words, cgutils.voidptr_t), is_error=failed, cleanup=give_back
    )


@infer_getattr
class _Attributes(AttributeTemplate):
    key = StateType

    def generic_resolve(self, kind: StateType, name: str) -> Any:  # type: ignore[override]
        return kind.arrays.get(name)


@lower_getattr_generic(StateType)  # type: ignore[no-untyped-call, untyped-decorator]
def _array(context: Any, builder: Any, kind: StateType, state: Any, name: str) -> Any:
    """One of the arrays of a state: word by word, so that what is not used is not loaded."""
    at = list(kind.arrays).index(name)
    words = builder.bitcast(state, _struct(context, kind).as_pointer())
    array = kind.arrays[name]
    proxy = cgutils.create_struct_proxy(array)(context, builder, ref=cgutils.gep_inbounds(builder, words, 0, at))
    loaded = cgutils.create_struct_proxy(array)(context, builder)
    for field in context.data_model_manager[array]._fields:
        setattr(loaded, field, getattr(proxy, field))
    return imputils.impl_ret_borrowed(context, builder, array, loaded._getvalue())


def with_wide_numbers(function: Dispatcher) -> Dispatcher:
    """Let calls from compiled code pass every whole number as one of 64 bits.

    Numba would compile once more for 32 bits, and for each number that is written in a call.
    """
    usual = function.get_call_template

    def wide(kind: Any) -> Any:
        plain = types.unliteral(kind)  # type: ignore[no-untyped-call]
        return types.int64 if plain in types.signed_domain else plain

    def with_wide(arguments: Sequence[Any], named: Any) -> Any:
        return usual(tuple(map(wide, arguments)), {name: wide(kind) for name, kind in dict(named).items()})

    vars(function)["get_call_template"] = with_wide
    return function
