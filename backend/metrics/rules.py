"""What deserves an alert, and the Prometheus text. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from backend.metrics.models import Alert, Attempts, Figures, Queue

DEPTH = 100
SUCCESS = 0.90
PROCESSING_S = 2.0
ENOUGH = 10
"""Attempts under which a rate or an average says nothing."""
_WAITING = {"pending", "leased"}


def alerts(queues: Iterable[Queue], attempts: Iterable[Attempts]) -> list[Alert]:
    """In French, one per channel and threshold: more than 100 waiting, under 90 % sent, over 2 s each."""
    depth: dict[str, int] = defaultdict(int)
    for queue in queues:
        depth[queue.channel] += queue.rows if queue.state in _WAITING else 0
    told = [
        Alert("depth", f"{name} : {rows} envois attendent (plus de {DEPTH}).")
        for name, rows in sorted(depth.items())
        if rows > DEPTH
    ]
    by_channel: dict[str, list[Attempts]] = defaultdict(list)
    for one in attempts:
        by_channel[one.channel].append(one)
    for name, tried in sorted(by_channel.items()):
        told += _slow_or_refused(name, tried)
    return told


def _slow_or_refused(channel: str, tried: list[Attempts]) -> Iterator[Alert]:
    total = sum(one.number for one in tried)
    if total < ENOUGH:
        return
    rate = sum(one.number for one in tried if one.outcome == "sent") / total
    if rate < SUCCESS:
        text = f"{channel} : {rate:.0%} des tentatives réussissent depuis 15 minutes (moins de {SUCCESS:.0%})."
        yield Alert("success", text)
    average = sum(one.seconds for one in tried) / total
    if average > PROCESSING_S:
        text = f"{channel} : {average:.1f} s par tentative depuis 15 minutes (plus de {PROCESSING_S:.0f} s)."
        yield Alert("slow", text)


class _Told(Collector):
    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self._families


def text(figures: Figures, now: datetime) -> str:
    """The figures in the text format of Prometheus. `now` is business time."""
    registry = CollectorRegistry()
    registry.register(_Told([*_queues(figures, now), *_attempts(figures), *_house(figures)]))
    return generate_latest(registry).decode()


def _queues(figures: Figures, now: datetime) -> list[GaugeMetricFamily]:
    depth = GaugeMetricFamily("rdz_outbox_rows", "Rows of the outbox", labels=["channel", "state"])
    age = GaugeMetricFamily("rdz_outbox_oldest_seconds", "Age of the oldest of them", labels=["channel", "state"])
    for one in figures.queues:
        depth.add_metric([one.channel, one.state], one.rows)
        age.add_metric([one.channel, one.state], max(0.0, (now - one.oldest).total_seconds()))
    return [depth, age]


def _attempts(figures: Figures) -> list[GaugeMetricFamily]:
    labels = ["channel", "outcome"]
    number = GaugeMetricFamily("rdz_outbox_attempts_15m", "Attempts of the last 15 minutes", labels=labels)
    seconds = GaugeMetricFamily("rdz_outbox_attempt_seconds_15m", "Time they took together", labels=labels)
    for one in figures.attempts:
        number.add_metric([one.channel, one.outcome], one.number)
        seconds.add_metric([one.channel, one.outcome], one.seconds)
    return [number, seconds]


def _house(figures: Figures) -> list[GaugeMetricFamily]:
    leads = GaugeMetricFamily(
        "rdz_leads_received_15m", "Leads of the last 15 minutes, by what became of them", labels=["entity", "status"]
    )
    for (entity, status), number in sorted(figures.leads.items()):
        leads.add_metric([entity, status], number)
    late = GaugeMetricFamily("rdz_job_late_seconds", "How long the oldest due slot has waited", labels=["job"])
    for job, seconds in figures.late.items():
        late.add_metric([job], seconds)
    alive = GaugeMetricFamily("rdz_processes", "Processes alive, by role", labels=["role"])
    for role, number in figures.processes.items():
        alive.add_metric([role], number)
    held = GaugeMetricFamily("rdz_held", "1 while nothing may leave", value=float(figures.held))
    return [leads, late, alive, held]
