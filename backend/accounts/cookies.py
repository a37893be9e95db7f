"""Cookies of the dashboard: their names and flags, which depend on how the site is reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from backend.settings import LOOPBACK, Settings


@dataclass(frozen=True, slots=True)
class Cookie:
    """One `Set-Cookie`. An empty value with no age removes it."""

    name: str
    value: str
    path: str
    age_s: int
    http_only: bool
    secure: bool
    domain: str | None


class Jar:
    """`__Host-rdz` on https without COOKIE_DOMAIN (bound to this very host), else `rdz`. Plain http carries a cookie
    on loopback only: elsewhere it is Secure, and the browser drops it."""

    def __init__(self, settings: Settings) -> None:
        host = settings.https and not settings.cookie_domain
        prefix = "__Host-rdz" if host else "rdz"
        self.access = prefix
        self.refresh = f"{prefix}-refresh"
        self.csrf = f"{prefix}-csrf"
        self._refresh_path = "/" if host else "/api/auth"
        self._secure = settings.https or urlsplit(settings.backend_url).hostname not in LOOPBACK
        self._domain = settings.cookie_domain or None
        self._access_age = settings.jwt_expires_in
        self._refresh_age = settings.refresh_token_expires_in

    def filled(self, access: str, refresh: str, csrf: str) -> tuple[Cookie, ...]:
        """The three cookies of a session. The page reads the CSRF one and sends it back in `X-CSRF-Token`."""
        return (
            self._cookie(self.access, access, "/", self._access_age, http_only=True),
            self._cookie(self.refresh, refresh, self._refresh_path, self._refresh_age, http_only=True),
            self._cookie(self.csrf, csrf, "/", self._refresh_age, http_only=False),
        )

    def emptied(self) -> tuple[Cookie, ...]:
        gone = timedelta()
        return (
            self._cookie(self.access, "", "/", gone, http_only=True),
            self._cookie(self.refresh, "", self._refresh_path, gone, http_only=True),
            self._cookie(self.csrf, "", "/", gone, http_only=False),
        )

    def _cookie(self, name: str, value: str, path: str, age: timedelta, *, http_only: bool) -> Cookie:
        return Cookie(name, value, path, int(age.total_seconds()), http_only, self._secure, self._domain)
