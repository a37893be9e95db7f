"""A TCP proxy on loopback that makes a line bad: slow, narrow, cut into crumbs, or reset.

with proxy(port) as line:
    line.toxic = Latency(0.5, 0.2)      # from now on, on every connection
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Protocol

HOST = "127.0.0.1"
_CHUNK = 64 * 1024
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close with a RST


class Reset(Exception):
    """The line is cut now, with a RST."""


class Toxic(Protocol):
    async def carry(self, chunk: bytes, writer: asyncio.StreamWriter, rng: Random, *, answer: bool) -> None:
        """Write `chunk` on; `answer` when it comes from the server. May wait, cut it up, or raise `Reset`."""


class Clean:
    async def carry(self, chunk: bytes, writer: asyncio.StreamWriter, rng: Random, *, answer: bool) -> None:
        writer.write(chunk)
        await writer.drain()


@dataclass(frozen=True)
class Latency(Clean):
    """Each answer comes `seconds` later, more or less `jitter`."""

    seconds: float
    jitter: float = 0.0

    async def carry(self, chunk: bytes, writer: asyncio.StreamWriter, rng: Random, *, answer: bool) -> None:
        if answer:
            await asyncio.sleep(rng.uniform(self.seconds - self.jitter, self.seconds + self.jitter))
        await super().carry(chunk, writer, rng, answer=answer)


@dataclass(frozen=True)
class Bandwidth(Clean):
    """`rate` bytes a second each way, per connection."""

    rate: int

    async def carry(self, chunk: bytes, writer: asyncio.StreamWriter, rng: Random, *, answer: bool) -> None:
        await asyncio.sleep(len(chunk) / self.rate)
        await super().carry(chunk, writer, rng, answer=answer)


@dataclass(frozen=True)
class Slicer(Clean):
    """Crumbs of about `size` bytes, `seconds` apart."""

    size: int
    seconds: float = 0.0

    async def carry(self, chunk: bytes, writer: asyncio.StreamWriter, rng: Random, *, answer: bool) -> None:
        while chunk:
            cut = rng.randint(1, 2 * self.size)
            await super().carry(chunk[:cut], writer, rng, answer=answer)
            chunk = chunk[cut:]
            await asyncio.sleep(self.seconds)


@dataclass(frozen=True)
class ResetPeer(Clean):
    """One chunk in `one_in` is cut short by a RST, of what was asked or of what is answered."""

    one_in: int

    async def carry(self, chunk: bytes, writer: asyncio.StreamWriter, rng: Random, *, answer: bool) -> None:
        if rng.randrange(self.one_in) == 0:
            writer.write(chunk[: len(chunk) // 2])
            raise Reset
        await super().carry(chunk, writer, rng, answer=answer)


class Line:
    """The proxy: `port` to call, what it does to the line, and how often it cut it."""

    def __init__(self, target: int, rng: Random) -> None:
        self.port = 0
        self.toxic: Toxic = Clean()
        self.resets = 0
        self.peak = 0
        """Connections open at once, at most."""
        self._target = target
        self._rng = rng
        self._open: set[asyncio.StreamWriter] = set()

    async def session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server, back = await asyncio.open_connection(HOST, self._target)
        except OSError:
            _cut(writer)
            return
        both = {writer, back}
        self._open |= both
        self.peak = max(self.peak, len(self._open) // 2)
        asked = asyncio.create_task(self._way(reader, back, answer=False))
        answered = asyncio.create_task(self._way(server, writer, answer=True))
        await asyncio.wait((asked, answered), return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        answered.cancel()
        ended = await asyncio.gather(asked, answered, return_exceptions=True)
        self._open -= both
        reset = any(isinstance(one, Reset) for one in ended)
        self.resets += reset
        for one in both:
            _cut(one) if reset else one.close()

    async def _way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answer: bool) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(_CHUNK):
                await self.toxic.carry(chunk, writer, self._rng, answer=answer)

    def cut_all(self) -> None:
        for writer in list(self._open):
            _cut(writer)


def _cut(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    writer.transport.abort()


@contextmanager
def proxy(target: int, seed: int = 0) -> Iterator[Line]:
    """A line to what listens on `target`, in a thread of its own: what blocks the test's loop leaves it alone."""
    line = Line(target, Random(seed))
    ready, stop, loops = threading.Event(), asyncio.Event(), list[asyncio.AbstractEventLoop]()

    async def carry() -> None:
        loops.append(asyncio.get_running_loop())
        listener = await asyncio.start_server(line.session, HOST, 0)
        line.port = listener.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        listener.close()
        line.cut_all()

    thread = threading.Thread(target=lambda: asyncio.run(carry()), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield line
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join(30)
