"""Every screen with people in it: the sheet, the audit and the golden pictures show these.

Synthetic people with full Vietnamese names, the longest words, the largest sums: what fits them fits everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kiosk.flow import screens as sc
from kiosk.flow.halt import Halt
from kiosk.flow.stick import StickLight, StickState
from kiosk.flow.values import (
    AddressForm,
    Battery,
    CannotSign,
    CardDoubt,
    CardTrouble,
    CashReport,
    Count,
    Doubt,
    Face,
    Frame,
    HandOver,
    Household,
    HouseholdId,
    Kind,
    Language,
    Level,
    Line,
    Mode,
    Named,
    Notes,
    Offer,
    OperationId,
    OperatorId,
    OperatorName,
    PayeeOption,
    PayoutId,
    Period,
    PersonId,
    Phone,
    PinFault,
    PrinterLight,
    PrintResult,
    Programme,
    ReadPhase,
    RefusalKey,
    Role,
    RouteRow,
    Sex,
    Shift,
    SyncLight,
    Trouble,
    UncertainCase,
    VarianceReason,
    VisitRecipient,
    VisitStatus,
    Vnd,
    VoidReason,
)
from tests.screens import gallery_house, gallery_lease, gallery_money, gallery_override, gallery_paper, gallery_wish

OPERATION = OperationId(7)
LANH = Named(PersonId("p1"), "Nguyễn Thị Hương Lành", AddressForm.CU_BA)
THUAN = Named(PersonId("p2"), "Đặng Hữu Thuận", AddressForm.CU_ONG)
SREY = Named(PersonId("p3"), "Thạch Thị Sa Rươne", AddressForm.BA)
HOA = Named(PersonId("p9"), "Trần Thị Mỹ Hòa", AddressForm.CHI)
MAI = OperatorName(OperatorId("o1"), "Phạm Thị Ngọc Mai")
OPERATORS = (
    MAI, OperatorName(OperatorId("o2"), "Lê Quốc Khánh"), OperatorName(OperatorId("o3"), "Nguyễn Hoàng Phương Thảo"),
    OperatorName(OperatorId("o4"), "Trương Văn Đậu"), OperatorName(OperatorId("o5"), "Hồ Thị Diễm"),
)  # fmt: skip
SIGNATURE = (
    ((180, 420), (230, 700), (280, 640), (300, 380), (340, 320), (400, 560), (430, 600), (450, 400)),
    ((470, 420), (520, 560), (560, 380), (620, 520), (660, 420), (760, 480), (860, 440)),
)
DOUBTED = {
    CardDoubt.LIST_NAME: "Nguyễn Hoàng Thị Phương Lành", CardDoubt.LIST_BIRTH: "1943",
    CardDoubt.LIST_SPELLING: "Nguyễn Thị Hường Lạnh", CardDoubt.QR_NUMBER: "0318",
    CardDoubt.QR_NAME: "Nguyễn Hoàng Thị Phương Lành", CardDoubt.QR_BIRTH: "14/02/1943",
    CardDoubt.QR_ISSUED: "01/05/2021",
}  # fmt: skip
LINES = (
    Line(Programme.SOCIAL_PENSION, Kind.MONTHLY, Period(2026, 10), Vnd(500_000)),
    Line(Programme.SOCIAL_PENSION, Kind.MONTHLY, Period(2026, 11), Vnd(500_000)),
)
MANY = (
    *LINES,
    Line(Programme.MERIT_RELATIVE, Kind.MONTHLY, Period(2026, 10), Vnd(2_789_000)),
    Line(Programme.MERIT_RELATIVE, Kind.MONTHLY, Period(2026, 11), Vnd(2_789_000)),
    Line(Programme.SOCIAL_PENSION, Kind.ARREARS, Period(2026, 8), Vnd(375_000)),
)
ROWS = (
    RouteRow(HouseholdId("h1"), "Ấp Trung Hòa", 1, (LANH.full_name, THUAN.full_name), "số 12, đường Cầu Kênh",
             Vnd(1_500_000), 2, VisitStatus.WAITING, "chó dữ, gọi cổng sau", Phone("0900 000 112", "con trai")),
    RouteRow(HouseholdId("h2"), "Ấp Trung Hòa", 2, (SREY.full_name,), "số 15", Vnd(500_000), 1, VisitStatus.COME_BACK,
             "đi chùa buổi sáng", come_back_at="15:30"),
    RouteRow(HouseholdId("h3"), "Ấp Sóc Ruộng", 3, ("Lâm Văn Tư",), "tổ 4, sau trường học", Vnd(500_000), 1,
             VisitStatus.PAID),
    RouteRow(HouseholdId("h4"), "Ấp Sóc Ruộng", 4, ("Huỳnh Thị Bé Năm",), "tổ 5", Vnd(12_750_000), 3,
             VisitStatus.UNPAID),
)  # fmt: skip


NOTICES = (
    "Tháng này chi trả sớm: ngày 28 tại Nhà văn hóa ấp Trung Hòa, từ 7 giờ 30.",
    "Chi trả từ ngày 1 đến ngày 10 hằng tháng.",
)
"""The first as long as a notice may be."""


def frame(language: Language, mode: Mode = Mode.PRODUCTION) -> Frame:
    """The device around the screens."""
    return Frame(
        mode, date(2026, 11, 22), language=language, place="Bưu điện xã Trung Hòa", printer=PrinterLight.READY,
        battery=Battery(64), sync=SyncLight(waiting=3, sent=41, last_contact=date(2026, 11, 21), hours_ago=27),
        notices=("Chi trả từ ngày 1 đến ngày 10 hằng tháng.",) if language is Language.VI else (),
    )  # fmt: skip


def household(language: Language) -> Household:
    """A couple, one daughter with a paper, and neighbours."""
    recipients = (VisitRecipient(LANH, LINES, language), VisitRecipient(THUAN, LINES[1:], language))
    both = (LANH.id, THUAN.id)
    payees = (
        PayeeOption(LANH, Role.SELF, both[:1]),
        PayeeOption(THUAN, Role.SELF, both[1:]),
        PayeeOption(HOA, Role.ALTERNATE, both, "UQ-0031/2026", date(2026, 12, 31)),
    )
    return Household(ROWS[0], recipients, payees, ("Võ Văn Bảy (trưởng ấp)", "Trần Thị Mỹ Hòa", "Ngô Thị Sáu"))


def offer(lines: tuple[Line, ...] = LINES, hand: HandOver | None = None) -> Offer:
    """An offer for two months."""
    total = Vnd(sum(line.amount for line in lines))
    give = hand or HandOver(Notes.of({500_000: 2}))
    return Offer(LANH, LANH, Role.SELF, lines, total, give, Level.A)


def photo() -> bytes:
    """A drawn face: no real person's picture."""
    import io  # noqa: PLC0415

    from PIL import Image, ImageDraw  # noqa: PLC0415

    image = Image.new("RGB", (300, 400), (205, 222, 236))
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 290, 270, 560), fill=(110, 60, 80))
    draw.ellipse((85, 70, 215, 250), fill=(226, 186, 155))
    draw.pieslice((75, 50, 225, 220), 180, 360, fill=(205, 205, 210))
    for x in (120, 165):
        draw.ellipse((x, 148, x + 14, 158), fill=(40, 30, 30))
    draw.arc((120, 180, 180, 215), 20, 160, fill=(130, 60, 60), width=4)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


