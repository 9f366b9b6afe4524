"""On a cluster a sweep gives the same data as here, whatever its workers are; what must be known is said in one line."""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

import sim
from sim.lab.design.scale import Scale
from sim.lab.ensemble import RunResult
from sim.lab.execution import cluster as clusters
from sim.lab.execution import team, worker
from sim.lab.execution.cluster import on_cluster
from sim.lab.execution.connection import ClusterError
from sim.lab.execution.job import Executor, Job
from sim.lab.execution.threads import on_threads
from sim.lab.pipeline import prepare, run_experiment
from tests.support.experiments import TINY_TOML

LONGER = TINY_TOML.replace("number = 3", "number = 40").replace('"dynamics.months" = 12', '"dynamics.months" = 60')
ROOT = Path(sim.__file__).parents[1]
LOOPBACK = "127.0.0.1"


def data(folder: Path, execute: Executor) -> bytes:
    """Run the experiment in a folder, and return the bytes of its data."""
    (folder / "tiny.toml").write_text(LONGER)
    (task,) = prepare([folder / "tiny.toml"], folder / "results", Scale.STANDARD)
    assert run_experiment(task, execute, lambda *_: None).failures == []
    return (task.folder / "runs.parquet").read_bytes()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return data(tmp_path_factory.mktemp("undisturbed"), on_threads(2))


