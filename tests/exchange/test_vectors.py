"""The vectors of docs/protocol.md, read by the product and by a second reader that shares no code with it."""

from __future__ import annotations

import base64
import functools
import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.exchange import attachment, bundle, checkpoint, enrolment, handover, keys, orders, release, segment
from kiosk.exchange.errors import ExchangeError
from kiosk.exchange.shapes import NOTHING_HELD
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout import names as n
from tests.exchange import make_vectors, samples, second_reader, wire_tables
from tests.exchange.parties import Kit

FOLDER = Path(__file__).parent / "vectors"


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key(vector: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(vector["keys"][name])


def refusals(name: str) -> list[Any]:
    return [pytest.param(each["file"], each["key"], id=each["key"]) for each in load(name)["refused"]]


@pytest.mark.parametrize("at", [0, 1])
def test_segment(at: int) -> None:
    vector = load("segment")
    each = vector["files"][at]
    public, private = key(vector, "device_sign_public"), key(vector, "district_seal_private")
    ours = segment.open_segment(raw(each["file"]), public, keys.opener(private))
    assert [canonical.encode(entry) for entry in ours] == each["entries"]
    assert [entry.hash for entry in ours] == each["hashes"]
    header, theirs = second_reader.segment(raw(each["file"]), public, private)
    assert (header, theirs) == (each["header"], each["entries"])
    assert [second_reader.entry_hash(entry) for entry in theirs] == each["hashes"]


@pytest.mark.parametrize(("file", "why"), refusals("segment"))
def test_refused_segments(file: str, why: str) -> None:
    vector = load("segment")
    public, private = key(vector, "device_sign_public"), key(vector, "district_seal_private")
    with pytest.raises(ExchangeError) as ours:
        segment.open_segment(raw(file), public, keys.opener(private))
    with pytest.raises(second_reader.Refused) as theirs:
        second_reader.segment(raw(file), public, private)
    assert (ours.value.key, theirs.value.args[0]) == (why, why)


def test_attachment() -> None:
    vector = load("attachment")
    private = key(vector, "district_seal_private")
    ours = attachment.open_attachment(raw(vector["file"]), keys.opener(private))
    assert (ours.digest, ours.salt.hex(), ours.content.hex()) == (vector["digest"], vector["salt"], vector["content"])
    header, content = second_reader.attachment(raw(vector["file"]), private)
    assert (header["digest"], content.hex()) == (vector["digest"], vector["content"])
    files = {name: bytes.fromhex(each) for name, each in vector["chip_files"].items()}
    assert attachment.chip_files(content) == second_reader.chip_files(content) == files


def test_bundle() -> None:
    vector = load("bundle")
    public, private = key(vector, "district_sign_public"), key(vector, "device_seal_private")
    to = bundle.Addressee(samples.AREA, samples.DEVICE, samples.EPOCH, key(vector, "device_seal_public"))
    ours = bundle.open_bundle(raw(vector["file"]), public, to, NOTHING_HELD, keys.opener(private))
    assert (canonical.encode(ours.header), canonical.encode(ours.public)) == (vector["header"], vector["public"])
    header, face, sealed = second_reader.bundle(raw(vector["file"]), public, private)
    assert (header, face, sealed) == (vector["header"], vector["public"], canonical.encode(ours.sealed))
    listed = sealed["pay_list"]
    assert [each["person"]["full_name"] for each in listed["recipients"]] == vector["people"]
    assert sum(each["amount"] for each in listed["leases"]) == vector["total_vnd"]


@pytest.mark.parametrize(("file", "why"), refusals("bundle"))
def test_refused_bundles(file: str, why: str) -> None:
    vector = load("bundle")
    public, private = key(vector, "district_sign_public"), key(vector, "device_seal_private")
    with pytest.raises(ExchangeError) as ours:
        bundle.read_public(raw(file), public)
    with pytest.raises(second_reader.Refused) as theirs:
        second_reader.bundle(raw(file), public, private)
    assert (ours.value.key, theirs.value.args[0]) == (why, why)


def test_checkpoint() -> None:
    vector = load("checkpoint")
    public, private = key(vector, "district_sign_public"), key(vector, "district_sign_private")
    ours = checkpoint.read_checkpoint(raw(vector["file"]), public, Kit("k07", 1).addressee)
    theirs = second_reader.checkpoint(raw(vector["file"]), public)
    assert canonical.encode(ours) == theirs == vector["header"]
    assert second_reader.sign(private, b"TNC1", canonical.to_bytes(theirs), b"").hex() == vector["signature"]
    for each in vector["verdicts"]:
        place = each["epoch"], each["next"], each["below"], each["incarnation"]
        position = checkpoint.Position(n.Epoch(place[0]), n.Sequence(place[1]), place[2], place[3])
        assert checkpoint.judge(ours, position).value == second_reader.verdict(theirs, *place) == each["verdict"]


def test_order() -> None:
    vector = load("order")
    public, private = key(vector, "district_sign_public"), key(vector, "device_seal_private")
    _, ours = orders.open_order(raw(vector["file"]), public, Kit("k07", 1).addressee, 6, keys.opener(private))
    header, theirs = second_reader.order(raw(vector["file"]), public, private)
    assert canonical.encode(ours) == theirs == vector["order"]
    assert header == vector["header"]


def test_enrolment() -> None:
    vector = load("enrolment")
    secret, request = bytes.fromhex(vector["secret"]), vector["request"].encode()
    ours = enrolment.from_qr(vector["qr"])
    assert canonical.encode(ours) == second_reader.invitation(vector["qr"]) == vector["invitation"]
    assert ours.ticket == second_reader.ticket(secret) == vector["ticket"]
    assert enrolment.check_request(request, ours, ours.expires).mac == second_reader.request_mac(request, secret)
    grant = enrolment.check_grant(vector["grant"].encode(), request, ours)
    assert grant.mac == second_reader.grant_mac(vector["grant"].encode(), request, secret)
    shown = second_reader.fingerprint(key(vector, "device_sign_public"), key(vector, "device_seal_public"))
    assert enrolment.peek_request(request).fingerprint() == shown == vector["fingerprint"]


def test_release() -> None:
    vector = load("release")
    given = vector["stand_in"]
    secret = canonical.decode(bundle.LeaseSecret, vector["secret"])
    stand_in = canonical.decode(bundle.StandIn, given)
    code = second_reader.release_code(bytes.fromhex(secret.secret), secret.lease, secret.stand_in)
    assert release.release_code(secret) == code == vector["code"]
    ours = release.take(stand_in, secret.stand_in, code)
    record = raw(given["record"])
    theirs = second_reader.stand_in_record(code, secret.lease, secret.stand_in, given["code_hash"], record)
    assert canonical.encode(ours) == theirs == vector["record"]
    assert release.candidates((stand_in,), n.CitizenNumber(vector["number"])) == (stand_in,)


def test_handover() -> None:
    vector = load("handover")
    public = bytes.fromhex(vector["public"])
    ours = handover.verify_handover(vector["text"], lambda _device, _epoch: functools.partial(keys.verify, public))
    assert canonical.encode(ours) == second_reader.handover(vector["text"], public) == vector["handover"]


@pytest.mark.parametrize(
    ("text", "why"), [pytest.param(each["text"], each["key"], id=each["key"]) for each in load("handover")["refused"]]
)
def test_refused_handovers(text: str, why: str) -> None:
    public = bytes.fromhex(load("handover")["public"])
    with pytest.raises(second_reader.Refused) as theirs:
        second_reader.handover(text, public)
    ours = handover.verify_handover(text, lambda _device, _epoch: functools.partial(keys.verify, public))
    assert (ours, theirs.value.args[0]) == (why, why)


def test_witness() -> None:
    vector = load("witness")
    fact = canonical.decode(j.PayoutAuthorised, vector["fact"])
    ours = j.challenge(fact, vector["nonces"]).hex()
    assert ours == second_reader.challenge(vector["fact"], vector["nonces"]) == vector["challenge"]


# -- the page itself -----------------------------------------------------------------------------------------------


def test_the_second_reader_shares_no_code_with_the_product() -> None:
    text = Path(second_reader.__file__).read_text(encoding="utf-8")
    assert "import kiosk" not in text
    assert "from kiosk" not in text


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    """When this fails: `python -m tests.exchange.wire_tables`, and look whether old devices can still be read."""
    page = wire_tables.PAGE.read_text(encoding="utf-8")
    assert wire_tables.rewritten(page) == page


def test_what_the_product_writes_today_the_second_reader_reads() -> None:
    """Not only the vectors of the day they were made."""
    fresh = make_vectors.vectors()
    vector = fresh["segment"]
    public, private = key(vector, "device_sign_public"), key(vector, "district_seal_private")
    for each in vector["files"]:
        assert second_reader.segment(raw(each["file"]), public, private)[1] == each["entries"]
    assert set(fresh) == {path.stem for path in FOLDER.glob("*.json")}
