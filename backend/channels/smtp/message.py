"""The bytes of a message: the same for every attempt of a row."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATEXT}(\.{_ATEXT})*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_LINE_BREAKERS = "\u0085\u2028\u2029"
_FILENAME = re.compile(r"[A-Za-z0-9._-]{1,120}")


class BadMessage(ValueError):
    """The message can never leave as it is; the text says why, in French."""


def address(text: str) -> str:
    """`text` when it is exactly one addr-spec (its domain made ASCII); anything else is refused."""
    local, at, domain = text.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    fits = len(local) <= 64 and len(text) <= 254
    if not (at and fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)):
        raise BadMessage(f"Adresse refusée : {text[:80]!r}")
    return f"{local}@{ascii_domain}"


def header(text: str) -> str:
    """`text` when it holds on one line without control characters."""
    if any(ord(char) < 32 or ord(char) == 127 or char in _LINE_BREAKERS for char in text):
        raise BadMessage(f"Caractère de contrôle refusé dans un en-tête : {text[:80]!r}")
    return text


def build(row: Mapping[str, Any]) -> bytes:
    """The message of an outbox row. Date and boundary come from the row: two attempts send the same bytes."""
    payload = row["payload"]
    created_at: datetime = row["created_at"]
    message = EmailMessage(policy=SMTP)
    message["From"] = _named(str(payload["from"]), str(payload.get("from_name", "")))
    message["To"] = Address(addr_spec=address(str(row["to"])))
    message["Subject"] = header(str(payload["subject"]))
    message["Date"] = format_datetime(created_at)
    message["Message-ID"] = header(str(row["message_id"]))
    message["X-RDZ-Batch"] = header(str(row["batch_id"]))
    message.set_content(_body(str(payload["text"])), charset="utf-8", cte="quoted-printable")
    files = payload.get("files") or ([payload] if payload.get("filename") else [])
    if files:
        message.make_mixed(boundary="rdz-" + hashlib.sha256(str(row["id"]).encode()).hexdigest()[:40])
    for one in files:
        _attach(message, one)
    return message.as_bytes()


def _named(sender: str, name: str) -> Address:
    return Address(display_name=header(name), addr_spec=address(sender))


def _body(text: str) -> str:
    if "\0" in text:
        raise BadMessage("Caractère nul refusé dans le texte.")
    return text


def _attach(message: EmailMessage, payload: Mapping[str, Any]) -> None:
    """A file: a `csv` as text, or a `pdf` in base64. A payload carries its own, or `files` when it has several."""
    filename = str(payload["filename"])
    if not _FILENAME.fullmatch(filename):
        raise BadMessage(f"Nom de fichier refusé : {filename[:80]!r}")
    if "pdf" in payload:
        content = base64.b64decode(str(payload["pdf"]))
        message.add_attachment(content, maintype="application", subtype="pdf", cte="base64", filename=filename)
        return
    message.add_attachment(
        str(payload["csv"]).encode(), maintype="text", subtype="csv", cte="base64", filename=filename,
        params={"charset": "utf-8"},
    )  # fmt: skip
