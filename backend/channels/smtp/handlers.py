"""The handler of e-mail rows."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Collection, Mapping
from typing import Any

from aiosmtplib import SMTP, SMTPException, SMTPServerDisconnected, SMTPTimeoutError

from backend.channels.contract import Done, Failed, Journal, Outcome, Pause
from backend.channels.smtp.lines import Lines
from backend.channels.smtp.message import BadMessage, address, build
from backend.channels.smtp.models import Mailbox, Waits
from backend.channels.smtp.replies import ChannelUnusable, after_journal, before_journal
from backend.core import crash
from backend.core.alarms import raised


class SmtpChannel:
    """Sends one row as one message to one recipient. `mailboxes`: by entity."""

    def __init__(
        self,
        mailboxes: Mapping[str, Mailbox],
        *,
        waits: Waits | None = None,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self.mailboxes = dict(mailboxes)
        self._waits = waits or Waits()
        self._lines = Lines(self._waits, tls)

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome:
        mailbox = self.mailboxes.get(row["entity"])
        if mailbox is None:
            return Pause(f"Aucune boîte d'envoi pour l'entité {row['entity']}.", "no_mailbox")
        try:
            content = build(row)
            sender, recipient = address(row["payload"]["from"]), address(row["to"])
        except BadMessage as exc:
            return Failed(str(exc), "invalid_message")
        try:
            client = await self._ready(mailbox, sender, recipient)
        except (SMTPException, OSError, ChannelUnusable) as exc:
            return before_journal(exc)
        return await self._hand_over(mailbox, client, content, journal)

    async def probe(self, entity: str) -> Outcome:
        """Connect and log in, send nothing: `Done` when the mailbox is usable."""
        mailbox = self.mailboxes.get(entity)
        if mailbox is None:
            return Pause(f"Aucune boîte d'envoi pour l'entité {entity}.", "no_mailbox")
        try:
            client = await self._lines.open(mailbox)
        except (SMTPException, OSError, ChannelUnusable) as exc:
            return before_journal(exc)
        client.close()
        return Done(f"Connexion acceptée par {mailbox.host}:{mailbox.port}")

    def health(self, entities: Collection[str]) -> dict[str, Any]:
        """The mailboxes of `entities`: `warning` when one lacks the password it cannot do without. No network."""
        boxes = {code: box for code, box in self.mailboxes.items() if code in entities}
        shown = [
            {"entity": code, "host": box.host, "port": box.port, "security": box.security, "user": box.user,
             "usable": bool(box.password) or not box.login_required}
            for code, box in boxes.items()
        ]  # fmt: skip
        usable = all(one["usable"] for one in shown)
        alarms = raised({"mail.unusable": not usable})
        return {"status": "healthy" if usable else "warning", "alarms": alarms, "mailboxes": shown}

    def close(self) -> None:
        self._lines.close()

    async def _ready(self, mailbox: Mailbox, sender: str, recipient: str) -> SMTP:
        """A connection on which the envelope was accepted. A kept one that died is replaced once."""
        client = self._lines.kept(mailbox)
        if client is not None:
            try:
                return await _envelope(client, sender, recipient)
            except (SMTPServerDisconnected, SMTPTimeoutError):
                client = None
        return await _envelope(await self._lines.open(mailbox), sender, recipient)

    async def _hand_over(self, mailbox: Mailbox, client: SMTP, content: bytes, journal: Journal) -> Outcome:
        try:
            crash.point("before_journal")
            await journal()
            crash.point("after_journal")
        except BaseException:
            client.close()
            raise
        try:
            reply = await asyncio.shield(client.data(content, timeout=self._waits.data))
        except Exception as exc:
            client.close()
            return after_journal(exc)
        crash.point("after_250")
        self._lines.keep(mailbox, client)
        return Done(f"{reply.code} {reply.message}")


async def _envelope(client: SMTP, sender: str, recipient: str) -> SMTP:
    try:
        await client.mail(sender)
        crash.point("after_mail")
        await client.rcpt(recipient)
        crash.point("after_rcpt")
    except BaseException:
        client.close()
        raise
    return client
