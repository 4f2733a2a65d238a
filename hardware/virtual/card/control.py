"""Why: demo, tests and the control desk lay cards from other processes, over a socket that speaks JSON lines.

{"do": "lay", "persona": "ba-sau"}   {"do": "take"}   {"do": "list"}   {"do": "stop"}
answer {"ok": true, ...} or {"ok": false, "error": key, "message": text}.
"""

import argparse
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, Final

from hardware.virtual.card.faults import FAULTS, FaultyCard
from hardware.virtual.card.field import DEFAULT_PORT, Field
from hardware.virtual.card.issuer import Issuer, load_or_make_issuer
from hardware.virtual.card.personas import CARDS, card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.variants import VARIANTS

MAX_LINE: Final = 4096
Answer = dict[str, Any]


class Desk:
    """Keeps the issuer and the field, and does what a line asks."""

    def __init__(self, issuer: Issuer, field: Field) -> None:
        self._issuer = issuer
        self._field = field
        self._lying: str | None = None
        self.stopped = False

    def do(self, line: bytes) -> Answer:
        """One request; never raises on what a client sent."""
        try:
            request = json.loads(line)
        except ValueError:
            return _refuse("bad_request", "not a line of JSON")
        if not isinstance(request, dict):
            return _refuse("bad_request", "not an object")
        match request.get("do"):
            case "lay":
                return self._lay(request)
            case "take":
                return self._take()
            case "list":
                return self._list()
            case "stop":
                self.stopped = True
                return self._take()
            case _:
                return _refuse("bad_request", "do: lay, take, list or stop")

    def _lay(self, request: Answer) -> Answer:
        key, fault, variant = (request.get(name) for name in ("persona", "fault", "variant"))
        if key not in CARDS or fault not in (None, *FAULTS) or variant not in (None, *VARIANTS):
            return _refuse("unknown", "no such persona, fault or variant")
        profile = None if variant is None else VARIANTS[variant]
        try:
            card = CardProgram(card_of(self._issuer, key, profile))
            self._field.lay(card if fault is None else FaultyCard(card, FAULTS[fault]))
        except OSError as error:
            return _refuse("no_reader", str(error))
        except KeyError:
            return _refuse("unknown", "a variant needs an honest persona")
        self._lying = key
        return {"ok": True, "lying": key}

    def _take(self) -> Answer:
        self._field.take()
        self._lying = None
        return {"ok": True, "lying": None}

    def _list(self) -> Answer:
        people = [
            {"key": key, "id_number": card.persona.id_number, "full_name": card.persona.full_name}
            for key, card in ((key, make(self._issuer)) for key, make in CARDS.items())
        ]
        return {"ok": True, "lying": self._lying, "personas": people}


def _refuse(error: str, message: str) -> Answer:
    return {"ok": False, "error": error, "message": message}


def _talk(desk: Desk, client: socket.socket) -> None:
    with client, client.makefile("rwb") as stream:
        while not desk.stopped:
            line = stream.readline(MAX_LINE)
            if not line:
                return
            stream.write(json.dumps(desk.do(line), ensure_ascii=False).encode() + b"\n")
            stream.flush()


def serve(desk: Desk, path: Path) -> None:
    """Answer one client after another on a Unix socket only its owner may open, until one says stop."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        mask = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(mask)
        listener.listen()
        while not desk.stopped:
            client, _ = listener.accept()
            try:
                _talk(desk, client)
            except ConnectionError as error:
                print(f"a client hung up: {error}", file=sys.stderr)
    path.unlink(missing_ok=True)


def ask(path: Path, **request: str) -> Answer:
    """One request to a running control socket, for tests and the control desk. Raises OSError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(10)
        client.connect(str(path))
        with client.makefile("rwb") as stream:
            stream.write(json.dumps(request).encode() + b"\n")
            stream.flush()
            answer = json.loads(stream.readline())
    if not isinstance(answer, dict):
        raise OSError("the control socket answered something else")
    return answer


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m hardware.virtual.card", description="Lay virtual cards on the virtual reader."
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="vpcd's TCP port")
    parser.add_argument("--issuer", type=Path, required=True, help="folder of the test issuer; made if empty")
    parser.add_argument("--control", type=Path, required=True, help="path of the Unix socket to serve")
    parser.add_argument("--lay", metavar="PERSONA", choices=sorted(CARDS), help="lay this card at once")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Serve until stopped; 2 with one line on stderr if the reader or issuer cannot be used."""
    arguments = _arguments(argv)
    try:
        issuer = load_or_make_issuer(arguments.issuer)
        with Field(arguments.port) as field:
            desk = Desk(issuer, field)
            if arguments.lay:
                answer = desk.do(json.dumps({"do": "lay", "persona": arguments.lay}).encode())
                print(json.dumps(answer), flush=True)  # whoever started us may be waiting at a pipe
            serve(desk, arguments.control)
    except (OSError, ValueError) as error:
        print(f"virtual card: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0
