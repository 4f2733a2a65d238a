"""The spool: whole files only, deleted only after the district has them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.exchange import segment, spool
from kiosk.exchange.errors import BadBytes, ExchangeError, FaultKey
from kiosk.payout import names as n
from tests.exchange import samples
from tests.exchange.parties import District, Kit

DAY = samples.day(6)


@pytest.fixture
def outbox(tmp_path: Path) -> spool.Outbox:
    return spool.Outbox(tmp_path)


@pytest.fixture
def inbox(tmp_path: Path) -> spool.Inbox:
    return spool.Inbox(tmp_path)


def put(outbox: spool.Outbox, kit: Kit, district: District, first: int, last: int) -> spool.SpoolFile:
    data = kit.segment(DAY[first : last + 1], district)
    return outbox.put_segment(data, segment.peek(data))


def test_names_carry_epoch_place_and_head(outbox: spool.Outbox, kit: Kit, district: District) -> None:
    file = put(outbox, kit, district, 0, 4)
    assert file.name == f"s-000003-0000000000-0000000004-{DAY[4].hash[:16]}.tn"
    assert spool.segment_place(file.name) == (3, 0, 4)
    assert spool.read(file)[:4] == b"TNS1"


def test_segments_go_first_and_in_order(outbox: spool.Outbox, kit: Kit, district: District) -> None:
    outbox.put_attachment(b"evidence", n.Digest("a" * 64))
    later, first = put(outbox, kit, district, 5, 9), put(outbox, kit, district, 0, 4)
    assert [each.name for each in outbox.files()] == [first.name, later.name, f"a-{'a' * 64}.tn"]


def test_only_what_lies_wholly_below_is_deleted(outbox: spool.Outbox, kit: Kit, district: District) -> None:
    put(outbox, kit, district, 0, 4)
    half = put(outbox, kit, district, 5, 9)
    assert outbox.acknowledge(n.Epoch(2), n.Sequence(99)) == 0
    assert outbox.acknowledge(n.Epoch(3), n.Sequence(9)) == 1
    assert [each.name for each in outbox.files()] == [half.name]
    assert outbox.acknowledge(n.Epoch(3), n.Sequence(10)) == 1
    assert outbox.files() == ()


def test_attachments_are_kept_once_and_forgotten_by_name(outbox: spool.Outbox) -> None:
    digest = n.Digest("b" * 64)
    outbox.put_attachment(b"same", digest)
    file = outbox.put_attachment(b"same", digest)
    assert outbox.files() == (file,)
    outbox.forget(file)
    outbox.forget(file)
    assert outbox.files() == ()


def test_what_the_courier_brings_is_consumed(inbox: spool.Inbox) -> None:
    inbox.deliver(spool.FileKind.BUNDLE, "0001-0004", b"bundle")
    inbox.deliver(spool.FileKind.CHECKPOINT, "3-17", b"checkpoint")
    found = inbox.files()
    assert [(each.kind, spool.read(each)) for each in found] == [
        (spool.FileKind.BUNDLE, b"bundle"),
        (spool.FileKind.CHECKPOINT, b"checkpoint"),
    ]
    for each in found:
        inbox.consume(each)
    assert inbox.files() == ()


def test_foreign_files_are_left_alone(inbox: spool.Inbox, tmp_path: Path) -> None:
    (tmp_path / "README").write_text("hello")
    (tmp_path / "b-half.tn.part").write_text("half")
    (tmp_path / "b-folder.tn").mkdir()
    (tmp_path / "b-link.tn").symlink_to("/etc/passwd")
    assert inbox.files() == ()


@pytest.mark.parametrize("name", ["../escape", "a/b", "", "x" * 130, "A", "a.b", "tên"])
def test_a_name_from_outside_is_never_a_path(inbox: spool.Inbox, tmp_path: Path, name: str) -> None:
    with pytest.raises(BadBytes) as caught:
        inbox.deliver(spool.FileKind.ORDER, name, b"x")
    assert caught.value.key is FaultKey.MALFORMED
    assert list(tmp_path.iterdir()) == []


def test_oversized_files_are_refused_both_ways(inbox: spool.Inbox, tmp_path: Path) -> None:
    with pytest.raises(BadBytes) as caught:
        inbox.deliver(spool.FileKind.ORDER, "big", bytes(spool.MAX_FILE + 1))
    assert caught.value.key is FaultKey.TOO_LARGE
    (tmp_path / "b-big.tn").write_bytes(bytes(101))
    with pytest.raises(BadBytes):
        spool.read(inbox.files()[0], limit=100)


def test_a_courier_cannot_fill_the_inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MAX_INBOX_FILES", 2)
    inbox = spool.Inbox(tmp_path)
    inbox.deliver(spool.FileKind.ORDER, "1", b"x")
    inbox.deliver(spool.FileKind.ORDER, "2", b"x")
    with pytest.raises(ExchangeError) as caught:
        inbox.deliver(spool.FileKind.ORDER, "3", b"x")
    assert caught.value.key is FaultKey.SPOOL_FULL


def test_a_missing_folder_is_a_fault_of_the_tree(tmp_path: Path) -> None:
    for work in (spool.Inbox(tmp_path / "no").files, lambda: spool.Outbox(tmp_path / "no").put_enrolment(b"x", "1")):
        with pytest.raises(ExchangeError) as caught:
            work()
        assert caught.value.key is FaultKey.DISK_FAILED


FILL = """
import resource, signal, sys
from pathlib import Path
from kiosk.exchange import spool
from kiosk.exchange.errors import SpoolFault
inbox = spool.Inbox(Path(sys.argv[1]))
try:
    inbox.deliver(spool.FileKind.BUNDLE, "next", bytes(300_000))
except SpoolFault as fault:
    print(fault.key.value)
"""


def test_a_full_disk_is_said_clearly_and_loses_nothing(tmp_path: Path) -> None:
    """The kernel answers ENOSPC to the first write: the old file stands and no part is left behind."""
    inbox = spool.Inbox(tmp_path)
    inbox.deliver(spool.FileKind.BUNDLE, "next", b"the old one")
    inject = ["strace", "-f", "-qq", "-o", os.devnull, "-P", str(tmp_path / "b-next.tn.part")]
    command = [*inject, "-e", "inject=write:error=ENOSPC", sys.executable, "-c", FILL, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "disk_full"
    assert [spool.read(each) for each in inbox.files()] == [b"the old one"]
    assert not list(tmp_path.glob("*.part"))


@given(st.text(max_size=40))
def test_any_name_is_a_place_or_none(name: str) -> None:
    assert spool.segment_place(name) is None


def test_a_wish_to_try_now_is_seen_and_is_no_file_to_send(tmp_path: Path) -> None:
    outbox = spool.Outbox(tmp_path)
    assert outbox.woken_at() == 0
    outbox.wake()
    first = outbox.woken_at()
    assert first > 0
    os.utime(tmp_path / "wake", ns=(first - 1, first - 1))
    outbox.wake()
    assert outbox.woken_at() > first - 1
    assert outbox.files() == ()
