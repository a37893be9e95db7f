"""`rdz run-job` and `rdz invariants`, as an operator types them."""

from __future__ import annotations

import asyncio
import sysconfig
from pathlib import Path

from backend.settings import alone
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

_RDZ = str(Path(sysconfig.get_path("scripts")) / "rdz")


async def rdz(environ: dict[str, str], server: MailServer, *words: str) -> tuple[int, str]:
    """Exit code and output of one command on the base of the tests, its mail led to `server`."""
    mail = {f"{code}_SMTP_{name}": value for code in ("ZR7", "MDL")
            for name, value in (("HOST", "127.0.0.1"), ("PORT", str(server.port)), ("SECURITY", "none"))}  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        _RDZ, *words, env=alone(environ | mail | {"COLUMNS": "200"}), stdout=-1, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_a_run_asked_for_returns_when_every_row_was_tried(trade: Trade, environ: dict[str, str]) -> None:
    client, _ = await trade.buyer()
    lead = await trade.lead()
    async with mail_server(auth=False) as server:
        code, said = await rdz(environ, server, "run-job", "daily_delivery")
        assert code == 0, said
        assert "daily_delivery:2026-03-11#2" in said and "Messages, envoyé : 1" in said
        assert [message.to for message in server.messages] == [client.email]
        assert (await trade.stored(lead["id"]))["status"] == "livre"
        assert (await rdz(environ, server, "invariants"))[0] == 0
        code, said = await rdz(environ, server, "run-job", "ménage")
    assert code == 1 and "Connus : daily_delivery" in said
