"""Decisions of the intake: which submissions are the same, what a lead is made of, what is answered. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from backend.audit.models import Event
from backend.commandes import departements
from backend.core import finding
from backend.core import phone as phones
from backend.core.phone import Phone
from backend.core.text import folded
from backend.intake.models import Answer, Claim, EntryBody, Source, SubmitBody
from backend.leads.consent import Consent, ConsentBody
from backend.leads.models import Lead, SourceType
from backend.leads.rules import missing
from backend.routing.matching import summary
from backend.tracking.models import VisitorSession

SESSION_WINDOW_S = 5
DAY_S = 24 * 3600
_MESSAGES = {
    "routed": "Lead reçu et attribué.",
    "replaced_by_lb": "Lead reçu.",
    "no_open_orders": "Lead reçu : aucune commande ouverte pour l'instant, il est en attente.",
    "duplicate": "Lead reçu : déjà transmis récemment à tous les acheteurs possibles, il est en attente.",
    "new": "Lead reçu : il sera attribué dans un instant.",
    "hold_source": "Lead reçu : sa source est suspendue, il est en attente.",
    "hold_consent": "Lead reçu : la preuve de consentement manque, il est en attente.",
    "pending_config": "Lead reçu : son formulaire n'est pas encore configuré, il est en attente.",
    "invalid": "Lead reçu mais inutilisable en l'état.",
    "test": "Lead de test reçu : il ne sera pas livré.",
    "double_submit": "Déjà reçu.",
}


def fingerprint(body: SubmitBody) -> str:
    """What makes two bodies the same: everything but the key."""
    content = body.model_dump(mode="json", exclude={"api_key"})
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def claims(body: SubmitBody, source: Source, phone: Phone, produit: str | None) -> list[Claim]:
    """The claims of a submission (rule 5). `strict`: the same key with another body is a mistake of the caller."""
    number = phone.e164 or folded(phone.raw)
    found = []
    if source.idempotency_key:
        digest = hashlib.sha256(source.idempotency_key.encode()).hexdigest()
        found.append(Claim(key=f"key|{source.slug}|{digest}", seconds=DAY_S, strict=True))
    if body.session_id and number:
        found.append(Claim(key=f"session|{source.slug}|{body.session_id}|{number}", seconds=SESSION_WINDOW_S))
    elif source.is_provider and number:
        found.append(Claim(key=f"twin|{source.slug}|{number}|{produit or ''}", seconds=DAY_S))
    return found


def departement_of(body: SubmitBody) -> str:
    """The département, from itself or from a postcode; empty when unknown."""
    return departements.named(body.departement) or departements.named(body.code_postal)


def unusable(body: EntryBody) -> dict[str, str]:
    """What a person may not enter, by field."""
    return missing(phones.parse(body.phone).usable, body.nom, departements.named(body.departement))


def entered(body: EntryBody, entity: str) -> SubmitBody:
    """What a person enters, as a submission."""
    told: dict[str, Any] = body.model_dump(exclude={"entity", "source", "consent"})
    consent = ConsentBody(**body.consent.model_dump()) if body.consent else None
    given = bool(consent and consent.given)
    return SubmitBody(**told, entity=entity, utm_source=body.source, consent=consent, rgpd_consent=given)


def would_be(considered: Iterable[Mapping[str, str]], *, locked: bool) -> str:
    """The status that a lead would have, by the commandes examined."""
    reasons = [one["reason"] for one in considered]
    return "routed" if "chosen" in reasons else summary(reasons, locked=locked)[0]


def assemble(
    lead_id: str,
    body: SubmitBody,
    source: Source,
    phone: Phone,
    session: VisitorSession | None,
    entity: str | None,
    produit: str | None,
    now: datetime,
) -> Lead:
    """The lead as it is stored before routing; `invalid` with its reasons when it cannot be sold."""
    departement = departement_of(body)
    reasons = missing(phone.usable, body.nom, departement)
    return Lead.model_validate(
        {
            **_origin(body, source, session),
            "id": lead_id,
            "entity": entity,
            "lead_owner_entity": entity,
            "entity_locked": source.is_provider,
            "produit": produit,
            "status": "invalid" if reasons else "new",
            "reasons": reasons,
            "phone": phone.e164,
            "phone_raw": phone.raw,
            "phone_quality": phone.quality,
            "nom": body.nom,
            "prenom": body.prenom,
            "email": body.email,
            "departement": departement,
            "departement_raw": body.departement or body.code_postal,
            "custom_fields": body.answers(),
            "consent": consent(body, source, now),
            "keys": finding.person_keys(body.nom, body.prenom, body.email, phone.e164),
            "register_date": int(now.timestamp()),
            "created_at": now,
            "updated_at": now,
        }
    )


def _origin(body: SubmitBody, source: Source, session: VisitorSession | None) -> dict[str, Any]:
    """Where a lead comes from: what the body does not say is read from its visitor session."""
    lp_code = body.lp_code or (session.lp_code if session else "")
    utm = {name: getattr(body, name) or (getattr(session, name) if session else "") for name in _UTM}
    name = utm["utm_source"] or lp_code
    page: SourceType = "internal_lp" if lp_code else "direct"
    kind: SourceType = "provider" if source.is_provider else "saisie" if source.by_hand else page
    return {
        **utm,
        "lead_source_type": kind,
        "provider_id": source.provider_id,
        "provider_slug": source.provider_slug,
        "session_id": body.session_id,
        "form_code": body.form_code or (session.form_code if session else ""),
        "lp_code": lp_code,
        "liaison_code": body.liaison_code,
        "source": name,
        "source_key": name.casefold(),
        "ip": source.ip,
    }


_UTM = ("utm_source", "utm_medium", "utm_campaign")


def consent(body: SubmitBody, source: Source, now: datetime) -> Consent:
    """The evidence (rule 20): address and browser are ours to note; a provider's are theirs to send."""
    given: dict[str, Any] = body.consent.model_dump() if body.consent else {}
    if not source.is_provider:
        given |= {"ip": source.ip, "user_agent": source.user_agent}
    return Consent(**given, rgpd_consent=body.rgpd_consent, received_at=now, origin=source.slug)


def answer(lead: Lead, source: Source) -> Answer:
    """What this caller may read of the lead it has just sent."""
    told = Answer(lead_id=lead.id, status=lead.status, message=_MESSAGES.get(lead.status, "Lead reçu."))
    if lead.status == "test":
        told.would_status = lead.would_status
        told.would_route = lead.would_status == "routed"
    told.reasons = lead.reasons or None
    if source.is_provider:
        told.entity, told.produit, told.routing_reason = lead.entity, lead.produit, lead.routing_reason
    return told


def again(first: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a submission already received: the first body, said to be that."""
    return {**first, "first_status": first["status"], "status": "double_submit", "message": _MESSAGES["double_submit"]}


def received(lead: Lead, source: Source) -> Event:
    """What the event log keeps of a submission stored; nothing of the person."""
    details = {"status": lead.status, "produit": lead.produit, "departement": lead.departement}
    related = {"delivery_id": lead.delivery_id} if lead.delivery_id else {}
    return Event(
        action="lead_received",
        entity_type="lead",
        entity_id=lead.id,
        entity=lead.entity,
        user=source.slug,
        details=details,
        related=related,
    )
