"""A real SMTP server for the tests (aiosmtpd), in the test's own loop, that can be told to misbehave.

async with mail_server() as server:
    server.serve(parts)                      # both entities' mailboxes leave through it
    server.refuse("RCPT", "550 5.1.1 unknown", times=1)
    ...
    assert [mail.to for mail in server.messages] == ["acheteur@example.test"]
"""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from backend.channels.smtp.models import Mailbox

Verb = Literal["AUTH", "MAIL", "RCPT", "DATA"]
Fault = Literal["drop_before", "drop_after", "hang", "hang_rcpt"]
HOST = "127.0.0.1"
PASSWORD = "the-right-password"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message the server took."""

    sender: str
    to: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def attachments(self) -> dict[str, bytes]:
        """File name -> exact bytes."""
        parts = self.message.iter_attachments()
        return {str(part.get_filename()): cast(bytes, part.get_payload(decode=True)) for part in parts}


@dataclass(slots=True)
class _Refusal:
    verb: Verb
    reply: str
    times: int | None
    only: str | None


@dataclass(slots=True)
class MailServer:
    """What the server saw and how it was told to behave. `messages` are those it answered 250 to, or took."""

    port: int = 0
    security: Literal["none", "starttls", "tls"] = "none"
    messages: list[Mail] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a message that the server was told to hang on has arrived."""
    password: str = PASSWORD
    _refusals: list[_Refusal] = field(default_factory=list)
    _faults: list[Fault] = field(default_factory=list)
    _released: asyncio.Event = field(default_factory=asyncio.Event)
    _sessions: list[SMTP] = field(default_factory=list)

    def refuse(self, verb: Verb, reply: str, *, times: int | None = None, only: str | None = None) -> None:
        """Answer `reply` to `verb`, `times` times (None: always), `only` for this recipient."""
        self._refusals.append(_Refusal(verb, reply, times, only))

    def fault(self, fault: Fault, *, times: int = 1) -> None:
        """At the next messages: drop the line before or after taking it, or never answer to DATA, or to RCPT."""
        self._faults += [fault] * times

    def hang_up(self) -> None:
        """Close every connection, as a server does with idle ones."""
        for session in self._sessions:
            if session.transport is not None:
                session.transport.close()
        self._sessions.clear()

    def behave(self) -> None:
        """Forget every refusal and fault."""
        self._refusals.clear()
        self._faults.clear()

    def mailbox(self, user: str = "leads@example.test", password: str | None = None) -> Mailbox:
        """The settings that reach this server."""
        return Mailbox(HOST, self.port, self.security, user, self.password if password is None else password)

    def serve(self, parts: Any) -> None:
        """Make every entity of `parts` send through this server."""
        for entity in parts.smtp.mailboxes:
            parts.smtp.mailboxes[entity] = self.mailbox(f"leads@{entity.lower()}.example.test")

    def refusal(self, verb: Verb, recipient: str | None = None) -> str | None:
        for rule in self._refusals:
            if rule.verb == verb and rule.only in {None, recipient} and rule.times != 0:
                rule.times = None if rule.times is None else rule.times - 1
                return rule.reply
        return None

    # aiosmtpd's hooks

    async def handle_MAIL(self, _server: SMTP, _session: Any, envelope: Any, sender: str, options: list[str]) -> str:
        refused = self.refusal("MAIL")
        if refused is None:
            envelope.mail_from = sender
            envelope.mail_options.extend(options)
        return refused or "250 OK"

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Any, to: str, _options: list[str]) -> str:
        if self._faults[:1] == ["hang_rcpt"]:
            await self._hang()
        refused = self.refusal("RCPT", to)
        if refused is None:
            envelope.rcpt_tos.append(to)
        return refused or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:
        refused = self.refusal("DATA", envelope.rcpt_tos[0])
        if refused:
            return refused
        fault = self._faults[0] if self._faults else None
        if fault == "hang":
            await self._hang()
        elif fault:
            self._faults.pop(0)
        if fault != "drop_before":
            self.messages += [Mail(envelope.mail_from, to, envelope.original_content) for to in envelope.rcpt_tos]
        if fault in {"drop_before", "drop_after"}:
            assert server.transport is not None
            server.transport.close()
        return "250 2.0.0 taken"

    async def _hang(self) -> None:
        self._faults.pop(0)
        self.reached.set()
        await self._released.wait()

    def authenticate(self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login.decode(), given.password.decode()))
        refused = self.refusal("AUTH")
        if refused is None and given.password.decode() == self.password:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=refused)


@asynccontextmanager
async def mail_server(
    *, security: Literal["none", "starttls", "tls"] = "none", auth: bool = True, port: int = 0
) -> AsyncIterator[MailServer]:
    """A server on loopback. `auth`: whether it offers AUTH (any user, `PASSWORD`)."""
    state = MailServer(security=security)

    def session() -> SMTP:
        state.connections += 1
        one = SMTP(
            state,
            hostname="mail.example.test",
            authenticator=state.authenticate,
            auth_require_tls=not auth,
            auth_exclude_mechanism=None if auth else ["LOGIN", "PLAIN"],
            tls_context=certificate()[0] if security == "starttls" else None,
            enable_SMTPUTF8=False,
            timeout=60,
        )
        state._sessions.append(one)
        return one

    loop = asyncio.get_running_loop()
    tls = certificate()[0] if security == "tls" else None
    listener = await loop.create_server(session, HOST, port, ssl=tls)
    state.port = listener.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        state._released.set()
        listener.close()
        state.hang_up()
        await listener.wait_closed()


@cache
def certificate() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(server's context, a client's context that trusts it): a self-signed certificate of 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.test")])
    now = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = cert.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_bytes(pem + secret)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=pem.decode())
