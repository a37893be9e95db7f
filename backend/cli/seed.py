"""`rdz seed`: the demonstration's market on the base, once. Refused in production."""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table

from backend.accounts.caller import Caller
from backend.accounts.models import NewUser
from backend.bootstrap import Parts
from backend.cli.market import DEMO, PASSWORD, Buyer, Market, Person, Supplier
from backend.cli.terminal import console, refuse, with_parts
from backend.clients.models import ClientCreate
from backend.commandes.models import NewCommande
from backend.core.errors import Conflict
from backend.parametres.models import Form
from backend.providers.models import NewProvider

BY = "system:seed"


@dataclass(slots=True)
class Seeded:
    """How many of each were added; what was there already is left as it is."""

    users: int = 0
    clients: int = 0
    commandes: int = 0
    providers: int = 0
    forms: int = 0


def seed() -> None:
    """Remplit la base de données de démonstration (comptes, clients, commandes, fournisseurs, formulaires)."""
    console.print(shown(with_parts(plant)))


def shown(done: Seeded) -> Table:
    table = Table("donnée", "ajoutées", title="Données de démonstration")
    names = ("comptes", "clients", "commandes", "fournisseurs", "formulaires")
    numbers = (done.users, done.clients, done.commandes, done.providers, done.forms)
    for name, number in zip(names, numbers, strict=True):
        table.add_row(name, str(number))
    table.caption = f"Mot de passe des comptes de démonstration : {PASSWORD}"
    return table


async def plant(parts: Parts, market: Market = DEMO) -> Seeded:
    """Add what is missing of the market; safe to do again."""
    if parts.settings.production:
        refuse("Données de démonstration refusées en production.")
    done = Seeded()
    for person in market.people:
        done.users += await _person(parts, person)
    for buyer in market.buyers:
        await _buyer(parts, buyer, done)
    for supplier in market.suppliers:
        done.providers += await _supplier(parts, supplier)
    for code, (entity, produit) in market.forms.items():
        await parts.parametres.put_form(Form.model_validate({"code": code, "entity": entity, "produit": produit}), BY)
        done.forms += 1
    return done


async def _person(parts: Parts, person: Person) -> bool:
    try:
        if person.role == "super_admin":
            await parts.accounts.create_admin(person.email, PASSWORD, person.nom)
        else:
            body = {"email": person.email, "password": PASSWORD, "nom": person.nom, "entity": person.entity}
            await parts.accounts.create(_system(parts), NewUser.model_validate({**body, "role": person.role}))
    except Conflict:
        return False
    return True


async def _buyer(parts: Parts, buyer: Buyer, done: Seeded) -> None:
    body = ClientCreate(
        name=buyer.name,
        email=buyer.email,
        delivery_emails=[buyer.email, *buyer.also] if buyer.also else [],
        auto_send_enabled=buyer.auto,
    )
    try:
        client = await parts.clients.create(buyer.entity, body, BY)
    except Conflict:
        return
    done.clients += 1
    for order in buyer.orders:
        wanted = NewCommande(
            client_id=client.id,
            produit=order.produit,  # type: ignore[arg-type]
            departements=list(order.departements),
            quota_semaine=order.quota,
            priorite=order.priorite,
            lb_target_pct=order.lb,
        )
        await parts.commandes.create(buyer.entity, wanted, BY)
        done.commandes += 1


async def _supplier(parts: Parts, supplier: Supplier) -> bool:
    body = NewProvider(name=supplier.name, slug=supplier.slug, entity=supplier.entity)
    try:
        await parts.providers.create(supplier.entity, body, BY)
    except Conflict:
        return False
    return True


def _system(parts: Parts) -> Caller:
    entities = tuple(parts.settings.entities)
    return Caller(
        user_id=BY,
        email=BY,
        nom=BY,
        role="super_admin",
        entity=entities[0],
        permissions=frozenset(),
        scope=parts.everyone,
        session_id="",
        entities=entities,
    )
