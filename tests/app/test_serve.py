"""The page says in one line why it cannot be shown."""

import socket

import pytest

from sim.app import serve
from tests.support.browser import missing
from tests.test_command_line import interfirm


def test_missing_packages_are_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PACKAGES", ("solara-of-another-world",))
    with pytest.raises(serve.NotServedError, match=r"solara-of-another-world\): run `make app`"):
        serve.serve(8765, browser=False)


@pytest.mark.skipif("solara" in missing() or "packages" in missing(), reason=missing())
def test_a_port_that_is_taken_is_refused_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = interfirm("app", "--no-browser", "--port", str(port))
    assert done.returncode == 2
    assert done.stderr == f"interfirm: port {port} is taken, perhaps by this page already: choose another with --port\n"
