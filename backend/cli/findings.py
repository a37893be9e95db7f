"""A line of a checklist, and the table they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rich.markup import escape
from rich.table import Column, Table

State = Literal["ok", "warn", "bad"]
_SHOWN = {"ok": "[green]OK[/green]", "warn": "[yellow]À VOIR[/yellow]", "bad": "[red]NON[/red]"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do when it is not well."""

    name: str
    state: State
    text: str


def ok(name: str, text: str) -> Finding:
    return Finding(name, "ok", text)


def warn(name: str, text: str) -> Finding:
    return Finding(name, "warn", text)


def bad(name: str, text: str) -> Finding:
    return Finding(name, "bad", text)


def table(findings: list[Finding]) -> Table:
    """Green, yellow, red."""
    shown = Table("vérification", "", Column("constat", overflow="fold"), title="rdz check")
    for one in findings:
        shown.add_row(one.name, _SHOWN[one.state], escape(one.text))
    return shown