PHOTO = photo()
FACE = Face(LANH, Role.SELF, "14/02/1941", Sex.FEMALE, "0317", PHOTO)


def screens(language: Language) -> Iterator[tuple[str, sc.Screen]]:
    """Every kind of screen, the telling states of each, by name."""
    here = frame(language)
    shift = Shift(MAI, ROWS, (), Notes.of({500_000: 28, 200_000: 13, 50_000: 14, 20_000: 115}),
                  ("Thủ quỹ Đinh Thị Kim Cúc", "Trưởng bưu cục Lý Sơn"), True, Vnd(14_250_000))  # fmt: skip
    count = Count((9, 3, 0, 12, 5, 0, 0, 1, 0), at=3)
    yield from _before(here, shift, count)
    yield from _visits(
        here, shift, sc.Visit(household(language), household(language).payees[0], language, OPERATION, (LANH.id,))
    )
    yield from _money(
        here, shift, sc.Visit(household(language), household(language).payees[0], language, OPERATION, (LANH.id,))
    )
    yield from _beside(here, shift, count)
    yield from gallery_wish.screens(here, shift, sc.Visit(household(language), language=language), LANH)
    yield from gallery_house.screens(here, shift, sc.Visit(household(language), language=language))
    yield from gallery_money.screens(here, shift, LANH, count)
    yield from gallery_lease.screens(here, shift, LANH, LINES)
    home = household(language)
    visit = sc.Visit(home, home.payees[0], language, OPERATION, (LANH.id,))
    yield from gallery_override.screens(here, shift, visit, offer(), FACE)
    yield from gallery_paper.screens(here, shift, visit, offer(), LINES)


