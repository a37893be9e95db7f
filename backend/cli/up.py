"""`rdz up`, which `make run` calls: everything, in the foreground, until Ctrl-C."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import httpx
import typer

from backend.cli.given import as_file, given, kept_secret, write_private
from backend.cli.processes import wait_for_base
from backend.cli.supervision import Supervisor, already_up, busy_ports
from backend.cli.terminal import console, refuse, with_parts
from backend.cli.welcome import first_look, welcome
from backend.settings import UP_FILE, Settings, load, surroundings, typed

_HEALTHY_WITHIN_S = 120
_SOCKET_PATH_MAX = 100  # a Unix socket's address holds about 107 bytes


class Interrupted(BaseException):
    """Ctrl-C, or a request to end."""


def up(
    port: Annotated[int | None, typer.Option(help="Port HTTP (PORT, 8001).")] = None,
    web_port: Annotated[int | None, typer.Option(help="Port du tableau de bord (FRONTEND_PORT, 3000).")] = None,
    mongo_port: Annotated[int | None, typer.Option(help="Port du MongoDB embarqué (MONGO_PORT, 27117).")] = None,
    smtp_port: Annotated[int | None, typer.Option(help="Port du courrier retenu (MAILCATCHER_PORT, 8025).")] = None,
    split: Annotated[bool, typer.Option("--split", help="API et worker dans deux processus.")] = False,
) -> None:
    """Démarre tout (base, API, worker, tableau de bord, courrier retenu), dit où, et arrête tout à Ctrl-C."""
    root = _root()
    options = {"PORT": port, "FRONTEND_PORT": web_port, "MONGO_PORT": mongo_port, "MAILCATCHER_PORT": smtp_port}
    chosen = {name: str(value) for name, value in options.items() if value is not None}
    values = given(surroundings(), chosen, kept_secret(root / "var"))
    settings = load({**surroundings(), **values})
    _check_ports(settings)
    write_private(root / UP_FILE, as_file(values if settings.production else {**typed(), **values}))
    try:
        _run(Supervisor(root, "supervisord.split.conf" if split else "supervisord.conf"), settings, chosen)
    finally:
        (root / UP_FILE).unlink(missing_ok=True)


def _root() -> Path:
    """The directory we run in, with the folders the programs write to."""
    root = Path.cwd()
    if not (root / "supervisord.conf").exists():
        refuse(f"Pas de supervisord.conf dans {root} : lancez rdz up depuis le dossier du projet.")
    if len(str(root)) > _SOCKET_PATH_MAX - len("/var/supervisor.sock"):
        refuse(f"Le chemin {root} est trop long pour une socket Unix : placez le projet plus haut.")
    if already_up(root):
        refuse("Déjà démarré dans ce dossier : supervisorctl status, ou supervisorctl shutdown pour arrêter.")
    for folder in ("log", "mail"):
        (root / "var" / folder).mkdir(parents=True, exist_ok=True)
    return root


def _check_ports(settings: Settings) -> None:
    busy = busy_ports(settings)
    if not busy:
        return
    options = {
        "PORT": "--port",
        "FRONTEND_PORT": "--web-port",
        "MONGO_PORT": "--mongo-port",
        "MAILCATCHER_PORT": "--smtp-port",
    }
    refuse(
        "\n".join(
            f"Le port {port} est déjà pris : libérez-le, ou donnez {name} (par exemple {name}={port + 100} make run,"
            f" ou rdz up {options[name]} {port + 100})."
            for name, port in busy.items()
        )
    )


def _run(supervisor: Supervisor, settings: Settings, chosen: Mapping[str, str]) -> None:
    try:
        with _signals_interrupt():
            supervisor.start(chosen)
            _bring_up(supervisor, settings)
            code = supervisor.wait()
            console.print(f"supervisord s'est arrêté (code {code}).")
    except Interrupted:
        console.print("Arrêt demandé : les envois en cours se terminent…")
    finally:
        supervisor.stop()
        console.print("Tout est arrêté. Les données restent sous var/.")


def _bring_up(supervisor: Supervisor, settings: Settings) -> None:
    with console.status("Démarrage de la base…"):
        wait_for_base(settings)
    with console.status("Démarrage de l'API…"):
        _wait_until_healthy(supervisor, settings.port)
    with console.status("Lecture de la base…"):
        seen = with_parts(first_look, settings)
    console.print(welcome(settings, seen))


def _wait_until_healthy(supervisor: Supervisor, port: int) -> None:
    give_up = time.monotonic() + _HEALTHY_WITHIN_S
    next_look = time.monotonic() + 5
    while not _healthy(port):
        looked = time.monotonic() >= next_look
        if not supervisor.running or time.monotonic() > give_up or (looked and supervisor.gave_up_on("backend")):
            tail = "".join(Path("var/log/backend.log").read_text(errors="replace").splitlines(keepends=True)[-25:])
            refuse(f"L'API ne répond pas sur le port {port}. Fin de var/log/backend.log :\n{tail}")
        next_look = time.monotonic() + 3 if looked else next_look
        time.sleep(0.2)


def _healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise `Interrupted`, once: stopping is not interrupted in its turn."""
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(_number: int, _frame: object) -> None:
        for name in names:
            signal.signal(name, signal.SIG_IGN)
        raise Interrupted

    for name in names:
        signal.signal(name, interrupt)
    yield
