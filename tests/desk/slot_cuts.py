"""Acts on slots, and a power that goes at any flush or commit under them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from agent_sync.district.key_acts import KeyActs
from kiosk.desk import enrolled, enrolment, keyroom, opening
from kiosk.desk.books import Books
from kiosk.desk.hours import Hours
from kiosk.desk.keyroom import KeyRoom
from kiosk.flow import effects as ef
from kiosk.flow import values as v
from kiosk.payout.key_facts import KeysChanged
from kiosk.payout.names import Epoch, Mode, OperatorId
from kiosk.settings import Settings
from kiosk.vault.codes import RescueCode
from kiosk.vault.slots import Vault
from kiosk.vault.unlocked import Unlocked
from tests.desk.area import MINH, NOW, OPERATOR, PIN

NEW_PIN, MINH_PIN = "604173", "593021"
CODES = (RescueCode(1, "483920571638"),)


class PowerCut(BaseException):
    """Nothing after this runs."""


def _changes(connection: Connection) -> int:
    opened: Any = connection.connection.dbapi_connection
    return int(opened.total_changes)


class Power:
    """Goes at the ``number``-th flush of a file or folder, or commit of something written to the store."""

    def __init__(self, number: int) -> None:
        self._left, self._flush = number, os.fsync
        self._written: dict[Connection, int] = {}

    def _spend(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise PowerCut

    def _fsync(self, handle: int) -> None:
        self._spend()
        self._flush(handle)

    def _begin(self, connection: Connection) -> None:
        self._written[connection] = _changes(connection)

    def _commit(self, connection: Connection) -> None:
        if _changes(connection) != self._written[connection]:
            self._spend()

    @contextmanager
    def on(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        """Until it goes; then every store is let go of, as when a process ends."""
        event.listen(Engine, "commit", self._commit)
        event.listen(Engine, "begin", self._begin)
        try:
            with patch.context() as patched:
                patched.setattr(os, "fsync", self._fsync)
                yield
        finally:
            event.remove(Engine, "commit", self._commit)
            event.remove(Engine, "begin", self._begin)
            for opened in self._written:
                if not opened.closed:
                    opened.invalidate()


def hours() -> Hours:
    return Hours(lambda: NOW, time.monotonic)


def vault_of(settings: Settings) -> Vault:
    return enrolment.vault_of(settings, Mode.PRACTICE)


def opens(vault: Vault, operator: OperatorId, pin: str) -> bool:
    return isinstance(vault.unlock(operator, pin), Unlocked)


@contextmanager
def room(settings: Settings, *pins: str) -> Iterator[tuple[KeyRoom, Unlocked, str]]:
    """The key room, opened by the supervisor with whichever of these PINs is theirs now."""
    vault = vault_of(settings)
    by, pin = next((each, pin) for pin in pins if isinstance(each := vault.unlock(OPERATOR, pin), Unlocked))
    books = opening.open_books(settings, enrolled.load(settings.slots), vault, by, hours())
    try:
        yield KeyRoom(settings, vault, books), by, pin
    finally:
        books.store.close()


Ready = Callable[[KeyRoom, Unlocked], object]


@dataclass(frozen=True)
class Act:
    """One act on slots: what is there before, how it is done, and by what of vault and own PIN that is seen."""

    fact: str
    do: Callable[[Settings], object]
    happened: Callable[[Vault, str], bool]
    ready: Ready = lambda _room, _by: None


def in_room(do: Callable[[KeyRoom, Unlocked], object]) -> Callable[[Settings], object]:
    def run(settings: Settings) -> None:
        with room(settings, PIN) as opened:
            do(*opened[:2])

    return run


def with_minh(keys: KeyRoom, by: Unlocked) -> None:
    keys.add(by, MINH, MINH_PIN)


def with_minh_locked(keys: KeyRoom, by: Unlocked) -> None:
    with_minh(keys, by)
    for _ in range(5):
        keys.vault.unlock(MINH, "111222")


def tries(vault: Vault) -> int:
    return vault.slots()[0].tries_left


def redeem(settings: Settings) -> None:
    vault, opened = vault_of(settings), list[Books]()

    def open_books(fresh: Unlocked) -> Books:
        opened.append(opening.open_books(settings, enrolled.load(settings.slots), vault, fresh, hours()))
        return opened[0]

    try:
        effect = ef.RedeemCode(v.OperationId(1), OPERATOR, CODES[0].typed, NEW_PIN)
        assert isinstance(keyroom.redeem(vault, effect, open_books), Unlocked)
    finally:
        for books in opened:
            books.store.close()


ACTS = {
    each.fact: each
    for each in (
        Act("pin_changed", in_room(lambda r, by: r.change_pin(by, PIN, NEW_PIN)), lambda _, pin: pin == NEW_PIN),
        Act("operator_added", in_room(with_minh), lambda vault, _: len(vault.slots()) == 2),
        Act(
            "slot_locked",
            in_room(lambda r, by: r.tell_locks(by)),
            lambda vault, _: vault.untold_locks() == (),
            with_minh_locked,
        ),
        Act(
            "tries_forgiven",
            in_room(lambda r, by: r.forgive(by, MINH)),
            lambda vault, _: tries(vault) > 0,
            with_minh_locked,
        ),
        Act(
            "operator_removed",
            in_room(lambda r, by: r.remove(by, MINH)),
            lambda vault, _: len(vault.slots()) == 1,
            with_minh,
        ),
        Act(
            "codes_made", in_room(lambda r, by: r.make_codes(by, 2)), lambda vault, _: vault.rescue_numbers() == (1, 2)
        ),
        Act("code_used", redeem, lambda _, pin: pin == NEW_PIN, lambda r, by: r.vault.put_rescue_codes(by, CODES)),
    )
}


def told(books: Books, fact: str) -> int:
    """How many facts of this kind the journal has; each of its acts is signed by who is said to have done it."""
    entries, seen = books.store.entries(Epoch(1)), KeyActs()
    assert [seen.see(each) for each in entries] == [""] * len(entries)
    return sum(isinstance(each.fact, KeysChanged) and each.fact.change == fact for each in entries)


def cuts(act: Callable[[Settings], object], ready: Path, there: Path, patch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The device after each power cut, one after the other, until the act ends before the power does."""
    for number in range(1, 200):
        settings = Settings(there / str(number))
        shutil.copytree(ready, settings.home)
        try:
            with Power(number).on(patch):
                act(settings)
            break
        except PowerCut:
            yield settings
            shutil.rmtree(settings.home)
    assert number > 4, "it was cut somewhere"
    yield settings


def check(act: Act, device: Settings, there: Path, patch: pytest.MonkeyPatch) -> None:
    """After a cut at each write: what changed is told, once, and nothing else is."""
    with room(device, PIN) as opened:
        act.ready(*opened[:2])
        before = told(opened[0].books, act.fact)
    seen = set()
    for settings in cuts(act.do, device.home, there, patch):
        with room(settings, PIN, NEW_PIN) as (keys, _, pin):
            happened = act.happened(keys.vault, pin)
            assert told(keys.books, act.fact) - before == int(happened)
            seen.add(happened)
    assert seen == {False, True}