def _keys(here: Frame, shift: Shift) -> Iterator[tuple[str, sc.Screen]]:
    again, new = sc.PinStage.AGAIN, sc.PinStage.NEW
    yield "newpin-old", sc.NewPin(here, MAI, shift, typed="123456")
    yield "newpin-wrong", sc.NewPin(here, MAI, shift, fault=PinFault.WRONG_PROOF, tries_left=4)
    yield "newpin-simple", sc.NewPin(here, MAI, shift, new, fault=PinFault.TOO_SIMPLE)
    yield "newpin-again", sc.NewPin(here, MAI, shift, again, typed="123456789012")
    yield "newpin-wait", sc.NewPin(here, MAI, shift, again, awaited=OPERATION)
    yield "newpin-done", sc.NewPin(here, MAI, shift, sc.PinStage.DONE)
    yield "newpin-code", sc.NewPin(here, MAI, None, typed="3123456789012")
    yield "newpin-spent", sc.NewPin(here, MAI, None, fault=PinFault.WRONG_PROOF, tries_left=0)


def _before(here: Frame, shift: Shift, count: Count) -> Iterator[tuple[str, sc.Screen]]:
    case = UncertainCase(PayoutId("MAI07-1-38"), LANH, Vnd(1_000_000), "09:41 22/11/2026", PrintResult.UNKNOWN,
                         Vnd(6_351_000), Vnd(7_351_000))  # fmt: skip
    yield "idle", sc.Idle(here)
    yield "idle-notices", sc.Idle(replace(here, notices=NOTICES))
    yield "idle-practice", sc.Idle(replace(here, mode=Mode.PRACTICE))
    yield "operators", sc.ChooseOperator(here, OPERATORS)
    yield "pin", sc.EnterPin(here, MAI, "1234")
    yield "pin-opening", sc.EnterPin(here, MAI, awaited=OPERATION)
    yield "pin-wrong", sc.EnterPin(here, MAI, "", 2)
    yield "pin-locked", sc.EnterPin(here, MAI, "", 0)
    yield "pin-resume", sc.EnterPin(here, MAI, "123456789012", under=sc.Route(here, shift))
    yield from _keys(here, shift)
    yield "date", sc.SetDate(here, shift, "2211")
    yield "date-wrong", sc.SetDate(here, shift, "", wrong=True)
    yield "uncertain", sc.UncertainFound(here, shift, case)
    yield "uncertain-count", sc.UncertainCount(here, shift, case, count)
    yield "uncertain-decide", sc.UncertainDecide(here, shift, case, Count((14, 1, 1, 1, 0, 0, 0, 0, 1)))
    yield "float", sc.CountFloat(here, shift, count)
    yield "source", sc.ChooseSource(here, shift, count)


def _visits(here: Frame, shift: Shift, visit: sc.Visit) -> Iterator[tuple[str, sc.Screen]]:
    face = FACE
    yield "route", sc.Route(here, shift)
    yield "route-practice", sc.Route(replace(here, mode=Mode.PRACTICE), shift)
    yield "door", sc.AtDoor(here, shift, visit)
    yield "lay-card", sc.LayCard(here, shift, visit)
    for trouble in CardTrouble:
        yield f"lay-card-{trouble}", sc.LayCard(replace(here, card_present=True), shift, visit, trouble)
    yield "reading", sc.Reading(here, shift, visit, OPERATION, ReadPhase.PHOTO, 6, 10)
    yield "face", sc.ConfirmFace(here, shift, visit, face)
    yield (
        "face-simulated",
        sc.ConfirmFace(replace(here, mode=Mode.PRACTICE), shift, visit, replace(face, simulated=True, photo=b"")),
    )
    doubts = tuple(Doubt(each, DOUBTED.get(each, "")) for each in CardDoubt)
    for first in range(0, len(doubts), 3):
        yield (
            f"face-doubts-{first}",
            sc.ConfirmFace(here, shift, visit, replace(face, doubts=doubts[first : first + 3])),
        )
    yield "face-doubts", sc.ConfirmFace(replace(here, mode=Mode.PRACTICE), shift, visit,
                                        replace(face, simulated=True, doubts=doubts))  # fmt: skip
    yield "offer", sc.ShowOffer(here, shift, visit, offer())
    notes = HandOver(Notes.of({500_000: 13, 200_000: 2, 50_000: 1, 2_000: 1, 1_000: 1}))
    yield "offer-many", sc.ShowOffer(here, shift, visit, offer(MANY, notes))
    yield "offer-practice", sc.ShowOffer(replace(here, mode=Mode.PRACTICE), shift, visit, offer())
    for halt in Halt:
        if halt is not Halt.NONE:
            stopped = replace(here, halt=halt)
            yield (
                f"halted-{halt}",
                sc.Halted(stopped, None if halt is Halt.WIPED else replace(shift, session_open=True)),
            )
    yield "unpaid", sc.UnpaidReasonScreen(here, shift, visit)
    for key in RefusalKey:
        yield f"refused-{key}", sc.RefusedScreen(here, shift, visit, key)
        yield f"refused-{key}-exact", sc.RefusedScreen(here, shift, visit, key, exact=True)
    yield "refused-no-visit", sc.RefusedScreen(here, shift, None, RefusalKey.ROLLED_BACK)
    yield "take-card", sc.TakeCard(here, shift, visit)


