"""Why: three thousand mutants need as many test runs, and a new Python with pytest for each would take hours.

Changes within a function are put into the loaded code of a fork, made after pytest has collected once; only the tests
that call the function are run, first those that noticed its other mutants. Changes outside functions (enums, tables,
defaults) get a fork that imports anew, and first runs the module's own tests. A trial ends at its first failure.
"""

from __future__ import annotations

import gc
import importlib.abc
import importlib.machinery
import mmap
import os
import resource
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import hypothesis.strategies  # noqa: F401 - loaded once here, not once in each fork
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519  # noqa: F401 - so are these
from cryptography.hazmat.primitives.ciphers import aead  # noqa: F401
from cryptography.hazmat.primitives.kdf import argon2  # noqa: F401

from tests.deep.payout.money_changes import Mutant

CPU_S: Final = 20
WALL_S: Final = 240
DOMAIN: Final = ("kiosk.payout", "kiosk.exchange")


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed_out"
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"
    BROKEN = "broken"
    """The trial itself ended in a fault, twice: nobody knows."""


Told = Callable[[Mutant, Verdict], None]


class RigFault(RuntimeError):
    """The tests do not pass without a mutant, or could not be run at all."""


def _in_a_fork(work: Callable[[], bool], *, silent: bool = True) -> Verdict:
    """KILLED when ``work`` (True: every test passed) says so, or needs more than its time."""
    child = os.fork()
    if child == 0:
        answer = 3
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 5))
            signal.alarm(WALL_S)
            if silent:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 1)
                os.dup2(nowhere, 2)
            answer = 0 if work() else 1
        finally:
            os._exit(answer)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Verdict.TIMED_OUT
    return {0: Verdict.SURVIVED, 1: Verdict.KILLED}.get(os.waitstatus_to_exitcode(status), Verdict.BROKEN)


def _judged(work: Callable[[], bool]) -> Verdict:
    """A trial that broke is tried once more: one fault shall not cost the verdicts of a whole run."""
    found = _in_a_fork(work)
    return _in_a_fork(work) if found is Verdict.BROKEN else found


