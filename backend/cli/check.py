"""`rdz check`: the checklists of a deployment, run instead of read."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from backend.cli.findings import Finding, bad, table
from backend.cli.preflight import base_findings, crm_findings, cron_findings, mail_findings, settings_findings
from backend.cli.terminal import console
from backend.cli.visit import Visit
from backend.settings import BadSettings, Settings, load


def check(
    before: Annotated[bool, typer.Option("--before", help="Avant déploiement : sans interroger le serveur.")] = False,
    url: Annotated[str | None, typer.Option(help="Serveur à interroger ; ici, sur PORT, par défaut.")] = None,
    send_to: Annotated[str | None, typer.Option(help="Envoie ici un message d'essai de chaque société.")] = None,
    email: Annotated[str | None, typer.Option(help="Se connecte ; mot de passe demandé, ou lu sur l'entrée.")] = None,
    lead: Annotated[bool, typer.Option("--lead", help="Envoie un lead marqué test, jamais livré.")] = False,
) -> None:
    """Vérifie un déploiement, avant et après : un tableau, et un code de sortie non nul s'il y a du rouge."""
    try:
        settings = load()
    except BadSettings as exc:
        _conclude([bad("réglages", str(exc))])
        return
    findings = settings_findings(settings) + asyncio.run(_inside(settings, send_to))
    if not before:
        visit = Visit(url or f"http://127.0.0.1:{settings.port}", settings.entities[0])
        findings += list(visit.findings(email, _password() if email else "", lead))
    _conclude(findings)


async def _inside(settings: Settings, send_to: str | None) -> list[Finding]:
    from backend import bootstrap

    parts = bootstrap.build(settings)
    try:
        return [
            *await base_findings(parts),
            *cron_findings(parts),
            *await mail_findings(parts, send_to),
            *await crm_findings(parts),
        ]
    finally:
        await bootstrap.stop(parts)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Mot de passe", hide_input=True))
    return sys.stdin.readline().rstrip("\n")


def _conclude(findings: list[Finding]) -> None:
    console.print(table(findings))
    red = sum(one.state == "bad" for one in findings)
    if red:
        console.print(f"[red]{red} point(s) à corriger.[/red]")
        raise typer.Exit(1)
    console.print("[green]Tout est en ordre.[/green]")