def _money(here: Frame, shift: Shift, visit: sc.Visit) -> Iterator[tuple[str, sc.Screen]]:
    payout = PayoutId("MAI07-1-38")
    change = HandOver(Notes.of({500_000: 2, 100_000: 1}), Notes.of({100_000: 1}))
    notes = HandOver(Notes.of({500_000: 13, 200_000: 2, 50_000: 1, 2_000: 1, 1_000: 1}))
    yield "hand-over", sc.HandOverCash(here, shift, visit, offer(), payout)
    yield "hand-over-change", sc.HandOverCash(here, shift, visit, offer(hand=change), payout)
    yield "hand-over-many", sc.HandOverCash(here, shift, visit, offer(MANY, notes), payout)
    yield "sign", sc.Sign(here, shift, visit, offer(), payout)
    yield "sign-done", sc.Sign(here, shift, visit, offer(), payout, SIGNATURE)
    yield "cannot-sign", sc.CannotSignReason(here, shift, visit, offer(), payout)
    yield "witness", sc.ChooseWitness(here, shift, visit, offer(), payout, CannotSign.TREMOR)
    yield "paid-printing", sc.Paid(here, shift, visit, offer(), payout, OPERATION)
    for result in PrintResult:
        yield f"paid-{result}", sc.Paid(here, shift, visit, offer(), payout, None, result, code="482913")
    yield "void", sc.VoidReasonScreen(here, shift, visit, offer(), payout)
    yield "void-shown", sc.VoidShown(here, shift, visit, offer(), payout, VoidReason.OPERATOR_ERROR)
    yield "void-count", sc.VoidCount(here, shift, visit, offer(), payout, VoidReason.DISPUTED_SUM, Count())


def _beside(here: Frame, shift: Shift, count: Count) -> Iterator[tuple[str, sc.Screen]]:
    report = CashReport(Vnd(14_250_000), Vnd(2_000_000), Vnd(500_000), Vnd(9_800_000), Vnd(500_000), Vnd(6_450_000),
                        Vnd(6_450_000), Vnd(0), 17)  # fmt: skip
    short = replace(report, counted=Vnd(6_350_000), variance=Vnd(100_000))
    route = sc.Route(here, shift)
    yield "menu", sc.Menu(here, route)
    yield "name", sc.TypeName(here, sc.ChooseSource(here, shift, count), "NGUYEENX THIJ HUWOWNG LANHF")
    yield "name-second", sc.TypeName(here, sc.ChooseSource(here, shift, count), "", second=True)
    yield "menu-high-contrast", sc.Menu(replace(here, high_contrast=True), route)
    yield "sync", sc.SyncState(here, route)
    told = replace(here, sync=SyncLight(0, 44, here.today, 0, online=True))
    yield "sync-done", sc.SyncState(told, replace(route, frame=told))
    never = replace(here, sync=SyncLight(waiting=7))
    yield "sync-never", sc.SyncState(never, replace(route, frame=never))
    for state in StickState:
        counts = (12, 12, 3, 3) if state is StickState.DONE else (5, 12, 0, 3)
        moving = replace(here, stick=StickLight(state, *counts))
        yield f"stick-{state}", sc.UsbStick(moving, replace(route, frame=moving))
    yield "shut-down", sc.ConfirmShutDown(here, route)
    yield "close-count", sc.CountClose(here, shift, count)
    yield "close-balanced", sc.CloseVariance(here, shift, count, report)
    yield "close-short", sc.CloseVariance(here, shift, count, short)
    yield (
        "close-reason",
        sc.CloseVariance(
            here, shift, count, replace(short, counted=Vnd(6_470_000), variance=Vnd(-20_000)), VarianceReason.COUNTING
        ),
    )
    yield "closed-printing", sc.Closed(here, shift, report, OPERATION)
    for result in PrintResult:
        yield f"closed-{result}", sc.Closed(here, shift, report, None, result)
    for wait in sc.Wait:
        yield f"waiting-{wait}", sc.Waiting(here, wait, OPERATION, route)
    for trouble in Trouble:
        yield f"fault-{trouble}", sc.FaultScreen(here, trouble, route)
    yield "still-there", sc.StillThere(here, 30, route)


def with_help(language: Language) -> Iterator[tuple[str, sc.Screen]]:
    """The gallery, and the help of each kind of screen that has one."""
    seen: set[type] = set()
    for name, screen in screens(language):
        yield name, screen
        if isinstance(screen, sc.Helped) and type(screen) not in seen:
            seen.add(type(screen))
            yield f"help-{name}", sc.HelpScreen(screen.frame, screen)
