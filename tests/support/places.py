"""Places for results that a laboratory may meet: full, read-only, linked, with odd names, of another user."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534
PAGE = 4096
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A disk of this size, in memory."""
    disk = folder / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)]
    if not ROOT or sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root on Linux can mount a small disk, and not in every container")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Act as a user whom permissions hold back."""
    if ROOT:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if ROOT:
            os.seteuid(0)


@contextlib.contextmanager
def full_disk(results: Path) -> Iterator[Path]:
    """A disk on which nothing fits any more."""
    with small_disk(results.parent, 1 << 20) as disk:
        shutil.copytree(results.parent, disk / "lab", ignore=shutil.ignore_patterns(disk.name))
        fill(disk, 0)
        yield disk / "lab" / results.name


def fill(disk: Path, free: int) -> None:
    """Fill a small disk up to this number of free bytes."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    room = os.statvfs(disk)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - free)


@contextlib.contextmanager
def read_only(results: Path) -> Iterator[Path]:
    """Folders that nobody may write."""
    folders = [results, *(path for path in results.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        with unprivileged():
            yield results
    finally:
        for folder in folders:
            folder.chmod(0o755)


@contextlib.contextmanager
def of_another_user(results: Path) -> Iterator[Path]:
    """Everybody may write in the folders, but the files in them are another user's."""
    if not ROOT:
        pytest.skip("only root can act as two users")
    for folder in (results, *(path for path in results.rglob("*") if path.is_dir())):
        folder.chmod(0o1777)
    with unprivileged():
        yield results


@contextlib.contextmanager
def linked(results: Path) -> Iterator[Path]:
    """A link to a folder elsewhere, which holds a link to the folder of the experiment."""
    (results / "tiny").rename(results.parent / "tiny elsewhere")
    (results / "tiny").symlink_to(results.parent / "tiny elsewhere", target_is_directory=True)
    (results.parent / "link").symlink_to("results", target_is_directory=True)
    yield results.parent / "link"


@contextlib.contextmanager
def link_to_itself(results: Path) -> Iterator[Path]:
    """A link that leads nowhere."""
    (results.parent / "circle").symlink_to("circle")
    yield results.parent / "circle"


@contextlib.contextmanager
def file_in_the_way(results: Path) -> Iterator[Path]:
    """A file where the folder should be."""
    (results.parent / "file").write_text("in the way")
    yield results.parent / "file"


@contextlib.contextmanager
def path_too_long(results: Path) -> Iterator[Path]:
    """A path that the operating system does not take."""
    yield results.joinpath(*["long" * 50] * 25)


@contextlib.contextmanager
def named(name: str, results: Path) -> Iterator[Path]:
    """A folder of this name."""
    yield results.rename(results.parent / name)


@contextlib.contextmanager
def masked(mask: int, results: Path) -> Iterator[Path]:
    """Files and folders that are made get no permission that is in the mask."""
    before = os.umask(mask)
    try:
        yield results
    finally:
        os.umask(before)
