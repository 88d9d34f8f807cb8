"""Rows asked for before they are needed.

With many customers the rows of today's lie all over memory, and most of a contact would be waiting for them. A request
that comes early enough costs nothing: the row is there when its turn comes. It changes no number.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils as _cgutils
from numba.core import types
from numba.extending import intrinsic
from numba.np import arrayobj as _arrayobj

cgutils: Any = _cgutils
arrayobj: Any = _arrayobj

LINE = 64
"""Bytes that memory hands over at once."""
FAR, NEAR, NEXT = 16, 8, 4
"""So many turns before its own a row is asked for, the row it tells of, and what that one tells of."""


def _request(_: Any, table: Any, row: Any) -> Any:
    """Compiled: one request for each line that the row lies in."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, pointer, word = signature.args[0], ir.IntType(8).as_pointer(), ir.IntType(32)
        size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
        request = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [pointer, word, word, word]), "llvm.prefetch.p0i8"
        )
        start = builder.bitcast(arrayobj.make_array(kind)(context, builder, arguments[0]).data, pointer)
        first = builder.gep(start, [builder.mul(arguments[1], ir.Constant(arguments[1].type, size))])
        for offset in range(0, size, LINE):
            place = builder.gep(first, [ir.Constant(ir.IntType(64), offset)])
            builder.call(request, [place, word(0), word(3), word(1)])  # to be read, kept in all caches, data
        return context.get_dummy_value()

    return types.void(table, types.intp), generate


ask_for: Any = intrinsic(_request)
"""In compiled code: ask for a row of a table, or an element of an array; any number will do, also of no row."""
