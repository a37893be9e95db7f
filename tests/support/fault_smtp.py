"""A mail server that misbehaves on command, line by line, and keeps its own fsynced log of what it took.

server.tell("RCPT", "hang")            # each step: a reply, or hang, drop, garbage, flood, drip
server.tell(".", "take and drop")      # what came after DATA: also `drop`, `take and drop`, `hang`, a reply
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from backend.channels.smtp.models import Mailbox

HOST = "127.0.0.1"
_REPLIES = {
    "banner": "220 mail.example.test",
    "EHLO": "250 mail.example.test",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    ".": "250 2.0.0 taken",
    "RSET": "250 OK",
    "QUIT": "221 bye",
}
_FLOOD = b"2" * 10_000_000 + b"\r\n"
SEEDED_DROP = 0.03


class Dropped(Exception):
    """The server closes the connection now."""


class FaultServer:
    """`log` keeps `message-id recipient` of each message taken, on the disk before the reply leaves."""

    def __init__(self, log: Path, *, drops: Random | None = None) -> None:
        self.port = 0
        self.connections = 0
        self.dropped = 0
        self.delay = 0.0
        self.rate = 0.0
        """Messages a second, all connections together; 0: no limit."""
        self.on_dot: Callable[[], None] = lambda: None
        self.released = asyncio.Event()
        self._log = log
        self._drops = drops
        self._script: dict[str, str] = {}
        self._turn = 0.0
        self._open: set[asyncio.StreamWriter] = set()

    def tell(self, verb: str, action: str) -> None:
        self._script[verb] = action

    def behave(self) -> None:
        self._script.clear()

    def mailbox(self) -> Mailbox:
        return Mailbox(HOST, self.port, "none", "leads@zr7.example.test")

    def serve(self, parts: Any) -> None:
        """Every entity of `parts` sends through this server."""
        for entity in parts.smtp.mailboxes:
            parts.smtp.mailboxes[entity] = self.mailbox()

    def environ(self) -> dict[str, str]:
        """What makes a process send through this server."""
        pairs = {"SMTP_HOST": HOST, "SMTP_PORT": str(self.port), "SMTP_SECURITY": "none"}
        return {f"{code}_{name}": value for code in ("ZR7", "MDL") for name, value in pairs.items()}

    async def session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            await self._talk(reader, writer)
        except (Dropped, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def hang_up(self) -> None:
        """Close every connection."""
        for writer in list(self._open):
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer("banner", writer)
        recipient = ""
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
            reply = await self._answer(verb, writer)
            if verb == "DATA" and reply.startswith("354"):
                content = await reader.readuntil(b"\r\n.\r\n")
                await self._dot(content, recipient, writer)
            if verb == "QUIT":
                return

    async def _dot(self, content: bytes, recipient: str, writer: asyncio.StreamWriter) -> None:
        action = self._script.get(".", "")
        if self._drops and self._drops.random() < SEEDED_DROP:
            action = self._drops.choice(["drop", "take and drop"])
            self.dropped += 1
        await self._throttled()
        if action in {"", "take and drop"}:
            self._take(content, recipient)
            self.on_dot()
        if action == "take and drop":
            raise Dropped
        await self._answer(".", writer, action)

    async def _throttled(self) -> None:
        if self.rate:
            now = time.monotonic()
            self._turn = max(now, self._turn + 1 / self.rate)
            await asyncio.sleep(self._turn - now)

    def _take(self, content: bytes, recipient: str) -> None:
        headers = content.partition(b"\r\n\r\n")[0].decode(errors="replace")
        found = next(line for line in headers.split("\r\n") if line.lower().startswith("message-id:"))
        with self._log.open("a") as file:
            file.write(f"{found.partition(':')[2].strip()} {recipient}\n")
            file.flush()
            os.fsync(file.fileno())

    async def _answer(self, verb: str, writer: asyncio.StreamWriter, action: str | None = None) -> str:
        action = self._script.get(verb, "") if action is None else action
        await asyncio.sleep(self.delay)
        if action == "drop":
            raise Dropped
        if action == "hang":
            await self.released.wait()
            raise Dropped
        reply = action or _REPLIES.get(verb, "502 what?")
        raw = {"garbage": b"\x00\xff\xfe nonsense\r\n", "flood": _FLOOD}.get(action, f"{reply}\r\n".encode())
        if action == "drip":
            await self._drip(f"{_REPLIES[verb]}\r\n".encode(), writer)
        else:
            writer.write(raw)
            await writer.drain()
        return reply

    async def _drip(self, raw: bytes, writer: asyncio.StreamWriter) -> None:
        """One byte a second."""
        for byte in raw:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.wait({asyncio.ensure_future(self.released.wait())}, timeout=1)
            if self.released.is_set():
                raise Dropped


@asynccontextmanager
async def fault_server(log: Path, *, drops: Random | None = None, port: int = 0) -> AsyncIterator[FaultServer]:
    """One on loopback; several may share a log. `port`: where another one was."""
    state = FaultServer(log, drops=drops)
    listener = await asyncio.start_server(state.session, HOST, port, limit=2**24)
    state.port = listener.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        state.released.set()
        listener.close()
        state.hang_up()


def taken(log: Path) -> Counter[str]:
    """Message-ID -> how many times the server took it."""
    lines = log.read_text().splitlines() if log.exists() else []
    return Counter(line.partition(" ")[0] for line in lines)
