"""Import direction: the floors of the house (contracts in pyproject.toml) and its rooms."""

from __future__ import annotations

import ast
import subprocess
import sysconfig
from pathlib import Path

from tests.architecture.source import ROOT, Source, sources

ROOMS = {"models", "store", "service", "routes", "handlers", "contract"}
DRIVERS = ("motor", "pymongo", "bson")
WEB = ("fastapi", "starlette", "uvicorn")

# Folders that are no part of the trade, and files that are machinery rather than rules, with the reason.
KERNEL = {"core", "cli", ""}
MACHINES = {
    "backend/accounts/caller.py": "the typed dependency every protected route declares",
    "backend/accounts/tokens.py": "wraps python-jose and the real time of tokens",
    "backend/accounts/passwords.py": "hashes in a thread",
    "backend/outbox/desk.py": "what an operator does to rows",
    "backend/outbox/switch.py": "the circuits of the channels",
    "backend/outbox/relay.py": "the loop that takes due rows",
    "backend/outbox/hold.py": "a lease held on one row",
    "backend/jobs/scheduler.py": "APScheduler",
    "backend/jobs/nightly_checks.py": "the promises checked every night",
    "backend/jobs/waiting_leads.py": "the routing of 00:05, above the services",
    "backend/jobs/daily_delivery.py": "the daily run, above the services",
    "backend/channels/smtp/lines.py": "one SMTP connection",
    "backend/invoices/drafting.py": "makes drafts again, inside the transactions of those who close and take back",
    "backend/invoices/identity.py": "gathers who sells and who buys at the moment of the issue",
    "backend/jobs/intercompany_invoices.py": "the Monday run, above the services",
    "backend/monitoring/bookkeeping.py": "streams the whole base to the rules of accounts.py",
    "backend/routing/market.py": "reads the trade through the services and keeps it a second",
    "backend/cockpit/bands.py": "reads of the day's run and its lots for the Cockpit",
    "backend/cockpit/books.py": "reads of the folders of money for the Cockpit",
    "backend/cockpit/claims.py": "who takes care of a line, written with its event",
    "backend/intake/storing.py": "stores in one transaction the leads that arrive together",
    "backend/deliveries/window.py": "the return window of each client, looked up",
    "backend/batches/at_once.py": "one lead of an instant client, in one transaction",
    "backend/batches/following.py": "deliveries follow the rows of the outbox, inside its transactions",
}


KNOWS_REQUESTS = {"backend/accounts/service.py": "authenticates a request: its header, its cookies, its CSRF token"}


def test_the_floors() -> None:
    linter = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def _parts() -> list[Source]:
    return [one for one in sources() if one.folder not in KERNEL and one.room != "__init__"]


def _rules() -> list[Source]:
    return [one for one in _parts() if one.room not in ROOMS and one.name not in MACHINES]


def _broken(files: list[Source], banned: tuple[str, ...]) -> list[str]:
    return [
        f"{one.at(line)} imports {name}"
        for one in files
        for name, line in one.imports()
        if name.split(".")[0] in banned
    ]


def _room_of(name: str) -> tuple[str, str]:
    """Folder and room of `backend.leads.store.LeadStore`."""
    words = [*name.split("."), "", "", ""]
    return (words[1], words[2]) if words[0] == "backend" else ("", "")


def test_stores_alone_know_the_driver() -> None:
    files = [one for one in _parts() if one.room in {"service", "routes", "models"} or one in _rules()]
    allowed = "pymongo.errors"
    assert [line for line in _broken(files, DRIVERS) if f"imports {allowed}" not in line] == []


def test_rules_and_models_know_neither_driver_nor_web() -> None:
    files = [*_rules(), *(one for one in _parts() if one.room == "models")]
    assert _broken(files, DRIVERS + WEB) == []


def test_services_and_stores_know_no_http() -> None:
    files = [one for one in _parts() if one.room in {"service", "store"} and one.name not in KNOWS_REQUESTS]
    assert _broken(files, WEB) == []


def test_a_store_is_reached_by_its_own_service_only() -> None:
    broken = []
    for one in _parts():
        for name, line in one.imports():
            folder, room = _room_of(name)
            mine = folder == one.folder and one.room not in {"routes", "handlers"}
            if room == "store" and not mine:
                broken.append(f"{one.at(line)} imports {name}")
    assert broken == []


def test_stores_and_rules_call_no_service() -> None:
    rules = {one.name for one in _rules()}
    broken = [
        f"{one.at(line)} imports {name}"
        for one in _parts()
        if one.room in {"store", "models"} or one.name in rules
        for name, line in one.imports()
        if _room_of(name)[1] in {"service", "routes", "handlers"}
        or (one.name in rules and _room_of(name)[1] == "store")
    ]
    assert broken == []


def test_rules_wait_for_nothing() -> None:
    """A noun holds decisions: values in, values out; nothing to await, no clock to look at."""
    waits = [
        one.at(node.lineno)
        for one in _rules()
        for node in one.nodes()
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    ]
    clocks = [one.at(line) for one in _rules() for name, line in one.imports() if name.startswith("backend.core.clock")]
    assert waits + clocks == []


def test_the_machines_named_here_exist_or_are_forgotten() -> None:
    gone = [name for name in MACHINES if not (ROOT / name).exists()]
    assert gone == []
