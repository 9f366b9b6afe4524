"""The folder of an experiment's results: one process at a time, all results put into place together, nothing of others deleted."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import socket
import stat
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sim.economy.messages import shown
from sim.lab import conformance
from sim.lab.calibration import evaluation
from sim.lab.deviations import findings as deviations
from sim.lab.files import TEMPORARY, UnusableFileError, digest_of_file, flush_names, reason, set_aside
from sim.lab.json_files import write_json
from sim.lab.manifest import MANIFEST, digests_of_ours

LOCK = ".lock"
RESERVED = (conformance.FOLDER, evaluation.FOLDER, deviations.FOLDER)

log = logging.getLogger(__name__)


def names(files: Sequence[Path]) -> list[str]:
    """The names of the files' folders: the files' names without `.toml`.

    Raises:
        UnusableFileError: a name is unfit for a folder of results, or two files have the same.
    """
    seen: set[str] = set()
    for file in files:
        rule = _broken_rule(file.stem)
        if rule:
            raise UnusableFileError(f"{file}: the results would go to the folder {shown(file.stem)}; its name {rule}")
        alike = unicodedata.normalize("NFC", file.stem).casefold()
        if alike in seen:
            raise UnusableFileError(f"{file.stem}: two files have this name, so their results would go to the same folder")
        seen.add(alike)
    return [file.stem for file in files]


def _broken_rule(name: str) -> str:
    """The rule that a folder's name breaks, or ""."""
    if name.startswith("."):
        return "must not begin with a dot"
    if name in RESERVED:
        return f"must not be {' or '.join(RESERVED)}, which have results of their own"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "must be Unicode, because tables and reports name it"
    return ""


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other processes out of a folder; wait, and say who holds it, if one is there already.

    Raises:
        UnusableFileError: the lock cannot be written.
    """
    lock = FileLock(folder / LOCK)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            log.warning("%s: %s is working there; waiting until it ends", folder, _holder(folder))
            lock.acquire()
    except OSError as error:
        raise UnusableFileError(f"{folder / LOCK}: cannot be written: {reason(error)}") from None
    try:
        with contextlib.suppress(OSError):  # a full disk: the text only serves a message
            (folder / LOCK).write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield
    finally:
        lock.release()


def _holder(folder: Path) -> str:
    try:
        return (folder / LOCK).read_text(encoding="utf-8", errors="replace") or "another process"
    except OSError:
        return "another process"


@contextlib.contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A hidden folder inside, in which results are written until all of them are complete; the folder must be held.

    Raises:
        UnusableFileError: it cannot be made.
    """
    try:
        _remove_left_behind(folder)
        staged = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder))
    except OSError as error:
        raise UnusableFileError(f"{folder}: cannot be written: {reason(error)}") from None
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _remove_left_behind(folder: Path) -> None:
    """Delete the temporary files and folders of a process that was killed; nobody else can be using them."""
    for path in folder.glob(f"{TEMPORARY}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def publish(staged: Path, folder: Path, contents: Mapping[str, Any]) -> None:
    """Move the staged files into the folder in place of the earlier results, and write the manifest.

    Only files that are still as the earlier manifest lists them are deleted or replaced; others that are in the way are renamed.
    Killed in between, the folder has a manifest that lists the files of both, and the next run puts all into place.

    Raises:
        UnusableFileError: the operating system refuses.
    """
    earlier = digests_of_ours(folder)
    try:
        new = {path.name: digest_of_file(path) for path in sorted(staged.iterdir())}
        _set_aside_what_is_not_ours(folder, earlier.keys() | new.keys(), earlier)
        write_json(folder / MANIFEST, {**contents, "files": new, "replaced": earlier})
        for name in sorted(earlier.keys() - new.keys()):
            (folder / name).unlink(missing_ok=True)
        for name in new:
            os.replace(staged / name, folder / name)
        flush_names(folder)
    except OSError as error:
        raise UnusableFileError(f"{folder}: cannot be written: {reason(error)}") from None
    write_json(folder / MANIFEST, {**contents, "files": new})


def _set_aside_what_is_not_ours(folder: Path, in_the_way: Set[str], ours: Mapping[str, list[str]]) -> None:
    paths = [folder / name for name in sorted(in_the_way) if os.path.lexists(folder / name)]
    others = [path for path in paths if not _is_file(path) or digest_of_file(path) not in ours.get(path.name, [])]
    if others:
        names = ", ".join(set_aside(path).name for path in others)
        log.warning("%s: files that were in the way and are not as its manifest lists them are renamed: %s", folder, names)


def _is_file(path: Path) -> bool:
    return stat.S_ISREG(path.lstat().st_mode)
