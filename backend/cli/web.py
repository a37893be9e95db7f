"""The `frontend` program: serves the built dashboard and forwards `/api`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from backend.cli.processes import leave_idle
from backend.cli.terminal import console
from backend.settings import load

BUILT = Path("frontend/dist")


def web(
    host: Annotated[str, typer.Option(help="Adresse d'écoute ; 0.0.0.0 pour toutes.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Port ; FRONTEND_PORT par défaut.")] = None,
) -> None:
    """Sert le tableau de bord construit, et transmet /api au backend."""
    import uvicorn

    from backend.frontend import create_app

    settings = load()
    if not (BUILT / "index.html").is_file():
        console.print(f"Pas de tableau de bord construit dans {BUILT} : make setup le construit.")
        leave_idle()
    upstream = f"http://127.0.0.1:{settings.port}"
    app = create_app(
        BUILT, upstream, backend_url=settings.react_app_backend_url, trust_proxy=settings.trust_proxy
    )  # fmt: skip
    chosen = port or settings.frontend_port
    console.print(f"Tableau de bord sur http://{host}:{chosen}, API {settings.react_app_backend_url or upstream}")
    uvicorn.run(
        app,
        host=host,
        port=chosen,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )


def openapi() -> None:
    """Écrit le contrat de l'API (OpenAPI, JSON) : les types du tableau de bord en viennent."""
    import json

    from backend.server import create_app

    environ = {"APP_ENV": "test", "BACKEND_URL": "http://127.0.0.1:8001", "DB_NAME": "never_reached",
               "JWT_SECRET": "of-no-use-here-0123456789-0123456789-abc"}  # fmt: skip
    typer.echo(json.dumps(create_app(load(environ)).openapi(), ensure_ascii=False, sort_keys=True))
