"""Which commandes may have a lead, in which order, and why not the others (rules 7 to 11). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from backend.commandes import quota
from backend.commandes.rules import open_for
from backend.routing.models import Candidate, Plan, Refused, Subject


def plan(subject: Subject, candidates: Iterable[Candidate], *, over_share: bool = False) -> Plan:
    """Sort the candidates into an ordered plan and refusals.

    The own entity's come first. The other's are open only when a lead may cross, and wait with the own entity's
    on a day its calendar is closed: a closed day delays, it does not sell elsewhere.
    """
    ordered, refusals = [], []
    for one in candidates:
        reason = refusal(subject, one, over_share=over_share)
        if reason is None:
            ordered.append(one)
        else:
            refusals.append(Refused.of(one, reason))
    ordered.sort(key=lambda one: rank(subject, one))
    return Plan(tuple(ordered), tuple(refusals))


def refusal(subject: Subject, one: Candidate, *, over_share: bool = False) -> str | None:
    """The first reason for which this commande cannot have this lead; None when nothing speaks against it."""
    return (
        _crossing_refusal(subject, one)
        or _buyer_refusal(one)
        or _lead_refusal(subject, one)
        or ("calendar_closed" if one.closed or one.due_day is None else None)
        or quota.refusal(one.counter, lb=subject.is_lb, over_share=over_share)
    )


def _crossing_refusal(subject: Subject, one: Candidate) -> str | None:
    if one.commande.entity == subject.entity:
        return None
    if subject.entity_locked:
        return "entity_locked"
    return None if one.crossing else "cross_entity_off"


def _buyer_refusal(one: Candidate) -> str | None:
    if not open_for(one.commande, one.week):
        return "commande_inactive"
    if one.client is None or one.client.deleted_at or not one.client.active:
        return "client_inactive"
    if one.client.client_status == "Blocked":
        return "client_blocked"
    if not one.reach.ok:
        return "client_undeliverable"
    return "prepaid_empty" if one.units_left is not None and one.units_left <= 0 else None


def _lead_refusal(subject: Subject, one: Candidate) -> str | None:
    if one.commande.client_id in subject.refused_clients:
        return "refused_before"
    if one.consent_required and not subject.proof:
        return "consent_missing"
    if subject.is_lb:
        target = one.commande.lb_target_pct
        if target == 0 or quota.lb_needed(target, one.counter.used, one.counter.lb) <= 0:
            return "lb_not_wanted"
    return None


def rank(subject: Subject, one: Candidate) -> tuple[object, ...]:
    """Own entity, priority, limited before unlimited, least served share, then age (rule 9)."""
    share = quota.served_share(one.counter.used, one.commande.quota_semaine)
    unlimited = share is None
    served = Decimal(one.counter.used) if share is None else share
    commande = one.commande
    foreign = commande.entity != subject.entity
    return (foreign, commande.priorite, unlimited, served, commande.created_at, commande.id)


def guarded(subject: Subject, made: Plan, overlapping: frozenset[str]) -> Plan:
    """Put last, within each entity, the commandes of clients served by the other entity lately (rule 10)."""
    moved = frozenset(one.commande.id for one in made.ordered if one.commande.client_id in overlapping)
    ordered = sorted(made.ordered, key=lambda one: (one.commande.entity != subject.entity, one.commande.id in moved))
    return Plan(tuple(ordered), made.refusals, moved)


def summary(refusals: Iterable[str], *, locked: bool) -> tuple[str, str]:
    """(lead status, routing reason) when nobody took it."""
    reasons = set(refusals)
    suffix = "_entity_locked" if locked else ""
    open_reasons = reasons - {"entity_locked", "cross_entity_off", "commande_inactive", "client_inactive"}
    if open_reasons and open_reasons <= {"already_had_it", "refused_before"}:
        return "duplicate", f"all_commandes_duplicate{suffix}"
    if "calendar_closed" in open_reasons and open_reasons <= {"calendar_closed", "already_had_it", "refused_before"}:
        return "no_open_orders", "calendar_closed"
    return "no_open_orders", f"no_open_orders{suffix}"
