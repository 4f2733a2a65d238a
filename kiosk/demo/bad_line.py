"""A line that delays, cuts and resets: the same way for the same seed, between a courier and its district.

It works on the bytes below TLS and knows nothing of what they say. Every connection is faulty; how far it gets is
drawn, so that a courier which gives up, or trusts half an answer, does not come through.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter

CHUNK = 16_384
FAULTS = ("reset", "truncate", "delay")
DELAY_SECONDS = 0.002
SHORTEST, LONGEST = 200, 40_000
"""Bytes one way after which a connection ends."""
START_SECONDS = 10.0


class BadLine:
    """A TCP proxy on loopback in a thread of its own. Counts what it did."""

    def __init__(self, target: int, seed: int, longest: int = LONGEST) -> None:
        """``target`` is the district's port; connections end after at most ``longest`` bytes one way."""
        self._target, self._rng, self._longest = target, random.Random(seed), longest  # noqa: S311 - faults
        self.did: Counter[str] = Counter()
        self.port = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="bad line")
        self._thread.start()
        self._ready.wait(START_SECONDS)

    def close(self) -> None:
        """Cut every connection and end the thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(START_SECONDS)

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
        self._remember(writer)
        fault, budget = self._rng.choice(FAULTS), self._rng.randrange(SHORTEST, self._longest)
        try:
            up, down = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            self.did["nobody there"] += 1
            writer.close()
            return
        self.did[fault] += 1
        self._sinks.append(down)
        ways = (self._pump(reader, down, fault, budget), self._pump(up, writer, fault, budget))
        await asyncio.gather(*ways, return_exceptions=True)
        for each in (writer, down):
            each.close()

    def _remember(self, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._sinks.append(writer)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, fault: str, budget: int) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while part := await source.read(CHUNK):
                passed += len(part)
                if fault == "delay":
                    await asyncio.sleep(DELAY_SECONDS)
                if passed > budget:
                    _end(sink, part, fault)
                    return
                sink.write(part)
                await sink.drain()
            sink.close()


def _end(sink: asyncio.StreamWriter, part: bytes, fault: str) -> None:
    """Half of what came and a quiet end, or a reset in the middle of it."""
    if fault == "truncate":
        sink.write(part[: len(part) // 2])
        sink.close()
    else:
        sink.transport.abort()
