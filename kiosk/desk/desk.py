"""Performs what the flow asks for: the one place where rules, store and devices meet (plan §3).

One worker thread runs everything here, one job after another, so no fact is ever written from two
places. Results go back as events; what a card or a disk may do wrong comes back as a value too.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from hardware.card.errors import CardError, ReaderSilent
from hardware.card.reading import ChipReading
from hardware.printer.driver import Printer
from hardware.scanner import card_code
from kiosk.desk import counter, enrolled, house, keyroom, mail, opening, orders, shredding, stick
from kiosk.desk.books import Books
from kiosk.desk.cards import Cards
from kiosk.desk.hours import Hours
from kiosk.desk.money import Money
from kiosk.desk.overrides import Overrides
from kiosk.desk.owner import Owner
from kiosk.desk.reading import Reading
from kiosk.desk.till import Till
from kiosk.devices.power import charge, too_low
from kiosk.devices.station import CardStation
from kiosk.exchange import spool
from kiosk.exchange.errors import SpoolFault
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.effects_house import HouseEffect
from kiosk.flow.effects_lease import LeaseEffect
from kiosk.flow.effects_money import MoneyEffect
from kiosk.flow.effects_override import AskOverride, GiveCode, ReadSupervisor
from kiosk.payout import journal as j
from kiosk.payout.evidence import card_refusal
from kiosk.payout.names import PayoutId, RefusalKey
from kiosk.payout.operators import OperatorCard
from kiosk.payout.people import Payee
from kiosk.payout.rules import Refusal, local_day
from kiosk.settings import Settings
from kiosk.store.errors import DiskFull, StoreError, StoreLost
from kiosk.vault.errors import NotPermitted, VaultError
from kiosk.vault.slots import PinRefused, Vault
from kiosk.vault.unlocked import Unlocked

log = logging.getLogger("tannha.desk")
Job = Callable[[], None]
VERSION = "0.1"
TICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the desk works with."""

    station: CardStation
    printer: Printer | None


