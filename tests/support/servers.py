"""Real server processes on free ports, on the base of the tests."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sysconfig
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

import httpx

from tests.support.mongod import free_port

_RDZ = str(Path(sysconfig.get_path("scripts")) / "rdz")


@asynccontextmanager
async def serving(environ: Mapping[str, str], folder: Path) -> AsyncIterator[str]:
    """One `rdz serve`; yields its URL once healthy, ends it by its process id."""
    port = free_port()
    env = {**os.environ, **environ, "PORT": str(port)}
    with (folder / f"serve-{port}.log").open("wb") as output:
        process = subprocess.Popen([_RDZ, "serve"], cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT)
        try:
            await healthy(f"http://127.0.0.1:{port}", lambda: process.poll() is None)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(70)


@asynccontextmanager
async def several(number: int, environ: Mapping[str, str], folder: Path) -> AsyncIterator[list[str]]:
    """`number` servers of the same build on the same base."""
    async with AsyncExitStack() as stack:
        started = [stack.enter_async_context(serving(environ, folder)) for _ in range(number)]
        yield list(await asyncio.gather(*started))


@contextmanager
def workers(number: int, environ: Mapping[str, str], folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """`number` of `rdz worker`, killed at the end if they still live."""
    env = {**os.environ, **environ, "RUN_SCHEDULER": "true"}
    started = []
    try:
        for n in range(number):
            with (folder / f"worker-{n}.log").open("wb") as output:
                command = [_RDZ, "worker"]
                started.append(subprocess.Popen(command, cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT))
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


async def healthy(url: str, alive: Callable[[], bool]) -> None:
    """Wait until the server at `url` answers, as long as its process lives."""
    async with httpx.AsyncClient(trust_env=False) as http:
        for _ in range(900):
            assert alive(), "the server ended"
            with suppress(httpx.HTTPError):
                if (await http.get(f"{url}/health")).status_code == 200:
                    return
            await asyncio.sleep(0.1)
    raise AssertionError("the server did not become healthy")
