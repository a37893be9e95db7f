"""Every collection of the house with its indexes, applied and confirmed at start."""

from __future__ import annotations

from backend import accounting, entrance, insight, screens
from backend.accounts import store as accounts_store
from backend.audit import store as audit_store
from backend.batches import store as batches_store
from backend.clients import store as clients_store
from backend.cockpit import store as cockpit_store
from backend.commandes import store as commandes_store
from backend.credits import store as credits_store
from backend.deliveries import store as deliveries_store
from backend.hold import store as hold_store
from backend.intake import store as intake_store
from backend.jobs import store as jobs_store
from backend.leads import store as leads_store
from backend.metrics import store as metrics_store
from backend.migrations import store as migrations_store
from backend.outbox import store as outbox_store
from backend.parametres import store as parametres_store
from backend.prepaid import store as prepaid_store
from backend.pricing import store as pricing_store
from backend.providers import store as providers_store
from backend.reports import store as reports_store
from backend.suppressions import store as suppressions_store
from backend.system import store as system_store
from backend.tasks import store as tasks_store
from backend.tour import store as tour_store
from backend.tracking import store as tracking_store

INDEXES = (
    audit_store.INDEXES,
    accounts_store.INDEXES,
    hold_store.INDEXES,
    migrations_store.INDEXES,
    outbox_store.INDEXES,
    tasks_store.INDEXES,
    parametres_store.INDEXES,
    suppressions_store.INDEXES,
    clients_store.INDEXES,
    pricing_store.INDEXES,
    prepaid_store.INDEXES,
    commandes_store.INDEXES,
    credits_store.INDEXES,
    providers_store.INDEXES,
    tracking_store.INDEXES,
    tour_store.INDEXES,
    cockpit_store.INDEXES,
    deliveries_store.INDEXES,
    batches_store.INDEXES,
    leads_store.INDEXES,
    intake_store.INDEXES,
    reports_store.INDEXES,
    jobs_store.INDEXES,
    system_store.INDEXES,
    metrics_store.INDEXES,
    *insight.INDEXES,
    *entrance.INDEXES,
    *accounting.INDEXES,
    *screens.INDEXES,
)
