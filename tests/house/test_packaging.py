"""What `make deb` would put into the packages: everything that is needed, nothing of the other end."""

import re
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from systemd.packaging import build

TOP = Path(__file__).resolve().parents[2]

KIOSK, DISTRICT = build.packages()


def test_the_kiosk_takes_every_dependency_of_the_project() -> None:
    stated = {build.canonical(Requirement(line).name) for line in build.project()["dependencies"]}
    assert stated <= set(build.closure(KIOSK.roots, "3.11")) | build.FROM_DEBIAN
    assert "python3-pyscard" in KIOSK.depends


def test_the_district_takes_its_extra_and_neither_screens_nor_readers() -> None:
    names = set(build.closure(DISTRICT.roots, "3.11"))
    assert {"fastapi", "uvicorn", "openpyxl", "psycopg-binary", "sqlalchemy", "cryptography", "zstandard"} <= names
    assert names.isdisjoint({"kivy", "pyscard", "python-escpos", "sqlcipher3"})


@pytest.mark.parametrize("package", [KIOSK, DISTRICT], ids=lambda package: package.name)
@pytest.mark.parametrize("release", sorted(build.RELEASES))
def test_every_bundled_package_is_locked_with_hashes(package: Any, release: str) -> None:
    names = build.closure(package.roots, build.RELEASES[release])
    lines = build.locked(names).splitlines()
    starts = [number for number, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]
    assert [lines[number].split("==")[0] for number in starts] == list(names)
    assert all("--hash=sha256:" in lines[number + 1] for number in starts)
    assert not set(names) & {"pytest", "mypy", "ruff", "hypothesis", "httpx"}


def test_a_package_that_is_not_locked_ends_the_build() -> None:
    with pytest.raises(SystemExit, match=r"not in requirements\.lock: nonesuch"):
        build.locked(["nonesuch"])


@pytest.mark.parametrize("package", [KIOSK, DISTRICT], ids=lambda package: package.name)
def test_every_file_and_unit_that_is_named_exists(package: Any) -> None:
    files = [source for source, _ in package.files]
    units = [f"systemd/{unit}" for unit in package.units]
    assert [name for name in files + units if not (TOP / name).is_file()] == []


def test_every_unit_is_shipped_by_exactly_one_package() -> None:
    units = sorted(path.name for path in (TOP / "systemd").iterdir() if path.suffix in {".service", ".timer"})
    assert sorted(KIOSK.units + DISTRICT.units) == units


def test_the_interpreter_is_pinned_to_the_minor_version_of_the_wheels() -> None:
    text = build.control(KIOSK, "arm64", "deb13", "1.2.3", 7)
    assert "Version: 1.2.3+deb13\n" in text
    assert "Architecture: arm64\n" in text
    assert "python3 (>= 3.13~), python3 (<< 3.14)" in text


def test_programs_run_isolated_from_the_users_folders() -> None:
    text = build.program(KIOSK, "tannha")
    assert text.startswith("#!/usr/bin/python3 -I\n")
    assert "from kiosk.cli import main" in text
    compile(text, "tannha", "exec")


def test_removal_leaves_the_data_alone() -> None:
    for package in (KIOSK, DISTRICT):
        assert "/var/lib" not in build.prerm(package) + build.postinst(package)
        assert "rm " not in build.prerm(package) + build.postinst(package)
