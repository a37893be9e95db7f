"""HTTP of the settings. A write made while looking at both entities names its own, in the body or the query."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator

from backend.accounts.caller import Caller, requires
from backend.core.errors import Forbidden
from backend.core.text import clean
from backend.core.web import errors, part
from backend.parametres.models import (
    CalendarBody,
    CrossEntityBody,
    DenylistBody,
    Form,
    FormsBody,
    Key,
    LegalBody,
    OfEntity,
    OverlapGuardBody,
    Produit,
    ReturnWindowBody,
    SourceGatingBody,
)
from backend.parametres.overview import SettingsOverview
from backend.parametres.service import ParametresService

router = APIRouter(prefix="/api/settings", tags=["parametres"])
Parametres = Annotated[ParametresService, part("parametres")]
Reader = Annotated[Caller, requires("settings.access")]
Writer = Annotated[Caller, requires("settings.manage")]
Entity = Annotated[str | None, Query(max_length=20, description="ZR7 ou MDL ; absent : le périmètre de l'appelant")]
Code = Annotated[str, AfterValidator(clean), Path(min_length=1, max_length=64)]
Answer = dict[str, Any]
READ = errors(400, 401, 403)
WRITE = errors(400, 401, 403)


def _named(caller: Caller, entity: str | None) -> str:
    """The entity written to: 400 when both are looked at and none is named, 403 when it is not the one looked at."""
    given = entity.upper() if entity else None
    code = caller.write_entity(given)
    if given is not None and given != code:
        raise Forbidden(f"Votre périmètre est {code} : l'entité {given} ne vous est pas ouverte.")
    return code


def _by_code(forms: list[Form]) -> Answer:
    return {form.code: {"entity": form.entity, "produit": form.produit} for form in forms}


async def _write(parametres: ParametresService, caller: Caller, key: Key, body: OfEntity, entity: str | None) -> Answer:
    code = _named(caller, body.entity or entity)
    setting = await parametres.write(code, key, body.model_dump(exclude={"entity"}), caller.email)
    return {"success": True, "entity": code, "setting": setting}


@router.get("", summary="Lister les réglages", responses=READ)
async def list_settings(parametres: Parametres, caller: Reader, entity: Entity = None) -> Answer:
    settings = await parametres.listed(caller.within(entity))
    return {"settings": settings, "count": len(settings), "total": len(settings)}


@router.get("/overview", summary="Tous les réglages de chaque entité", responses=READ)
async def overview(parametres: Parametres, caller: Reader, entity: Entity = None) -> SettingsOverview:
    """With the coming days of each calendar, and what each company lacks to issue an invoice."""
    return await parametres.overview(caller.within(entity))


@router.get("/cross-entity", summary="Lire les échanges entre entités", responses=READ)
async def read_cross_entity(parametres: Parametres, caller: Reader, entity: Entity = None) -> Answer:
    return await parametres.cross_entity(caller.within(entity))


@router.put("/cross-entity", summary="Régler les échanges entre entités", responses=WRITE)
async def write_cross_entity(body: CrossEntityBody, parametres: Parametres, caller: Writer) -> Answer:
    each = {code: one for code, one in (body.per_entity or {}).items() if caller.within(code)}
    await parametres.write_cross_entity(body.cross_entity_enabled, each, caller.email, common=caller.super_admin)
    return {"success": True, "setting": await parametres.cross_entity(caller.scope)}


@router.get("/source-gating", summary="Lire le filtre des sources", responses=READ)
async def read_source_gating(parametres: Parametres, caller: Reader, entity: Entity = None) -> Answer:
    return await parametres.read(caller.within(entity), "source_gating")


@router.put("/source-gating", summary="Régler le filtre des sources", responses=WRITE)
async def write_source_gating(
    body: SourceGatingBody, parametres: Parametres, caller: Writer, entity: Entity = None
) -> Answer:
    return await _write(parametres, caller, "source_gating", body, entity)


@router.get("/forms-config", summary="Lire les formulaires", responses=READ)
async def read_forms(parametres: Parametres, caller: Reader, entity: Entity = None) -> Answer:
    forms = await parametres.forms(caller.within(entity))
    return {"forms": _by_code(forms), "count": len(forms)}


@router.put("/forms-config", summary="Remplacer les formulaires d'une entité", responses=errors(400, 401, 403, 409))
async def write_forms(body: FormsBody, parametres: Parametres, caller: Writer, entity: Entity = None) -> Answer:
    code = _named(caller, body.entity or entity)
    forms = await parametres.replace_forms(code, body.forms, caller.email)
    return {"success": True, "entity": code, "forms": _by_code(forms), "count": len(forms)}


@router.post(
    "/forms-config/{form_code}",
    status_code=201,
    summary="Créer ou modifier un formulaire",
    responses=errors(400, 401, 403, 409),
)
async def write_form(
    form_code: Code,
    entity: Annotated[str, Query(max_length=20)],
    produit: Annotated[Produit, Query()],
    parametres: Parametres,
    caller: Writer,
) -> Answer:
    form = Form(code=form_code, entity=_named(caller, entity), produit=produit)
    await parametres.put_form(form, caller.email)
    return {"success": True, "form_code": form.code, "config": {"entity": form.entity, "produit": form.produit}}


@router.get("/email-denylist", summary="Lire les domaines refusés et la simulation", responses=READ)
async def read_denylist(parametres: Parametres, caller: Reader, entity: Entity = None) -> Answer:
    return await parametres.read(caller.within(entity), "email_denylist")


@router.put("/email-denylist", summary="Régler les domaines refusés et la simulation", responses=WRITE)
async def write_denylist(body: DenylistBody, parametres: Parametres, caller: Writer, entity: Entity = None) -> Answer:
    return await _write(parametres, caller, "email_denylist", body, entity)


@router.get("/delivery-calendar", summary="Lire les jours de livraison", responses=READ)
async def read_calendar(parametres: Parametres, caller: Reader, entity: Entity = None) -> Answer:
    return await parametres.calendars(caller.within(entity))


@router.put("/delivery-calendar", summary="Régler les jours de livraison", responses=WRITE)
async def write_calendar(body: CalendarBody, parametres: Parametres, caller: Writer, entity: Entity = None) -> Answer:
    return await _write(parametres, caller, "delivery_calendar", body, entity)


@router.get("/delivery-calendar/check/{entity}", summary="Dire si l'on livre aujourd'hui", responses=READ)
async def check_calendar(entity: str, parametres: Parametres, caller: Reader) -> Answer:
    return await parametres.delivery_day(caller.within(entity.upper()).entities[0])


@router.get("/overlap-guard", summary="Lire la garde des clients communs", responses=READ)
async def read_overlap_guard(parametres: Parametres, caller: Reader, entity: Entity = None) -> Answer:
    return await parametres.read(caller.within(entity), "overlap_guard")


@router.put("/overlap-guard", summary="Régler la garde des clients communs", responses=WRITE)
async def write_overlap_guard(
    body: OverlapGuardBody, parametres: Parametres, caller: Writer, entity: Entity = None
) -> Answer:
    return await _write(parametres, caller, "overlap_guard", body, entity)


@router.get("/return-window", summary="Lire le délai de retour", responses=READ)
async def read_return_window(parametres: Parametres, caller: Reader, entity: Entity = None) -> Answer:
    return await parametres.read(caller.within(entity), "return_window")


@router.put("/return-window", summary="Régler le délai de retour", responses=WRITE)
async def write_return_window(
    body: ReturnWindowBody, parametres: Parametres, caller: Writer, entity: Entity = None
) -> Answer:
    return await _write(parametres, caller, "return_window", body, entity)


@router.get("/legal", summary="Lire les mentions légales des factures", responses=READ)
async def read_legal(parametres: Parametres, caller: Reader, entity: Entity = None) -> Answer:
    return await parametres.read(caller.within(entity), "legal")


@router.put("/legal", summary="Régler les mentions légales des factures", responses=WRITE)
async def write_legal(body: LegalBody, parametres: Parametres, caller: Writer, entity: Entity = None) -> Answer:
    return await _write(parametres, caller, "legal", body, entity)
