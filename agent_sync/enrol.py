"""Carrying an enrolment: the kiosk's request up, the officer's grant down, a TLS key for the courier.

During enrolment the CA is not known yet, so TLS proves nothing: request and grant are MACed under
the QR's secret, and the CA is believed only out of a grant whose MAC holds.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from requests.exceptions import RequestException

from agent_sync import api, courier_home
from agent_sync.errors import BadAnswer, BadHome, NotTrusted, Unreachable
from agent_sync.wire import CONNECT_S, READ_S, HttpsWire
from kiosk.durable import write_whole
from kiosk.exchange import enrolment as enrolments
from kiosk.exchange import spool
from kiosk.exchange.errors import ExchangeError

POLL_S = 0.5
MAX_GRANT = enrolments.MAX_MESSAGE


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, and how."""

    until: float
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep

    def wait(self, for_what: str) -> None:
        """Pause a little. Raises Unreachable once the time is over."""
        if self.clock() >= self.until:
            raise Unreachable(f"gave up waiting for {for_what}")
        self.pause(POLL_S)


def enrol(folder: Path, spool_folder: Path | None, qr: str, patience: Patience) -> courier_home.CourierHome:
    """Post the kiosk's request, wait for the grant, place it in spool/in, keep CA and client key.

    Raises SyncError; nothing is kept before the grant's MAC held.
    """
    try:
        invitation = enrolments.from_qr(qr)
    except ExchangeError as error:
        raise BadHome(f"this QR is no invitation: {error.key.value}") from error
    where = courier_home.spool_of(folder, spool_folder)
    request = _request(where / "out", invitation.ticket, patience)
    url, data = _grant(invitation, request, patience)
    try:
        grant = enrolments.check_grant(data, request, invitation)
    except ExchangeError as error:
        raise NotTrusted(f"the grant was refused: {error.key.value}") from error
    write_whole(folder / "ca.pem", grant.ca_pem.encode())
    courier_home.save(folder, courier_home.Link(url, grant.area, grant.device, int(grant.epoch)))
    home = courier_home.load(folder, where)
    _certificate(home, invitation, patience)
    spool.Inbox(home.inbox).deliver(spool.FileKind.ENROLMENT, invitation.ticket, data)
    return home


def _request(out: Path, ticket: str, patience: Patience) -> bytes:
    """The kiosk's request, once it lies in the spool."""
    while True:
        for each in spool.Outbox(out).files():
            if each.name == f"e-{ticket}.tn":
                return spool.read(each, enrolments.MAX_MESSAGE)
        patience.wait("the kiosk's request")


def _grant(invitation: enrolments.Invitation, request: bytes, patience: Patience) -> tuple[str, bytes]:
    """(address that answered, grant) once the officer has confirmed."""
    while True:
        for url in invitation.urls:
            try:
                data = _post_unproven(url + api.enrolment_path(invitation.area, invitation.ticket), request)
            except Unreachable:
                continue
            if data is not None:
                return url, data
        patience.wait("the officer's confirmation")


def _post_unproven(url: str, body: bytes) -> bytes | None:
    """POST without a known CA: what comes back is believed for its MAC only."""
    if not url.startswith("https://"):
        raise BadHome("an invitation leads to an https address")
    try:
        with warnings.catch_warnings(), requests.Session() as session:
            warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
            session.trust_env = False
            response = session.post(
                url, data=body, timeout=(CONNECT_S, READ_S), verify=False, allow_redirects=False,
                headers={"Content-Type": api.OCTETS},
            )  # fmt: skip
    except (RequestException, OSError) as error:
        raise Unreachable(type(error).__name__) from error
    if response.status_code == 202:
        return None
    if response.status_code != 200 or len(response.content) > MAX_GRANT:
        raise BadAnswer(f"the district refused the enrolment ({response.status_code})")
    return response.content


def _certificate(home: courier_home.CourierHome, invitation: enrolments.Invitation, patience: Patience) -> None:
    """Our own TLS key, signed by the area's CA over a connection that the CA proves."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, home.link.device)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    pem = request.public_bytes(serialization.Encoding.PEM)
    while (signed := _signed(home, api.certificate_path(invitation.area, invitation.ticket), pem)) is None:
        patience.wait("the courier's certificate")
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    courier_home.write_key(home.folder / "client.key", plain)
    write_whole(home.folder / "client.pem", signed)


def _signed(home: courier_home.CourierHome, path: str, request: bytes) -> bytes | None:
    """The certificate, or None while the line does not carry it. Raises BadAnswer."""
    wire = HttpsWire(home.link.url, home.ca, None)
    try:
        answer = wire.post(path, request, (200,))
        x509.load_pem_x509_certificate(answer.body)
    except Unreachable:
        return None
    except ValueError as error:
        raise BadAnswer("the client certificate cannot be read") from error
    finally:
        wire.close()
    return answer.body
