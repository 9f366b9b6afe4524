"""What a test started and did not end: threads, processes, open files, and ports on which something listens."""

import gc
import threading
import time

import psutil

# They live as long as the process, whoever uses the library first: Dask's, asyncio's and multiprocessing's own.
THREADS_OF_LIBRARIES = ("Dask-", "asyncio_", "Profile", "TCP-Executor", "IO loop")
PROCESSES_OF_LIBRARIES = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
SECONDS_TO_END = 5.0

Things = frozenset[tuple[object, ...]]


def things() -> Things:
    """All that is running and open now."""
    process = psutil.Process()
    threads = {thread for thread in threading.enumerate() if not thread.name.startswith(THREADS_OF_LIBRARIES)}
    return frozenset(
        {("thread", thread.name, thread.ident) for thread in threads}
        | {("process", child.pid) for child in process.children() if _counts(child)}
        | {("file", file.path, file.fd) for file in process.open_files() if not file.path.startswith("/dev/")}
        | {("port", place.laddr.port) for place in process.net_connections("inet") if place.status == psutil.CONN_LISTEN}
    )


def leaked(before: Things) -> Things:
    """What is there and was not there before; what is just ending gets a few seconds for it."""
    end = time.monotonic() + SECONDS_TO_END
    while left := things() - before:
        if time.monotonic() > end:
            return left
        gc.collect()
        time.sleep(0.05)
    return left


def _counts(child: psutil.Process) -> bool:
    try:
        command = " ".join(child.cmdline())
        return not any(name in command for name in PROCESSES_OF_LIBRARIES)
    except psutil.NoSuchProcess:
        return False
