"""Papers about one payout: receipt, agent's copy, void, reversal, declined."""

from __future__ import annotations

from hardware.printer.layout import (
    Banner,
    Block,
    Line,
    Picture,
    Rule,
    SignBox,
    Size,
    Space,
    Strokes,
    Text,
)
from kiosk.paper import parts, words
from kiosk.payout.names import Role, VoidReason
from kiosk.payout.receipt import (
    CopyKind,
    DeclinedSlip,
    PayoutReceipt,
    ReversalSlip,
    VoidSlip,
    total_of,
)

Signature = Strokes | Picture


def payout(receipt: PayoutReceipt, signature: Signature | None) -> tuple[Block, ...]:
    """The recipient's receipt, or the copy that the post keeps."""
    agents = receipt.copy is CopyKind.AGENT
    return (
        *((Banner(words.AGENT_COPY),) if agents else ()),
        *parts.head(receipt.origin, "PHIẾU NHẬN TIỀN"),
        *_people(receipt),
        *parts.entitlement_rows(receipt.lines),
        *parts.total(receipt.origin, receipt.total),
        Text(words.NO_FEE, Size.BODY, bold=True),
        *_signed(receipt, signature),
        Rule(Line.DASHED),
        *parts.provenance(receipt.origin),
        *_evidence(receipt),
        *parts.foot(receipt.origin, receipt.claim),
    )


def _people(receipt: PayoutReceipt) -> tuple[Block, ...]:
    recipient = parts.person("Người hưởng", receipt.recipient_name)
    if receipt.role is Role.SELF:
        return recipient
    return (*recipient, *parts.person(words.ROLE[receipt.role], receipt.payee_name))


def _signed(receipt: PayoutReceipt, signature: Signature | None) -> tuple[Block, ...]:
    if receipt.cannot_sign is None:
        label = Text("Đã nhận đủ tiền, ký tên:", Size.SMALL)
        return (Space(10), label, signature) if signature is not None else ()
    why = words.CANNOT_SIGN[receipt.cannot_sign]
    if receipt.copy is CopyKind.AGENT:
        print_box = SignBox(f"Điểm chỉ ({why}):", receipt.payee_name, 240)
        return (Space(10), print_box, Space(10), SignBox("Người làm chứng ký:", receipt.witness_name, 140))
    return parts.facts(("Điểm chỉ trên liên bưu điện giữ", why), ("Người làm chứng", receipt.witness_name))


def _evidence(receipt: PayoutReceipt) -> tuple[Block, ...]:
    """``Căn cước mức A: đúng chip, đúng nơi cấp, chip đã ký``; a simulated card proved nothing of the kind (M8)."""
    level = receipt.evidence_level
    found = f"{words.LEVEL[level]}, {words.WITNESS[receipt.witness]}"
    return parts.facts((f"Căn cước mức {level.value}", words.SIMULATED if receipt.origin.simulated else found))


def void(slip: VoidSlip) -> tuple[Block, ...]:
    """Nothing was paid: says so first, in large letters."""
    return (
        *parts.head(slip.origin, "PHIẾU HỦY CHI TRẢ"),
        Banner("CHƯA TRẢ TIỀN"),
        Space(8),
        *parts.person("Người hưởng", slip.recipient_name),
        *parts.entitlement_rows(slip.lines),
        *parts.total(slip.origin, total_of(slip.lines)),
        Space(5),
        *parts.facts(("Lý do", words.VOID[slip.reason])),
        Text("Khoản này còn nguyên, sẽ được trả sau.", Size.BODY, bold=True),
        Rule(Line.DASHED),
        *parts.provenance(slip.origin),
        *parts.foot(slip.origin),
    )


def reversal(slip: ReversalSlip) -> tuple[Block, ...]:
    """A payout taken back; both people of the post sign."""
    return (
        *parts.head(slip.origin, "PHIẾU THU HỒI TIỀN"),
        Banner("ĐÃ THU LẠI TIỀN"),
        Space(8),
        *parts.person("Người hưởng", slip.recipient_name),
        *(parts.person("Người đã nhận", slip.payee_name) if slip.payee_name != slip.recipient_name else ()),
        *parts.entitlement_rows(slip.lines),
        *parts.total(slip.origin, total_of(slip.lines)),
        *parts.facts(
            ("Lý do", words.REVERSAL[slip.reason]),
            ("Phiếu bị hủy", str(slip.paid_number)),
        ),
        *parts.signatures(
            ("Người nộp lại tiền", slip.payee_name),
            ("Nhân viên", slip.origin.agent),
            ("Người thứ hai", slip.second),
        ),
        Rule(Line.DASHED),
        *parts.provenance(slip.origin),
        *parts.foot(slip.origin),
    )


def declined(slip: DeclinedSlip) -> tuple[Block, ...]:
    """The recipient's own proof of having said no, with the sum as they see it."""
    disputed = slip.reason is VoidReason.DISPUTED_SUM
    return (
        *parts.head(slip.origin, "PHIẾU GHI Ý KIẾN" if disputed else "PHIẾU KHÔNG NHẬN TIỀN"),
        Banner("CHƯA TRẢ TIỀN"),
        Space(8),
        *parts.person("Người hưởng", slip.recipient_name),
        Text("Số tiền trên danh sách:", Size.SMALL),
        *parts.entitlement_rows(slip.lines),
        *parts.total(slip.origin, total_of(slip.lines)),
        Space(10),
        Text(words.VOID[slip.reason], Size.BODY, bold=True),
        Text("Khoản này còn nguyên. Hôm nay chưa nhận cũng không mất quyền lợi.", Size.BODY),
        Space(10),
        SignBox("Ký hoặc điểm chỉ:", slip.recipient_name, 160),
        Rule(Line.DASHED),
        *parts.provenance(slip.origin),
        *parts.foot(slip.origin),
    )
