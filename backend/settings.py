"""Settings: the only reader of the environment. Refuses to start on what would be a mistake in production."""

from __future__ import annotations

import os
import re
import sysconfig
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, ValidationError

from backend.core import crash, mongod
from backend.core.addresses import BadAddress, target
from backend.core.french import by_field

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_PLACEHOLDERS = ("change", "placeholder", "secret", "example", "for-tests", "xxx", "todo", "***")
UP_FILE = "var/up.env"
M = TypeVar("M", bound=BaseModel)
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
        match = re.fullmatch(r"([1-9]\d{0,5})([smhd])", value.strip())
        if not match:
            raise ValueError("durée attendue, par exemple 15m ou 7d")
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    return value


def comma_list(value: Any) -> Any:
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def upper(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


def _crash_point(value: str) -> str:
    if not re.fullmatch(rf"({'|'.join(sorted(crash.POINTS))})(:[1-9]\d{{0,5}})?", value):
        raise ValueError("point inconnu (backend/core/crash.py)")
    return value


Duration = Annotated[timedelta, BeforeValidator(duration)]
CommaList = Annotated[list[str], BeforeValidator(comma_list)]


class EntitySettings(BaseModel):
    """What one company brings: its mailbox, its consent mode, its legacy CRM (`api_url` empty: none)."""

    code: str = Field(pattern=r"^[A-Z][A-Z0-9]{1,9}$")
    name: str
    smtp_host: str = "ssl0.ovh.net"
    smtp_port: int = Field(465, ge=1, le=65535)
    smtp_user: str
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Security = "tls"
    consent_mode: ConsentMode = "record"
    api_url: str = ""
    api_key: SecretStr = SecretStr("")


class Settings(BaseModel):
    """Every variable of `.env.example`, typed. Build it with `load()`."""

    app_env: Literal["production", "development", "test"]
    port: int = Field(8001, ge=1, le=65535)
    frontend_port: int = Field(3000, ge=1, le=65535)
    react_app_backend_url: str = Field("", pattern=r"^(https?://.+)?$")
    wds_socket_port: int = Field(3000, ge=1, le=65535)
    mongo_port: int = Field(27117, ge=1, le=65535)
    mongo_url: str = Field(pattern=r"^mongodb(\+srv)?://")
    db_name: str = Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")
    backend_url: str = Field(min_length=1, pattern=r"^https?://")
    frontend_url: str = ""
    cors_origins: CommaList = Field(default_factory=list)
    cookie_domain: str = ""
    trust_proxy: bool = False
    jwt_secret: SecretStr
    secrets_key: SecretStr = SecretStr("")
    secrets_key_old: SecretStr = SecretStr("")
    jwt_expires_in: Duration = timedelta(minutes=15)
    refresh_token_expires_in: Duration = timedelta(days=7)
    run_worker: bool = False
    outbox_poll_ms: int = Field(1_000, ge=50, le=60_000)
    outbox_at_once: int = Field(8, ge=1, le=64)
    run_scheduler: bool = False
    mailcatcher_port: int = Field(8025, ge=1, le=65535)
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(upper)] = "INFO"
    log_pretty: bool = False
    sentry_dsn: str = ""
    metrics_token: SecretStr = SecretStr("")
    crash_at: Annotated[str, AfterValidator(_crash_point)] = ""
    entities: CommaList = Field(default_factory=lambda: ["ZR7", "MDL"], min_length=1)
    entity: dict[str, EntitySettings] = Field(default_factory=dict)

    @property
    def production(self) -> bool:
        return self.app_env == "production"

    @property
    def https(self) -> bool:
        return self.backend_url.startswith("https://")

    @property
    def sealing_keys(self) -> tuple[str, ...]:
        """What secrets at rest are sealed with, then the key being replaced. Without one: `JWT_SECRET`."""
        key, old = self.secrets_key.get_secret_value(), self.secrets_key_old.get_secret_value()
        return (key or self.jwt_secret.get_secret_value(), *([old] if old else []))

    @property
    def embedded_mongo(self) -> bool:
        """True when the base is the `mongod` that supervisord starts here."""
        return self.mongo_url == mongod.url(self.mongo_port)


def surroundings() -> dict[str, str]:
    """The process's environment, over `.env`, over what a running `rdz up` gives to this directory.

    What `rdz up` gives counts only while nothing else names another `APP_ENV`.
    """
    own = {**_filled(dotenv_values(".env")), **_filled(os.environ)}
    given = _filled(dotenv_values(UP_FILE)) if Path(UP_FILE).is_file() else {}
    if own.get("APP_ENV", given.get("APP_ENV")) != given.get("APP_ENV"):
        return own
    return {**given, **own}


def typed() -> dict[str, str]:
    """Our variables that this process's own environment sets: another terminal does not have them."""
    codes = comma_list(surroundings().get("ENTITIES", "ZR7,MDL"))
    ours = {name.upper() for name in Settings.model_fields}
    ours |= {f"{code}_{name.upper()}" for code in codes for name in EntitySettings.model_fields}
    return {name: text for name, text in _filled(os.environ).items() if name in ours}


