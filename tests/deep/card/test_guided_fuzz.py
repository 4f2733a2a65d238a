"""A million mutated files and answers: nothing but our own errors, nothing slow, nothing large."""

import dataclasses
import json
import math
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from hardware.card import cccd, certificates, cms, file_reader, files, mrz, security_infos, tlv
from hardware.card.apdu import Command, Response
from hardware.card.authenticity import passive_authentication, verify_active
from hardware.card.errors import CardError
from hardware.card.public_keys import parse_public_key
from hardware.card.reading import Chain, Integrity
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.symmetric import Suite, session_keys
from hardware.card.trust import TrustStore, open_master_list
from hardware.virtual.card.direct import DirectLink
from hardware.virtual.card.lds import dg2
from hardware.virtual.card.personas import card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.protection import parse_command, wrap_response
from hardware.virtual.card.variants import VARIANTS
from tests.deep.card.guided import Guided, Report
from tests.hardware.card.kit import ISSUER, TODAY, TRUST, Laid

RUNS = int(os.environ.get("CARD_FUZZ_RUNS", "1000000"))
SEED = int(os.environ.get("CARD_FUZZ_SEED", "0"))
"""Another seed, other mutations."""
SLOWEST_S = 5.0
"""Of CPU, for a run that is traced line by line."""
PEAK_BYTES = 16_000_000
CARD = card_of(ISSUER, "ba-sau")
RSA = card_of(ISSUER, "ong-tu", VARIANTS["rsa-aa"])
GROUPS = {int(name[2:]): data for name, data in CARD.files.items() if name.startswith("DG")}
RESPONSE = bytes(64)
CRL = ISSUER.crl((1, 2, 3))
SIGNER = certificates.parse_certificate(ISSUER.signer_certificate).fingerprint
FACE = dg2(bytes.fromhex("ffd8ffe0") + bytes(90))
DETAILS = tlv.encode(0x6B, tlv.encode(0x5C, bytes.fromhex("5f0e5f11")), tlv.encode(0x5F0E, b"NGUYEN<<THI<SAU"))


def _answers() -> list[bytes]:
    session = SecureMessaging(session_keys(bytes(16), Suite.AES128), 1)
    return [wrap_response(session, Response(bytes(size), 0x9000), odd=False) for size in (0, 5, 200)]


def _unwrap(data: bytes) -> None:
    session = SecureMessaging(session_keys(bytes(16), Suite.AES128))
    session.wrap(Command(0xB0, 0, 0, le=4))
    session.unwrap(Response(data, 0x9000))


def _judge(data: bytes) -> None:
    passive = passive_authentication(data, GROUPS, TRUST, TODAY)
    if passive.integrity is Integrity.PASSED and passive.chain is Chain.PASSED:
        # A changed certificate may carry the same key; then the chain must say so.
        assert passive.signer_fingerprint == SIGNER


def _active(data: bytes) -> None:
    assert not verify_active(data, bytes(8), RESPONSE, CARD.files["DG14"])


def _sign_rsa(data: bytes) -> None:
    assert not verify_active(RSA.files["DG15"], bytes(8), data, None)


def _mrz(data: bytes) -> None:
    mrz.parse_mrz(data.decode("latin-1"))


def _crl(data: bytes) -> None:
    store = TrustStore.of([ISSUER.csca_certificate], [data])
    assert store.crls[0].tbs == certificates.parse_crl(CRL).tbs


def _master(data: bytes) -> None:
    open_master_list(data, TRUST)


def _walk(data: bytes) -> None:
    list(tlv.walk(data))


class Scripted:
    """A real card on a wire that changes answers as the bytes say: which answer, what, where, by what."""

    def __init__(self, script: bytes) -> None:
        self._inner = CardProgram(CARD)
        self.atr = self._inner.atr
        steps = [script[at : at + STEP] for at in range(0, len(script) - STEP + 1, STEP)]
        self._changes = {step[0]: step for step in steps}
        self.count = 0

    def power(self) -> None:
        """Power on."""
        self._inner.power()

    def process(self, apdu: bytes) -> bytes:
        """The answer, changed where the script says so."""
        answer, change = bytearray(self._inner.process(apdu)), self._changes.get(self.count)
        self.count += 1
        if change is None:
            return bytes(answer)
        at = (change[2] << 8 | change[3]) % (len(answer) + 1)
        match change[1] % 4:
            case 0:
                answer[at : at + 1] = change[4:5]
            case 1:
                del answer[at:]
            case 2:
                answer[at:at] = change[4:5] * change[2]
            case _:
                answer[-2:] = change[3:5]
        return bytes(answer)