class _Examples:
    """Leaves the Hypothesis properties out: examples must be enough, and they are fast."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is an example."""
        items[:] = [item for item in items if not getattr(getattr(item, "obj", None), "is_hypothesis_test", False)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Without a mutant no test fails: one that does is named, for pytest's own summary is never reached."""
        if report.failed:
            print(f"FAILED {report.nodeid}\n{report.longreprtext}", file=sys.stderr, flush=True)


def _pytest(files: Sequence[Path], plugin: object) -> int:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    flags = ["-x", "-qq", "--assert=plain", "--capture=no", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=0"]
    return int(pytest.main([*flags, *map(str, files)], plugins=[plugin]))


# -- changes outside functions ---------------------------------------------------------------------------------


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from the code of a mutant."""

    def __init__(self, mutant: Mutant) -> None:
        self._name, self._code = mutant.module, mutant.code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Ours for the one module, nothing for every other."""
        return importlib.machinery.ModuleSpec(fullname, self) if fullname == self._name else None

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the mutant's code as the module."""
        exec(self._code, module.__dict__)  # noqa: S102 - this is what a mutation test does


def anew(rounds: Sequence[Sequence[Path]], mutants: Sequence[Mutant], told: Told) -> None:
    """Judge mutants that change what a module is made of. The domain must not be loaded yet.

    ``rounds``: files of tests; those of a later round are imported only for who passed the earlier ones.
    """
    if any(name.startswith(DOMAIN) for name in sys.modules):
        raise RigFault("the domain was loaded before its mutants")
    if mutants and _in_a_fork(lambda: _passes_anew(rounds, None), silent=False) is not Verdict.SURVIVED:
        raise RigFault("the tests fail without any mutant")
    for mutant in mutants:
        told(mutant, _judged(lambda: _passes_anew(rounds, mutant)))  # noqa: B023 - called at once


def _passes_anew(rounds: Sequence[Sequence[Path]], mutant: Mutant | None) -> bool:
    if mutant is not None:
        sys.meta_path.insert(0, _Instead(mutant))
    for files in rounds:
        code = _pytest(files, _Examples())
        if code not in (0, 1, 2):
            raise RigFault(f"pytest ended with {code}")
        if code != 0:
            return False
    return True


# -- changes within a function ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Caller:
    """A test that calls a function of the domain."""

    item: pytest.Item
    seconds: float


class _Session(_Examples):
    """A pytest session that runs its tests once as they are, and then once for each mutant, in forks."""

    def __init__(self, mutants: Sequence[Mutant], told: Told) -> None:
        self._mutants, self._told = mutants, told
        self.judged = 0
        self._callers: dict[tuple[str, str], list[_Caller]] = {}
        self._kills: dict[tuple[str, str], Counter[str]] = {}
        self._killer = mmap.mmap(-1, mmap.PAGESIZE)
        """Shared with the forks: which test noticed."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of pytest's own loop."""
        for item in session.items:
            self._watch(item)
        if session.testsfailed or not session.items:
            raise RigFault("the tests fail without any mutant")
        gc.collect()
        gc.freeze()  # or every fork would copy what its first collection touches
        for mutant in self._mutants:
            self._told(mutant, self._verdict(session, mutant))
            self.judged += 1
        return True

    def _watch(self, item: pytest.Item) -> None:
        """Run a test and note which functions of the domain it calls."""
        called: set[tuple[str, str]] = set()

        def note(frame: types.FrameType, event: str, _arg: object) -> None:
            module = frame.f_globals.get("__name__", "")
            if event == "call" and module.startswith(DOMAIN):
                called.add((module, frame.f_code.co_qualname.partition(".<locals>")[0]))

        _forget()
        started = time.perf_counter()
        sys.setprofile(note)
        try:
            _run(item)
        finally:
            sys.setprofile(None)
        caller = _Caller(item, time.perf_counter() - started)
        for each in called:
            self._callers.setdefault(each, []).append(caller)

    def _verdict(self, session: pytest.Session, mutant: Mutant) -> Verdict:
        """What noticed most of this function's mutants goes first, the quicker test before the slower."""
        place = (mutant.module, str(mutant.function))
        kills = self._kills.setdefault(place, Counter())
        callers = sorted(self._callers.get(place, []), key=lambda each: (-kills[each.item.nodeid], each.seconds))
        found = _judged(lambda: self._passes(session, mutant, callers))
        if found is Verdict.KILLED:
            kills[callers[int.from_bytes(self._killer[:4], "big")].item.nodeid] += 1
        return found

    def _passes(self, session: pytest.Session, mutant: Mutant, callers: Sequence[_Caller]) -> bool:
        _exchange(mutant)
        _forget()
        for at, caller in enumerate(callers):
            self._killer[:4] = at.to_bytes(4, "big")
            _run(caller.item)
            if session.testsfailed:
                return False
        return True


def _run(item: pytest.Item) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _forget() -> None:
    """Empty the caches of the domain: what was remembered was made by the code as it is."""
    for name, module in list(sys.modules.items()):
        if name.startswith(DOMAIN):
            for each in vars(module).values():
                getattr(each, "cache_clear", lambda: None)()


def _exchange(mutant: Mutant) -> None:
    """Put the mutant's code into the function that is loaded."""
    value: Any = sys.modules[mutant.module]
    for part in str(mutant.function).split("."):
        value = value.__dict__[part]
    value = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
    value = getattr(value, "__wrapped__", None) or value
    value.__code__ = next(code for code in _codes(mutant.code) if code.co_qualname == mutant.function)


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield const
            yield from _codes(const)


def in_loaded_code(files: Sequence[Path], mutants: Sequence[Mutant], told: Told) -> None:
    """Judge mutants that change the body of a function."""
    session = _Session(mutants, told)
    code = _pytest(files, session)
    if code != 0 or session.judged != len(mutants):
        raise RigFault(f"pytest ended with {code} after {session.judged} of {len(mutants)} mutants")
