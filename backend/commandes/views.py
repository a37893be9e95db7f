"""How commandes and their counters are shown."""

from __future__ import annotations

from collections.abc import Sequence

from backend.clients.models import Client
from backend.commandes.models import (
    Commande,
    CommandeStats,
    CommandeView,
    Counter,
    CurrentWeek,
    LbLine,
    WeekDelivered,
    WeekOfOrder,
    plain,
)
from backend.commandes.quota import remaining
from backend.commandes.rules import lb_status
from backend.core.weeks import week_monday, week_of

NO_CLIENT = "Client supprimé"
WEEKS = 8


def client_name(client: Client | None) -> str:
    return client.name if client is not None else NO_CLIENT


def view(commande: Commande, counter: Counter, client: Client | None) -> CommandeView:
    """A commande with its client's name and the counter of one week."""
    return CommandeView(
        **commande.model_dump(),
        client_name=client_name(client),
        week=counter.week,
        week_start=week_monday(counter.week).isoformat(),
        leads_delivered_this_week=counter.sent,
        lb_delivered_this_week=counter.lb_sent,
        reserved=counter.used,
        quota_remaining=remaining(counter),
        unlimited=counter.cap is None,
    )


def with_few_left(commandes: Sequence[CommandeView], left: int | None) -> list[CommandeView]:
    """Those that have `left` places or fewer (all when None); one without a quota always has some."""
    if left is None:
        return list(commandes)
    return [one for one in commandes if one.quota_remaining is not None and one.quota_remaining <= left]


def stats(commande: Commande, counters: Sequence[Counter], total: int, reserved: int) -> CommandeStats:
    """`counters` of this week and of the ones before it, the newest first."""
    current, *past = counters
    return CommandeStats(
        commande_id=commande.id,
        current_week=CurrentWeek(
            start=week_monday(current.week).isoformat(),
            week=current.week,
            delivered=current.sent,
            lb_delivered=current.lb_sent,
            reserved=current.used,
            quota=commande.quota_semaine,
        ),
        total_delivered=total,
        reserved_leads=reserved,
        last_4_weeks=[
            WeekDelivered(week_offset=-back, week=counter.week, delivered=counter.sent)
            for back, counter in enumerate(past[:4], start=1)
        ],
        weeks=[_week(commande, counter) for counter in reversed(counters)],
    )


def _week(commande: Commande, counter: Counter) -> WeekOfOrder:
    if not (counter.taken or counter.sent) and counter.week < week_of(commande.created_at):
        return WeekOfOrder(week=counter.week, delivered=None, reserved=None, quota=None)
    return WeekOfOrder(week=counter.week, delivered=counter.sent, reserved=counter.used, quota=counter.cap)


def lb_line(commande: Commande, counter: Counter, client: Client | None) -> LbLine:
    """The share of LB really sent in the week of `counter`, against the target."""
    actual, delta, status = lb_status(counter.sent, counter.lb_sent, commande.lb_target_pct)
    return LbLine(
        commande_id=commande.id,
        entity=commande.entity,
        client_name=client_name(client),
        produit=commande.produit,
        quota_semaine=commande.quota_semaine,
        lb_target_pct=plain(commande.lb_target_pct),
        units_accepted=counter.sent,
        lb_accepted=counter.lb_sent,
        fresh_accepted=counter.sent - counter.lb_sent,
        actual_lb_pct=f"{actual:.4f}",
        delta=f"{delta:.4f}",
        status=status,
    )