@contextlib.contextmanager
def process(*command: str, root: Path = ROOT) -> Iterator[subprocess.Popen]:
    """A process of Dask that has the program in `root`, and ends with the test."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    started = subprocess.Popen(
        [sys.executable, "-m", *command], stderr=subprocess.DEVNULL, cwd=root, env=environment, start_new_session=True
    )
    try:
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def dask_worker(address: str, root: Path = ROOT) -> contextlib.AbstractContextManager:
    options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--worker-port", "0", "--host", LOOPBACK)
    return process("distributed.cli.dask_worker", address, *options, root=root)


@contextlib.contextmanager
def cluster_here(protocol: str = "tcp", **options: object) -> Iterator:
    """A scheduler in this process, to which workers can connect."""
    from distributed import LocalCluster

    status = {"dashboard_address": f"{LOOPBACK}:0", "worker_dashboard_address": f"{LOOPBACK}:0"}
    with LocalCluster(processes=False, protocol=protocol, host=LOOPBACK, **status, **options) as cluster:
        yield cluster


def until(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it never came true")


def with_other_sources(folder: Path) -> Path:
    """A folder with a copy of the program in which one source of the economy was edited."""
    shutil.copytree(ROOT / "sim", folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "sim" / "economy" / "search.py").open("a") as source:
        source.write("# edited\n")
    return folder


def test_data_are_bit_identical_even_if_a_worker_is_killed(tmp_path: Path, undisturbed: bytes) -> None:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=False) as client,
        on_cluster(cluster.scheduler_address) as execute,
    ):
        victims = list(client.run(os.getpid).values())

        def disturbed(work: Iterator[Job]) -> Iterator[RunResult]:
            for number, result in enumerate(execute(work)):
                if number == 15:
                    os.kill(victims[0], signal.SIGKILL)
                yield result

        assert data(tmp_path, disturbed) == undisturbed


def test_a_worker_with_other_sources_that_joins_late_gets_no_runs(
    tmp_path: Path, undisturbed: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    others = with_other_sources(tmp_path / "others")
    with (
        cluster_here(n_workers=1, threads_per_worker=1) as cluster,
        on_cluster(cluster.scheduler_address) as execute,
        contextlib.ExitStack() as late,
    ):

        def joined_late(work: Iterator[Job]) -> Iterator[RunResult]:
            for number, result in enumerate(execute(work)):
                if number == 5:
                    late.enter_context(dask_worker(cluster.scheduler_address, others))
                    until(lambda: len(cluster.scheduler.workers) == 2)
                if number > 5 and "other sources" not in caplog.text:
                    time.sleep(0.2)
                yield result

        assert data(tmp_path, joined_late) == undisturbed
    assert caplog.text.count("has other sources of this program, so it and others like it get no runs") == 1


def test_a_process_refuses_runs_that_want_another_engine() -> None:
    assert worker.run_batch((), worker.engine()) == []
    assert worker.run_batch((), {**worker.engine(), "sources of this program": "others"}) is None
    assert worker.difference({**worker.engine(), "numba": "0.1"}, {**worker.engine(), "numba": "0.2"}) == (
        "has numba 0.1 instead of 0.2"
    )


def test_a_cluster_of_which_no_worker_can_be_used_is_one_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team, "SECONDS_ALONE", 1)
    monkeypatch.setattr(worker, "ENGINE", {**worker.ENGINE, "sources of this program": "others"})
    with cluster_here(n_workers=1) as cluster, on_cluster(cluster.scheduler_address) as execute:
        monkeypatch.setattr(team, "engine", lambda: {})  # what the worker is asked
        with pytest.raises(ClusterError, match=r"no worker can be used: .* has other sources of this program; install"):
            data(tmp_path, execute)


def test_a_cluster_without_workers_is_said_and_waited_for(
    tmp_path: Path, undisturbed: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(team, "SECONDS_ALONE", 0.5)
    with cluster_here(n_workers=0) as cluster:

        class Scaling(logging.Handler):
            def emit(self, _: logging.LogRecord) -> None:
                cluster.scale(1)

        logging.getLogger("sim").addHandler(scaling := Scaling())
        try:
            with on_cluster(cluster.scheduler_address) as execute:
                assert data(tmp_path, execute) == undisturbed
        finally:
            logging.getLogger("sim").removeHandler(scaling)
    assert caplog.text.count("no worker is ready; waiting for one") == 1


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    (folder / "tiny.toml").write_text(LONGER)
    command = [sys.executable, "-m", "sim", "experiment", "tiny.toml", "--cluster", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )


def finished(folder: Path) -> int:
    """Number of runs in the store, as another process sees it."""
    try:
        store = folder / "results" / "tiny" / "finished.sqlite"
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM runs").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_a_scheduler_that_is_killed_is_one_line_and_the_sweep_can_go_on(tmp_path: Path, undisturbed: bytes) -> None:
    with socket.create_server((LOOPBACK, 0)) as free:
        address = f"tcp://{LOOPBACK}:{free.getsockname()[1]}"
    options = ("--host", LOOPBACK, "--port", address.rpartition(":")[2], "--no-dashboard", "--dashboard-address", f"{LOOPBACK}:0")
    with process("distributed.cli.dask_scheduler", *options) as scheduler, dask_worker(address):
        command = start(tmp_path, address)
        until(lambda: finished(tmp_path) > 0)
        os.killpg(scheduler.pid, signal.SIGKILL)
        _, errors = command.communicate(timeout=60)
    assert command.returncode == 2
    assert 0 < finished(tmp_path) < 160
    (line,) = errors.split("\n")[1:-1] if errors.startswith("\n") else errors.splitlines()
    assert "the scheduler is lost" in line
    assert data(tmp_path, on_threads(2)) == undisturbed


def test_a_cluster_in_this_process_ends_with_ctrl_c_and_goes_on_from_there(tmp_path: Path, undisturbed: bytes) -> None:
    command = start(tmp_path, "local")
    until(lambda: finished(tmp_path) > 0)
    os.killpg(command.pid, signal.SIGINT)
    _, errors = command.communicate(timeout=60)
    assert command.returncode == 130, errors
    assert errors.strip() == "interfirm: interrupted; finished runs are kept, and the same command continues from there"
    with on_cluster("local") as execute:
        assert data(tmp_path, execute) == undisturbed


def listening() -> set[tuple[str, int]]:
    """Where this process and its children wait for connections."""
    here = psutil.Process()
    found = [one for process in (here, *here.children(recursive=True)) for one in process.net_connections()]
    return {tuple(one.laddr) for one in found if one.status == psutil.CONN_LISTEN}


def test_a_cluster_in_this_process_listens_only_on_loopback() -> None:
    before = listening()
    with on_cluster("local"):
        opened = listening() - before
    assert {ip for ip, _ in opened} == {LOOPBACK}
    assert len(opened) == 2  # Dask's status pages; no port takes tasks


def test_a_notebook_whose_event_loop_runs_can_ask_for_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "SECONDS_TO_CONNECT", 1)

    async def cell() -> str:
        with pytest.raises(ClusterError) as refused, on_cluster("tcp://127.0.0.1:9"):
            pass
        return str(refused.value)

    with ThreadPoolExecutor(1) as thread:  # the browser of other tests has an event loop in this one
        assert "event loop" not in thread.submit(asyncio.run, cell()).result()


def test_a_scheduler_that_does_not_answer_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "SECONDS_TO_CONNECT", 1)
    with socket.create_server((LOOPBACK, 0)) as silent:
        for address in ("tcp://127.0.0.1:9", "nonsense", f"tcp://{LOOPBACK}:{silent.getsockname()[1]}"):
            with pytest.raises(ClusterError, match="no scheduler answers"), on_cluster(address):
                pass


def certificates(folder: Path) -> dict[str, str | bool]:
    """What docs/how-to/run_on_a_cluster.md makes, as Dask's settings for all roles."""
    how_to = (ROOT / "docs" / "how-to" / "run_on_a_cluster.md").read_text(encoding="utf-8")
    commands = [line.strip() for line in how_to.splitlines() if line.strip().startswith("openssl")]
    for command in commands:
        subprocess.run(command, shell=True, cwd=folder, check=True, capture_output=True)
    assert len(commands) == 3
    tls = "distributed.comm.tls"
    roles = {
        f"{tls}.{role}.{part}": str(folder / f"{part}.pem")
        for role in ("scheduler", "worker", "client")
        for part in ("cert", "key")
    }
    return {f"{tls}.ca-file": str(folder / "ca.pem"), "distributed.comm.require-encryption": True, **roles}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")
def test_with_certificates_only_those_who_have_them_get_in(
    tmp_path: Path, undisturbed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dask
    from distributed import Security

    monkeypatch.setattr(clusters, "SECONDS_TO_CONNECT", 5)
    with dask.config.set(certificates(tmp_path)), cluster_here("tls", n_workers=1, security=Security()) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tls://")
        with on_cluster(address) as execute:
            assert data(tmp_path, execute) == undisturbed
        (tmp_path / "others").mkdir()
        none = {"distributed.comm.tls": {}, "distributed.comm.require-encryption": None}
        for settings in (none, certificates(tmp_path / "others")):
            with dask.config.set(settings), pytest.raises(ClusterError, match="no scheduler answers"), on_cluster(address):
                pass
