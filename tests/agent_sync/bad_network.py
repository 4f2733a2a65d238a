"""A line that resets, truncates, delays, duplicates, reorders and forgets to answer: the same way for the same seed.

`Proxy` works on the bytes below TLS, `FaultyWire` on whole requests, where TLS would hide what goes wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter
from dataclasses import dataclass, field

from agent_sync import api
from agent_sync.errors import Unreachable
from agent_sync.wire import Answer, HttpsWire

CHUNK = 16_384


class Proxy:
    """A TCP proxy in a thread of its own. Counts what it did."""

    def __init__(self, target: int, seed: int, rate: float = 1.0) -> None:
        self._target, self._rng, self._rate = target, random.Random(seed), rate
        self.did: Counter[str] = Counter()
        self.port = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._ready.wait(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sinks: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(self._handle, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for sink in self._sinks:
            sink.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(each.wait_closed() for each in self._sinks), return_exceptions=True)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._sinks.append(writer)
        fault = self._rng.choice(("reset", "truncate", "delay")) if self._rng.random() < self._rate else "none"
        budget = self._rng.randrange(200, 40_000)
        self.did[fault] += 1
        try:
            up, down = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        self._sinks.append(down)
        await asyncio.gather(
            self._pump(reader, down, fault, budget), self._pump(up, writer, fault, budget), return_exceptions=True
        )
        for each in (writer, down):
            each.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, fault: str, budget: int) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while part := await source.read(CHUNK):
                passed += len(part)
                if fault == "delay":
                    await asyncio.sleep(0.002)
                if fault != "none" and passed > budget:
                    if fault == "truncate":
                        sink.write(part[: len(part) // 2])
                    sink.close() if fault == "truncate" else sink.transport.abort()
                    return
                sink.write(part)
                await sink.drain()
            sink.close()


@dataclass
class FaultyWire:
    """A wire over which requests are lost, doubled and shuffled, and answers never come."""

    wire: HttpsWire
    rng: random.Random
    did: Counter[str] = field(default_factory=Counter)

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        fault = self.rng.choice(("none", "none", "none", "lost", "unanswered", "doubled", "shuffled", "flipped"))
        self.did[fault] += 1
        if fault == "lost":
            raise Unreachable("lost")
        if fault == "doubled":
            self.wire.post(path, body, expected)
        if fault == "shuffled":
            files = list(api.unpack(body))
            self.rng.shuffle(files)
            body = api.pack(files)
        if fault == "flipped":
            body = _flipped(body, self.rng)
        answer = self.wire.post(path, body, expected)
        if fault == "unanswered":
            raise Unreachable("unanswered")
        return answer

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        if self.rng.random() < 0.2:
            self.did["lost"] += 1
            raise Unreachable("lost")
        return self.wire.get(path, tag, expected)


def _flipped(body: bytes, rng: random.Random) -> bytes:
    """One bit of one file is another one."""
    files = list(api.unpack(body))
    which = rng.randrange(len(files))
    at = rng.randrange(len(files[which]))
    files[which] = files[which][:at] + bytes([files[which][at] ^ 1]) + files[which][at + 1 :]
    return api.pack(files)
