"""The HTTP frame around every route: request id, size limit, one error shape, safe headers, parts."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from pymongo.errors import DuplicateKeyError, PyMongoError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.core import log, traffic
from backend.core.errors import AppError, InvalidInput, TooLarge, Unavailable
from backend.core.french import by_field, printable
from backend.core.ids import new_id
from backend.core.mongo import is_outage

M = TypeVar("M", bound=BaseModel)
logger = log.get("rdz.http")

INTAKE_LIMIT = 64 * 1024
BODY_LIMIT = 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FOR_THEIR_HOLDER = re.compile(r"(/receipts/).+")
"""What follows in an address is a secret of who received it: not for the logs."""
_REQUEST_ID = re.compile(r"^[A-Za-z0-9_.-]{8,64}$")
_CODES = {400: "invalid_input", 401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
          413: "payload_too_large", 422: "invalid_input"}  # fmt: skip
_SENTENCES = {404: "Cette adresse n'existe pas.", 405: "Cette méthode n'est pas prévue ici."}


class ErrorAnswer(BaseModel):
    """The one shape of a refusal: a stable code, French text (or field -> text), the request to search in the logs."""

    error: str
    detail: str | dict[str, str]
    request_id: str


def part(name: str) -> Any:
    """A dependency on one of the parts that `bootstrap` built: `Annotated[LeadsService, part("leads")]`.

    Asynchronous, as every dependency of the house: FastAPI sends the others to a thread, which costs more than they do.
    """

    async def read(request: Request) -> Any:
        return getattr(request.app.state.parts, name)

    return Depends(read)


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI `responses` of a route for the refusals it can answer."""
    return {status: {"model": ErrorAnswer} for status in (*statuses, 422, 503)}


def request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def client_ip(request: Request, *, trust_proxy: bool) -> str:
    """The caller's address: what our own proxy appended last to X-Forwarded-For when there is one, else the peer's."""
    peer = request.client.host if request.client else ""
    told = request.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(told)) if trust_proxy and told else peer
    except ValueError:
        return peer


def raw_json(model: type[M]) -> Any:
    """A dependency reading the body as `model`, whatever its content type: `sendBeacon` sends text/plain."""

    async def read(request: Request) -> M:
        return await read_json(request, model)

    return Depends(read)


async def read_json(request: Request, model: type[M]) -> M:
    """The body as `model`; 422 by field when it is not one."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as exc:
        raise InvalidInput(by_field([dict(error) for error in exc.errors()])) from None


def raw_json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """`openapi_extra` of a route that reads its body with `raw_json`. Models inside it are named as the other routes,
    which declare them, name them."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def install(app: FastAPI) -> None:
    """Give `app` its frame."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(PyMongoError, _base_error)
    app.add_middleware(Frame)


def render(status: int, code: str, detail: str | Mapping[str, str], headers: Mapping[str, str] | None = None,
           extra: Mapping[str, object] | None = None) -> JSONResponse:  # fmt: skip
    body = {"error": code, "detail": detail, "request_id": request_id(), **(extra or {})}
    return JSONResponse(body, status, headers=dict(headers or {}))


async def _app_error(_request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, AppError)
    if exc.status >= 500:
        logger.warning("refused", error=exc.code, cause=repr(exc.__cause__))
    return render(exc.status, exc.code, exc.detail, exc.headers, exc.extra)


async def _malformed(_request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, RequestValidationError)
    return render(422, "invalid_input", by_field(exc.errors()))


async def _http_error(_request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, HTTPException)
    if isinstance(exc.__cause__, AppError):  # met while FastAPI was reading the body
        return await _app_error(_request, exc.__cause__)
    code = _CODES.get(exc.status_code, "invalid_input")
    return render(exc.status_code, code, _SENTENCES.get(exc.status_code, "Requête illisible."), exc.headers)


async def _base_error(_request: Request, exc: Exception) -> JSONResponse:
    if isinstance(exc, DuplicateKeyError):
        return render(409, "duplicate", "Cet objet existe déjà.")
    if is_outage(exc) or (isinstance(exc, PyMongoError) and exc.timeout):
        refused = Unavailable()
        logger.warning("base_unreachable", cause=repr(exc))
        return render(refused.status, refused.code, refused.detail, refused.headers)
    raise exc


class Frame:
    """ASGI middleware: one request id per request, a body limit, headers, one access line, no traceback outside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        rid = given if _REQUEST_ID.match(given) else new_id()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=rid)
        started = time.perf_counter()
        seen = {"status": 0}

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                message["headers"] = [*message.get("headers", []), *_headers(scope, rid)]
            await send(message)

        try:
            _refuse_controls(scope)
            await self._app(scope, limited(receive, headers, _limit(scope["path"])), answer)
        except (TooLarge, InvalidInput) as exc:
            await render(exc.status, exc.code, exc.detail)(scope, receive, answer)
        except Exception:
            logger.exception("unexpected_error", method=scope["method"], path=_logged(scope["path"]))
            if not seen["status"]:
                sentence = "Erreur inattendue. Communiquez le numéro de requête à l'exploitation."
                await render(500, "internal", sentence)(scope, receive, answer)
        finally:
            traffic.answered(scope, seen["status"], time.perf_counter() - started)
            logger.info("request", method=scope["method"], path=_logged(scope["path"]), status=seen["status"],
                        ms=round((time.perf_counter() - started) * 1000, 1))  # fmt: skip


def _refuse_controls(scope: Scope) -> None:
    """NUL and the other control characters have no place in an address, nor in what is asked after it."""
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    wrong = [name for name, value in (*asked, ("path", scope["path"])) if _CONTROL.search(value)]
    if wrong:
        raise InvalidInput({printable(name): "Caractères de contrôle refusés." for name in wrong})


def _logged(path: str) -> str:
    return _FOR_THEIR_HOLDER.sub(r"\1…", path)


def _limit(path: str) -> int:
    return INTAKE_LIMIT if path.startswith("/api/public/") else BODY_LIMIT


def _headers(scope: Scope, rid: str) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"x-request-id", rid.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"no-store"),
    ]
    if scope.get("scheme") == "https":
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    return headers


def limited(receive: Receive, headers: Mapping[bytes, bytes], limit: int) -> Receive:
    """`receive`, refusing a body over `limit` bytes: by its announced length at once, else as it arrives."""
    refusal = TooLarge(f"Corps trop volumineux : {limit // 1024} ko au plus.")
    announced = headers.get(b"content-length", b"")
    got = 0

    async def read() -> Message:
        nonlocal got
        if announced.isdigit() and int(announced) > limit:
            raise refusal
        message = await receive()
        got += len(message.get("body", b""))
        if got > limit:
            raise refusal
        return message

    return read
