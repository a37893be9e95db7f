"""The development mail catcher: a real SMTP server that keeps each message as a file."""

from __future__ import annotations

import asyncio
import signal
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

from backend.cli.processes import leave_idle
from backend.cli.terminal import console, refuse
from backend.core.clock import utcnow
from backend.core.text import folded
from backend.settings import load

FOLDER = Path("var/mail")
_SIZE_LIMIT = 32 * 1024 * 1024


def mailcatcher() -> None:
    """Reçoit le courrier sur la boucle locale et le garde sous var/mail/*.eml (jamais en production)."""
    settings = load()
    if settings.production:
        console.print("En production le courrier part vraiment : rien à démarrer ici.")
        leave_idle()
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(_listen(settings.mailcatcher_port))
    except OSError as exc:
        refuse(f"Le port {settings.mailcatcher_port} (MAILCATCHER_PORT) n'est pas libre : {exc.strerror}.")


async def _listen(port: int) -> None:
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)

    def session() -> SMTP:
        return SMTP(
            Keeper(FOLDER), hostname="mailcatcher", data_size_limit=_SIZE_LIMIT, enable_SMTPUTF8=True, loop=loop
        )

    server = await loop.create_server(session, "127.0.0.1", port)
    console.print(f"Courrier reçu sur 127.0.0.1:{port}, gardé sous {FOLDER}/")
    await stop.wait()
    server.close()


class Keeper:
    """Writes each message received into `folder`, whole or not at all, before it is acknowledged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        name = file_name(envelope.original_content or envelope.content, envelope.rcpt_tos)
        draft = self._folder / f".{name}.part"
        draft.write_bytes(envelope.content)
        draft.rename(self._folder / f"{name}.eml")
        console.print(f"{', '.join(envelope.rcpt_tos)} : {name}.eml")
        return f"250 2.0.0 kept as {name}.eml"


def file_name(content: bytes, recipients: list[str]) -> str:
    """`20260311T083000.123456_to@example_subject-of-the-mail`: sorts by time, safe as a file name."""
    subject = str(make_header(decode_header(str(message_from_bytes(content)["Subject"] or "sans objet"))))
    moment = f"{utcnow():%Y%m%dT%H%M%S.%f}"
    return f"{moment}_{_slug(recipients[0], '@.+-_')[:80]}_{_slug(subject, '.-_')[:80]}"


def _slug(text: str, kept: str) -> str:
    safe = "".join(char if char.isascii() and (char.isalnum() or char in kept) else "-" for char in folded(text))
    return "-".join(part for part in safe.split("-") if part) or "x"
