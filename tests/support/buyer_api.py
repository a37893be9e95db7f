"""A buyer's own HTTP interface for the tests: a real server on loopback that can be told to misbehave.

async with buyer_api() as api:
    api.answer = lambda call: (200, '{"status": "ok"}', {})     # or HANG, DROP
    ...
    assert [call.json["nom"] for call in api.calls] == ["Durand"]
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

Reply = tuple[int, str, dict[str, str]]
Behaviour = Reply | Literal["hang", "drop", "flood"]
FLOOD = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was read whole. `n` counts from 1."""

    n: int
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def key(self) -> str:
        return self.headers["idempotency-key"]


def fine(_call: Call) -> Behaviour:
    return 200, '{"status": "ok"}', {}


@dataclass
class BuyerApi:
    port: int = 0
    calls: list[Call] = field(default_factory=list)
    connections: int = 0
    answer: Callable[[Call], Behaviour] = fine

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/leads"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._one(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        call = Call(len(self.calls) + 1, first.split(" ")[1], headers, body)
        self.calls.append(call)
        match self.answer(call):
            case "drop":
                return
            case "hang":
                await reader.read()
            case "flood":
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * FLOOD)
                await writer.drain()
            case (status, text, more):
                given = {"Content-Length": str(len(text.encode())), **more}
                lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in given.items())]
                writer.write(("\r\n".join(lines) + "\r\n\r\n" + text).encode())
                await writer.drain()


@asynccontextmanager
async def buyer_api() -> AsyncIterator[BuyerApi]:
    api = BuyerApi()
    server = await asyncio.start_server(api.serve, "127.0.0.1", 0)
    api.port = server.sockets[0].getsockname()[1]
    try:
        yield api
    finally:
        server.close()
        await server.wait_closed()
