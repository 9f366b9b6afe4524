"""Sending jobs to the workers of a cluster, a few at a time, and sending them again when a worker is lost or refuses them."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sim.lab.ensemble import RunResult
from sim.lab.execution.connection import ClusterError, LostError, Ticket, WorkersDiedError
from sim.lab.execution.job import Job, failed_run
from sim.lab.execution.team import REMEDY, SECONDS_BETWEEN_LOOKS, Team
from sim.lab.execution.worker import run_batch

RUNS_PER_TASK = 10
TASKS_PER_THREAD = 3
MOST_LOSSES = 3


class Batch(NamedTuple):
    """A few jobs, the workers to which they were sent, and how often all of these have died."""

    jobs: tuple[Job, ...]
    workers: frozenset[str] = frozenset()
    losses: int = 0


class Dispatcher:
    """One set of jobs on its way through a cluster."""

    def __init__(self, team: Team, jobs: Iterable[Job]) -> None:
        self._team = team
        self._connection = team.connection
        self._new = _batched(jobs)
        self._waiting: deque[Batch] = deque()
        self._sent: dict[Ticket, Batch] = {}

    def results(self) -> Iterator[RunResult]:
        """The results, in the order in which they arrive.

        Raises:
            ClusterError: the scheduler is lost, or no worker can be used.
        """
        while self._has_next() or self._sent:
            if self._team.look():
                yield from self._send_again()
            self._send()
            ticket = self._connection.next_finished(SECONDS_BETWEEN_LOOKS)
            if ticket in self._sent:
                yield from self._receive(ticket)
            elif ticket is not None:
                self._team.take(ticket)

    def _has_next(self) -> bool:
        if not self._waiting:
            self._waiting.extend(itertools.islice(self._new, 1))
        return bool(self._waiting)

    def _send(self) -> None:
        """Keep every thread busy, but no more, so that memory does not grow with the number of runs."""
        while len(self._sent) < TASKS_PER_THREAD * self._team.threads and self._has_next():
            batch = self._waiting.popleft()._replace(workers=frozenset(self._team.good))
            ticket = self._connection.submit(run_batch, batch.jobs, self._team.engine, workers=sorted(batch.workers))
            self._sent[ticket] = batch

    def _send_again(self) -> Iterator[RunResult]:
        """Take back what was sent to workers that have all gone: no other worker may do it, so it would never be done."""
        for ticket in [ticket for ticket, batch in self._sent.items() if batch.workers.isdisjoint(self._team.present)]:
            self._connection.forget(ticket)
            yield from self._lost(self._sent.pop(ticket))

    def _receive(self, ticket: Ticket) -> Iterable[RunResult]:
        batch = self._sent.pop(ticket)
        try:
            results: list[RunResult] | None = self._connection.answer(ticket)
        except WorkersDiedError as error:
            return [failed_run(job, error) for job in batch.jobs]
        except LostError:
            return self._lost(batch)
        except ClusterError:
            raise
        except Exception as error:  # no run raises: `run_job` makes every failure of a run a result
            reason = f"a worker cannot do what it is sent ({type(error).__name__}: {error}); {REMEDY}"
            raise ClusterError(f"--cluster {self._connection.address}: {reason}") from None
        if results is None:
            self._team.doubt(batch.workers)
            self._waiting.appendleft(batch)
        return results or []

    def _lost(self, batch: Batch) -> list[RunResult]:
        """Put a batch in front of the others, or let its runs fail if it may be what takes the workers down."""
        if batch.losses < MOST_LOSSES:
            self._waiting.appendleft(batch._replace(losses=batch.losses + 1))
            return []
        error = WorkersDiedError(f"{batch.losses + 1} times, all workers died that were sent this run")
        return [failed_run(job, error) for job in batch.jobs]


def _batched(jobs: Iterable[Job]) -> Iterator[Batch]:
    """RUNS_PER_TASK jobs at a time (itertools.batched needs Python 3.12)."""
    remaining = iter(jobs)
    while batch := tuple(itertools.islice(remaining, RUNS_PER_TASK)):
        yield Batch(batch)
