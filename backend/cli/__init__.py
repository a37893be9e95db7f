"""`rdz`: everything an operator types. French for people; each command imports what it needs when it runs."""

from __future__ import annotations

import typer

from backend.cli import accounts, database, jobs, processes
from backend.cli.backup import backup, restore
from backend.cli.check import check
from backend.cli.demo import demo
from backend.cli.hold import hold, release
from backend.cli.mail import mailcatcher
from backend.cli.seed import seed
from backend.cli.up import up
from backend.cli.web import openapi, web

app = typer.Typer(
    name="rdz",
    help="RDZ CRM : démarrer, vérifier, exploiter.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(up)
app.command()(processes.serve)
app.command()(web)
app.command()(processes.worker)
app.command()(processes.mongod)
app.command()(mailcatcher)
app.command()(accounts.create_admin)
app.command()(database.migrate)
app.command()(database.indexes)
app.command()(database.reseal)
app.command()(jobs.run_job)
app.command()(backup)
app.command()(restore)
app.command()(hold)
app.command()(release)
app.command()(check)
app.command()(database.invariants)
app.command()(seed)
app.command()(demo)
app.command()(openapi)
