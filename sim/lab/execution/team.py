"""The workers of a cluster, checked one by one: only those with the engine of this machine get runs.

A worker may join, leave or be replaced at any time, so the scheduler is asked every second who is there.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from time import monotonic

from sim.lab.execution.connection import ClusterError, Connection, LostError, Ticket, WorkersDiedError
from sim.lab.execution.worker import difference, engine

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_ALONE = 5.0
REMEDY = "install the same version there and start the worker again"


class Team:
    """The workers that have the engine of this machine, and the checks that tell."""

    def __init__(self, connection: Connection, say: Callable[[str], None]) -> None:
        self.connection = connection
        self.engine = engine()
        self.good: set[str] = set()
        self._say = say
        self._said: set[str] = set()
        self._present: dict[str, int] = {}
        self._refused: dict[str, str] = {}
        self._checks: dict[Ticket, str] = {}
        self._last_look = float("-inf")
        self._good_until = monotonic()

    @property
    def threads(self) -> int:
        """How many tasks the good workers can do at the same time."""
        return sum(self._present[worker] for worker in self.good)

    @property
    def present(self) -> Set[str]:
        """The workers that were there at the last look."""
        return self._present.keys()

    def look(self) -> bool:
        """Ask who is there, and send new workers a check; False = nothing was done, because the last look was a moment ago.

        Raises:
            ClusterError: for some seconds now there have been workers, but none that can be used.
        """
        now = monotonic()
        if now - self._last_look < SECONDS_BETWEEN_LOOKS:
            return False
        self._last_look = now
        self._present = self.connection.threads()
        self.good &= self._present.keys()
        self._refused = {worker: why for worker, why in self._refused.items() if worker in self._present}
        for ticket in [ticket for ticket, worker in self._checks.items() if worker not in self._present]:
            del self._checks[ticket]
            self.connection.forget(ticket)
        for worker in sorted(self._present.keys() - self.good - self._refused.keys() - set(self._checks.values())):
            self._checks[self.connection.submit(engine, workers=[worker])] = worker
        self._speak(now)
        return True

    def take(self, ticket: Ticket) -> None:
        """Take the answer to a check; any other ticket is a task that nobody waits for any more."""
        if ticket not in self._checks:
            return
        worker = self._checks.pop(ticket)
        try:
            why = difference(self.connection.answer(ticket), self.engine)
        except (WorkersDiedError, LostError):
            return  # the next look tells whether it is still there
        except ClusterError:
            raise
        except Exception as error:  # Dask raises again whatever the worker raised
            why = f"cannot import sim ({type(error).__name__}: {error})"
        if not why:
            self.good.add(worker)
            return
        self._refused[worker] = why
        if why not in self._said:
            self._said.add(why)
            self._say(f"--cluster {self.connection.address}: {worker} {why}, so it and others like it get no runs; {REMEDY}")

    def doubt(self, workers: frozenset[str]) -> None:
        """Check these again, because one of them refused a task: it is no longer the process that was checked."""
        self.good -= workers
        self._last_look = float("-inf")

    def _speak(self, now: float) -> None:
        """Say that nobody is there, or give up if those who are there were all refused."""
        if self.good:
            self._good_until = now
            self._said.discard("alone")
        elif now - self._good_until >= SECONDS_ALONE:
            if self._refused and not self._checks:
                worker, why = next(iter(self._refused.items()))
                raise ClusterError(f"--cluster {self.connection.address}: no worker can be used: {worker} {why}; {REMEDY}")
            if "alone" not in self._said:
                self._said.add("alone")
                self._say(f"--cluster {self.connection.address}: no worker is ready; waiting for one")
