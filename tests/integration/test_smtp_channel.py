"""The SMTP channel against a real server: every line of the outcome table."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.channels.contract import Done, Down, Failed, Outcome, Pause, Retry, Uncertain
from backend.channels.smtp.handlers import SmtpChannel
from backend.channels.smtp.models import Mailbox, Waits
from backend.core.errors import LostLease
from tests.support.mongod import free_port
from tests.support.smtp import HOST, MailServer, certificate, mail_server

pytestmark = pytest.mark.nodb
SHORT = Waits(connect=5, command=5, data=5, idle=10)


def row(to: str = "acheteur@example.test", **payload: str) -> dict[str, Any]:
    given = {"from": "leads@zr7.example.test", "from_name": "ZR7", "subject": "Vos leads du 11 mars", "text": "Bonjour",
             "filename": "ZR7_PV_2026-03-11_1.csv", "csv": "nom;prénom\r\nDupont;Zoé\r\n"}  # fmt: skip
    return {"id": f"batch:b1:smtp:{to}", "entity": "ZR7", "to": to, "batch_id": "b1", "payload": {**given, **payload},
            "message_id": "<abc@zr7.example.test>", "created_at": datetime(2026, 3, 11, 8, 30, tzinfo=UTC)}  # fmt: skip


class Journal:
    def __init__(self, fail: bool = False) -> None:
        self.written = 0
        self._fail = fail

    async def __call__(self) -> None:
        if self._fail:
            raise LostLease("x")
        self.written += 1


def channel(server: MailServer, mailbox: Mailbox | None = None, waits: Waits = SHORT) -> SmtpChannel:
    return SmtpChannel({"ZR7": mailbox or server.mailbox()}, waits=waits, tls=lambda: certificate()[1])


async def send(server: MailServer, **kwargs: Any) -> tuple[Outcome, int]:
    """The outcome, and how many journals were written."""
    journal = Journal()
    smtp = channel(server, **kwargs)
    try:
        return await smtp(row(), journal), journal.written
    finally:
        smtp.close()


async def test_a_message_arrives_whole() -> None:
    async with mail_server() as server:
        outcome, journals = await send(server)
        assert outcome == Done("250 2.0.0 taken") and journals == 1
        [mail] = server.messages
        assert (mail.sender, mail.to) == ("leads@zr7.example.test", "acheteur@example.test")
        assert mail.subject == "Vos leads du 11 mars"
        assert mail.attachments == {"ZR7_PV_2026-03-11_1.csv": "nom;prénom\r\nDupont;Zoé\r\n".encode()}
        assert mail.message["X-RDZ-Batch"] == "b1" and mail.message["Message-ID"] == "<abc@zr7.example.test>"


async def test_two_attempts_send_the_same_bytes_on_one_connection() -> None:
    async with mail_server() as server:
        smtp = channel(server)
        for _ in range(3):
            assert isinstance(await smtp(row(), Journal()), Done)
        smtp.close()
        assert len({mail.content for mail in server.messages}) == 1 and len(server.messages) == 3
        assert server.connections == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_encrypted_and_logged_in(security: Any) -> None:
    async with mail_server(security=security) as server:
        outcome, _ = await send(server)
        assert isinstance(outcome, Done)
        assert server.logins == [("leads@example.test", "the-right-password")]


@pytest.mark.parametrize(
    ("verb", "reply", "expected"),
    [
        ("MAIL", "451 4.3.0 later", Retry),
        ("MAIL", "550 5.7.1 not you", Failed),
        ("MAIL", "421 4.7.0 closing", Down),
        ("MAIL", "530 5.7.0 log in first", Pause),
        ("RCPT", "450 4.2.0 greylisted", Retry),
        ("RCPT", "550 5.1.1 unknown", Failed),
        ("RCPT", "552 5.2.2 full", Failed),
    ],
)
async def test_a_refusal_before_data_is_definite_and_unjournaled(verb: Any, reply: str, expected: type) -> None:
    async with mail_server() as server:
        server.refuse(verb, reply)
        outcome, journals = await send(server)
        assert isinstance(outcome, expected) and journals == 0
        assert outcome.code == reply[:3] and not server.messages  # type: ignore[union-attr]


@pytest.mark.parametrize(("reply", "expected"), [("451 4.3.0 later", Retry), ("554 5.6.0 no", Failed)])
async def test_a_refusal_of_the_data_is_definite(reply: str, expected: type) -> None:
    async with mail_server() as server:
        server.refuse("DATA", reply)
        outcome, journals = await send(server)
        assert isinstance(outcome, expected) and journals == 1 and not server.messages


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "hang"])
async def test_silence_after_the_journal_is_uncertain(fault: Any) -> None:
    async with mail_server() as server:
        server.fault(fault)
        outcome, journals = await send(server, waits=Waits(connect=5, command=5, data=0.3))
        assert isinstance(outcome, Uncertain) and journals == 1


@pytest.mark.parametrize("reply", [None, "454 4.7.0 temporary", "535 5.7.8 no"])
async def test_a_refused_login_stops_the_channel(reply: str | None) -> None:
    async with mail_server(security="tls") as server:
        if reply:
            server.refuse("AUTH", reply)
        outcome, journals = await send(server, mailbox=server.mailbox(password="wrong"))
        assert isinstance(outcome, Pause) and journals == 0
        assert outcome.code == (reply or "535")[:3] and len(server.logins) == 1


async def test_implicit_tls_demands_a_login() -> None:
    async with mail_server(security="tls") as server:
        outcome, _ = await send(server, mailbox=server.mailbox(password=""))
        assert isinstance(outcome, Pause) and "Mot de passe SMTP manquant" in outcome.reason
        assert server.connections == 0
    async with mail_server(security="tls", auth=False) as server:
        outcome, _ = await send(server)
        assert isinstance(outcome, Pause) and "AUTH" in outcome.reason


async def test_without_tls_a_login_is_made_only_when_offered_and_a_password_is_set() -> None:
    async with mail_server(auth=False) as server:
        outcome, _ = await send(server)
        assert isinstance(outcome, Done) and not server.logins
    async with mail_server() as server:
        outcome, _ = await send(server, mailbox=server.mailbox(password=""))
        assert isinstance(outcome, Done) and not server.logins


async def test_an_unknown_certificate_and_a_missing_starttls_stop_the_channel() -> None:
    for security in ("tls", "starttls"):
        async with mail_server(security=security) as server:
            smtp = SmtpChannel({"ZR7": server.mailbox()}, waits=SHORT, tls=ssl.create_default_context)
            outcome = await smtp(row(), Journal())
            assert isinstance(outcome, Pause) and "Certificat" in outcome.reason and not server.logins
    async with mail_server() as server:
        plain = Mailbox(HOST, server.port, "starttls", "leads@example.test", "x")
        outcome, _ = await send(server, mailbox=plain)
        assert isinstance(outcome, Pause) and "STARTTLS" in outcome.reason and not server.logins


async def test_nobody_at_home_is_a_plain_retry() -> None:
    smtp = SmtpChannel({"ZR7": Mailbox(HOST, free_port(), "none", "leads@example.test")}, waits=SHORT)
    outcome = await smtp(row(), Journal())
    assert isinstance(outcome, Down) and outcome.code == "connection"


async def test_a_lost_lease_sends_nothing() -> None:
    async with mail_server() as server:
        with pytest.raises(LostLease):
            await channel(server)(row(), Journal(fail=True))
        assert not server.messages


async def test_a_kept_connection_that_died_is_replaced_within_the_attempt() -> None:
    async with mail_server() as server:
        smtp = channel(server)
        assert isinstance(await smtp(row(), Journal()), Done)
        server.hang_up()
        assert isinstance(await smtp(row(), Journal()), Done)
        smtp.close()
        assert len(server.messages) == 2 and server.connections == 2


@pytest.mark.parametrize(
    "to",
    ["a@b.fr, c@d.fr", "a@b.fr\r\nRCPT TO:<e@f.fr>", "<a@b.fr> SIZE=1", "a@b.fr\0", "a b@c.fr", "", "@b.fr", "a@"],
)
async def test_what_is_not_one_address_never_reaches_the_server(to: str) -> None:
    async with mail_server() as server:
        outcome = await channel(server)(row(to), Journal())
        assert isinstance(outcome, Failed) and outcome.code == "invalid_message"
        assert server.connections == 0


@pytest.mark.parametrize("field", ["subject", "from_name", "from", "filename"])
@pytest.mark.parametrize("bad", ["a\r\nBcc: x@y.fr", "a\0b", "a\u2028b", "a\x0bb"])
async def test_control_characters_never_reach_a_header(field: str, bad: str) -> None:
    async with mail_server() as server:
        outcome = await channel(server)(row(**{field: bad}), Journal())
        assert isinstance(outcome, Failed) and server.connections == 0


async def test_the_probe_logs_in_and_sends_nothing() -> None:
    async with mail_server(security="tls") as server:
        assert isinstance(await channel(server).probe("ZR7"), Done)
        assert isinstance(await channel(server, server.mailbox(password="no")).probe("ZR7"), Pause)
        assert not server.messages
