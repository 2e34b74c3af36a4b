"""Who lives: a worker whose lease has run out is found by another, and its jobs are taken over."""

from pathlib import Path

import pytest

from wyoming_kokoro.jobs import leases
from wyoming_kokoro.jobs.leases import Leases, engine_url


class Workers:
    """Workers at one database, and whose jobs each has taken over."""

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite:///{folder}/jobs.sqlite"
        self.taken: list[tuple[str, list[str]]] = []

    def worker(self, name: str) -> Leases:
        return Leases(self._url, name, lambda dead: self.taken.append((name, dead)))


def test_workers_that_renew_their_leases_are_left_alone(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    first, second = workers.worker("a"), workers.worker("b")
    for _ in range(2):
        first.renew()
        second.renew()
    assert workers.taken == []


def test_a_worker_that_does_not_is_taken_over_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = Workers(tmp_path)
    monkeypatch.setattr(leases, "LEASE_SECONDS", -5.0)
    workers.worker("dead").renew()
    monkeypatch.setattr(leases, "LEASE_SECONDS", 30.0)
    living = workers.worker("living")
    living.renew()
    living.renew()
    assert workers.taken == [("living", ["dead"])]


def test_a_worker_that_ends_in_order_is_taken_over_at_once(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    first, second = workers.worker("a"), workers.worker("b")
    first.renew()
    first.end()
    second.renew()
    assert workers.taken == [("b", ["a"])]


def test_a_worker_that_was_taken_for_dead_lives_again_when_it_renews(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    first, second = workers.worker("a"), workers.worker("b")
    first.end()
    first.renew()
    second.renew()
    assert workers.taken == []


def test_a_database_is_spoken_to_by_the_driver_that_is_installed() -> None:
    assert engine_url("postgresql://u:p@h/d").drivername == "postgresql+psycopg"
    assert engine_url("sqlite:///f").drivername == "sqlite"


def test_a_lease_ends_well_within_the_minute_that_is_promised() -> None:
    assert leases.LEASE_SECONDS + 2 * leases.RENEWAL_SECONDS <= 40
    assert leases.LEASE_SECONDS >= 3 * leases.RENEWAL_SECONDS, "two renewals may be late"
