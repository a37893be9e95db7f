"""What each reply of the server makes of a row (reliability.md 2.5)."""

from __future__ import annotations

import re
from ssl import SSLCertVerificationError

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPReadTimeoutError,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from backend.channels.contract import Down, Failed, Outcome, Pause, Retry, Uncertain

_LOGIN_CODES = {530, 534, 535, 538}
_CLOSING = 421


class ChannelUnusable(Exception):
    """The mailbox itself cannot be used; the text says what to repair, in French."""


def before_journal(exc: Exception) -> Outcome:
    """Nothing was accepted yet: a refusal or a plain retry, and a stop when the mailbox itself is refused."""
    match exc:
        case ChannelUnusable():
            return Pause(str(exc), "channel_unusable")
        case SMTPAuthenticationError(code=code) if code != _CLOSING:
            return Pause(f"Connexion refusée par le serveur : {_said(exc)}", str(exc.code))
        case SMTPResponseException(code=code) if code in _LOGIN_CODES and not isinstance(exc, SMTPRecipientRefused):
            return Pause(f"Le serveur demande une connexion : {_said(exc)}", str(code))
        case SMTPResponseException(code=code) if 500 <= code < 600 and _about_the_message(exc):
            gone = isinstance(exc, SMTPRecipientRefused) and unknown_recipient(code, exc.message)
            return Failed(_said(exc), str(code), gone)
        case SMTPResponseException(code=code) if code == _CLOSING:
            return Down(_said(exc), str(code))
        case SMTPResponseException():
            return Retry(_said(exc), str(exc.code))
        case SMTPReadTimeoutError():
            return Retry(f"{type(exc).__name__}: {exc}", "timeout")
    if isinstance(exc.__cause__, SSLCertVerificationError) or isinstance(exc, SSLCertVerificationError):
        return Pause(f"Certificat du serveur refusé : {exc}", "tls")
    return Down(f"{type(exc).__name__}: {exc}", "connection")


def unknown_recipient(code: int, message: str) -> bool:
    """Whether a refusal of RCPT says that the address does not exist: 550 5.1.x, 551, 553.

    A policy (5.7.x) or a refused sender (5.1.7, 5.1.8) says nothing of the recipient; nor does a bare 550.
    """
    if code not in {550, 551, 553}:
        return False
    status = re.match(r"5\.(\d{1,3})\.(\d{1,3})\b", message.strip())
    if status is None:
        return code != 550
    return status[1] == "1" and status[2] not in {"7", "8"}


def after_journal(exc: Exception) -> Outcome:
    """A reply code is a definite refusal; silence is not."""
    if isinstance(exc, SMTPDataError):
        if 400 <= exc.code < 500:
            return Retry(_said(exc), str(exc.code))
        if 500 <= exc.code < 600:
            return Failed(_said(exc), str(exc.code))
    return Uncertain(f"Message envoyé sans réponse claire : {type(exc).__name__}: {exc}")


def _about_the_message(exc: SMTPResponseException) -> bool:
    return hasattr(exc, "recipient") or hasattr(exc, "sender")


def _said(exc: SMTPResponseException) -> str:
    return f"{exc.code} {exc.message}"
