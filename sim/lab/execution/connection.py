"""All that the lab asks of a cluster, so that the same code runs on Dask and, in the tests, on a simulated cluster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

Ticket = str
"""The name of a task that was sent."""


class ClusterError(Exception):
    """A cluster that cannot be reached, that is lost during a sweep, or none of whose workers can be used."""


class WorkersDiedError(Exception):
    """A task that took down every worker that ran it."""


class LostError(Exception):
    """A task whose result was lost together with the worker that had it."""


class Connection(Protocol):
    """A connection to the scheduler of a cluster; every method raises ClusterError when the scheduler is lost."""

    @property
    def address(self) -> str:
        """What the user calls the cluster."""

    def threads(self) -> dict[str, int]:
        """The workers that the scheduler knows now, and the number of threads of each."""

    def submit(self, function: Callable[..., Any], *arguments: Any, workers: list[str]) -> Ticket:
        """Let one of these workers, and no other, call the function."""

    def next_finished(self, seconds: float) -> Ticket | None:
        """Wait for the next task that has ended, in whatever way; None if none does within so many seconds."""

    def answer(self, ticket: Ticket) -> Any:
        """Return what a finished task returned, and forget the task.

        Raises:
            WorkersDiedError: it took too many workers down.
            LostError: its worker is gone, with the result.
            Exception: whatever the task raised.
        """

    def forget(self, ticket: Ticket) -> None:
        """Cancel a task."""
