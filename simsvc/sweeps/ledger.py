"""How a sweep keeps its runs: sealed lines of a ledger and sealed Parquet files, and nothing else.

Why our own and not SQLite or DuckDB: both need locks and shared memory that network folders do not keep, one damaged
page can cost a whole database, and DuckDB lets nobody read while it writes. Lines and files that are only ever added
need neither, damage costs one line or one part, and every other program reads them as they are.

A seal is a hash of content under the sweep's key, which follows from its design, its model and its metrics
(`simsvc.sweeps.manifest.key_of`). A line carries it as its last value, a Parquet file in its name. Whatever does not
fit its seal is not believed: neither damage of any kind nor what belongs to another sweep.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from simsvc.errors import InputError

LEDGER, DAMAGED, FAILURES = "ledger.jsonl", "ledger.damaged.jsonl", "failures.parquet"
MENDS = "'simsvc sweep' with the same design makes it again"


def seal(content: bytes, key: bytes = b"") -> str:
    """Sixteen hexadecimal digits that only this content has."""
    return hashlib.blake2b(content, key=key, digest_size=8).hexdigest()


# -- the ledger -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the ledger.

    Attributes:
        number: from 1.
        raw: its bytes.
        entry: what it says of a run; `None` if it does not fit its seal.
    """

    number: int
    raw: bytes
    entry: dict[str, Any] | None

    @property
    def whole(self) -> bool:
        """Whether it ends as a line does; only the last one may not, if the program was killed while it wrote."""
        return self.raw.endswith(b"\n")


def line_of(entry: dict[str, Any], key: bytes) -> bytes:
    """A line of the ledger: the entry as JSON, its seal as last value."""
    return _sealed(json.dumps(entry, separators=(",", ":")).encode(), key)


def _sealed(body: bytes, key: bytes) -> bytes:
    return body[:-1] + b',"seal":"' + seal(body, key).encode() + b'"}\n'


_SEAL = len(_sealed(b"}", b""))


def lines_of(ledger: Path, key: bytes) -> Iterator[Line]:
    """The lines of a ledger, one at a time; none if there is no ledger."""
    if not ledger.exists():
        return
    with ledger.open("rb") as file:
        for number, raw in enumerate(file, 1):
            body = raw[:-_SEAL] + b"}"
            yield Line(number, raw, json.loads(body) if _sealed(body, key) == raw else None)


def plain_number(value: float) -> float | None:
    """A number as JSON has it: `null` for what is not one."""
    return None if math.isnan(value) else float(value)


# -- Parquet files ----------------------------------------------------------------------------

_NAME = re.compile(r"\w+-(\d+)-[0-9a-f]{16}\.parquet")


def files_in(folder: Path, pattern: str) -> list[tuple[int, Path]]:
    """Sealed Parquet files with the numbers that their names say, in order."""
    found = ((_NAME.fullmatch(path.name), path) for path in folder.glob(pattern))
    return sorted((int(name[1]), path) for name, path in found if name)


def write_sealed(table: pa.Table, stem: Path, key: bytes) -> Path:
    """Write a Parquet file whose name ends in its seal; the name of `stem`, which is without both, in a number."""
    raw = _parquet(table)
    return write_whole(raw, stem.with_name(f"{stem.name}-{seal(stem.name.encode() + raw, key)}.parquet"))


def sealed_bytes(path: Path, key: bytes) -> bytes:
    """Content of a Parquet file, if every byte of it is as it was written.

    Raises:
        InputError: if not.
    """
    stem, _, mark = path.stem.rpartition("-")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); {MENDS}") from None
    if seal(stem.encode() + raw, key) != mark:
        raise InputError(f"{path}: is damaged; {MENDS}")
    return raw


def read_sealed(path: Path, key: bytes) -> pa.Table:
    """A Parquet file as `sealed_bytes` has seen it to be sound."""
    return pq.read_table(pa.BufferReader(sealed_bytes(path, key)))


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    words = [one.name for one in table.schema if one.type in (pa.string(), pa.large_string())]
    pq.write_table(table, sink, compression="zstd", use_dictionary=words)  # of numbers it is larger and slower
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def write_whole(raw: bytes, path: Path) -> Path:
    """Write a file under a temporary name, see it on the disk, and rename it."""
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return path


def write_table(table: pa.Table, path: Path) -> None:
    """Write a Parquet file that other programs look for by its name."""
    write_whole(_parquet(table), path)
