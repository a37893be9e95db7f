"""Many requests at a pace, over kept connections: a caller cheap enough to leave the machine to the servers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TRIES = 30
_AGAIN = {409, 429, 503}
"""Answers that ask to come back later."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]
    seconds: float


class Caller:
    """Keeps at most `connections` open to each of `urls`."""

    def __init__(self, urls: Sequence[str], connections: int) -> None:
        self.urls = list(urls)
        self.answers: list[Answer] = []
        self._free = {url: asyncio.LifoQueue[_Connection]() for url in self.urls}
        for url in self.urls:
            for _ in range(connections):
                self._free[url].put_nowait(_Connection(url))

    async def post(self, n: int, path: str, body: dict[str, Any], key: str) -> Answer:
        """To the server number `n` (modulo). Asked again, under the same key, when told to come back or cut."""
        for _ in range(TRIES):
            answer = await self._once(self.urls[n % len(self.urls)], path, body, key)
            if answer is not None:
                self.answers.append(answer)
                if answer.status not in _AGAIN:
                    return answer
            await asyncio.sleep(0.5)
        raise AssertionError("nobody answers")

    async def _once(self, url: str, path: str, body: dict[str, Any], key: str) -> Answer | None:
        connection = await self._free[url].get()
        try:
            return await connection.post(path, body, key)
        except (ConnectionError, asyncio.IncompleteReadError):
            connection.close()
            return None
        finally:
            self._free[url].put_nowait(connection)

    def close(self) -> None:
        with ExitStack() as stack:
            for one in self._connections():
                stack.callback(one.close)

    def _connections(self) -> Iterator[_Connection]:
        for free in self._free.values():
            while not free.empty():
                yield free.get_nowait()


class _Connection:
    def __init__(self, url: str) -> None:
        self._where = urlsplit(url)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: dict[str, Any], key: str) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._where.hostname, self._where.port)
        reader, writer = self._streams
        raw = json.dumps(body).encode()
        head = (f"POST {path} HTTP/1.1", f"Host: {self._where.netloc}", "Content-Type: application/json",
                f"Idempotency-Key: {key}", f"Content-Length: {len(raw)}")  # fmt: skip
        started = time.monotonic()
        writer.write(("\r\n".join(head) + "\r\n\r\n").encode() + raw)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(answer.partition("content-length:")[2].partition("\r\n")[0])
        said = json.loads(await reader.readexactly(length))
        return Answer(int(answer.split(" ", 2)[1]), said, time.monotonic() - started)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
