"""Test 9 of reliability.md: what a mail server can do at each line (with test_smtp_channel, the whole matrix)."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.channels.contract import Down, Failed, Pause, Retry, Uncertain
from backend.channels.smtp.handlers import SmtpChannel
from backend.channels.smtp.models import Waits
from tests.integration.test_smtp_channel import Journal, row
from tests.support.fault_smtp import fault_server, taken

pytestmark = pytest.mark.nodb
BUSY = "421 4.3.2 come back later"
DEFINITELY_NOT = (Retry, Pause, Down)


def waits(line: str) -> Waits:
    """Short for the line that is tried alone: a busy machine may be slow at the others."""
    before = 0.5 if line in {"banner", "EHLO", "MAIL", "RCPT"} else 20
    return Waits(connect=before, command=before, data=0.5 if line in {"DATA", "."} else 20, idle=10)


@pytest.mark.parametrize(
    ("line", "action"),
    [
        *[("banner", action) for action in ("hang", "drop", "garbage", "flood", "drip", "554 no service", BUSY)],
        *[("EHLO", action) for action in ("hang", "drop", "garbage", "flood", "drip", "550 no", BUSY)],
        *[("MAIL", action) for action in ("hang", "drop", "garbage", "flood", "drip", BUSY)],
        *[("RCPT", action) for action in ("hang", "drop", "garbage", "flood", "drip", BUSY)],
    ],
)
async def test_before_the_journal_nothing_is_in_doubt(tmp_path: Path, line: str, action: str) -> None:
    async with fault_server(tmp_path / "log") as server:
        server.tell(line, action)
        smtp, journal = SmtpChannel({"ZR7": server.mailbox()}, waits=waits(line)), Journal()
        outcome = await smtp(row(), journal)
        smtp.close()
    assert isinstance(outcome, DEFINITELY_NOT) and journal.written == 0
    assert not taken(tmp_path / "log")


@pytest.mark.parametrize(
    ("line", "action", "expected"),
    [
        *[("DATA", action, Uncertain) for action in ("hang", "drop", "garbage", "flood", "drip")],
        *[(".", action, Uncertain) for action in ("hang", "drop", "take and drop", "garbage", "flood", "drip")],
        ("DATA", "451 later", Retry),
        ("DATA", "554 no", Failed),
        (".", "451 later", Retry),
        (".", "552 too big", Failed),
        ("DATA", BUSY, DEFINITELY_NOT),
        (".", BUSY, DEFINITELY_NOT),
    ],
)
async def test_after_the_journal_only_a_reply_is_definite(
    tmp_path: Path, line: str, action: str, expected: type | tuple[type, ...]
) -> None:
    async with fault_server(tmp_path / "log") as server:
        server.tell(line, action)
        smtp, journal = SmtpChannel({"ZR7": server.mailbox()}, waits=waits(line)), Journal()
        outcome = await smtp(row(), journal)
        smtp.close()
    assert isinstance(outcome, expected) and journal.written == 1
    assert len(taken(tmp_path / "log")) == (action == "take and drop")
