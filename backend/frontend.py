"""ASGI entry of the `frontend` program: the built dashboard, and `/api` forwarded, so that both are one origin.

The files are read once, at start, and kept compressed. `/assets/` has a digest in each name and never changes; all else
is checked at each use. A path that names no file gives the application, which knows its own pages.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

FOREVER = "public, max-age=31536000, immutable"
CHECKED = "no-cache"
_BACKEND = '<meta name="rdz-backend" content="" />'
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_OF_ONE_HOP = {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
               "transfer-encoding", "upgrade", "host"}  # fmt: skip
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_TEXT = {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the build, as it travels."""

    body: bytes
    packed: bytes | None
    kind: str
    tag: str
    cache: str

    @classmethod
    def of(cls, name: str, body: bytes) -> Asset:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        text = kind in _TEXT
        packed = gzip.compress(body, 9, mtime=0) if text else None
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        return cls(body, packed, f"{kind}; charset=utf-8" if text else kind, tag,
                   FOREVER if name.startswith("assets/") else CHECKED)  # fmt: skip


class Site:
    """The files of the build by their path."""

    def __init__(self, folder: Path, backend_url: str) -> None:
        self.policy = policy(backend_url)
        self._assets = {
            str(file.relative_to(folder)): Asset.of(str(file.relative_to(folder)), _told(file, backend_url))
            for file in sorted(folder.rglob("*"))
            if file.is_file() and not file.name.endswith(".map") and not str(file.relative_to(folder)).startswith(".")
        }

    def answer(self, request: Request) -> Response:
        """The file asked for; the application for a page; 404 for a file that is not there."""
        path = request.path_params["path"]
        asset = self._assets.get(path)
        if asset is None and (path.startswith("assets/") or request.method not in {"GET", "HEAD"}):
            return Response("Ce fichier n'existe pas.", 404, {"Cache-Control": "no-store"}, "text/plain; charset=utf-8")
        asset = asset or self._assets["index.html"]
        headers = {**self._safe(), "Cache-Control": asset.cache, "ETag": asset.tag, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == asset.tag:
            return Response(status_code=304, headers=headers)
        if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.kind)
        return Response(asset.body, headers=headers, media_type=asset.kind)

    def _safe(self) -> Mapping[str, str]:
        return {
            "Content-Security-Policy": self.policy,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }


def policy(backend_url: str) -> str:
    """The content security policy; an API on another origin is the one thing that may be called besides our own."""
    parts = urlsplit(backend_url)
    return f"{_POLICY}; connect-src 'self' {parts.scheme}://{parts.netloc}" if parts.netloc else _POLICY


def _told(file: Path, backend_url: str) -> bytes:
    """The page is told where the API is when it starts, not when it is built."""
    body = file.read_bytes()
    if file.name != "index.html":
        return body
    return body.replace(_BACKEND.encode(), _BACKEND.replace('""', f'"{escape(backend_url)}"').encode())


class Door:
    """Forwards a request to the API as it came, and its answer as it comes: streams stay streams."""

    def __init__(self, upstream: str, *, trust_proxy: bool) -> None:
        self._trust_proxy = trust_proxy
        times = httpx.Timeout(10, read=None, pool=None)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        self._http = httpx.AsyncClient(base_url=upstream, timeout=times, limits=limits, trust_env=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def answer(self, request: Request) -> Response:
        url = httpx.URL(path=request.url.path, query=request.url.query.encode())
        body = request.stream() if "content-length" in request.headers or _chunked(request) else None
        asked = self._http.build_request(request.method, url, headers=self._headers(request), content=body)
        try:
            told = await self._http.send(asked, stream=True)
        except httpx.HTTPError:
            sentence = "L'API ne répond pas. Réessayez dans quelques secondes."
            return JSONResponse(
                {"error": "unavailable", "detail": sentence, "request_id": ""}, 503, {"Retry-After": "2"}
            )
        answer = StreamingResponse(_raw(told), told.status_code)
        answer.raw_headers = [
            (name.lower(), value) for name, value in told.headers.raw if name.decode().lower() not in _OF_ONE_HOP
        ]
        return answer

    def _headers(self, request: Request) -> list[tuple[str, str]]:
        """Behind a trusted proxy the address it wrote stays last; else it is our own peer's."""
        kept = [(name, value) for name, value in request.headers.items() if name not in _OF_ONE_HOP]
        if not self._trust_proxy:
            kept = [(name, value) for name, value in kept if name != "x-forwarded-for"]
            kept.append(("x-forwarded-for", request.client.host if request.client else ""))
        return kept


def _chunked(request: Request) -> bool:
    return "transfer-encoding" in request.headers


async def _raw(told: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in told.aiter_raw():
            yield chunk
    finally:
        await told.aclose()


def create_app(folder: Path, upstream: str, *, backend_url: str = "", trust_proxy: bool = False) -> Starlette:
    """`folder` holds the build; `upstream` is the API on this machine; `backend_url` its public address, if another."""
    site, door = Site(folder, backend_url.rstrip("/")), Door(upstream, trust_proxy=trust_proxy)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await door.close()

    async def api(request: Request) -> Response:
        return await door.answer(request)

    async def page(request: Request) -> Response:
        return site.answer(request)

    routes = [Route("/api/{path:path}", api, methods=_METHODS), Route("/{path:path}", page, methods=_METHODS)]
    return Starlette(routes=routes, lifespan=lifespan)
