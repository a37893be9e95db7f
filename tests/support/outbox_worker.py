"""A relay in a process of its own, to be killed: `python -m tests.support.outbox_worker PORT`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from backend import bootstrap
from backend.channels.smtp.handlers import SmtpChannel
from backend.channels.smtp.models import Mailbox
from backend.outbox.relay import Relay
from backend.settings import load
from tests.support.outbox import QUICK, own_outbox


@contextmanager
def worker_process(environ: Mapping[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start one that sends through the server on `port`; killed at the end if it still lives."""
    command = [sys.executable, "-m", "tests.support.outbox_worker", str(port)]
    with subprocess.Popen(command, env={**os.environ, **environ}) as process:
        try:
            yield process
        finally:
            process.kill()


async def main(port: int) -> None:
    parts = bootstrap.build(load())
    await bootstrap.start(parts)
    outbox = own_outbox(parts)
    outbox.register("email", SmtpChannel({"ZR7": Mailbox("127.0.0.1", port, "none", "leads@zr7.example.test")}))
    relay = Relay(outbox, f"process-{os.getpid()}", QUICK)
    relay.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
