"""Connections to the mailboxes: opened, logged in, kept a few seconds, never reused after an error."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from functools import cache

from aiosmtplib import SMTP, SMTPException

from backend.channels.smtp.models import Mailbox, Waits
from backend.channels.smtp.replies import ChannelUnusable
from backend.core import crash


class Lines:
    """The open connections, by mailbox. One message at a time on each."""

    def __init__(self, waits: Waits, tls: Callable[[], ssl.SSLContext]) -> None:
        self._waits = waits
        self._tls = cache(tls)
        self._idle: dict[Mailbox, list[tuple[SMTP, asyncio.TimerHandle]]] = {}

    def kept(self, mailbox: Mailbox) -> SMTP | None:
        """A connection left open by a message just sent, if one still lives."""
        waiting = self._idle.get(mailbox, [])
        while waiting:
            client, closing = waiting.pop()
            closing.cancel()
            if client.is_connected:
                return client
        return None

    def keep(self, mailbox: Mailbox, client: SMTP) -> None:
        """Leave `client` open for the next message, for a few seconds."""
        closing = asyncio.get_running_loop().call_later(self._waits.idle, client.close)
        self._idle.setdefault(mailbox, []).append((client, closing))

    def close(self) -> None:
        for waiting in self._idle.values():
            for client, closing in waiting:
                closing.cancel()
                client.close()
        self._idle.clear()

    async def open(self, mailbox: Mailbox) -> SMTP:
        """Connect, say EHLO, log in. Nothing is accepted by the server yet, whatever it raises."""
        if mailbox.login_required and not mailbox.password:
            raise ChannelUnusable(f"Mot de passe SMTP manquant pour {mailbox.user} ({mailbox.host}:{mailbox.port}).")
        client = SMTP(
            hostname=mailbox.host,
            port=mailbox.port,
            timeout=self._waits.command,
            use_tls=mailbox.security == "tls",
            start_tls=False,
            tls_context=None if mailbox.security == "none" else self._tls(),
            local_hostname=mailbox.user.rpartition("@")[2] or "localhost",
        )
        try:
            await client.connect(timeout=self._waits.connect)
            crash.point("after_connect")
            await self._greet(client, mailbox)
        except BaseException:
            client.close()
            raise
        return client

    async def _greet(self, client: SMTP, mailbox: Mailbox) -> None:
        await client.ehlo()
        if mailbox.security == "starttls":
            if not client.supports_extension("starttls"):
                raise ChannelUnusable(f"{mailbox.host}:{mailbox.port} ne propose pas STARTTLS.")
            await client.starttls()
            await client.ehlo()
        offered = client.supports_extension("auth")
        if mailbox.login_required and not offered:
            raise ChannelUnusable(f"{mailbox.host}:{mailbox.port} ne propose pas de connexion (AUTH).")
        if offered and mailbox.password:
            await _login(client, mailbox)


async def _login(client: SMTP, mailbox: Mailbox) -> None:
    """One try with the best method offered: a refused password is not tried a second time another way."""
    methods = {"plain": client.auth_plain, "login": client.auth_login, "cram-md5": client.auth_crammd5}
    for name, log_in in methods.items():
        if name in client.supported_auth_methods:
            await log_in(mailbox.user, mailbox.password)
            return
    raise SMTPException("no common AUTH method")
