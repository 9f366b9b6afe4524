"""Runs on a Dask cluster: an existing scheduler, or worker processes on this machine."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.lab.ensemble import RunResult
from sim.lab.execution.job import Executor, Job, failed_run, run_job
from sim.lab.execution.threads import available_cores
from sim.lab.provenance import model_digest

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
RUNS_PER_TASK = 10
TASKS_PER_THREAD = 3
RETRIES = 3
SECONDS_TO_CONNECT = 20


class ClusterError(Exception):
    """A cluster that cannot be reached, or whose workers have another version of the model."""


@contextmanager
def on_cluster(address: str) -> Iterator[Executor]:
    """An executor on the scheduler at `address`, or on worker processes of this machine if that is 'local'.

    Raises:
        ClusterError: no scheduler answers there, or a worker has other sources of the model.
    """
    with _client(address) as client:
        _check_versions(client)
        yield lambda jobs: _execute(client, jobs)


def _client(address: str) -> Client:
    from distributed import Client

    try:
        if address == LOCAL:
            return Client(n_workers=available_cores(), threads_per_worker=1, dashboard_address=None, set_as_default=False)
        return Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"--cluster {address}: no scheduler answers there ({error}); give host:port, or 'local'") from None


def _check_versions(client: Client) -> None:
    """Refuse workers with another version of the model: their results would not be comparable."""
    try:
        digests = client.run(model_digest)
    except Exception as error:  # Dask re-raises whatever the worker raised
        raise ClusterError(f"--cluster: the workers cannot import sim ({error}); install the same version there") from None
    others = [worker for worker, digest in digests.items() if digest != model_digest()]
    if others:
        raise ClusterError(f"--cluster: {others[0]} has other sources of the model; install the same version there")


def _execute(client: Client, jobs: Iterable[Job]) -> Iterator[RunResult]:
    """Send few tasks at a time; a task whose worker died is sent to another, and after RETRIES deaths its runs count as failed."""
    from distributed import as_completed

    batches = _batched(jobs)
    threads = max(1, sum(client.nthreads().values()))
    sent: dict[Future, tuple[Job, ...]] = {}

    def send(batch: tuple[Job, ...]) -> Future:
        future = client.submit(_run_batch, batch, pure=False, retries=RETRIES)
        sent[future] = batch
        return future

    first = [send(batch) for batch in itertools.islice(batches, TASKS_PER_THREAD * threads)]
    waiting = as_completed(first, loop=client.loop)
    for future in waiting:
        for batch in itertools.islice(batches, 1):
            waiting.add(send(batch))
        batch = sent.pop(future)
        error = future.exception()
        yield from (failed_run(job, error) for job in batch) if error else future.result()


def _run_batch(batch: tuple[Job, ...]) -> list[RunResult]:
    return [run_job(job) for job in batch]


def _batched(jobs: Iterable[Job]) -> Iterator[tuple[Job, ...]]:
    """RUNS_PER_TASK jobs at a time (itertools.batched needs Python 3.12)."""
    remaining = iter(jobs)
    while batch := tuple(itertools.islice(remaining, RUNS_PER_TASK)):
        yield batch
