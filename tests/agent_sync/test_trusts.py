"""Issuers and revocation lists: judged at the district as a kit judges them, and brought to kits by bundles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent_sync.district import trusts
from agent_sync.district.errors import BadInput, NotPermitted
from hardware.card.trust import TrustStore
from hardware.virtual.card.issuer import make_issuer
from kiosk.exchange import bundle as xb
from kiosk.payout.names import Mode
from tests.agent_sync.field_kit import FieldKit, Seat
from tests.hardware.card.test_trust import link_to

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
    assert add(seat, tmp_path, ISSUER.csca_certificate) == trusts.Added((), 0, 0)
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
