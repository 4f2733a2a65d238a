"""The units as systemd itself judges them, and the folders as the three users meet them."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.conftest import Run

UNITS = Path(__file__).resolve().parents[2] / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
TIMERS = sorted(path.name for path in UNITS.glob("*.timer"))

# The one thing `verify` may say here: our programs and cage come with the package, not with the machine of the test.
NOT_INSTALLED = re.compile(
    r"[\w.@-]+: Command /usr/bin/(cage|tannha|tannha-sync|tannha-district) is not executable: No such file or directory"
)


def complaints(run: Run, unit: Path) -> list[str]:
    """`verify` answers 0 even for keys that it does not know, so its stderr is what counts."""
    result = run("systemd-analyze", "verify", "--man=no", unit)
    return [line for line in result.stderr.splitlines() if not NOT_INSTALLED.fullmatch(line)]


def test_all_units_are_here() -> None:
    assert {"tannha-kiosk.service", "tannha-sync.service", "tannha-district.service"} <= set(SERVICES)
    assert TIMERS == ["tannha-kiosk-restart.timer"]


@pytest.mark.parametrize("name", SERVICES + TIMERS)
def test_systemd_has_nothing_to_complain_about(name: str, run: Run) -> None:
    assert complaints(run, UNITS / name) == []


def test_a_misspelled_key_would_be_noticed(run: Run, tmp_path: Path) -> None:
    unit = tmp_path / "tannha-sync.service"
    unit.write_text((UNITS / unit.name).read_text().replace("ProtectHome=", "ProtectHme="))
    assert any("ProtectHme" in line for line in complaints(run, unit))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_exposed_by_no_more_than_two_points_of_ten(name: str, run: Run) -> None:
    result = run("systemd-analyze", "security", "--offline=true", "--threshold=20", UNITS / name)
    assert result.returncode == 0, result.stdout


def test_a_service_without_its_walls_would_be_noticed(run: Run, tmp_path: Path) -> None:
    unit = tmp_path / "tannha-sync.service"
    kept = [line for line in (UNITS / unit.name).read_text().splitlines() if not re.match(r"Protect|Restrict", line)]
    unit.write_text("\n".join(kept))
    assert run("systemd-analyze", "security", "--offline=true", "--threshold=20", unit).returncode != 0


def settings(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (UNITS / name).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found.setdefault(key, []).append(value)
    return found


def test_a_kiosk_that_hangs_or_falls_comes_back() -> None:
    kiosk = settings("tannha-kiosk.service")
    assert (kiosk["Type"], kiosk["NotifyAccess"], kiosk["Restart"]) == (["notify"], ["all"], ["always"])
    assert kiosk["WatchdogSec"] == ["30s"]
    assert kiosk["StartLimitIntervalSec"] == ["0"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "tannha-kiosk-restart.service"])
def test_each_service_is_a_user_of_its_own(name: str) -> None:
    owner = {"tannha-stick@.service": "tannha-sync"}.get(name, name.removesuffix(".service"))
    assert settings(name)["User"] == [owner]


def test_the_kiosk_cannot_speak_to_the_network_and_the_courier_cannot_see_the_store() -> None:
    assert settings("tannha-kiosk.service")["RestrictAddressFamilies"] == ["AF_UNIX AF_NETLINK"]
    assert settings("tannha-sync.service")["InaccessiblePaths"] == ["/var/lib/tannha/store /var/lib/tannha/slots"]


def test_the_printers_drop_in_opens_one_address_and_no_more(run: Run, tmp_path: Path) -> None:
    unit = tmp_path / "tannha-kiosk.service"
    unit.write_text((UNITS / unit.name).read_text())
    extra = tmp_path / "tannha-kiosk.service.d"
    extra.mkdir()
    shutil.copy(UNITS / "network-printer.conf", extra)
    assert complaints(run, unit) == []
    allowed = [line for line in (UNITS / "network-printer.conf").read_text().splitlines() if line.startswith("IPA")]
    assert allowed == ["IPAddressAllow=192.0.2.10"]
    assert settings("tannha-kiosk.service")["IPAddressDeny"] == ["any"]


def test_the_nightly_restart_never_makes_up_for_a_missed_night() -> None:
    assert settings("tannha-kiosk-restart.timer")["Persistent"] == ["no"]


@dataclass(frozen=True)
class Machine:
    """A root folder in which sysusers and tmpfiles have really run."""

    root: Path
    run_as_root: Run
    users: dict[str, tuple[str, str]]
    spool_group: str

    def may(self, user: str, deed: str) -> bool:
        uid, gid = self.users[user]
        groups = f"--groups={self.spool_group}" if user != "nobody" else "--clear-groups"
        person = ("setpriv", f"--reuid={uid}", f"--regid={gid}", groups)
        inside = f"umask 0027; cd {self.root}/var/lib/tannha && {deed}"
        return self.run_as_root(*person, "sh", "-c", inside).returncode == 0


def ids(root: Path, kind: str) -> dict[str, list[str]]:
    rows = (line.split(":") for line in (root / "etc" / kind).read_text().splitlines())
    return {row[0]: row for row in rows}


@pytest.fixture
def machine(run_as_root: Run) -> Iterator[Machine]:
    root = Path(tempfile.mkdtemp(prefix="tannha-root-"))
    root.chmod(0o755)
    for kind in ("sysusers.d", "tmpfiles.d"):
        shutil.copytree(UNITS / kind, root / "usr/lib" / kind)
    (root / "etc").mkdir()
    run_as_root("chown", "-R", "root:root", root)  # systemd-tmpfiles trusts no other owner
    try:
        for tool in (("systemd-sysusers",), ("systemd-tmpfiles", "--create")):
            done = run_as_root(*tool, f"--root={root}")
            assert done.returncode == 0, done.stderr
        users = {name: (row[2], row[3]) for name, row in ids(root, "passwd").items()} | {"nobody": ("65534", "65534")}
        yield Machine(root, run_as_root, users, ids(root, "group")["tannha-spool"][2])
    finally:
        run_as_root("rm", "-rf", root)


def test_the_users_are_made_and_share_nothing_but_the_spool(machine: Machine) -> None:
    assert {"tannha-kiosk", "tannha-sync", "tannha-district"} <= set(machine.users)
    assert sorted(ids(machine.root, "group")["tannha-spool"][3].split(",")) == ["tannha-kiosk", "tannha-sync"]


def test_what_the_kiosk_may(machine: Machine) -> None:
    for folder in ("store", "slots", "spool/out"):
        assert machine.may("tannha-kiosk", f"touch {folder}/made && rm {folder}/made")
    assert machine.may("tannha-sync", "touch spool/in/bundle")
    assert machine.may("tannha-kiosk", "cat spool/in/bundle && rm spool/in/bundle")


def test_what_the_courier_may(machine: Machine) -> None:
    assert machine.may("tannha-kiosk", "echo sealed >spool/out/segment")
    assert machine.may("tannha-sync", "cat spool/out/segment")
    assert machine.may("tannha-sync", "touch spool/in/.part && mv spool/in/.part spool/in/bundle")
    assert machine.may("tannha-sync", "touch spool/.part && mv spool/.part spool/status.json")
    assert machine.may("tannha-kiosk", "cat spool/status.json")


@pytest.mark.parametrize(
    "deed",
    [
        "ls store",
        "ls slots",
        "rm -f spool/out/segment",
        "touch spool/out/forged",
        "echo x >>spool/out/segment",
        "mv spool/out spool/away",
        "mv store away",
    ],
)
def test_what_the_courier_may_not(deed: str, machine: Machine) -> None:
    assert machine.may("tannha-kiosk", "echo sealed >spool/out/segment")
    assert not machine.may("tannha-sync", deed)


@pytest.mark.parametrize("deed", ["ls store", "ls slots", "cat spool/out/segment", "ls spool/in", "touch spool/x"])
def test_what_others_may_not(deed: str, machine: Machine) -> None:
    assert machine.may("tannha-kiosk", "echo sealed >spool/out/segment")
    assert not machine.may("nobody", deed)


RULE = re.compile(
    r'(ACTION|SUBSYSTEM|KERNEL|TEST|GROUP|MODE|SYMLINK|TAG|ENV\{\w+\}|ATTR\{[\w/]+\})(==|!=|=|\+=)"[^"]*"(, |$)'
)


def test_every_udev_rule_is_made_of_keys_that_udev_knows() -> None:
    rules = [line for line in (UNITS / "udev/60-tannha.rules").read_text().splitlines() if line and line[0] != "#"]
    assert len(rules) == 4
    for rule in rules:
        assert RULE.sub("", rule) == ""
        assert rule.startswith('ACTION!="remove", SUBSYSTEM==')
