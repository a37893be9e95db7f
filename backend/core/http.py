"""The way out by HTTP: httpx behind this door, and nothing else.

No redirect is followed, no proxy or netrc of the machine is read, a name is resolved once and the connection goes to
the very address that was checked (the name stays in `Host` and in the TLS handshake). Each call has its own
connection: a kept one that died could leave us not knowing whether the request was read.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

from backend.core.addresses import BadAddress, Target, target, usable

BODY_MAX = 64 * 1024
TOTAL = 15.0
_POINT = "send_request_headers.started"
Resolve = Callable[[str, int], Awaitable[list[str]]]
Before = Callable[[], Awaitable[None]]


class NotSent(Exception):
    """Nothing was written to the other side; the text says why."""


class NoAnswer(Exception):
    """The request left, wholly or in part, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is cut at 64 kB. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: str


async def system_names(host: str, port: int) -> list[str]:
    """The addresses of `host`, by the machine's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class HttpDoor:
    """Calls other houses. `loopback`: this machine may be called too (never in production)."""

    def __init__(
        self,
        *,
        loopback: bool,
        total: float = TOTAL,
        resolve: Resolve = system_names,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self.loopback = loopback
        self.total = total
        self._resolve = resolve
        self._tls = tls

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._tls()

    @property
    def _waits(self) -> httpx.Timeout:
        """Connecting ends by itself before `total` does: a handshake that is cut leaves its socket open."""
        return httpx.Timeout(self.total, connect=self.total / 3)

    async def check(self, url: str) -> None:
        """`BadAddress` when `url` may not be called, or leads nowhere for now."""
        try:
            async with asyncio.timeout(self.total):
                await self._address(target(url, loopback=self.loopback))
        except (NotSent, TimeoutError):
            raise BadAddress("Ce nom de domaine ne répond pas : vérifiez l'adresse.") from None

    async def post(self, url: str, headers: Mapping[str, str], content: bytes, before: Before) -> Answer:
        """POST within `total` seconds. `before` runs once connected, just before the first byte of the request.

        Raises `BadAddress` or `NotSent` when nothing left, `NoAnswer` when something did; what `before` raises passes.
        """
        sending, context = _Sending(before), self._context
        try:
            async with asyncio.timeout(self.total):
                where = target(url, loopback=self.loopback)
                return await self._send(where, await self._address(where), headers, content, sending, context)
        except (TimeoutError, httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as exc:
            reason = f"Pas de réponse en {self.total:g} s" if isinstance(exc, TimeoutError) else _told(exc)
            if sending.started:
                raise NoAnswer(reason) from exc
            raise NotSent(reason) from exc

    async def _address(self, where: Target) -> str:
        """The one address to connect to. Refused when any address of the name is."""
        try:
            found = await self._resolve(where.host, where.port)
        except (OSError, UnicodeError) as exc:
            raise NotSent(f"Nom introuvable : {where.host} ({type(exc).__name__})") from exc
        if not found:
            raise NotSent(f"Nom introuvable : {where.host}")
        allowed = [usable(one, loopback=self.loopback) for one in found]
        return allowed[0]

    async def _send(
        self,
        where: Target,
        address: str,
        headers: Mapping[str, str],
        content: bytes,
        sending: _Sending,
        context: ssl.SSLContext,
    ) -> Answer:
        shown = f"[{address}]" if ":" in address else address
        url = f"{'https' if where.secure else 'http'}://{shown}:{where.port}{where.path}"
        extensions = {"sni_hostname": where.host, "trace": sending.trace}
        given = {**headers, "Host": where.authority, "Connection": "close", "Accept-Encoding": "identity"}
        async with (
            httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=self._waits, verify=context) as client,
            client.stream("POST", url, headers=given, content=content, extensions=extensions) as response,
        ):
            body = await _read(response)
            return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)


class _Sending:
    """Runs `before` once, at the point of no return, and remembers that it was passed."""

    def __init__(self, before: Before) -> None:
        self._before = before
        self.started = False

    async def trace(self, event: str, _info: dict[str, Any]) -> None:
        if event.endswith(_POINT) and not self.started:
            await self._before()
            self.started = True


async def _read(response: httpx.Response) -> str:
    kept = bytearray()
    async for chunk in response.aiter_raw(8192):
        kept += chunk
        if len(kept) >= BODY_MAX:
            break
    return bytes(kept[:BODY_MAX]).decode("utf-8", "replace")


def _told(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc}"[:300]
