"""Every single point at which the power can go, the disk can fail or be full, one run each."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.store import Store
from tests.store import powercut, scribe
from tests.store.test_migrations import older

MOST = 2_000
"""More calls than any run makes: reaching it means the fault never stopped striking."""


SHARDS = 6
"""One run takes a second: every sixth point makes one test, so that none runs for many minutes."""
shards = pytest.mark.parametrize("shard", range(1, SHARDS + 1))


@shards
@pytest.mark.parametrize("call", ["fsync", "pwrite64"])
def test_killed_at_every_call(tmp_path: Path, call: str, shard: int) -> None:
    assert _until_done(tmp_path, f"{call}:signal=SIGKILL", shard) > powercut.COMMITS


@shards
@pytest.mark.parametrize("call", ["fsync", "pwrite64"])
def test_the_disk_fails_at_every_call(tmp_path: Path, call: str, shard: int) -> None:
    assert _until_done(tmp_path, f"{call}:error=EIO", shard) > powercut.COMMITS


@shards
def test_the_disk_is_full_at_every_write(tmp_path: Path, shard: int) -> None:
    """Told as DiskFull and done again: the run always ends well, so the count of faults says when to stop."""
    for when in range(shard, MOST, SHARDS):
        folder = tmp_path / str(when)
        folder.mkdir()
        cut = powercut.write_through(folder / "kit.db", f"pwrite64:error=ENOSPC:when={when}")
        assert cut.code == 0
        if cut.full == 0 and when > powercut.COMMITS:
            return
    raise AssertionError("the fault never stopped striking")


def _until_done(tmp_path: Path, fault: str, shard: int) -> int:
    """Strike at every sixth call until a run ends by itself; the call at which none struck any more.

    One early flush may fail unheard: SQLite's own of the folder, which the store has flushed before.
    """
    for when in range(shard, MOST, SHARDS):
        folder = tmp_path / str(when)
        folder.mkdir()
        cut = powercut.write_through(folder / "kit.db", f"{fault}:when={when}")
        if cut.code == 0 and when > powercut.COMMITS:
            return when
    raise AssertionError("the fault never stopped striking")


@pytest.mark.parametrize("call", ["fsync", "pwrite64"])
def test_killed_at_every_call_of_a_migration(tmp_path: Path, call: str) -> None:
    struck = 0
    for when in range(1, MOST):
        path = tmp_path / f"{when}.db"
        older(path, "0001")
        cut = powercut.run(f"{call}:signal=SIGKILL:when={when}", "open", str(path))
        with Store.open(path, scribe.KEY) as store:
            assert store.verify() == 1
        if not cut.killed:
            break
        struck += 1
    assert struck >= 1


@pytest.mark.parametrize("call", ["fsync", "pwrite64", "rename", "ftruncate"])
def test_killed_at_every_call_while_a_store_is_made(tmp_path: Path, call: str) -> None:
    struck = 0
    for when in range(1, MOST):
        path = tmp_path / str(when) / "kit.db"
        path.parent.mkdir()
        cut = powercut.run(f"{call}:signal=SIGKILL:when={when}", "create", str(path))
        if not path.exists():
            Store.create(path, scribe.KEY, scribe.IDENTITY, scribe.EPOCH, scribe.NOON).close()
        with Store.open(path, scribe.KEY) as store:
            assert store.verify() == 1
        if not cut.killed:
            break
        struck += 1
    assert struck >= 1 or call == "ftruncate"
