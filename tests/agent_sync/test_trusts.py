"""Issuers and revocation lists: judged at the district as a kit judges them, and brought to kits by bundles."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent_sync.district import signers, standing_data, trusts, witness
from agent_sync.district.cli import main
from agent_sync.district.errors import BadInput, NotPermitted, Unknown
from agent_sync.district.schema import payout
from agent_sync.district.states import WitnessState
from hardware.card.reading import Chain
from hardware.card.trust import TrustStore
from hardware.virtual.card.issuer import CSCA_DAYS, CertificatePlan, make_certificate, make_issuer, name
from hardware.virtual.card.personas import card_of
from kiosk.exchange import bundle as xb
from kiosk.payout.names import Mode, Programme
from tests.agent_sync.field_kit import FieldKit, Seat
from tests.agent_sync.test_intake import rows, send, send_attachments
from tests.hardware.card.kit import lay
from tests.hardware.card.test_trust import link_to, pem

ISSUER = make_issuer(b"the district's issuer")
STRANGER = make_issuer(b"nobody's issuer")


def add(seat: Seat, folder: Path, data: bytes, accept: bytes | None = None) -> trusts.Added:
    file = folder / "file"
    file.write_bytes(data)
    with seat.database.write() as connection:
        return trusts.add(connection, seat.home, file, accept)


def held(seat: Seat) -> TrustStore:
    with seat.database.read() as connection:
        return trusts.store(connection, seat.home.area)


def test_roots_links_and_lists_are_let_in_once(seat: Seat, tmp_path: Path) -> None:
    assert len(add(seat, tmp_path, ISSUER.csca_certificate).issuers) == 1
    assert add(seat, tmp_path, ISSUER.csca_certificate) == trusts.Added()
    assert "Virtual CSCA 2" in add(seat, tmp_path, link_to(ISSUER)).issuers[0][1]
    assert add(seat, tmp_path, ISSUER.crl((7,))).crls == 1
    master = ISSUER.master_list((STRANGER.csca_certificate, b"\x30\x00"))
    listed = add(seat, tmp_path, master)
    assert (len(listed.issuers), listed.crls, listed.left_out) == (1, 0, 1)
    assert len(held(seat).cscas) == 3


@pytest.mark.parametrize(
    "data",
    [
        link_to(STRANGER),
        STRANGER.crl(),
        STRANGER.master_list((ISSUER.csca_certificate,)),
        ISSUER.signer_certificate,
        b"",
        b"a picture",
        b"-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----",
    ],
)
def test_what_a_kit_could_not_use_never_reaches_one(seat: Seat, tmp_path: Path, data: bytes) -> None:
    add(seat, tmp_path, ISSUER.csca_certificate)
    with pytest.raises(BadInput):
        add(seat, tmp_path, data)
    assert len(held(seat).cscas) == 1


def test_a_newer_revocation_list_takes_the_place_of_the_older(seat: Seat, tmp_path: Path) -> None:
    add(seat, tmp_path, ISSUER.csca_certificate)
    add(seat, tmp_path, ISSUER.crl((7,)))
    add(seat, tmp_path, ISSUER.crl((7, 8), datetime(2026, 11, 9, tzinfo=UTC)))
    assert [sorted(each.revoked) for each in held(seat).crls] == [[7, 8]]


def test_the_test_issuer_stays_in_practice(seat: Seat, tmp_path: Path) -> None:
    production = replace(seat.home, settings=replace(seat.home.settings, mode=Mode.PRODUCTION))
    file = tmp_path / "root.der"
    file.write_bytes(ISSUER.csca_certificate)
    with pytest.raises(NotPermitted), seat.database.write() as connection:
        trusts.add(connection, production, file)


def test_a_bundle_brings_both_to_the_kit(seat: Seat, kit: FieldKit, tmp_path: Path) -> None:
    add(seat, tmp_path, kit.issuer.crl((4711,)))
    public = seat.bundle(kit).public
    store = TrustStore.of(public.certificates(), (xb.from_pieces(each) for each in public.crls))
    assert [each.raw for each in store.cscas] == [kit.issuer.csca_certificate]
    assert [each.revoked for each in store.crls] == [frozenset({4711})]


def german(number: int) -> bytes:
    """A root of another country."""
    subject = name(f"CSCA {number}", organization="Bund").replace(b"\x13\x02VN", b"\x13\x02de")
    return make_certificate(CertificatePlan(number, subject, subject, CSCA_DAYS, ca=True), STRANGER.csca, STRANGER.csca)


def test_of_a_world_list_only_this_country_goes_into_bundles(seat: Seat, tmp_path: Path) -> None:
    add(seat, tmp_path, ISSUER.csca_certificate)
    world = ISSUER.master_list((*map(german, range(40)), STRANGER.csca_certificate, link_to(ISSUER)))
    listed = add(seat, tmp_path, world)
    assert (len(listed.issuers), listed.left_out, listed.elsewhere) == (2, 0, 40)
    assert len(held(seat).cscas) == 3
    assert len(add(seat, tmp_path, german(1)).issuers) == 1, "what an officer chose by hand is taken"


def test_more_than_bundles_can_carry_is_refused_whole(seat: Seat, tmp_path: Path) -> None:
    many = b"".join(pem("CERTIFICATE", german(number)) for number in range(trusts.MAX_CERTIFICATES + 1))
    with pytest.raises(BadInput, match=r"33 certificates .* do not fit into bundles"):
        add(seat, tmp_path, many)
    assert held(seat).cscas == ()


def test_a_list_that_is_too_long_and_one_that_is_too_old(seat: Seat, tmp_path: Path) -> None:
    add(seat, tmp_path, ISSUER.csca_certificate)
    with pytest.raises(BadInput, match="200000 bytes"):
        add(seat, tmp_path, ISSUER.crl(tuple(range(1_000_000, 1_009_500))))
    add(seat, tmp_path, ISSUER.crl((7,)))
    with pytest.raises(BadInput, match="newer"):
        add(seat, tmp_path, ISSUER.crl((), datetime(2026, 10, 1, tzinfo=UTC)))
    assert [sorted(each.revoked) for each in held(seat).crls] == [[7]]


def drop(seat: Seat, start: str) -> list[str]:
    with seat.database.write() as connection:
        return [each.subject for each in trusts.withdraw(connection, seat.home.area, start)]


def test_what_only_a_withdrawn_root_vouched_for_goes_with_it(seat: Seat, tmp_path: Path) -> None:
    for data in (ISSUER.csca_certificate, link_to(ISSUER), ISSUER.crl((7,)), STRANGER.csca_certificate):
        add(seat, tmp_path, data)
    root = hashlib.sha256(ISSUER.csca_certificate).hexdigest()
    gone = drop(seat, root[:8].upper())
    assert (len(gone), root[:16] in gone[0]) == (3, True)
    assert [each.raw for each in held(seat).cscas] == [STRANGER.csca_certificate]
    for unknown in (root, root[:7], ""):
        with pytest.raises(Unknown):
            drop(seat, unknown)
    assert len(add(seat, tmp_path, ISSUER.csca_certificate).issuers) == 1
    assert len(held(seat).cscas) == 2, "what is brought again counts again"


def test_a_withdrawn_issuers_cards_pass_no_more_after_the_next_bundle(seat: Seat, kit: FieldKit) -> None:
    def chain() -> tuple[Chain, int]:
        opened = seat.bundle(kit)
        store = TrustStore.of(opened.public.certificates(), (xb.from_pieces(each) for each in opened.public.crls))
        return lay(card_of(kit.issuer, "ba-sau")).read(store).checks.chain, opened.header.held.version

    before, version = chain()
    drop(seat, hashlib.sha256(kit.issuer.csca_certificate).hexdigest())
    assert (before, chain()) == (Chain.PASSED, (Chain.UNKNOWN_ISSUER, version + 1))


def test_the_commands_list_bring_and_withdraw(seat: Seat, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "root.der"
    file.write_bytes(ISSUER.csca_certificate)
    root = hashlib.sha256(ISSUER.csca_certificate).hexdigest()

    def run(*words: str) -> tuple[int, Any]:
        code = main(["trust", *words, "--home", str(seat.home.folder), "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    code, brought = run("import", str(file))
    assert (code, brought["issuers"][0]["fingerprint"], brought["elsewhere"]) == (0, root, 0)
    assert [each["fingerprint"] for each in run("list")[1]["trusted"]] == [root]
    assert run("observe", "ab" * 32, "--name", "thẻ cấp 2021") == (0, {"observed": "ab" * 32})
    assert run("level-b", "--programme", "social_pension") == (0, {"level_b": ["social_pension"]})
    shown = run("list")[1]
    assert (shown["observed"], shown["level_b"]) == ({"ab" * 32: "thẻ cấp 2021"}, ["social_pension"])
    assert list(run("withdraw", root[:12])[1]["withdrawn"]) == [root]
    assert run("withdraw", "ab" * 32) == (0, {"withdrawn": {"ab" * 32: "observed signer"}})
    assert run("level-b") == (0, {"level_b": []})
    emptied = run("list")[1]
    assert (emptied["trusted"], emptied["observed"], emptied["bytes"], emptied["level_b"]) == ([], {}, 0, [])
    assert [run(*words)[0] for words in (("withdraw", root), ("observe", "xyz"), ("import", str(tmp_path / "no")))] == [
        2,
        2,
        2,
    ]
    assert main(["trust", "list", "--home", str(seat.home.folder)]) == 0
    assert "level B pays: nothing" in capsys.readouterr().out


# --- level B: cards whose issuer nobody handed out --------------------------------------------------------------------


def test_signers_of_unknown_issuers_are_counted_by_person_and_listed_for_kits(seat: Seat, kit: FieldKit) -> None:
    for persona in ("ba-sau", "ba-khe"):
        kit.pay(persona)
    send(seat, kit, kit.seal())
    send_attachments(seat, kit)

    def seen() -> list[tuple[str, int]]:
        with seat.database.read() as connection:
            return [(each.fingerprint, each.people) for each in signers.seen(connection, seat.home.area)]

    assert seen() == [], "their issuer is known"
    drop(seat, hashlib.sha256(kit.issuer.csca_certificate).hexdigest())
    signer = hashlib.sha256(kit.issuer.signer_certificate).hexdigest()
    assert seen() == [(signer, 2)]
    with seat.database.write() as connection:
        signers.observe(connection, seat.home.area, signer, "thấy trên 2 thẻ")
        signers.set_level_b(connection, seat.home.area, (Programme.SOCIAL_PENSION,))
    sealed = seat.bundle(kit).sealed
    assert (sealed.observed_signers, sealed.pay_list.policy.level_b_programmes) == (
        (signer,),
        (Programme.SOCIAL_PENSION,),
    )


def pins(seat: Seat, kit: FieldKit) -> list[str]:
    while witness.check_pending(seat.database, seat.home.area):
        pass
    return [str(each.key) for each in seat.bundle(kit).sealed.pinned_keys]


def test_a_chip_is_pinned_to_whom_it_signed_for_unless_its_signature_fails(seat: Seat, kit: FieldKit) -> None:
    good = kit.pay("ba-sau").witness
    kit.complete(kit.authorise("ba-khe", signer="ong-tu"))
    send(seat, kit, kit.seal())
    send_attachments(seat, kit)
    assert good is not None
    assert pins(seat, kit) == [good.key]


def test_a_witness_of_an_unknown_issuer_is_looked_at_again_when_one_is_brought(
    seat: Seat, kit: FieldKit, tmp_path: Path
) -> None:
    drop(seat, hashlib.sha256(kit.issuer.csca_certificate).hexdigest())
    kit.pay("ba-sau")
    send(seat, kit, kit.seal())
    send_attachments(seat, kit)

    def state() -> str:
        pins(seat, kit)
        return str(rows(seat, payout)[0]["witness"])

    assert state() == WitnessState.ISSUER_UNKNOWN.value
    file = tmp_path / "root.der"
    file.write_bytes(kit.issuer.csca_certificate)
    assert main(["trust", "import", str(file), "--home", str(seat.home.folder)]) == 0
    assert state() == WitnessState.VERIFIED.value


def test_no_more_signers_than_a_bundle_carries(seat: Seat) -> None:
    with seat.database.write() as connection:
        full = {f"{number:064x}": "" for number in range(signers.MAX_OBSERVED)}
        standing_data.write_setting(connection, seat.home.area, signers.OBSERVED, json.dumps(full))
        with pytest.raises(BadInput, match="500 observed"):
            signers.observe(connection, seat.home.area, "ab" * 32, "")
        with pytest.raises(Unknown):
            signers.forget(connection, seat.home.area, "ab" * 32)
