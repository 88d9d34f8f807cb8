"""How rows are declared: one class for each kind of row, and everything else follows from it.

A field is written `name: type` with a comment. A state of a person is written `name: type = state(...)`: with its
unit, its range and who draws it first. From the class follow

* the layout of the table (`layout`), in the order of the fields;
* what the type checker knows: compiled code is given rows, and a misspelt field is an error;
* the attributes of the Mesa agent, which inherits from the class of its row: every state can be read, and those
  that are declared so can be written within their range;
* the law that tests hold every run to: a state stays in its range.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Generic,
    Protocol,
    Self,
    TypeVar,
    cast,
    get_args,
    get_type_hints,
    overload,
)

import numpy as np
import numpy.typing as npt

from simsvc.errors import InputError

R = TypeVar("R")
Int32 = Annotated[int, "i4"]
Int64 = Annotated[int, "i8"]
Real = Annotated[float, "f8"]


Floats = npt.NDArray[np.float64]


class Row:
    """One row of a table. In compiled code its fields are attributes; in Python they are keys, too."""

    if TYPE_CHECKING:

        def __getitem__(self, field: str) -> Any: ...
        def __setitem__(self, field: str, value: Any) -> None: ...
        def copy(self) -> Self: ...  # noqa: D102


if TYPE_CHECKING:

    class Table(np.ndarray[tuple[int], np.dtype[np.void]], Generic[R]):
        """Rows of one kind. This is what the type checker is told; in truth it is an array of structures."""

        dtype: Any

        def __iter__(self) -> Iterator[R]: ...  # type: ignore[override]
        @overload  # type: ignore[override]
        def __getitem__(self, at: str) -> npt.NDArray[Any]: ...
        @overload
        def __getitem__(self, at: int | np.integer[Any]) -> R: ...
        @overload
        def __getitem__(self, at: slice | npt.NDArray[Any]) -> Table[R]: ...
        def __getitem__(self, at: Any) -> Any: ...

    class Ints(np.ndarray[tuple[int], np.dtype[np.integer[Any]]]):
        """Whole numbers in a row, such as numbers of rows: each is an `int`, so that what it points to has a type."""

        def __iter__(self) -> Iterator[int]: ...  # type: ignore[override]
        @overload  # type: ignore[override]
        def __getitem__(self, at: int) -> int: ...
        @overload
        def __getitem__(self, at: slice) -> Ints: ...
        def __getitem__(self, at: Any) -> Any: ...
else:
    Table = Ints = np.ndarray


class Seen(Protocol):
    """Somebody whose states are seen through a row: an agent."""

    def row(self) -> Any:
        """The row as it is now."""

    def changed(self, name: str, before: float) -> None:
        """Called after a state has been written."""


class Declared:
    """What is declared of one state; as a class attribute of an agent it reads and writes the agent's row."""

    def __init__(
        self, meaning: str, unit: str, low: float, high: float, first: str, writable: bool, at_most: float | None
    ) -> None:
        self.__doc__ = f"{meaning}, {unit}." if unit else f"{meaning}."
        self.meaning, self.unit = meaning, unit
        self.low, self.high = low, high
        self.first = first
        self.writable = writable
        self.highest_written = high if at_most is None else at_most

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, person: Seen | None, owner: type) -> Any:
        return self if person is None else person.row()[self.name].item()

    def __set__(self, person: Seen, value: float) -> None:
        if not self.writable:
            raise AttributeError(f"{self.name} of {person} follows from what happens and cannot be set")
        if not (math.isfinite(value) and self.low <= value <= self.highest_written):
            allowed = f"{self.low:g} to {self.highest_written:g}"
            raise InputError(f"{self.name} of {person} = {value}: allowed is {allowed}")
        row = person.row()
        before = row[self.name].item()
        row[self.name] = value
        person.changed(self.name, before)


def state(
    meaning: str,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    *,
    first: str = "",
    writable: bool = False,
    at_most: float | None = None,
) -> Any:
    """Declare a state.

    Args:
        meaning: in a few words.
        unit: of the value; what is counted in `"0-1"` ranges from 0 to 1 unless said otherwise.
        low: smallest value it ever has; none if left out.
        high: largest value it ever has.
        first: the function that gives it its first value.
        writable: whether scripts may write it through the agent, in its range.
        at_most: largest value that scripts may write where the range has no end.
    """
    share = unit == "0-1"
    low = (0.0 if share else -math.inf) if low is None else low
    high = (1.0 if share else math.inf) if high is None else high
    return Declared(meaning, unit, low, high, first, writable, at_most)


def states_of(kind: type) -> dict[str, Declared]:
    """The states among the fields of a row, by name, in order."""
    return {name: found for name in get_type_hints(kind) if isinstance(found := vars(kind).get(name), Declared)}


def layout(kind: type, align: bool = False) -> np.dtype[Any]:
    """The layout of a table of such rows, in the order of the fields.

    Args:
        kind: class of the rows; its fields are declared `Real`, `Int32` or `Int64`, or as several of them.
        align: whether every field begins where the processor reads it fastest, at the cost of gaps.
    """
    hints = get_type_hints(kind, include_extras=True)
    return np.dtype([(name, *get_args(hint)[1:]) for name, hint in hints.items()], align=align)


def whole_numbers(n: int, each: int = 0, kind: type[np.integer[Any]] = np.int64) -> Ints:
    """`n` whole numbers, all of one value."""
    return cast("Ints", np.full(n, each, kind))


def as_table(rows: npt.NDArray[Any]) -> Floats:
    """Rows of nothing but real numbers as float64 (rows, fields), in the same memory."""
    return rows.view(np.float64).reshape(len(rows), len(rows.dtype.names or ()))
