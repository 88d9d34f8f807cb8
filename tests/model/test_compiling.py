"""What the names of compiled code and of the model's version depend on."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from simsvc.model import compiling, engine

PACKAGE = Path(engine.__file__).parents[1]


def imported_by(module: str) -> set[str]:
    """Modules of this package that a module imports when it is loaded, not only for type checkers."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    found = set()
    for node in ast.parse(Path(spec.origin).read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("simsvc.model"):
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return {name for name in found if is_module(name)}


def is_module(name: str) -> bool:
    return (PACKAGE.parent / (name.replace(".", "/") + ".py")).exists()


def test_compiled_code_uses_nothing_from_files_that_its_cache_does_not_watch() -> None:
    reached: set[str] = set()
    waiting = {function.py_func.__module__ for function in compiling._ours.values()}
    waiting = {name for name in waiting if name.startswith("simsvc.")}
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting |= imported_by(module) - reached
    assert {"simsvc.model.rows", "simsvc.model.day.approvals", "simsvc.model.rules.voice"} <= reached
    unwatched = {f"simsvc.model.{Path(name).stem}" for name in compiling._INTERPRETED}
    assert all(is_module(name) for name in unwatched)
    assert not reached & unwatched


@pytest.fixture
def names_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, str]]:
    """The name of the cache's folder and the version of the model, after an edit of one file in a copy."""

    def names(file: str = "", edit: Callable[[bytes], bytes] = bytes) -> tuple[str, str]:
        monkeypatch.setenv("SIMSVC_CACHE_DIR", str(tmp_path / "cache"))
        copy = tmp_path / "simsvc"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        if file:
            (copy / file).write_bytes(edit((copy / file).read_bytes()))
        monkeypatch.setattr(compiling, "_MODEL", copy / "model")
        return compiling.cache_folder.__wrapped__().name, compiling.model_version.__wrapped__()

    return names


@pytest.mark.parametrize(
    ("file", "compiled_anew", "other_version"),
    [
        ("model/rules/voice.py", True, True),
        ("model/day/approvals.py", True, True),
        ("model/engine.py", False, True),
        ("runs/metrics.py", False, False),
        ("scenario/presets/classroom.toml", False, False),
        ("scenario/calendar.py", True, True),
    ],
)
def test_what_can_change_a_number_is_another_version_and_what_is_compiled_another_cache(
    names_after: Callable[..., tuple[str, str]], file: str, compiled_anew: bool, other_version: bool
) -> None:
    cache, version = names_after()
    other_cache, other = names_after(file, lambda text: text + b"\n# edited\n")
    assert (other_cache != cache) == compiled_anew
    assert (other != version) == other_version


@pytest.mark.parametrize("in_the_way", ["a file", "a file above"])
def test_code_that_cannot_be_kept_lies_in_a_private_folder_and_never_beside_the_sources(
    in_the_way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.write_text("not a folder")
    monkeypatch.setenv("SIMSVC_CACHE_DIR", str(home if in_the_way == "a file" else home / "simsvc"))
    folder = compiling.cache_folder.__wrapped__()
    assert folder.parent != compiling.cache_home()
    assert folder.is_dir()
    assert folder.parent.stat().st_mode & 0o077 == 0
    assert folder.name == compiling.cache_folder().name
    monkeypatch.setattr(compiling, "cache_folder", lambda: folder)

    def one() -> int:
        return 1

    assert compiling._jit(one, cache=True)() == 1
    assert list(folder.rglob("*one*.nbc"))


def test_code_under_own_rules_is_kept_in_their_folder_whichever_threads_make_it_at_once() -> None:
    def kept_in(kept: str) -> list[str]:
        made = []
        for _ in range(100):

            def one() -> int:
                return 1

            made.append(compiling._jit(one, cache=True, kept=kept)._cache.cache_path)
        return made

    names = [f"own-{k}" for k in range(4)]
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(len(names)) as threads:
            found = list(threads.map(kept_in, names))
    finally:
        sys.setswitchinterval(switching)
    assert [name for name, made in zip(names, found, strict=True) for path in made if name not in path] == []


def test_a_function_is_compiled_once_whatever_whole_numbers_it_is_called_with() -> None:
    def half(number: int) -> float:
        return number / 2

    def halves(narrow: npt.NDArray[np.int32], wide: npt.NDArray[np.int64]) -> float:
        return called(narrow[0]) + called(wide[0]) + called(3) + called(number=4) + called(True)

    called = compiling._jit(half)
    assert compiling._jit(halves)(np.full(1, 1, np.int32), np.full(1, 2)) == 0.5 + 1.0 + 1.5 + 2.0 + 0.5
    assert [str(*kinds) for kinds in called.overloads] == ["int64", "bool"]


def test_code_of_own_rules_goes_when_it_is_neither_recent_nor_among_the_last_eight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "cache_folder", lambda: tmp_path)

    def folder(value: float) -> str:
        return compiling.kept_as({"is_misrouted": lambda u, share, strength: u < value})

    made = [folder(k / 20) for k in range(20)]
    assert {one.name for one in tmp_path.iterdir()} == set(made)
    for age, name in enumerate(made[:12]):
        os.utime(tmp_path / name, 2 * (time.time() - compiling.RECENT - age,))
    made.append(folder(0.99))
    assert {one.name for one in tmp_path.iterdir()} == set(made[12:])
    for one in tmp_path.iterdir():
        os.utime(one, 2 * (time.time() - compiling.RECENT - 1,))
    folder(0.98)
    assert len(list(tmp_path.iterdir())) == compiling.MOST_KEPT


ALIKE = """
import ctypes, sys
from simsvc.model.compiling import _jit

def made(value):
    def alike():
        return value
    return _jit(alike, cache=True, kept=f"own-{value}")

functions = [made(int(value)) for value in sys.argv[1:]]
for function in functions:
    function.compile(())
for function in functions:
    code = function.overloads[()]
    address = code.library.get_pointer_to_function(code.fndesc.llvm_func_name)
    result = ctypes.c_int64()
    ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.POINTER(ctypes.c_int64), ctypes.c_void_p)(address)(result, None)
    print(result.value, len(function.stats.cache_hits))
"""


def test_functions_of_one_name_compiled_by_several_processes_are_told_apart(tmp_path: Path) -> None:
    def printed(*values: str) -> list[str]:
        here = {**os.environ, "SIMSVC_CACHE_DIR": str(tmp_path)}
        return subprocess.check_output([sys.executable, str(program), *values], env=here, text=True).splitlines()

    program = tmp_path / "alike.py"
    program.write_text(ALIKE)

    assert printed("1") == ["1 0"]
    assert printed("2") == ["2 0"]
    assert printed("1", "2") == ["1 1", "2 1"]


def test_the_version_is_the_same_whatever_ends_a_line(names_after: Callable[..., tuple[str, str]]) -> None:
    assert names_after() == names_after("model/rows.py", lambda text: text.replace(b"\n", b"\r\n"))


def test_a_version_is_sixteen_hexadecimal_digits() -> None:
    assert len(compiling.model_version()) == 16
    int(compiling.model_version(), 16)