class Desk:
    """The worker. ``perform`` from the main thread; everything else happens inside."""

    def __init__(self, settings: Settings, vault: Vault, equipment: Equipment, hours: Hours, owner: Owner) -> None:
        self._settings = settings
        self._vault = vault
        self._station = equipment.station
        self._till = Till(equipment.printer, hours.monotonic, owner.post, agent_copy=settings.printer.agent_copy)
        self._money = Money(self._till)
        self._owner = owner
        self._post = owner.post
        self._hours = hours
        self._device = enrolled.load(settings.slots)
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._unlocked: Unlocked | None = None
        self._stick = stick.StickWatch(settings.stick_hint, hours.monotonic)
        self._books: Books | None = None
        self._mail: mail.Mail | None = None
        self._booted_at: int | None = None
        self._cards = Cards(self._station, self._post, self._jobs.put)
        self._overrides = Overrides()

    # -- the thread -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is queued, close the store, end."""
        self._jobs.put(None)
        self._thread.join(timeout=20)

    def perform(self, effect: ef.Effect) -> None:
        """Queue an effect; its result is posted when it is done."""
        self._jobs.put(lambda: self._perform(effect))

    def _run(self) -> None:
        self._till.warm()
        while True:
            self._owner.desk_alive()
            try:
                job = self._jobs.get(timeout=TICK_SECONDS)
            except queue.Empty:
                job = self._tick
            if job is None:
                break
            try:
                job()
            except StoreLost as lost:
                self._owner.fatal(f"the disk failed: {lost}")
                return
        self._lock()
        self._till.close()

    # -- dispatch -------------------------------------------------------------------------------------------------

    def _perform(self, effect: ef.Effect) -> None:
        """Do it, and answer what went wrong below the rules with Failed."""
        try:
            self._do(effect)
        except StoreLost:
            raise
        except DiskFull:
            self._failed(effect, v.Trouble.DISK_FULL)
        except SpoolFault as fault:
            log.warning("spool: %s", fault.key)
            self._failed(effect, v.Trouble.STORE)
        except (StoreError, VaultError) as fault:
            log.warning("store: %s", fault)
            self._failed(effect, v.Trouble.STORE)

    def _failed(self, effect: ef.Effect, why: v.Trouble) -> None:
        operation = getattr(effect, "operation", None)
        if operation is not None:
            self._post(ev.Failed(operation, why))

    def _do(self, effect: ef.Effect) -> None:
        match effect:
            case ef.ListOperators(operation):
                self._device = enrolled.load(self._settings.slots)
                names = tuple(v.OperatorName(each.id, each.name) for each in self._device.operators)
                self._post(ev.OperatorsListed(operation, names))
            case ef.SignIn():
                self._sign_in(effect)
            case ef.RedeemCode():
                self._redeem(effect)
            case ef.LockStore():
                self._lock()
            case ef.SyncNow():
                spool.Outbox(self._settings.outbox).wake()
                self._tick()
            case ef.StopReading():
                self._cards.forget()
                self._overrides.lock()
            case ef.Speak() | ef.Beep() | ef.SetVolume() | ef.ShutDown():
                log.debug("not the desk's: %s", type(effect).__name__)
            case _:
                self._signed_in(effect)

    def _signed_in(self, effect: ef.Effect) -> None:
        """Effects that need the store; without it they fail as a device would."""
        books = self._books
        if books is None:
            self._failed(effect, v.Trouble.STORE)
            return
        match effect:
            case ef.ReadCard():
                self._read_card(books, effect)
            case ef.MakeOffer():
                self._make_offer(books, effect)
            case ef.Authorise():
                self._authorise(books, effect)
            case ef.ChangePin():
                room = keyroom.KeyRoom(self._settings, self._vault, books)
                self._post(room.answer_change(self._require_person(), effect))
            case ReadSupervisor():
                self._overrides.read(books, effect, self._cards, self._post)
            case ef.SetClock() | AskOverride() | GiveCode():
                self._post(self._one_answer(books, effect))
            case _ if isinstance(effect, HouseEffect | MoneyEffect | LeaseEffect):
                self._post(self._one_answer(books, effect))
            case _:
                for each in self._till.perform(books, effect, self._shift):
                    self._post(each)

    def _one_answer(
        self, books: Books, effect: ef.SetClock | HouseEffect | MoneyEffect | LeaseEffect | AskOverride | GiveCode
    ) -> ev.Event:
        match effect:
            case ef.SetClock():
                return opening.set_clock(books, effect)
            case AskOverride() | GiveCode():
                return self._overrides.perform(books, effect, self._halted())
            case _ if isinstance(effect, HouseEffect):
                return house.perform(books, effect, self._till.issuer, self._till.print_new)
            case _:
                return self._money.perform(books, effect, self._shift)

    # -- sign-in --------------------------------------------------------------------------------------------------

    def _sign_in(self, effect: ef.SignIn) -> None:
        answer = self._vault.unlock(effect.operator, effect.pin)
        if isinstance(answer, PinRefused):
            self._post(ev.SignInRefused(effect.operation, answer.tries_left))
        else:
            self._let_in(effect.operation, answer, resumes=effect.resumes)

    def _redeem(self, effect: ef.RedeemCode) -> None:
        answer = keyroom.redeem(self._vault, effect, self._open_for)
        if isinstance(answer, Unlocked):
            self._let_in(effect.operation, answer, resumes=False)
        else:
            self._post(answer)

    def _open_for(self, fresh: Unlocked) -> Books:
        """The books, before anything is done with them. Raises NotPermitted for one whom the district has revoked."""
        if self._books is None:
            self._open(fresh)
        if self._require().revoked(fresh.operator):
            fresh.lock()
            self._lock()
            raise NotPermitted("revoked")
        return self._require()

    def _let_in(self, operation: v.OperationId, unlocked: Unlocked, *, resumes: bool) -> None:
        """Open books for the operator, unless the district has revoked them."""
        try:
            books = self._open_for(unlocked)
        except NotPermitted:
            self._post(ev.SignInRefused(operation, 0))
            return
        self._change_operator(books, unlocked)
        keyroom.KeyRoom(self._settings, self._vault, books).catch_up(unlocked)
        if not resumes and books.standing.open_payout is not None:
            books.write(j.DeviceStarted(VERSION, self._hours.trusted().proven))  # its screen is gone: nobody knows (M2)
        if self._mail is not None:
            self._post(ev.StateSeen(halt=self._mail.halts.shown()))
        self._post(ev.SignedIn(operation, self._shift(books)))

    def _open(self, unlocked: Unlocked) -> None:
        """Open the store; whatever was under way when the device went down is uncertain from here (M2)."""
        self._books = opening.open_books(self._settings, self._device, self._vault, unlocked, self._hours)
        self._mail = mail.Mail(self._books, spool.Outbox(self._settings.outbox), spool.Inbox(self._settings.inbox))
        self._mail.halts.recall()
        if self._booted_at is None:
            entry = self._books.write(j.DeviceStarted(VERSION, self._hours.trusted().proven))
            self._booted_at = entry.sequence
        self._books.booted_at = self._booted_at
        self._mail.take_in()
        self._device = opening.learn(self._settings, self._vault, self._books)
        if orders.must_be_wiped(self._books):
            self._wipe(self._mail)

    def _change_operator(self, books: Books, unlocked: Unlocked) -> None:
        if self._unlocked is not None:
            self._unlocked.lock()
        self._unlocked = unlocked
        books.operator = OperatorCard(unlocked.operator, self._device.name_of(unlocked.operator), unlocked.role)

    def _require(self) -> Books:
        if self._books is None:
            raise StoreError("nobody is signed in")
        return self._books

    def _require_person(self) -> Unlocked:
        if self._unlocked is None:
            raise StoreError("nobody is signed in")
        return self._unlocked

    def _shift(self, books: Books) -> v.Shift:
        operator = v.OperatorName(books.operator.id, books.operator.name)
        staff = tuple(v.OperatorName(each.id, each.name) for each in self._device.operators)
        return books.board().shift(operator, self._settings.cash_sources, staff)

    def _lock(self) -> None:
        """Take the keys out of memory. An open payout stays open in the journal, not uncertain: nobody went down."""
        self._cards.forget()
        self._overrides.lock()
        if self._books is not None:
            self._booted_at = self._books.booted_at
            self._books.store.close()
        self._books = self._mail = None
        if self._unlocked is not None:
            self._unlocked.lock()
            self._unlocked = None

    def _wipe(self, post: mail.Mail) -> None:
        """The district's order: what nobody else has is sealed, then keys, store and inbox go; the outbox stays."""
        post.post()
        self._lock()
        self._post(orders.destroy(self._settings))

    # -- card -----------------------------------------------------------------------------------------------------

    def _read_card(self, books: Books, effect: ef.ReadCard) -> None:
        payee = counter.asked_for(books, effect)
        if payee is None:
            self._post(ev.CardFailed(effect.operation, v.CardTrouble.OTHER_CARD))
            return
        if self._weak():
            counter.note_refusal(books, payee.recipient, RefusalKey.BATTERY_LOW, simulated=False)
            self._post(ev.Refused(effect.operation, RefusalKey.BATTERY_LOW))
            return
        self._cards.read(
            books, effect.operation, payee.person.number, lambda chip: self._payee_read(books, effect, payee, chip)
        )

    def _payee_read(self, books: Books, effect: ef.ReadCard, payee: Payee, chip: ChipReading) -> None:
        reading = Reading(payee, chip, card_code(effect.scanned))
        evidence = reading.evidence(books.known(), face_confirmed=False, attachment=None)
        refused = card_refusal(evidence, local_day(books.hours.trusted().now))
        if refused is not None:
            counter.note_refusal(books, payee.recipient, refused, simulated=chip.simulated)
            self._post(ev.Refused(effect.operation, refused))
        elif chip.person.id_number != payee.person.number:
            self._post(ev.CardFailed(effect.operation, v.CardTrouble.OTHER_CARD))
        else:
            self._cards.readings[effect.operation] = reading
            self._post(ev.CardRead(effect.operation, reading.face(books.board().named(payee.person))))

    # -- offer and authorisation ------------------------------------------------------------------------------------

    def _make_offer(self, books: Books, effect: ef.MakeOffer) -> None:
        reading = self._cards.readings.get(effect.reading)
        if reading is None:
            self._post(ev.Failed(effect.operation, v.Trouble.CARD_GONE))
            return
        answer = counter.offer(books, reading, effect.recipient, self._halted(), face_confirmed=effect.face_confirmed)
        if isinstance(answer, Refusal):
            counter.note_refusal(books, effect.recipient, answer.key, simulated=reading.chip.simulated)
            self._post(ev.Refused(effect.operation, answer.key))
        else:
            self._post(ev.OfferMade(effect.operation, books.board().offer(answer)))

    def _authorise(self, books: Books, effect: ef.Authorise) -> None:
        reading, overridden = self._cards.readings.get(effect.reading), self._overrides.agreed(effect.reading)
        answer: PayoutId | Refusal
        try:
            if overridden:
                answer = self._overrides.authorise(books, effect, self._halted(), self._cards.sign)
            elif reading is not None:
                answer = counter.authorise(books, reading, effect, self._halted(), self._cards.sign)
            else:
                self._post(ev.Failed(effect.operation, v.Trouble.CARD_GONE))
                return
        except CardError as error:
            log.info("card: %s", error.key)
            self._failed(effect, v.Trouble.DEVICE if isinstance(error, ReaderSilent) else v.Trouble.CARD_GONE)
            return
        if isinstance(answer, Refusal):
            simulated = reading is not None and reading.chip.simulated
            counter.note_refusal(books, effect.recipient, answer.key, simulated=simulated)
            self._post(ev.Refused(effect.operation, answer.key))
        else:
            self._post(ev.Authorised(effect.operation, PayoutId(answer)))

    def _halted(self) -> RefusalKey | None:
        halted = None if self._mail is None else self._mail.halts.reason()
        return halted or (RefusalKey.BATTERY_LOW if self._weak() else None)

    def _weak(self) -> bool:
        return too_low(charge(self._settings.power_supplies), self._settings.battery_stop_percent)

    # -- time and mail ----------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        """Between jobs: take in what came, seal what is new, look at the devices."""
        self._cards.miss_reader()
        if self._books is None or self._mail is None:
            return
        try:
            if self._mail.take_in().bundle:
                self._device = opening.learn(self._settings, self._vault, self._books)
            if orders.must_be_wiped(self._books):
                self._wipe(self._mail)
                return
            if not self._books.standing.pending:
                self._mail.post()
        except (SpoolFault, DiskFull) as fault:
            log.warning("nothing was sealed: %s", getattr(fault, "key", "the disk is full"))
            return
        shredding.shred_due(self._books)
        self._till.look()
        time_now, halt = self._hours.trusted(), self._mail.halts.shown()
        light, moving = counter.sync_light(self._books, self._mail, self._settings), self._stick.look()
        day, news = local_day(time_now.now), self._device.notices_at(time_now.now)
        self._post(ev.StateSeen(light, None, None, day, time_now.proven, news, halt, moving))
        self._till.look_at_battery(charge(self._settings.power_supplies), self._post)
