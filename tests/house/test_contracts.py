"""The import rules hold on the tree, and the contracts that say so can really break."""

import ast
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.house.conftest import Run

PACKAGES = ("kiosk", "agent_sync", "hardware")
LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(top: Path, tmp_path: Path) -> Path:
    for name in PACKAGES:
        shutil.copytree(top / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(top / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_tree_keeps_every_contract(top: Path, run: Run) -> None:
    result = run(LINT, "--no-cache", cwd=top)
    assert result.returncode == 0, result.stdout
    assert " 0 broken" in result.stdout


def test_a_copy_keeps_them_too(copy: Path, run: Run) -> None:
    assert run(LINT, "--no-cache", cwd=copy).returncode == 0


PLANTED = {
    "the domain reaches for the database": ("kiosk/payout/names.py", "import sqlalchemy", "plain values"),
    "the store draws": ("kiosk/store/planted.py", "import kiosk.screens.planted", "built in layers"),
    "a screen asks the rules": ("kiosk/screens/planted.py", "import kiosk.payout.names", "Screens render"),
    "a driver knows the kiosk": ("hardware/card/planted.py", "import kiosk.payout.names", "Drivers know nothing"),
    "the kiosk goes online": ("kiosk/vault/planted.py", "import requests", "no network of its own"),
    "the district reads cards": ("agent_sync/district/planted.py", "import smartcard.scard", "The district needs no"),
    "a verdict asks the network": ("hardware/card/files.py", "import socket", "Judging a card's files"),
    "a room without a floor": ("kiosk/planted.py", "import json", "built in layers"),
    "a virtual card in production": ("hardware/card/planted.py", "import hardware.virtual", "What imitates hardware"),
}


@pytest.mark.parametrize("crime", PLANTED)
def test_a_planted_violation_is_caught(crime: str, copy: Path, run: Run) -> None:
    file, line, contract = PLANTED[crime]
    (copy / "kiosk/screens/planted.py").touch()
    with (copy / file).open("a") as source:
        source.write(f"\n{line}\n")
    result = run(LINT, "--no-cache", "--verbose", cwd=copy)
    assert result.returncode == 1, result.stdout
    assert re.search(contract + r"[^.]*? BROKEN", " ".join(result.stdout.split()))


def imports_of(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("." * node.level + (node.module or ""))
    return names


PURE = ("kiosk/payout", "kiosk/flow")
OUTSIDE_WORLD = {
    "asyncio", "ctypes", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "socket",
    "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_use_the_standard_library_without_the_outside_world(room: str, top: Path) -> None:
    allowed = (sys.stdlib_module_names - OUTSIDE_WORLD) | {"kiosk"}
    files = sorted((top / room).rglob("*.py"))
    assert len(files) > 1
    strangers = [(path.name, name) for path in files for name in imports_of(path) if name.split(".")[0] not in allowed]
    assert strangers == []


def reaches_out(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="now" | "today" | "utcnow" | "urandom")):
            return True
        case ast.Call(func=ast.Name(id="open" | "print" | "input" | "exec" | "eval")):
            return True
        case _:
            return False


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_read_no_clock_and_open_no_file(room: str, top: Path) -> None:
    reached = [
        (path.name, ast.unparse(node))
        for path in sorted((top / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if reaches_out(node)
    ]
    assert reached == []


def first_party(path: Path) -> set[str]:
    return {name for name in imports_of(path) if name.split(".")[0] in PACKAGES}


def test_the_courier_knows_the_protocol_and_sealed_files_only(top: Path) -> None:
    """An allow-list, which the forbidden contracts of import-linter cannot say: no district, no store, no keys."""
    ways = sorted((top / "agent_sync").glob("*.py"))
    names = {name for path in ways for name in first_party(path)}
    own = {f"agent_sync.{path.stem}" for path in ways} | {"agent_sync"}
    assert {"courier.py", "stick.py"} <= {path.name for path in ways}
    assert {name for name in names - own if not name.startswith(("kiosk.exchange", "kiosk.durable"))} == set()


def test_the_money_rules_hold_no_float(top: Path) -> None:
    floats = [
        (path.name, node.lineno)
        for path in sorted((top / "kiosk/payout").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    ]
    assert floats == []
