"""Errors that carry their HTTP status and a stable code; one handler (`core/web.py`) renders them."""

from __future__ import annotations

from collections.abc import Mapping


class AppError(Exception):
    """Base of every error a person or a script is told about.

    `detail` is a French sentence, or a map field -> French sentence.
    """

    status = 500
    code = "internal"

    def __init__(
        self,
        detail: str | Mapping[str, str],
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.code = code or self.code
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


class BadRequest(AppError):
    status = 400
    code = "invalid_input"


class Unauthenticated(AppError):
    status = 401
    code = "unauthenticated"


class Forbidden(AppError):
    status = 403
    code = "forbidden"


class NotFound(AppError):
    status = 404
    code = "not_found"


class Conflict(AppError):
    status = 409
    code = "invalid_state"


class TooLarge(AppError):
    status = 413
    code = "payload_too_large"


class InvalidInput(AppError):
    status = 422
    code = "invalid_input"


class RateLimited(AppError):
    status = 429
    code = "rate_limited"


class Unavailable(AppError):
    """The base, or something else we stand on, is out of reach: nothing was changed, try again."""

    status = 503
    code = "unavailable"

    def __init__(self, detail: str = "Service momentanément indisponible. Réessayez dans quelques secondes.") -> None:
        super().__init__(detail, headers={"Retry-After": "2"})


class LostLease(Exception):
    """Another process took this work over: stop at once and write nothing more."""
