"""When the interface of a client stops being called by itself (reliability.md 2.6): values in, values out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.channels.contract import Done, Down, Failed, Outcome, Pause, Retry, Snooze, Uncertain
from backend.channels.http_push.models import AnswerRule, AnswerRules, Destination
from backend.channels.http_push.replies import Standing, outcome, standing
from backend.clients.push import Push, PushBody
from backend.core.http import Answer

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def failed(push: Push, *times: datetime) -> Push:
    for at in times:
        push = push.after_failure("500", at, gone=False)
    return push


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Done("200"), "works"),
        (Failed("404", "404"), "fails"),
        (Failed("Adresse IP refusée.", "address_refused"), "fails"),
        (Failed("410", "410"), "gone"),
        (Failed("Aucune adresse", "no_endpoint"), None),
        (Retry("500", "500"), "fails"),
        (Down("refused", "not_sent"), "fails"),
        (Uncertain("silence"), "fails"),
        (Pause("401", "401"), "fails"),
        (Snooze(DAY), None),
    ],
)
def test_what_an_outcome_says_of_the_interface(said: Outcome, expected: Standing | None) -> None:
    assert standing(said) == expected


def test_a_lead_refused_by_the_clients_own_rule_is_the_answer_of_an_interface_that_works() -> None:
    rules = AnswerRules(refused=AnswerRule(statuses=[422], markers=["hors zone"]))
    to = Destination("https://api.client.fr/leads", rules=rules)
    assert standing(outcome(to, Answer(422, {}, "hors zone"), NOW)) == "works"
    assert standing(outcome(to, Answer(422, {}, "champ manquant"), NOW)) == "fails"
    assert standing(outcome(to, Answer(410, {}, ""), NOW)) == "gone"


def test_five_failing_days_and_the_next_failure_stops_it() -> None:
    push = failed(Push(enabled=True), *(NOW + n * DAY for n in range(5)))
    assert (push.enabled, push.condition, push.failing_since, len(push.failing_days)) == (True, "failing", NOW, 5)
    again = failed(push, NOW + 4 * DAY + timedelta(hours=13))  # 23:00 Paris, the fifth day still
    assert again is push
    stopped = failed(push, NOW + 5 * DAY)
    assert (stopped.enabled, stopped.condition, stopped.disabled_at) == (False, "disabled", NOW + 5 * DAY)
    assert (stopped.failing_since, stopped.last_failure) == (NOW, "500")


def test_failures_far_apart_are_counted_by_the_days_that_had_one() -> None:
    push = failed(Push(enabled=True), *(NOW + n * 30 * DAY for n in range(5)))
    assert push.condition == "failing"
    assert failed(push, NOW + 200 * DAY).condition == "disabled"


def test_gone_stops_it_at_once() -> None:
    stopped = Push(enabled=True).after_failure("410 Gone", NOW, gone=True)
    assert (stopped.condition, stopped.failing_since, stopped.last_failure) == ("disabled", NOW, "410 Gone")


def test_saving_the_settings_forgets_it() -> None:
    assert PushBody(enabled=True, url="https://api.client.fr/leads").settings().condition == "active"
    assert PushBody(enabled=False).settings().condition == "off"
