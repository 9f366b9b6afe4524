"""Start the app: a server on this machine only, which needs no other."""

from __future__ import annotations

import os
import socket
import threading
import webbrowser
from importlib import metadata

PACKAGES = ("solara-server", "solara-assets", "ipyvuetify", "uvicorn")
HOST = "127.0.0.1"
SETTINGS = {
    "SOLARA_APP": "sim.app.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_KERNEL_CULL_TIMEOUT": "1h",  # a tab that was closed is forgotten; its link brings everything back
}


class NotServedError(RuntimeError):
    """The app cannot be shown; the message says what to do."""


def serve(port: int, browser: bool) -> None:
    """Serve the app until it is interrupted.

    Raises:
        NotServedError: packages are missing, or the port is taken.
    """
    missing = [name for name in PACKAGES if not _installed(name)]
    if missing:
        raise NotServedError(
            f"the page needs packages that are not installed ({', '.join(missing)}): run `make app`, "
            "or install them with `pip install 'interfirm[page]'`"
        )
    if _taken(port):
        raise NotServedError(f"port {port} is taken, perhaps by this page already: choose another with --port")
    os.environ.update(SETTINGS)
    compile_model()
    import uvicorn

    address = f"http://localhost:{port}"
    print(f"The market is open at {address} (Ctrl+C closes it)", flush=True)
    if browser:
        threading.Timer(1.5, webbrowser.open, [address]).start()
    uvicorn.run("solara.server.starlette:app", host=HOST, port=port, log_level="warning")


def compile_model() -> None:
    """Compile all that the app plays with, so that the first Play is as fast as any."""
    from sim.app.playing import Pair
    from sim.app.setting import Setting

    pair = Pair(Setting(month=2))  # many months at once
    pair.go(Setting(month=3))  # one month


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False
