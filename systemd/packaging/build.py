"""`make deb`: the device and the district server as Debian packages, for arm64 and amd64, Debian 12 and 13.

Everything Python comes out of the hashed lock as ready wheels for the target, so a package for a Raspberry Pi is built
on any machine without emulation. The one library without wheels, pyscard, is taken from Debian (python3-pyscard).
"""

from __future__ import annotations

import argparse
import compileall
import os
import py_compile
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

TOP = Path(__file__).resolve().parents[2]
FROM_DEBIAN = frozenset({"pyscard"})
PLATFORMS = {"amd64": "x86_64", "arm64": "aarch64"}
RELEASES = {"deb12": "3.11", "deb13": "3.13"}
GLIBC = {"deb12": 36, "deb13": 41}

KIOSK_NEEDS = (
    "pcscd",
    "python3-pyscard",
    "cage",
    "seatd",
    "xwayland",
    "xkb-data",
    "x11-xkb-utils",
    "polkitd",
    "udev",
    "systemd",
    "fonts-noto-core",
    "libegl1",
    "libgles2",
    "libgl1",
    "libgl1-mesa-dri",
    "libmtdev1 | libmtdev1t64",
    "libusb-1.0-0",
)

_DISTRICT_ALSO = ("alembic", "cryptography", "pillow", "requests", "sqlalchemy", "zstandard")


@dataclass(frozen=True, slots=True)
class Package:
    """One Debian package: what it holds, runs and needs."""

    name: str
    summary: str
    text: str
    programs: tuple[str, ...]
    """Names out of [project.scripts]."""
    roots: tuple[str, ...]
    """Python packages it starts from; their closure comes along."""
    files: tuple[tuple[str, str], ...]
    """(path in the project, path on the machine)."""
    depends: tuple[str, ...]
    recommends: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    when_booted: tuple[str, ...] = ()
    """What a running machine does after the installation."""


def project() -> dict[str, object]:
    """The [project] table of pyproject.toml."""
    table: dict[str, object] = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    return table


