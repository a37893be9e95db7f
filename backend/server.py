"""ASGI entry: `create_app(settings)`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from backend import __version__, bootstrap
from backend.accounts import routes as accounts_routes
from backend.audit import routes as audit_routes
from backend.avoirs import routes as avoirs_routes
from backend.billing import routes as billing_routes
from backend.bulk import routes as bulk_routes
from backend.clients import routes as clients_routes
from backend.closing import routes as closing_routes
from backend.cockpit import routes as cockpit_routes
from backend.commandes import routes as commandes_routes
from backend.core import web
from backend.credits import routes as credits_routes
from backend.deliveries import routes as deliveries_routes
from backend.delivery_run import routes as delivery_run_routes
from backend.dispatch import routes as dispatch_routes
from backend.exports import routes as exports_routes
from backend.extracts import routes as extracts_routes
from backend.handling import routes as handling_routes
from backend.hold import routes as hold_routes
from backend.imports import routes as imports_routes
from backend.intake import routes as intake_routes
from backend.intercompany import routes as intercompany_routes
from backend.invoice_mail import routes as invoice_mail_routes
from backend.invoices import routes as invoices_routes
from backend.jobs import routes as jobs_routes
from backend.leads import routes as leads_routes
from backend.margin import routes as margin_routes
from backend.metrics import routes as metrics_routes
from backend.monitoring import routes as monitoring_routes
from backend.netting import routes as netting_routes
from backend.outbox import routes as outbox_routes
from backend.parametres import routes as parametres_routes
from backend.payments import routes as payments_routes
from backend.preferences import routes as preferences_routes
from backend.prepaid import routes as prepaid_routes
from backend.pricing import routes as pricing_routes
from backend.providers import routes as providers_routes
from backend.pushes import routes as pushes_routes
from backend.quality import routes as quality_routes
from backend.receipts import routes as receipts_routes
from backend.recovery import routes as recovery_routes
from backend.reminders import routes as reminders_routes
from backend.reports import routes as reports_routes
from backend.search import routes as search_routes
from backend.settings import Settings, load
from backend.suppressions import routes as suppressions_routes
from backend.system import routes as system_routes
from backend.tasks import routes as tasks_routes
from backend.tour import routes as tour_routes
from backend.tracking import routes as tracking_routes
from backend.views import routes as views_routes
from backend.worker import Background

ROUTERS: tuple[APIRouter, ...] = (
    intake_routes.router,  # first: routes are tried in order, and this one is asked the most
    system_routes.router,  # then what a balancer asks: FastAPI works out a route when it is tried first, 8 ms each
    accounts_routes.router,
    recovery_routes.router,
    extracts_routes.router,  # before the lists: « export » is nobody's id
    audit_routes.router,
    clients_routes.router,
    pricing_routes.router,
    prepaid_routes.router,
    credits_routes.router,
    pushes_routes.router,
    imports_routes.router,
    tasks_routes.router,
    bulk_routes.router,  # before deliveries and dispatch: « bulk » is nobody's id
    deliveries_routes.router,
    dispatch_routes.router,
    delivery_run_routes.router,
    intake_routes.desk,
    quality_routes.router,
    monitoring_routes.router,  # before leads: /api/leads/dashboard-stats is not a lead's id
    leads_routes.router,
    handling_routes.router,
    reports_routes.router,
    commandes_routes.router,
    parametres_routes.router,
    providers_routes.router,
    tracking_routes.router,
    receipts_routes.router,
    receipts_routes.public,
    outbox_routes.router,
    suppressions_routes.router,
    jobs_routes.router,
    hold_routes.router,
    cockpit_routes.router,
    search_routes.router,
    preferences_routes.router,
    views_routes.router,
    tour_routes.router,
    metrics_routes.router,
    billing_routes.router,
    closing_routes.router,
    exports_routes.router,
    payments_routes.router,  # before invoices: /api/invoices/overdue-dashboard is not an invoice's id
    invoices_routes.router,
    avoirs_routes.router,
    invoice_mail_routes.router,
    reminders_routes.router,
    margin_routes.router,
    intercompany_routes.router,
    netting_routes.router,
)


def create_app(settings: Settings | None = None, parts: bootstrap.Parts | None = None) -> FastAPI:
    """The application. Tests pass their own `parts`, already started; a server builds and starts them itself."""
    settings = settings or (parts.settings if parts else load())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        own = parts or bootstrap.build(settings)
        app.state.parts = own
        if parts is not None:
            yield
            return
        await bootstrap.start(own)
        background = Background(own)
        await background.start()
        yield
        await background.stop()
        await bootstrap.stop(own)

    app = FastAPI(
        title="RDZ CRM",
        version=__version__,
        lifespan=lifespan,
        docs_url=None if settings.production else "/docs",
        redoc_url=None,
        openapi_url=None if settings.production else "/openapi.json",
    )
    if parts is not None:
        app.state.parts = parts
    for router in ROUTERS:
        app.include_router(router)
    web.install(app)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-CSRF-Token", "X-Entity-Scope"],
    )
    return app
