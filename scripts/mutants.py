"""Takes each guard away, in a copy of the tree, and expects its test to turn red: `make test-mutants [names]`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FENCE = "tests/integration/test_outbox_fence.py"
RELAY = "tests/integration/test_outbox_relay.py"
SLOTS = "tests/integration/test_jobs_slots.py"
RACES = "tests/faults/test_races.py"
MACHINE = "tests/faults/test_outbox_machine.py"
MARKED = "tests/integration/test_marked_sent.py"
ACKNOWLEDGED = "tests/integration/test_acknowledgements.py"
BASE = "tests/faults/test_base_lost.py"
FAILING = "tests/faults/test_failing_endpoint.py"
INSTANT = "tests/integration/test_instant.py"
MANY = "test_done_many_times_at_once_and_beside_the_daily_run_each_lead_leaves_once"
BURST = "tests/faults/test_intake_burst.py"
SLOW = "tests/faults/test_slow_lines.py"
MISSED = "tests/faults/test_missed_slots.py"


@dataclass(frozen=True)
class Mutant:
    """`old` stands once in `file`; with `new` instead, `test` must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str


MUTANTS = (
    Mutant("finish-without-fence", "backend/outbox/store.py", "query = {**_held(row), **(",
           'query = {"_id": row.id, **(',
           f"{FENCE}::test_a_holder_that_overslept_writes_nothing"),
    Mutant("no-journal", "backend/channels/smtp/handlers.py", "await journal()", "await asyncio.sleep(0)",
           f"{RELAY}::test_a_worker_killed_after_the_journal_leaves_an_uncertain_row"),
    Mutant("journal-after-the-lease", "backend/outbox/store.py", "{**_held(row), **_LEASE_LIVE}", "_held(row)",
           f"{FENCE}::test_the_base_refuses_a_journal_after_the_lease_even_if_the_holder_trusts_itself"),
    Mutant("holder-trusts-itself", "backend/outbox/hold.py", "if self._lost or asked_at > self._trusted_until:",
           "if self._lost:", f"{FENCE}::test_the_holder_stops_trusting_its_lease_before_the_base_does"),
    Mutant("uncertain-sent-again", "backend/outbox/states.py", 'return Verdict("uncertain", "uncertain"',
           'return Verdict("pending", "uncertain"', MACHINE),
    Mutant("quota-without-condition", "backend/commandes/store.py", '{"_id": key, "$and": room}', '{"_id": key}',
           f"{RACES}::test_racing_leads_fill_a_quota_and_never_pass_it"),
    Mutant("claim-without-time", "backend/deliveries/store.py", '{"_id": key, "until": {"$lte": now}}', '{"_id": key}',
           f"{RACES}::test_twins_at_the_edge_of_the_window"),
    Mutant("takeover-without-lease", "backend/jobs/store.py",
           '"state": "running", "$expr": {"$lt": ["$lease_until", "$$NOW"]}}', '"state": "running"}',
           f"{SLOTS}::test_a_run_asked_for_waits_while_another_runs"),
    Mutant("fence-not-checked", "backend/core/mongo.py", "                    await fence.check(tx)",
           "                    pass", f"{SLOTS}::test_a_silent_runner_is_taken_over_and_can_write_nothing_more"),
    Mutant("instant-sent-twice", "backend/batches/at_once.py", 'if one.status != "pending_csv":',
           'if one.status == "sent":', f"{INSTANT}::{MANY}"),
    Mutant("interface-never-stopped", "backend/clients/push.py", "len(days) >= GIVES_UP_AFTER", "len(days) >= 99",
           FAILING),
    Mutant("sessions-left-open", "backend/jobs/service.py", "await self._mongo.kill_sessions(sessions)", "pass",
           f"{BASE}::test_a_run_killed_inside_a_transaction_is_taken_over_at_once"),
    Mutant("marked-sent-though-new", "backend/outbox/desk.py", "if row.created_at >= held.since:", "if False:",
           f"{MARKED}::test_only_what_may_have_left_is_marked"),
    Mutant("acknowledged-again", "backend/batches/service.py", 'guard = {"acknowledgement": "asked", ', "guard = {",
           f"{ACKNOWLEDGED}::test_the_button_acknowledges_once_and_the_first_one_counts"),
    Mutant("intake-without-claim", "backend/intake/storing.py",
           "await self._store.take(tx, [(one.first, one.lead.id) for one in new], now)", "pass",
           f"{BURST}::test_a_server_killed_after_its_commit_has_kept_the_lead_that_it_could_not_answer"),
    Mutant("settings-read-in-a-queue", "backend/core/kept.py", "asked - found.asked < found.life else",
           "self._clock() - found.asked < self._max_age else",
           f"{SLOW}::test_those_who_wait_for_the_settings_share_one_reading"),
    Mutant("late-only-when-made", "backend/jobs/service.py",
           'late += [f"{job.name}:{due.key}" for due in await self._unmade(job, due_by)]', "pass",
           f"{MISSED}::test_a_slot_that_nobody_makes_is_late_a_quarter_of_an_hour_after_its_hour"),
)  # fmt: skip


def main(names: list[str]) -> int:
    """0 when every mutant (of `names`, or all) was caught."""
    chosen = [one for one in MUTANTS if not names or one.name in names]
    with tempfile.TemporaryDirectory(prefix="rdz-mutants-") as folder:
        if _tests(_copy(Path(folder)), [one.test for one in chosen], shown=True) != 0:
            print("Les essais échouent déjà sans mutant (voir plus haut).")
            return 1
    survivors = [one.name for one in chosen if not _caught(one)]
    print(
        f"{len(chosen) - len(survivors)} mutants sur {len(chosen)} attrapés." + " Survivent :" * bool(survivors),
        *survivors,
    )
    return bool(survivors)


def _caught(mutant: Mutant) -> bool:
    with tempfile.TemporaryDirectory(prefix="rdz-mutants-") as folder:
        tree = _copy(Path(folder))
        file = tree / mutant.file
        text = file.read_text()
        if text.count(mutant.old) != 1:
            print(f"  {mutant.name} : la garde n'est plus dans {mutant.file}")
            return False
        file.write_text(text.replace(mutant.old, mutant.new))
        caught = _tests(tree, [mutant.test]) == 1
    print(f"  {mutant.name} : {'attrapé' if caught else 'SURVIT'}", flush=True)
    return caught


def _copy(folder: Path) -> Path:
    for name in ("backend", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", ".env.example"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def _tests(tree: Path, tests: list[str], *, shown: bool = False) -> int:
    """What pytest answers: 0 all passed, 1 some failed. `shown`: its words too."""
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *dict.fromkeys(tests)]
    env = {**os.environ, "PYTHONPATH": str(tree)}
    said = None if shown else subprocess.DEVNULL
    return subprocess.run(command, cwd=tree, env=env, stdout=said, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