def _names(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(Requirement(line).name for line in lines)


def packages() -> tuple[Package, Package]:
    """The two packages, with dependencies as pyproject.toml states them."""
    table = project()
    lines, extras = table["dependencies"], table["optional-dependencies"]
    assert isinstance(lines, list)
    assert isinstance(extras, dict)
    return _kiosk(_names(lines)), _district((*_DISTRICT_ALSO, *_names(extras["district"])))


def _kiosk(roots: tuple[str, ...]) -> Package:
    return Package(
        name="tannha-kiosk",
        summary="pays monthly social allowances in cash, at a pay point or at the door",
        text="The touch app, the chip and printer drivers, and the courier that carries sealed files to the district.",
        programs=("tannha", "tannha-sync"),
        roots=roots,
        files=(
            ("systemd/sysusers.d/tannha-kiosk.conf", "usr/lib/sysusers.d/tannha-kiosk.conf"),
            ("systemd/tmpfiles.d/tannha-kiosk.conf", "usr/lib/tmpfiles.d/tannha-kiosk.conf"),
            ("systemd/pcscd.socket.d/tannha.conf", "usr/lib/systemd/system/pcscd.socket.d/tannha.conf"),
            ("systemd/udev/60-tannha.rules", "usr/lib/udev/rules.d/60-tannha.rules"),
            ("systemd/polkit/60-tannha.rules", "usr/share/polkit-1/rules.d/60-tannha.rules"),
            ("systemd/network-printer.conf", "usr/share/doc/tannha-kiosk/network-printer.conf"),
            ("docs/user-guide.vi.md", "usr/share/doc/tannha-kiosk/user-guide.vi.md"),
            ("docs/operator-card.vi.md", "usr/share/doc/tannha-kiosk/operator-card.vi.md"),
            ("docs/field-checks.md", "usr/share/doc/tannha-kiosk/field-checks.md"),
        ),
        depends=KIOSK_NEEDS,
        recommends=("espeak-ng", "libccid", "alsa-utils", "tpm2-tools"),
        units=(
            "tannha-kiosk.service",
            "tannha-sync.service",
            "tannha-stick@.service",
            "tannha-kiosk-restart.service",
            "tannha-kiosk-restart.timer",
        ),
        when_booted=("systemctl try-restart pcscd.socket", "udevadm control --reload"),
    )


def _district(roots: tuple[str, ...]) -> Package:
    return Package(
        name="tannha-district",
        summary="the server of a post area that gives each allowance to one device",
        text="Imports pay lists, leases entitlements, takes in the devices' journals, settles cases, writes reports.",
        programs=("tannha-district",),
        roots=roots,
        files=(
            ("systemd/sysusers.d/tannha-district.conf", "usr/lib/sysusers.d/tannha-district.conf"),
            ("systemd/tmpfiles.d/tannha-district.conf", "usr/lib/tmpfiles.d/tannha-district.conf"),
        ),
        depends=("systemd",),
        recommends=("postgresql",),
        units=("tannha-district.service",),
    )


def canonical(name: str) -> str:
    """A package's name as the lock writes it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(roots: Iterable[str], python: str) -> tuple[str, ...]:
    """All Python packages that ``roots`` need on Linux under ``python``, without those that Debian brings."""
    environment = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    seen: set[str] = set()
    waiting = [Requirement(name) for name in _with_extras(roots)]
    while waiting:
        need = waiting.pop()
        if canonical(need.name) in seen | FROM_DEBIAN:
            continue
        seen.add(canonical(need.name))
        for line in metadata.requires(need.name) or ():
            child = Requirement(line)
            wanted = ("", *need.extras)
            if child.marker is None or any(child.marker.evaluate({**environment, "extra": extra}) for extra in wanted):
                waiting.append(child)
    return tuple(sorted(seen))


def _with_extras(roots: Iterable[str]) -> list[str]:
    table = project()
    lines, extras = table["dependencies"], table["optional-dependencies"]
    assert isinstance(lines, list)
    assert isinstance(extras, dict)
    stated = {Requirement(line).name: line for line in [*lines, *extras["district"]]}
    return [stated.get(name, name) for name in roots]


def locked(names: Iterable[str]) -> str:
    """The part of requirements.lock that names these packages. Raises SystemExit when one is not locked."""
    blocks = re.split(r"\n(?=[a-z0-9])", (TOP / "requirements.lock").read_text())[1:]
    by_name = {block.split("==", 1)[0]: block for block in blocks}
    if missing := sorted(set(names) - by_name.keys()):
        raise SystemExit(f"make deb: not in requirements.lock: {', '.join(missing)}")
    return "\n".join(by_name[name] for name in names) + "\n"


def run(*command: str | Path) -> None:
    """Run a program; its failure ends the build."""
    subprocess.run([str(part) for part in command], cwd=TOP, check=True, stdin=subprocess.DEVNULL)


def pip(*arguments: str | Path) -> None:
    """Run this environment's pip."""
    run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", *arguments)


def platform_flags(arch: str, release: str) -> list[str]:
    """Every manylinux tag that the release's C library can run, newest first."""
    machine = PLATFORMS[arch]
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC[release], 4, -1)]
    old = [f"manylinux2014_{machine}", f"linux_{machine}"]
    return [part for tag in (*tags, *old) for part in ("--platform", tag)]


def install_python(package: Package, arch: str, release: str, wheel: Path, target: Path) -> tuple[str, ...]:
    """Put the locked wheels for the target machine, and the project itself, into ``target``."""
    python = RELEASES[release]
    names = closure(package.roots, python)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write(locked(names))
        wanted.flush()
        where = ["--only-binary", ":all:", "--implementation", "cp", "--python-version", python]
        what = ["--no-deps", "--require-hashes", "-r", wanted.name]
        pip("install", "--target", target, *where, *platform_flags(arch, release), *what)
    shutil.rmtree(target / "bin", ignore_errors=True)
    pip("install", "--target", target, "--no-deps", "--no-index", wheel)
    shutil.rmtree(target / "bin")
    for cache in sorted(target.rglob("__pycache__")):
        shutil.rmtree(cache)
    if python == f"{sys.version_info.major}.{sys.version_info.minor}":
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(target, quiet=2, stripdir=str(target.parents[2]), invalidation_mode=mode)
    return names


def program(package: Package, name: str) -> str:
    """The start script of a program: isolated, its libraries from one folder."""
    scripts = project()["scripts"]
    assert isinstance(scripts, dict)
    module, function = str(scripts[name]).split(":")
    return (
        "#!/usr/bin/python3 -I\n"
        "import sys\n\n"
        f'sys.path.insert(0, "/usr/lib/{package.name}")\n'
        f"from {module} import {function}\n\n"
        f"sys.exit({function}())\n"
    )


