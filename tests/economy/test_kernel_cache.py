"""Machine code on disk is used only if it is what was stored, by this user; else it is compiled again, and one line says so."""

import inspect
import itertools
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.economy import compiled
from sim.economy.compiled import entry_point
from sim.economy.kernel_cache import KernelFolder
from tests.support.baseline import FILE

ROOT = Path(__file__).parents[2]
VALUES = np.arange(10.0)
SQUARES = 285.0


def squares(x: np.ndarray) -> float:
    total = 0.0
    for i in range(x.size):
        total += x[i] * x[i]
    return total


def doubles(x: np.ndarray) -> float:
    total = 0.0
    for i in range(x.size):
        total += 2.0 * x[i]
    return total


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Path:
    """Return a folder of kernels that the next process would use; only warnings are kept in `caplog`."""
    caplog.set_level(logging.WARNING, logger="sim")
    place_kernels_in(tmp_path / "kernels", monkeypatch)
    return tmp_path / "kernels"


def place_kernels_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "CACHE", KernelFolder(folder))


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def flip_one_bit(stored: bytes) -> bytes:
    middle = len(stored) // 2
    return stored[:middle] + bytes([stored[middle] ^ 1]) + stored[middle + 1 :]


DAMAGES = {
    "one bit flipped": flip_one_bit,
    "cut in half": lambda stored: stored[: len(stored) // 2],
    "empty": lambda _: b"",
    "a page of zeros": lambda stored: stored[:4096] + bytes(4096) + stored[8192:],
    "longer": lambda stored: stored + b"\0",
    "checksum only": lambda stored: stored[:32],
}


def test_a_kept_kernel_is_loaded_and_not_compiled_again(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert entry_point(squares)(VALUES) == SQUARES
    kept = only_file(folder).read_bytes()
    again = entry_point(squares)
    assert again(VALUES) == SQUARES
    assert sum(again.stats.cache_hits.values()) == 1
    assert only_file(folder).read_bytes() == kept
    assert caplog.messages == []


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_kernel_is_compiled_again_and_one_line_says_so(
    damage: Callable[[bytes], bytes], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    entry_point(squares)(VALUES)
    path = only_file(folder)
    path.write_bytes(damage(path.read_bytes()))
    assert entry_point(squares)(VALUES) == SQUARES
    assert caplog.messages == [f"the kernel {path} is damaged: it is compiled again"]
    again = entry_point(squares)
    assert again(VALUES) == SQUARES
    assert sum(again.stats.cache_hits.values()) == 1


def test_a_kernel_never_passes_for_another_one(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    entry_point(squares)(VALUES)
    entry_point(doubles)(VALUES)
    first, second = sorted(folder.iterdir())
    contents = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(contents)
    assert entry_point(squares)(VALUES) == SQUARES
    assert entry_point(doubles)(VALUES) == 90.0
    assert caplog.text.count("is damaged") == 2


@given(st.binary(max_size=50), st.binary(max_size=100))
def test_only_what_was_stored_under_a_name_is_read(contents: bytes, anything: bytes) -> None:
    folder = KernelFolder(Path("/made/only/in/memory"))
    stored = folder._digest("name", contents) + contents
    assert folder.trusted("name", stored) == contents
    assert anything == stored or folder.trusted("name", anything) is None
    assert folder.trusted("another name", stored) is None
    assert KernelFolder(Path("/another")).trusted("name", stored) is None
    for i in range(len(stored)):
        assert folder.trusted("name", stored[:i]) is None
        assert folder.trusted("name", stored[:i] + bytes([stored[i] ^ 0x10]) + stored[i + 1 :]) is None


def test_a_folder_of_another_user_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    entry_point(squares)(VALUES)
    place_kernels_in(folder, monkeypatch)  # as a new process would
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    refused = entry_point(squares)
    assert refused(VALUES) == SQUARES
    assert not refused.stats.cache_hits
    assert entry_point(doubles)(VALUES) == 90.0
    assert len(list(folder.iterdir())) == 1
    lines = caplog.messages
    assert len(lines) == 1
    assert f"{folder} belongs to another user" in lines[0]


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_that_others_can_write_is_refused(
    mode: int, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    entry_point(squares)(VALUES)
    folder.chmod(mode)
    place_kernels_in(folder, monkeypatch)
    refused = entry_point(squares)
    assert refused(VALUES) == SQUARES
    assert not refused.stats.cache_hits
    assert caplog.text.count(f"{folder} can be written by other users") == 1


def test_a_file_that_others_could_have_written_is_not_read(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    entry_point(squares)(VALUES)
    only_file(folder).chmod(0o666)
    assert entry_point(squares)(VALUES) == SQUARES
    assert "can be written by other users: it is compiled again" in caplog.text
    assert only_file(folder).stat().st_mode & 0o777 == 0o600


def test_no_umask_lets_others_write_into_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place_kernels_in(tmp_path / "new" / "kernels", monkeypatch)
    before = os.umask(0)
    try:
        entry_point(squares)(VALUES)
    finally:
        os.umask(before)
    made = [tmp_path / "new", tmp_path / "new" / "kernels", only_file(tmp_path / "new" / "kernels")]
    assert [path.stat().st_mode & 0o777 for path in made] == [0o700, 0o700, 0o600]


@pytest.mark.parametrize("place", ["~/.cache/kernels", "/dev/null/kernels", "/proc/kernels", "/" + "x" * 5000])
def test_without_a_folder_kernels_are_compiled_in_the_process(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    place_kernels_in(Path(place), monkeypatch)
    assert entry_point(squares)(VALUES) == SQUARES
    assert entry_point(doubles)(VALUES) == 90.0
    assert caplog.text.count("every process compiles the kernels again") == 1
    assert not list(tmp_path.iterdir())


def test_a_full_disk_costs_one_line_and_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert entry_point(squares)(VALUES) == SQUARES
    assert entry_point(doubles)(VALUES) == 90.0
    assert caplog.text.count("cannot be written (No space left on device)") == 1
    assert not list(folder.iterdir())


def test_processes_that_compile_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    script, kernels = tmp_path / "script.py", tmp_path / "kernels"
    lines = ["import numpy as np", "from sim.economy.compiled import entry_point", inspect.getsource(squares)]
    script.write_text("\n".join([*lines, "print(entry_point(squares)(np.arange(10.0)))"]), encoding="utf-8")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(kernels), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", str(script)]
    piped = subprocess.PIPE
    started = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=piped, stderr=piped, text=True) for _ in range(3)]
    assert [process.communicate() for process in started] == [(f"{SQUARES}\n", "")] * 3
    assert [path.name.split("-")[0] for path in kernels.glob("*/*")] == ["squares"]


@pytest.mark.thorough
def test_whatever_happens_to_the_kernels_of_the_economy_its_results_stay_the_same(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-W", "error", "-m", "tests.support.digest"]
    expected = json.loads(FILE.read_text())
    damages = itertools.cycle(DAMAGES.values())  # each of them once, because there are three files and three rounds
    for damaged in (0, 3, 3):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.split() == expected
        assert done.stderr.count("is damaged: it is compiled again") == done.stderr.count("\n") == damaged
        for path in tmp_path.glob("*/*.kernel"):
            path.write_bytes(next(damages)(path.read_bytes()))
