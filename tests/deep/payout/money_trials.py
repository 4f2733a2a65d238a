"""Why: a thousand mutants need a thousand test runs, and a new Python with pytest for each would take an hour.

Changes within a function are put into the loaded code of a fork, made after pytest has collected once; only the tests
that call the function are run. Changes outside functions (enums, tables, defaults) get a fork that imports anew.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import resource
import signal
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import hypothesis.strategies  # noqa: F401 - loaded once here, not once in each fork
import pytest

from tests.deep.payout.money_changes import Mutant

CPU_S: Final = 20
WALL_S: Final = 240
DOMAIN: Final = "kiosk.payout"


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed_out"
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"


class RigFault(RuntimeError):
    """The tests do not pass without a mutant, or could not be run at all."""


def _in_a_fork(work: Callable[[], bool]) -> Verdict:
    """KILLED when ``work`` (True: every test passed) says so, or needs more than its time."""
    child = os.fork()
    if child == 0:
        answer = 3
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 5))
            signal.alarm(WALL_S)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            answer = 0 if work() else 1
        finally:
            os._exit(answer)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Verdict.TIMED_OUT
    match os.waitstatus_to_exitcode(status):
        case 0:
            return Verdict.SURVIVED
        case 1:
            return Verdict.KILLED
        case code:
            raise RigFault(f"a trial ended with {code}")


class _Examples:
    """Leaves the Hypothesis properties out: examples must be enough, and they are fast."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is an example."""
        items[:] = [item for item in items if not getattr(getattr(item, "obj", None), "is_hypothesis_test", False)]


def _pytest(files: Sequence[Path], plugin: object) -> int:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    flags = ["-x", "-q", "--assert=plain", "--capture=no", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=0"]
    return int(pytest.main([*flags, *map(str, files)], plugins=[plugin]))


# -- changes outside functions ---------------------------------------------------------------------------------


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from the code of a mutant."""

    def __init__(self, mutant: Mutant) -> None:
        self._name, self._code = f"{DOMAIN}.{mutant.module}", mutant.code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Ours for the one module, nothing for every other."""
        return importlib.machinery.ModuleSpec(fullname, self) if fullname == self._name else None

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the mutant's code as the module."""
        exec(self._code, module.__dict__)  # noqa: S102 - this is what a mutation test does


def anew(files: Sequence[Path], mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, Verdict]]:
    """Judge mutants that change what a module is made of. The domain must not be loaded yet."""
    if any(name.startswith(DOMAIN) for name in sys.modules):
        raise RigFault("the domain was loaded before its mutants")
    if mutants and _in_a_fork(lambda: _passes_anew(files, None)) is not Verdict.SURVIVED:
        raise RigFault("the tests fail without any mutant")
    for mutant in mutants:
        yield mutant, _in_a_fork(lambda: _passes_anew(files, mutant))  # noqa: B023 - called at once


def _passes_anew(files: Sequence[Path], mutant: Mutant | None) -> bool:
    if mutant is not None:
        sys.meta_path.insert(0, _Instead(mutant))
    code = _pytest(files, _Examples())
    if code not in (0, 1, 2):
        raise RigFault(f"pytest ended with {code}")
    return code == 0


# -- changes within a function ---------------------------------------------------------------------------------


class _Session(_Examples):
    """A pytest session that runs its tests once as they are, and then once for each mutant, in forks."""

    def __init__(self, mutants: Sequence[Mutant]) -> None:
        self._mutants = mutants
        self.judged: list[tuple[Mutant, Verdict]] = []
        self._callers: dict[tuple[str, str], list[pytest.Item]] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of pytest's own loop."""
        for item in session.items:
            self._watch(item)
        if session.testsfailed or not session.items:
            raise RigFault("the tests fail without any mutant")
        for mutant in self._mutants:
            self.judged.append((mutant, _in_a_fork(lambda: self._passes(session, mutant))))  # noqa: B023
        return True

    def _watch(self, item: pytest.Item) -> None:
        """Run a test and note which functions of the domain it calls."""
        called: set[tuple[str, str]] = set()

        def note(frame: types.FrameType, event: str, _arg: object) -> None:
            module = frame.f_globals.get("__name__", "")
            if event == "call" and module.startswith(DOMAIN):
                called.add((module, frame.f_code.co_qualname))

        sys.setprofile(note)
        try:
            _run(item)
        finally:
            sys.setprofile(None)
        for each in called:
            self._callers.setdefault(each, []).append(item)

    def _passes(self, session: pytest.Session, mutant: Mutant) -> bool:
        _exchange(mutant)
        for item in self._callers.get((f"{DOMAIN}.{mutant.module}", str(mutant.function)), []):
            _run(item)
            if session.testsfailed:
                return False
        return True


def _run(item: pytest.Item) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _exchange(mutant: Mutant) -> None:
    """Put the mutant's code into the function that is loaded."""
    value: Any = sys.modules[f"{DOMAIN}.{mutant.module}"]
    for part in str(mutant.function).split("."):
        value = value.__dict__[part]
    value = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
    value.__code__ = next(code for code in _codes(mutant.code) if code.co_qualname == mutant.function)


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield const
            yield from _codes(const)


def in_loaded_code(files: Sequence[Path], mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, Verdict]]:
    """Judge mutants that change the body of a function."""
    session = _Session(mutants)
    code = _pytest(files, session)
    if code != 0 or len(session.judged) != len(mutants):
        raise RigFault(f"pytest ended with {code}")
    yield from session.judged
