"""The commands that others rely on: they exist, say what they do, and the second one needs no network."""

import re
import stat
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.house.conftest import Run

TARGETS = ("demo", "demo-hard", "test", "test-deep", "sim", "screens", "bench", "deb", "lint", "types", "lock", "clean")
SCRIPTS = (".ci/bootstrap", ".ci/lock", ".ci/postgres", ".ci/run")
LOCKS = ("requirements.lock", ".ci/build.lock")


def test_make_alone_lists_every_target_with_a_line(run: Run) -> None:
    result = run("make")
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert {line.split()[1] for line in lines} >= set(TARGETS)
    assert all(re.fullmatch(r"make [a-z-]+ +\S.{10,}", line) for line in lines)


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_starts_from_the_bootstrap(target: str, run: Run) -> None:
    result = run("make", "--dry-run", target)
    assert result.returncode == 0, result.stderr
    assert (".ci/bootstrap" in result.stdout) == (target != "clean")


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_stop_at_the_first_fault(script: str, top: Path, run: Run) -> None:
    path = top / script
    assert path.stat().st_mode & stat.S_IXUSR
    assert "\nset -euo pipefail\n" in path.read_text()
    assert run("bash", "-n", path).returncode == 0


def test_ci_runs_tests_lint_types_screens_and_postgres(top: Path) -> None:
    steps = (top / ".ci/run").read_text().splitlines()
    for step in ("make test", "make lint", "make types", "make screens"):
        assert step in steps
    assert any(step.startswith(".ci/postgres ") for step in steps)


def test_the_second_bootstrap_opens_no_network(run: Run, tmp_path: Path) -> None:
    assert run(".ci/bootstrap").returncode == 0
    trace = tmp_path / "sockets"
    result = run("strace", "-f", "-qq", "-e", "trace=socket", "-o", trace, ".ci/bootstrap")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert "AF_INET" not in trace.read_text()


def test_the_trace_would_see_a_network(run: Run, tmp_path: Path) -> None:
    trace = tmp_path / "sockets"
    program = "import socket; socket.socket(socket.AF_INET).close()"
    run("strace", "-f", "-qq", "-e", "trace=socket", "-o", trace, sys.executable, "-c", program)
    assert "AF_INET" in trace.read_text()


def locked(top: Path, name: str) -> dict[str, str]:
    rows = re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (top / name).read_text(), re.MULTILINE)
    return dict(rows)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes_and_no_place(name: str, top: Path) -> None:
    text = (top / name).read_text()
    assert "://" not in text
    assert "index" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(blocks) == len(locked(top, name)) > 0
    assert all("--hash=sha256:" in block for block in blocks)


def wanted(top: Path) -> list[Requirement]:
    project = tomllib.loads((top / "pyproject.toml").read_text())["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in project["dependencies"] + extras]


def test_the_lock_holds_what_pyproject_asks_for(top: Path) -> None:
    versions = locked(top, "requirements.lock")
    unmet = [str(need) for need in wanted(top) if not need.specifier.contains(versions.get(need.name.lower(), "0"))]
    assert unmet == []


def test_what_is_locked_is_what_is_installed(top: Path) -> None:
    different = [
        (name, version, metadata.version(name))
        for name, version in locked(top, "requirements.lock").items()
        if metadata.version(name) != version
    ]
    assert different == []


# Their metadata names no licence; their LICENSE file was read: zlib.
UNSAID = {"sqlcipher3"}


def licences(name: str) -> list[str]:
    facts = metadata.metadata(name)
    classifiers = [line for line in facts.get_all("Classifier") or [] if line.startswith("License ::")]
    return classifiers or [facts.get("License-Expression") or (facts.get("License") or "")[:200]]


def is_copyleft(text: str) -> bool:
    """GPL and AGPL bind the whole kiosk; LGPL (pyscard, psycopg) leaves it alone."""
    return re.search(r"\bA?GPL|GNU (Affero )?General Public", text) is not None


def test_no_dependency_binds_the_project_to_the_gpl(top: Path) -> None:
    """Where a package offers several licences (docutils), one that is free of the GPL is enough."""
    found = {name: licences(name) for name in locked(top, "requirements.lock")}
    assert [name for name, offered in found.items() if all(is_copyleft(text) for text in offered)] == []
    assert {name for name, offered in found.items() if not any(offered)} <= UNSAID


@pytest.mark.parametrize("text", ["GPL-3.0-only", "GNU Affero General Public License v3", "AGPLv3", "GPLv2+"])
def test_the_licence_check_knows_copyleft(text: str) -> None:
    assert is_copyleft(text)


@pytest.mark.parametrize("text", ["LGPL-2.1", "GNU Lesser General Public License v2 (LGPLv2)", "MIT", "BSD-3-Clause"])
def test_the_licence_check_lets_the_others_through(text: str) -> None:
    assert not is_copyleft(text)
