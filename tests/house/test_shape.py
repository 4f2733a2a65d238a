"""The shape of the code that STYLE asks for, and what must never be written down in a public project."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
CODE = ("kiosk", "agent_sync", "hardware")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def tracked() -> list[Path]:
    """Every file of the project: what git knows and what is new but not ignored."""
    names = subprocess.run(
        ["git", "-c", f"safe.directory={TOP}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        check=True,
    )
    return sorted({TOP / name for name in names.stdout.decode().split("\0") if name and (TOP / name).is_file()})


SOURCES = [path for path in tracked() if path.suffix == ".py"]


def short(path: Path) -> str:
    return str(path.relative_to(TOP))


def is_migration(path: Path) -> bool:
    """A migration is one list of statements, written once and never touched again."""
    return "migrations/versions" in short(path)


def in_code(path: Path) -> bool:
    return short(path).split("/")[0] in CODE


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {short(path): path.read_text().count("\n") for path in SOURCES if not is_migration(path)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


Function = ast.FunctionDef | ast.AsyncFunctionDef


def own_lines(function: Function) -> int:
    """Lines of a function without those of functions inside it: a router is as long as its wiring."""
    inner = [node for node in ast.walk(function) if isinstance(node, Function) and node is not function]
    return len(set(_lines(function)).difference(*map(_lines, inner)))


def _lines(node: Function) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def test_no_function_is_longer_than_a_screen() -> None:
    functions = [
        (short(path), node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, Function) and not is_migration(path)
    ]
    assert [f"{name}:{node.name}" for name, node in functions if own_lines(node) > LONGEST_FUNCTION] == []


def test_every_module_says_why_it_exists() -> None:
    texts = {short(path): path.read_text() for path in SOURCES}
    silent = [name for name, text in texts.items() if text and not ast.get_docstring(ast.parse(text))]
    assert silent == []


# Broad excepts that swallow are ruff's business (BLE001, S110): it knows those that raise again.
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b|# type: ignore(?!\[)")
# A bounded loop that looks at another process may rest for hundredths of a second; a fixed wait may not.
ESCAPE = re.compile(
    r"MagicMock|patch\.object|mark\.(skip|xfail)|pytest\.(skip|xfail|importorskip)|time\.sleep\((?!0\.0\d\))"
)


def marks(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{short(path)}:{number} {line.strip()[:80]}"
        for path in paths
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_is_left_unfinished_or_swallowed() -> None:
    assert marks(UNFINISHED, SOURCES) == []


def test_tests_neither_sleep_nor_skip_nor_mock() -> None:
    """The simulation alone turns clock and randomness of the whole process: that is what makes a seed repeatable."""
    found = marks(ESCAPE, [path for path in SOURCES if short(path).startswith("tests/")])
    its_clock = re.compile(r"tests/simulation/\S+ mock\.patch\.object\(ids, \"now\"")
    assert [line for line in found if not its_clock.match(line)] == []


# Written in pieces so that this file does not hold what it looks for.
FOREIGN = re.compile("/" + "work/|/tmp/" + "brief|/opt/" + "pypi|artifact" + "-registry")


def test_no_file_names_the_machine_it_was_written_on() -> None:
    texts = [path for path in tracked() if path.suffix not in {".png", ".jpg", ".bin", ".xlsx", ".ttf", ".gz", ".mo"}]
    assert marks(FOREIGN, texts) == []


def packages() -> set[str]:
    return {
        ".".join(path.parent.relative_to(TOP).parts) for path in SOURCES if path.name == "__init__.py" and in_code(path)
    }


def setuptools() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["setuptools"]
    return found


def test_every_package_is_shipped() -> None:
    assert packages() == set(setuptools()["packages"])


def test_every_module_lies_in_a_package() -> None:
    assert {".".join(p.parent.relative_to(TOP).parts) for p in SOURCES if in_code(p)} == packages()


def test_every_file_is_shipped(tmp_path: Path) -> None:
    """What lies in the wheel, built as `make deb` builds it, against what lies in the folders."""
    quiet = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel", "--no-deps", "--no-index"]
    copy = tmp_path / "tree"
    for name in CODE:
        shutil.copytree(TOP / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(TOP / name, copy)
    subprocess.run([*quiet, "--no-build-isolation", "--wheel-dir", tmp_path, copy], check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        shipped = set(wheel.namelist())
    assert sorted({short(path) for path in tracked() if in_code(path)} - shipped) == []


@pytest.mark.parametrize("line", ["x = 1  # " + "TODO later", "y()  # type: " + "ignore", "time.sl" + "eep(1)"])
def test_the_patterns_can_find_something(line: str) -> None:
    assert UNFINISHED.search(line) or ESCAPE.search(line)
