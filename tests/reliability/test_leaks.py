"""What a test leaves running or open is noticed, and what ends is not held against it."""

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import leaks


@contextlib.contextmanager
def thread() -> Iterator[None]:
    end = threading.Event()
    running = threading.Thread(target=end.wait)
    running.start()
    yield
    end.set()
    running.join()


@contextlib.contextmanager
def process() -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        yield
        running.kill()


@contextlib.contextmanager
def file() -> Iterator[None]:
    with Path(__file__).open():
        yield


@contextlib.contextmanager
def port() -> Iterator[None]:
    with socket.create_server(("127.0.0.1", 0)):
        yield


@pytest.mark.parametrize("kind", [thread, process, file, port], ids=lambda kind: kind.__name__)
def test_what_is_left_running_or_open_is_noticed(
    kind: Callable[[], contextlib.AbstractContextManager[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = leaks.things()
    with monkeypatch.context() as impatient, kind():
        impatient.setattr(leaks, "SECONDS_TO_END", 0.1)
        assert {thing[0] for thing in leaks.leaked(before)} == {kind.__name__}
    assert leaks.leaked(before) == set()