def control(package: Package, arch: str, release: str, version: str, size_kib: int) -> str:
    """DEBIAN/control: the interpreter is pinned to the minor version that the wheels were made for."""
    major, minor = RELEASES[release].split(".")
    python = (f"python3 (>= {major}.{minor}~)", f"python3 (<< {major}.{int(minor) + 1})")
    fields = {
        "Package": package.name,
        "Version": f"{version}+{release}",
        "Architecture": arch,
        "Maintainer": "Tan Nha developers <tannha@invalid>",
        "Installed-Size": str(size_kib),
        "Depends": ", ".join((*python, *package.depends)),
        "Recommends": ", ".join(package.recommends),
        "Section": "misc",
        "Priority": "optional",
        "Description": f"{package.summary}\n {package.text}",
    }
    return "".join(f"{key}: {value}\n" for key, value in fields.items() if value)


def postinst(package: Package) -> str:
    """Users and folders, then the units become known. Nothing is started: a device is enrolled first."""
    live = "".join(f"    {line} || :\n" for line in package.when_booted)
    return (
        "#!/bin/sh\nset -e\n"
        f"systemd-sysusers {package.name}.conf\n"
        # Without /proc (an image being built) this fails, and the first boot does it.
        f"systemd-tmpfiles --create {package.name}.conf || :\n"
        f"if [ -d /run/systemd/system ]; then\n    systemctl daemon-reload\n{live}fi\n"
    )


def prerm(package: Package) -> str:
    """On removal the units stop; the data stays, also on purge: nothing goes before the district has it (M5)."""
    units = " ".join(unit for unit in package.units if unit != "tannha-kiosk-restart.service")
    return (
        "#!/bin/sh\nset -e\n"
        'if [ "$1" = remove ] && [ -d /run/systemd/system ]; then\n'
        f"    systemctl disable --now {units} || :\nfi\n"
    )


def copyright_of(names: Iterable[str]) -> str:
    """What lies in the package and under which licence each part stands."""
    lines = ["Tan Nha stands under the Apache License 2.0: /usr/share/common-licenses/Apache-2.0", ""]
    for name in names:
        facts = metadata.metadata(name)
        classes = [line for line in facts.get_all("Classifier") or () if line.startswith("License")]
        stated = "; ".join(facts.get_all("License-Expression") or classes)
        lines.append(f"{name} {facts['Version']}: {stated or 'see its LICENSE'}")
    return "\n".join([*lines, "", "The full texts lie beside the code, in the .dist-info folders.", ""])


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def build(package: Package, arch: str, release: str, wheel: Path, out: Path) -> Path:
    """Assemble one package and have dpkg-deb pack it. The result depends on the commit and the lock alone."""
    version = str(project()["version"])
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        names = install_python(package, arch, release, wheel, root / "usr/lib" / package.name)
        for name in package.programs:
            write(root / "usr/bin" / name, program(package, name), 0o755)
        units = [(f"systemd/{unit}", f"usr/lib/systemd/system/{unit}") for unit in package.units]
        for source, place in (*package.files, *units):
            write(root / place, (TOP / source).read_text())
        write(root / "usr/share/doc" / package.name / "copyright", copyright_of(names))
        write(root / "usr/share/doc" / package.name / "README.md", (TOP / "README.md").read_text())
        size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) // 1024
        write(root / "DEBIAN/control", control(package, arch, release, version, size))
        write(root / "DEBIAN/postinst", postinst(package), 0o755)
        write(root / "DEBIAN/prerm", prerm(package), 0o755)
        run("chmod", "-R", "u=rwX,go=rX", root)
        file = out / f"{package.name}_{version}+{release}_{arch}.deb"
        run("dpkg-deb", "--root-owner-group", "-Zzstd", "--build", root, file)
    return file


def commit_time() -> str:
    """Seconds of the last commit: the time that everything in the packages carries."""
    answer = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=TOP, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def main() -> int:
    """Build what was asked for, everything by default."""
    parser = argparse.ArgumentParser(description="Build the Debian packages into dist/.")
    parser.add_argument("--arch", choices=sorted(PLATFORMS), action="append")
    parser.add_argument("--release", choices=sorted(RELEASES), action="append")
    chosen = parser.parse_args()
    os.environ["SOURCE_DATE_EPOCH"] = commit_time()
    out = TOP / "dist"
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", scratch, TOP)
        wheel = next(Path(scratch).glob("tannha-*.whl"))
        for release in chosen.release or sorted(RELEASES):
            for arch in chosen.arch or sorted(PLATFORMS):
                for package in packages():
                    file = build(package, arch, release, wheel, out)
                    print(f"{file.relative_to(TOP)}  {file.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
