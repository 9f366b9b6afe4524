"""Runs on a Dask cluster: an existing scheduler, or one in this process, to try it out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from sim.lab.execution.connection import ClusterError, LostError, Ticket, WorkersDiedError
from sim.lab.execution.dispatch import Dispatcher
from sim.lab.execution.job import Executor
from sim.lab.execution.team import Team
from sim.lab.execution.threads import available_cores

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
# No port takes tasks, so no other user of this machine can send any. Dask insists on its status pages: these stay on this machine.
STATUS_PAGES = "127.0.0.1:0"
IN_PROCESS: dict[str, Any] = {
    "processes": False,
    "n_workers": 1,
    "dashboard_address": STATUS_PAGES,
    "worker_dashboard_address": STATUS_PAGES,
    "silence_logs": logging.CRITICAL,
}
RETRIES = 3
SECONDS_TO_CONNECT = 20
SECONDS_TO_ANSWER = 60
log = logging.getLogger(__name__)
NOISY = ("distributed", "distributed.client", "tornado.application", "asyncio")


@contextmanager
def on_cluster(address: str) -> Iterator[Executor]:
    """An executor on the scheduler at `address`, or on one in this process if that is 'local'.

    Raises:
        ClusterError: no scheduler answers there; during the sweep, it is lost or none of its workers can be used.
    """
    with _quiet(), _client(address) as client:
        team = Team(DaskConnection(client, address), log.warning)
        yield lambda jobs: Dispatcher(team, jobs).results()


def _client(address: str) -> Client:
    from distributed import Client

    try:
        if address == LOCAL:
            return Client(**IN_PROCESS, threads_per_worker=available_cores(), set_as_default=False)
        with ThreadPoolExecutor(1) as thread:  # a notebook has an event loop in this one
            thread.submit(asyncio.run, _knock(address)).result()
        return Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except Exception as error:  # an address, a certificate, a network: Dask raises many kinds
        reason = f"no scheduler answers there ({_line(error)}); give host:port, or 'local'"
        raise ClusterError(f"--cluster {address}: {reason}") from None


async def _knock(address: str) -> None:
    """Greet the scheduler, because a client waits without end for a server that accepts the connection and says nothing."""
    from distributed import Security
    from distributed.comm import connect

    certificates = Security().get_connection_args("client")
    greeted = await asyncio.wait_for(connect(address, timeout=SECONDS_TO_CONNECT, **certificates), SECONDS_TO_CONNECT)
    await greeted.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from logging every connection that breaks: what the user must know, ClusterError says in one line."""
    import distributed  # noqa: F401 - it sets the levels of its loggers when it is imported

    loggers = [logging.getLogger(name) for name in NOISY]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _line(error: Exception) -> str:
    """An error as part of a line."""
    return " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")


class DaskConnection:
    """A `Connection` to a Dask scheduler."""

    def __init__(self, client: Client, address: str) -> None:
        self.address = address
        self._client = client
        self._futures: dict[Ticket, Future] = {}
        self._finished: SimpleQueue[Ticket] = SimpleQueue()

    def threads(self) -> dict[str, int]:
        """The workers that the scheduler knows now, and the number of threads of each."""
        try:
            return dict(self._client.nthreads(callback_timeout=SECONDS_TO_ANSWER))
        except Exception as error:
            raise self._lost(error) from None

    def submit(self, function: Callable[..., Any], *arguments: Any, workers: list[str]) -> Ticket:
        """Let one of these workers, and no other, call the function; if it raises, it is tried RETRIES times more."""
        try:
            future = self._client.submit(function, *arguments, workers=workers, pure=False, retries=RETRIES)
        except Exception as error:
            raise self._lost(error) from None
        self._futures[future.key] = future
        future.add_done_callback(lambda done: self._finished.put(done.key))
        return str(future.key)

    def next_finished(self, seconds: float) -> Ticket | None:
        """Wait for the next task that has ended, in whatever way; None if none does within so many seconds."""
        try:
            return self._finished.get(timeout=seconds)
        except Empty:
            return None

    def answer(self, ticket: Ticket) -> Any:
        """Return what a finished task returned, and forget the task; see `Connection` for what it raises."""
        from distributed import KilledWorker

        future = self._futures.pop(ticket)
        if future.status == "error":
            error = future.exception()
            raise WorkersDiedError(_line(error)) if isinstance(error, KilledWorker) else error
        try:
            return future.result(timeout=SECONDS_TO_ANSWER)
        except TimeoutError:
            raise LostError(ticket) from None
        except Exception as error:
            raise self._lost(error) from None

    def forget(self, ticket: Ticket) -> None:
        """Cancel a task."""
        try:
            self._futures.pop(ticket).cancel()
        except Exception as error:
            raise self._lost(error) from None

    def _lost(self, error: Exception) -> ClusterError:
        reason = f"the scheduler is lost ({type(error).__name__})"
        return ClusterError(
            f"--cluster {self.address}: {reason}; finished runs are kept, and the same command continues from there"
        )