def _session(script: bytes) -> None:
    file_reader.forget_sizes()
    card = Scripted(script)
    try:
        reading = Laid(CARD, DirectLink(card)).read()
    finally:
        assert card.count < APDU_BOUND
    if reading.checks.integrity is Integrity.PASSED:
        assert all(CARD.files[name] == data for name, data in reading.files.items() if name != "CardAccess")


STEP, APDU_BOUND = 5, 2_000
Work = tuple[float, Callable[[bytes], object], list[bytes]]
"""Share of the runs, target, seeds."""

SOD = CARD.files["SOD"]
SMALL = [data for name, data in CARD.files.items() if name != "DG2"]
TARGETS: dict[str, Work] = {
    "tlv": (16, _walk, SMALL),
    "dg1": (8, files.parse_dg1, [CARD.files["DG1"]]),
    "dg2": (6, files.parse_dg2, [FACE]),
    "dg11": (4, files.parse_dg11, [DETAILS]),
    "dg13": (12, cccd.parse_dg13, [CARD.files["DG13"]]),
    "dg14": (10, lambda data: security_infos.parse_security_infos(files.parse_dg14(data)), [CARD.files["DG14"]]),
    "card access": (6, security_infos.parse_security_infos, [CARD.files["CardAccess"]]),
    "dg15": (4, lambda data: parse_public_key(files.parse_dg15(data)), [CARD.files["DG15"], RSA.files["DG15"]]),
    "mrz": (6, _mrz, [CARD.files["DG1"][5:]]),
    "sod": (8, files.parse_sod, [SOD]),
    "cms": (4, cms.parse_signed_data, [SOD[4:]]),
    "certificate": (6, certificates.parse_certificate, [ISSUER.signer_certificate, ISSUER.csca_certificate]),
    "secure messaging": (6, _unwrap, _answers()),
    "command": (2, parse_command, [bytes.fromhex("00a4040c07a0000002471001"), bytes.fromhex("00b00000000800")]),
    "passive": (1, _judge, [SOD]),
    "active": (1, _active, [CARD.files["DG15"]]),
    "rsa answer": (1, _sign_rsa, [bytes(256)]),
    "revocation": (1, _crl, [CRL]),
    "master list": (1, _master, [ISSUER.master_list((ISSUER.csca_certificate,))]),
    "whole read": (0.1, _session, [b"", bytes((5, 0, 0, 3, 0xFF)), bytes((9, 3, 0, 0x61, 0x10, 20, 1, 0, 9, 0))]),
}


def test_a_million_mutations(tmp_path: Path) -> None:
    shares = sum(share for share, _, _ in TARGETS.values())
    reports: dict[str, Report] = {}
    for name, (share, target, seeds) in TARGETS.items():

        def once(data: bytes, target: Callable[[bytes], object] = target) -> None:
            target(data)

        reports[name] = Guided(once, seeds, CardError, seed=SEED + len(name)).run(math.ceil(RUNS * share / shares))
    summary = {
        name: dataclasses.asdict(report) | {"findings": len(report.findings)} for name, report in reports.items()
    }
    (tmp_path / "fuzz.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")
    print(json.dumps(summary))
    findings = {name: report.findings[:2] for name, report in reports.items() if report.findings}
    assert not findings
    assert max(report.slowest_s for report in reports.values()) < SLOWEST_S
    assert all(report.kept > 1 for report in reports.values())
    assert sum(report.runs for report in reports.values()) >= RUNS


def test_no_mutation_makes_a_parser_allocate() -> None:
    tracemalloc.start()
    for name, (_, target, seeds) in TARGETS.items():
        Guided(lambda data, target=target: target(data), seeds, CardError, seed=1).run(  # type: ignore[misc]
            20 if target is _session else 200
        )
        _, peak = tracemalloc.get_traced_memory()
        assert peak < PEAK_BYTES, name
        tracemalloc.reset_peak()
    tracemalloc.stop()
