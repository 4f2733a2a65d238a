"""A handful of power cuts and disk faults; every single point is tried in tests/deep/store."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.store import Store
from tests.store import powercut, scribe


@pytest.mark.parametrize("when", [2, 14])
def test_killed_at_an_fsync_every_promised_commit_is_there(path: Path, when: int) -> None:
    assert powercut.write_through(path, f"fsync:signal=SIGKILL:when={when}").killed


@pytest.mark.parametrize("when", [4])
def test_killed_before_a_write_every_promised_commit_is_there(path: Path, when: int) -> None:
    assert powercut.write_through(path, f"pwrite64:signal=SIGKILL:when={when}").killed


@pytest.mark.parametrize("call", ["fsync", "pwrite64"])
def test_a_failing_disk_ends_the_process_and_loses_nothing(path: Path, call: str) -> None:
    cut = powercut.write_through(path, f"{call}:error=EIO:when=9")
    assert cut.code == 9


def test_a_full_disk_is_told_and_the_same_entry_goes_in_once_there_is_room(path: Path) -> None:
    cut = powercut.write_through(path, "pwrite64:error=ENOSPC:when=20")
    assert (cut.code, cut.full, cut.promised) == (0, 1, 2 + powercut.COMMITS)


@pytest.mark.parametrize("when", [1, 3])
def test_killed_while_being_made_a_store_is_whole_or_not_there(path: Path, when: int) -> None:
    assert powercut.run(f"fsync:signal=SIGKILL:when={when}", "create", str(path)).killed
    if not path.exists():
        Store.create(path, scribe.KEY, scribe.IDENTITY, scribe.EPOCH, scribe.NOON).close()
    with Store.open(path, scribe.KEY) as store:
        assert store.verify() == 1


def test_no_commit_is_promised_before_it_is_flushed(path: Path, tmp_path: Path) -> None:
    """A kill keeps what the kernel holds, so the flush itself is looked for (synchronous=FULL)."""
    seen = powercut.calls(path, tmp_path / "calls.log")
    promises = [place for place, call in enumerate(seen) if call == "promise"]
    assert len(promises) == powercut.COMMITS
    assert all("pwrite64" in seen[:place] and seen[place - 1] in {"fsync", "fdatasync"} for place in promises)