def for_children(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process started from here: ours and `extra`, with `rdz` first on the PATH."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    return {**os.environ, **extra, "PATH": path}


def alone(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that must not see ours: `extra`, and what any program needs to run."""
    needed = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**needed, **extra, "PATH": for_children({})["PATH"]}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of `surroundings()`, or of `environ` alone; `BadSettings` names everything missing or wrong."""
    env = surroundings() if environ is None else _filled(environ)
    problems: dict[str, str] = {}
    codes = comma_list(env.get("ENTITIES", "ZR7,MDL"))
    values = _given(Settings, "", env)
    values.setdefault("mongo_url", mongod.url(values.get("mongo_port", 27117)))
    values["entity"] = {code: one for code in codes if (one := _entity(code, env, problems))}
    settings = _validated(Settings, "", values, problems)
    for name, text in (*_unsafe(env), *_unsafe_in_production(env, codes)):
        problems.setdefault(name, text)
    if problems or settings is None:
        raise BadSettings(_refusal(problems))
    return settings


def _filled(source: Mapping[str, str | None]) -> dict[str, str]:
    return {key.upper(): value for key, value in source.items() if value}


def _given(model: type[BaseModel], prefix: str, env: Mapping[str, str]) -> dict[str, Any]:
    """Field -> text, for the fields of `model` that `env` names."""
    return {name: env[prefix + name.upper()] for name in model.model_fields if prefix + name.upper() in env}


def _validated(model: type[M], prefix: str, values: Mapping[str, Any], problems: dict[str, str]) -> M | None:
    """The model, or None with what is wrong added to `problems`, by variable."""
    try:
        return model.model_validate(values)
    except ValidationError as exc:
        told = by_field([dict(error) for error in exc.errors()])
        problems.update({prefix + field.upper(): text for field, text in told.items()})
        return None


def _entity(code: str, env: Mapping[str, str], problems: dict[str, str]) -> EntitySettings | None:
    known = {"smtp_user": _MAILBOXES.get(code, ""), "name": _NAMES.get(code, code)}
    values = {**known, **_given(EntitySettings, f"{code}_", env), "code": code}
    return _validated(EntitySettings, f"{code}_", values, problems)


def _unsafe(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is refused everywhere: variable and sentence."""
    if 0 < len(env.get("METRICS_TOKEN", "")) < 16:
        yield "METRICS_TOKEN", "16 caractères au moins."
    for name in ("JWT_SECRET", "SECRETS_KEY", "SECRETS_KEY_OLD"):
        if 0 < len(env.get(name, "")) < 32:
            yield name, "32 caractères au moins."
    for code in comma_list(env.get("ENTITIES", "ZR7,MDL")):
        yield from _unsafe_crm(code, env)
        host = env.get(f"{code}_SMTP_HOST", "")
        if env.get(f"{code}_SMTP_SECURITY") == "none" and host not in LOOPBACK:
            yield f"{code}_SMTP_SECURITY", "none n'est permis que vers la boucle locale (127.0.0.1)."


def _unsafe_crm(code: str, env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    try:
        if url := env.get(f"{code}_API_URL", ""):
            target(url, loopback=env.get("APP_ENV") != "production")
    except BadAddress as exc:
        yield f"{code}_API_URL", str(exc)


def _unsafe_in_production(env: Mapping[str, str], codes: list[str]) -> Iterator[tuple[str, str]]:
    """What only production refuses: variable and sentence."""
    if env.get("APP_ENV") != "production":
        return
    for name in ("JWT_SECRET", "SECRETS_KEY"):
        if any(word in env.get(name, "").lower() for word in _PLACEHOLDERS):
            yield name, "valeur d'exemple refusée en production."
    if "SECRETS_KEY" not in env:
        yield "SECRETS_KEY", "obligatoire en production : openssl rand -hex 32."
    elif env["SECRETS_KEY"] == env.get("JWT_SECRET"):
        yield "SECRETS_KEY", "doit différer de JWT_SECRET : l'une se change sans l'autre."
    if "*" in comma_list(env.get("CORS_ORIGINS", "")):
        yield "CORS_ORIGINS", "* refusé en production : listez les origines."
    if "CRASH_AT" in env:
        yield "CRASH_AT", "réservé aux essais : à retirer en production."
    if "MONGO_URL" not in env:
        yield "MONGO_URL", "obligatoire en production."
    for code in codes:
        if f"{code}_CONSENT_MODE" not in env:
            yield f"{code}_CONSENT_MODE", "record ou require, à choisir explicitement en production."
        if f"{code}_SMTP_PASSWORD" not in env and env.get(f"{code}_SMTP_SECURITY") != "none":
            yield f"{code}_SMTP_PASSWORD", "obligatoire en production : sans lui aucun lead ne part."


def _refusal(problems: Mapping[str, str]) -> str:
    lines = [f"  {name} : {text}" for name, text in problems.items()]
    return "\n".join(
        ["Démarrage refusé, réglages à corriger :", *lines, "Chaque variable est décrite dans .env.example."]
    )
