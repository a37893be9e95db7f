"""Settings: the only reader of the environment. Refuses to start on what would be a mistake in production."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import BaseModel, BeforeValidator, Field, SecretStr, ValidationError, model_validator

from backend.core.french import by_field

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_PLACEHOLDERS = ("change", "placeholder", "secret", "example", "xxx", "todo", "***")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
Security = Literal["tls", "starttls", "none"]
ConsentMode = Literal["record", "require"]

# Defaults of the two companies; another entity gives all of its own.
_MAILBOXES = {"ZR7": "vos-leads@zr7-digital.fr", "MDL": "livraisonleads@maisonduleads.fr"}
_NAMES = {"ZR7": "ZR7 Consulting", "MDL": "Maison du Lead"}


class BadSettings(SystemExit):
    """Start refused; the message names each variable and says what to do."""


def duration(value: Any) -> Any:
    """`15m`, `7d`, `30s`, `12h` as a timedelta."""
    if isinstance(value, str):
        match = re.fullmatch(r"(\d+)([smhd])", value.strip())
        if not match:
            raise ValueError("durée attendue, par exemple 15m ou 7d")
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    return value


def comma_list(value: Any) -> Any:
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(duration)]
CommaList = Annotated[list[str], BeforeValidator(comma_list)]


class EntitySettings(BaseModel):
    """What one company brings: its mailbox, its consent mode, its legacy CRM."""

    code: str
    name: str
    smtp_host: str = "ssl0.ovh.net"
    smtp_port: int = Field(465, ge=1, le=65535)
    smtp_user: str
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Security = "tls"
    consent_mode: ConsentMode = "record"
    api_url: str = ""
    api_key: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _plain_only_at_home(self) -> EntitySettings:
        if self.smtp_security == "none" and self.smtp_host not in LOOPBACK:
            raise ValueError("SMTP_SECURITY=none n'est permis que vers la boucle locale")
        return self


class Settings(BaseModel):
    """Every variable of `.env.example`, typed. Build it with `load()`."""

    app_env: Literal["production", "development", "test"]
    port: int = Field(8001, ge=1, le=65535)
    mongo_url: str = "mongodb://127.0.0.1:27117/?replicaSet=rs0"
    db_name: str = Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")
    backend_url: str = Field(min_length=1, pattern=r"^https?://")
    frontend_url: str = ""
    cors_origins: CommaList = Field(default_factory=list)
    cookie_domain: str = ""
    trust_proxy: bool = False
    jwt_secret: SecretStr = SecretStr("")
    jwt_expires_in: Duration = timedelta(minutes=15)
    refresh_token_expires_in: Duration = timedelta(days=7)
    run_worker: bool = False
    run_scheduler: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_pretty: bool = False
    sentry_dsn: str = ""
    entities: CommaList = Field(default_factory=lambda: ["ZR7", "MDL"])
    entity: dict[str, EntitySettings] = Field(default_factory=dict)

    @property
    def production(self) -> bool:
        return self.app_env == "production"

    @property
    def https(self) -> bool:
        return self.backend_url.startswith("https://")

    @model_validator(mode="after")
    def _safe(self) -> Settings:
        problems = [text for text in self._problems() if text]
        if problems:
            raise ValueError(" ; ".join(problems))
        return self

    def _problems(self) -> list[str]:
        secret = self.jwt_secret.get_secret_value()
        found = []
        if len(secret) < 32:
            found.append("JWT_SECRET : 32 caractères au moins")
        if self.production:
            if any(word in secret.lower() for word in _PLACEHOLDERS):
                found.append("JWT_SECRET : valeur d'exemple refusée en production")
            if "*" in self.cors_origins:
                found.append("CORS_ORIGINS : * refusé en production")
        return found


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `.env` under the environment (or `environ` alone); `BadSettings` names what is missing or wrong."""
    source = {**dotenv_values(".env"), **os.environ} if environ is None else environ
    env = {key.upper(): value for key, value in source.items() if value}
    try:
        known: dict[str, Any] = {name: env[name.upper()] for name in Settings.model_fields if name.upper() in env}
        codes = comma_list(known.get("entities", "ZR7,MDL"))
        known["entity"] = {code: _entity(code, env, known.get("app_env") == "production") for code in codes}
        return Settings.model_validate(known)
    except ValidationError as exc:
        told = by_field([dict(error) for error in exc.errors()])
        lines = [f"  {name.upper() if name != 'body' else 'réglages'} : {text}" for name, text in told.items()]
        raise BadSettings("Démarrage refusé, réglages incorrects :\n" + "\n".join(lines)) from None


def _entity(code: str, env: Mapping[str, str], production: bool) -> EntitySettings:
    prefix = f"{code}_"
    given = {name: env[prefix + name.upper()] for name in EntitySettings.model_fields if env.get(prefix + name.upper())}
    if production and "consent_mode" not in given:
        raise BadSettings(f"Démarrage refusé : {prefix}CONSENT_MODE doit valoir record ou require en production.")
    return EntitySettings.model_validate(
        {"smtp_user": _MAILBOXES.get(code, ""), "name": _NAMES.get(code, code), **given, "code": code}
    )
