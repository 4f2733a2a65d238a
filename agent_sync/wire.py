"""HTTP over TLS to the area's district, and to nobody else.

Only the area's own CA is trusted. Answers are bounded in size and time, redirects are not followed,
proxies of the environment are not used. Everything that can break becomes one of three faults.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from ssl import SSLEOFError, SSLZeroReturnError
from typing import Protocol

import requests
from requests.exceptions import RequestException, SSLError

from agent_sync import api
from agent_sync.errors import BadAnswer, NotTrusted, Unreachable

CONNECT_S = 10.0
READ_S = 90.0
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A bounded answer."""

    status: int
    body: bytes
    tag: str = ""


class Wire(Protocol):
    """What the courier needs of the network."""

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        """POST bytes. Raises SyncError."""
        ...

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        """GET, with the ETag that is held. Raises SyncError."""
        ...


class HttpsWire:
    """A kept-alive connection with the area's CA and, where there is one, a client certificate."""

    def __init__(self, url: str, ca: Path, client: tuple[Path, Path] | None) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(ca)
        self._session.cert = None if client is None else (str(client[0]), str(client[1]))

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        """POST bytes. Raises Unreachable, NotTrusted or BadAnswer."""
        return self._ask("POST", path, body, {"Content-Type": api.OCTETS}, expected)

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        """GET. Raises Unreachable, NotTrusted or BadAnswer."""
        return self._ask("GET", path, None, {"If-None-Match": tag} if tag else {}, expected)

    def close(self) -> None:
        """Close connections."""
        self._session.close()

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], expected: tuple[int, ...]
    ) -> Answer:
        try:
            with self._session.request(
                method, self._url + path, data=body, headers=headers, timeout=(CONNECT_S, READ_S), stream=True,
                allow_redirects=False,
            ) as response:  # fmt: skip
                answer = Answer(response.status_code, _bounded(response), response.headers.get("ETag", "")[:200])
        except SSLError as error:
            if _cut_off(error):
                raise Unreachable("the connection broke while it was made") from error
            raise NotTrusted("the other end is not the area's district") from error
        except (RequestException, OSError) as error:
            raise Unreachable(type(error).__name__) from error
        if answer.status in expected:
            return answer
        if answer.status in (408, 429, 500, 502, 503, 504):
            raise Unreachable(f"the district answered {answer.status}")
        raise BadAnswer(f"the district answered {answer.status}")


def _cut_off(error: BaseException | None) -> bool:
    """True for a handshake that ended early, which any bad line does: a foreign certificate says something else."""
    while error is not None and not isinstance(error, SSLEOFError | SSLZeroReturnError):
        within = (*error.args, getattr(error, "reason", None))
        error = next((each for each in within if isinstance(each, BaseException)), None)
    return error is not None


def _bounded(response: requests.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(CHUNK):
        size += len(part)
        if size > api.MAX_ANSWER_BYTES:
            raise BadAnswer("the answer is too large")
        parts.append(part)
    expected = response.headers.get("Content-Length")
    if expected is not None and response.headers.get("Content-Encoding") is None and int(expected) != size:
        raise Unreachable("the answer was cut off")
    return b"".join(parts)
