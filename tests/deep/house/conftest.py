"""A Debian machine that is really booted: debootstrap, our packages installed by apt, systemd as its first process.

The bare system is kept in build/machine and used again; each run installs and boots a fresh copy.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TOP = HERE.parents[2]
RELEASES = {"bookworm": "deb12", "trixie": "deb13"}
ALSO = ("dbus", "systemd-sysv", "vsmartcard-vpcd", "procps")


def as_root(*command: str | Path, seconds: float = 600) -> str:
    """Run as root; its last lines are the message when it fails."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    done = subprocess.run(
        [*prefix, *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    return done.stdout


def mirror() -> str:
    """The Debian mirror that this machine itself uses."""
    rows = as_root("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages").splitlines()
    return next(row for row in rows if "security" not in row)


def inside(root: Path, script: str) -> None:
    environment = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive")
    whole = f"mount -t proc proc /proc; {script}; code=$?; umount /proc; exit $code"
    as_root("chroot", root, *environment, "sh", "-c", whole)


def bare(release: str) -> Path:
    """The release as debootstrap makes it, kept for the next run."""
    base = TOP / "build/machine" / release
    if not (base / "root").exists():
        base.mkdir(parents=True, exist_ok=True)
        made = base / "making"
        as_root("rm", "-rf", made)
        as_root("debootstrap", "--variant=minbase", "--include=python3,ca-certificates", release, made, mirror())
        as_root("mv", made, base / "root")
    return base / "root"


@dataclass(frozen=True)
class Machine:
    """What the booted machine answered."""

    answers: Path

    def text(self, name: str) -> str:
        return (self.answers / name).read_text().strip()

    def report(self, name: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.text(f"{name}.json"))
        return found


@pytest.fixture(scope="session", params=sorted(RELEASES))
def machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    release: str = request.param
    scratch = tmp_path_factory.mktemp("machine")
    root, rig = scratch / "root", scratch / "rig"
    try:
        as_root("cp", "-a", "--reflink=auto", bare(release), root)
        install(root, release)
        (rig / "out").mkdir(parents=True)
        for path in HERE.glob("inside*"):
            shutil.copy(path, rig)
        boot(root, rig)
        as_root("chmod", "-R", "a+rX", rig)
        yield Machine(rig / "out")
    finally:
        as_root("rm", "-rf", root)


def install(root: Path, release: str) -> None:
    """Build the packages of this tree and let apt install them with what they depend on."""
    builder = [str(TOP / ".venv/bin/python"), str(TOP / "systemd/packaging/build.py")]
    subprocess.run([*builder, "--arch", "amd64", "--release", RELEASES[release]], cwd=TOP, check=True, timeout=600)
    as_root("sh", "-c", f"cp {TOP}/dist/tannha-*+{RELEASES[release]}_amd64.deb {root}/root/")
    as_root("sh", "-c", f"echo 'deb {mirror()} {release} main' >{root}/etc/apt/sources.list")
    as_root("cp", "-L", "/etc/resolv.conf", root / "etc")
    as_root("sh", "-c", f"echo '127.0.0.1 localhost' >{root}/etc/hosts")
    as_root("cp", "-a", "/etc/apt/apt.conf.d", root / "etc/apt")
    what = " ".join(ALSO)
    inside(root, f"apt-get update -qq && apt-get install -y -qq --no-install-recommends {what} /root/tannha-*.deb")


def boot(root: Path, rig: Path) -> None:
    """Boot it without a network, run the script, and wait until it has switched itself off."""
    as_root(
        "systemd-nspawn", "-q", "--register=no", "--keep-unit", "-D", root, "-b", "--private-network",
        f"--bind={rig}:/srv/rig", "systemd.firstboot=no", "systemd.run=/srv/rig/inside.sh",
        "systemd.run_success_action=poweroff", "systemd.run_failure_action=poweroff",
        seconds=180,
    )  # fmt: skip
