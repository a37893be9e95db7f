"""What `rdz up` gives to a developer who has set nothing: pure, but for the secret it keeps under `var/`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from backend.settings import comma_list


def given(own: Mapping[str, str], chosen: Mapping[str, str], secret: str) -> dict[str, str]:
    """The variables `rdz up` adds under `own`; `chosen` are its options, which win. Nothing else in production."""
    if own.get("APP_ENV") == "production":
        return dict(chosen)
    port = chosen.get("PORT") or own.get("PORT", "8001")
    web_port = chosen.get("FRONTEND_PORT") or own.get("FRONTEND_PORT", "3000")
    mail_port = chosen.get("MAILCATCHER_PORT") or own.get("MAILCATCHER_PORT", "8025")
    values = {
        "APP_ENV": "development",
        "BACKEND_URL": f"http://127.0.0.1:{port}",
        "FRONTEND_URL": f"http://127.0.0.1:{web_port}",
        "DB_NAME": "rdz_dev",
        "JWT_SECRET": secret,
        "LOG_PRETTY": "true",
    }
    for code in comma_list(own.get("ENTITIES", "ZR7,MDL")):
        values |= _caught(code, mail_port) if f"{code}_SMTP_HOST" not in own else {}
    return {**{name: text for name, text in values.items() if name not in own}, **chosen}


def _caught(code: str, mail_port: str) -> dict[str, str]:
    """The mailbox of a company, led to the mail catcher."""
    return {
        f"{code}_SMTP_HOST": "127.0.0.1",
        f"{code}_SMTP_PORT": mail_port,
        f"{code}_SMTP_SECURITY": "none",
    }


def kept_secret(folder: Path) -> str:
    """The development secret of this directory, made once, readable by its owner only."""
    file = folder / "jwt_secret"
    if not file.exists():
        write_private(file, secrets.token_hex(32))
    return file.read_text().strip()


def as_file(values: Mapping[str, str]) -> str:
    """`values` as lines of a `.env`, whatever quotes they hold."""
    escape = str.maketrans({"\\": "\\\\", "'": "\\'"})
    return "".join(f"{name}='{text.translate(escape)}'\n" for name, text in values.items())


def write_private(file: Path, text: str) -> None:
    """Write `text` so that only the owner can read it, whole or not at all."""
    draft = file.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.rename(file)
