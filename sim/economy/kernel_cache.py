"""Machine code on disk: one file an entry point and types of arguments, private to its user, with a checksum.

Numba's own cache trusts its files, and they are machine code and pickles: a flipped byte ended the process or changed results, and
whoever could write there could run any program. Here a file is read only if nobody else can have written it, and only if it is, to
the bit, what was stored under its name. Whatever is wrong costs one line and the time to compile again. Each file gets its name
when it is complete, so that processes which compile at the same time do not disturb each other.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import os
import pickle
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

log = logging.getLogger(__name__)

OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
DIGEST_SIZE = hashlib.sha256().digest_size


class KernelFolder:
    """A folder of files that only their user can have written.

    The folder is looked at when it is first needed, so that an import touches no disk.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @functools.cached_property
    def usable(self) -> bool:
        """Whether code may be read from here; the first look makes the folder, and says in one line why not."""
        try:
            _make_private(self.path)
            danger = _danger(self.path.stat())
        except OSError as error:
            danger = f"cannot be used ({error.strerror})"
        return danger is None or self._give_up(danger)

    def read(self, name: str) -> bytes | None:
        """What was stored under this name; None if there is nothing, or nothing that can be trusted, which is said in one line."""
        path = self.path / name
        try:
            if not self.usable or not path.is_file():
                return None
            with path.open("rb") as file:
                danger, stored = _danger(os.fstat(file.fileno())), file.read()
        except OSError as error:
            danger, stored = f"cannot be read ({error.strerror})", b""
        contents = None if danger else self.trusted(name, stored)
        if contents is None:
            log.warning(f"the kernel {path} {danger or 'is damaged'}: it is compiled again")
        return contents

    def trusted(self, name: str, stored: bytes) -> bytes | None:
        """What a file holds behind its checksum, or None if the checksum is wrong."""
        contents = stored[DIGEST_SIZE:]
        return contents if stored[:DIGEST_SIZE] == self._digest(name, contents) else None

    def write(self, name: str, contents: bytes) -> None:
        """Store this under a name; if that fails, say so in one line and go on without the folder."""
        if not self.usable:
            return
        temporary = None
        try:
            handle, temporary = tempfile.mkstemp(prefix=".", dir=self.path)  # only its user can read and write it
            with open(handle, "wb") as file:
                file.write(self._digest(name, contents) + contents)
            os.replace(temporary, self.path / name)
        except OSError as error:
            if temporary:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
            self.usable = self._give_up(f"cannot be written ({error.strerror})")

    def _digest(self, name: str, contents: bytes) -> bytes:
        """A checksum that holds for one name in one folder, so that no file passes for another one."""
        return hashlib.sha256(f"{self.path.name}/{name}\n".encode() + contents).digest()

    def _give_up(self, danger: str) -> bool:
        log.warning(f"{self.path} {danger}: every process compiles the kernels again; NUMBA_CACHE_DIR names another folder")
        return False


class KernelCache(NullCache):  # type: ignore[misc]
    """Numba's view of a folder of kernels: where the machine code of one entry point is looked up and kept."""

    def __init__(self, function: Callable[..., Any], folder: KernelFolder) -> None:
        source = hashlib.sha256(Path(function.__code__.co_filename).read_bytes()).hexdigest()
        self._identity = (function.__module__, function.__qualname__, source)
        self._folder = folder

    @property
    def cache_path(self) -> str:
        """The folder, for Numba's statistics."""
        return str(self._folder.path)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The machine code for these types of arguments on this processor, or None."""
        target_context.refresh()
        contents = self._folder.read(self._name(sig, target_context.codegen()))
        if contents is None:
            _announce()
            return None
        return CompileResult._rebuild(target_context, *pickle.loads(contents))

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep machine code, unless it has addresses in it that mean something in this process only."""
        if not data.library.has_dynamic_globals:
            self._folder.write(self._name(sig, data.codegen), dumps(data._reduce()))

    def _name(self, sig: Any, codegen: Any) -> str:
        """A file's name: the function, and a digest of all that its machine code depends on besides the sources of the economy."""
        what = hashlib.sha256(repr((self._identity, str(sig), codegen.magic_tuple())).encode())
        return f"{self._identity[1]}-{what.hexdigest()[:16]}.kernel"


@functools.cache
def _announce() -> None:
    """Say, once in a process, why the first result takes so long."""
    log.info("compiling the model, once; this takes about half a minute")


def _make_private(folder: Path) -> None:
    """Make a folder and those above it; what is made belongs to its user alone, whatever the umask says."""
    if not folder.is_absolute():  # platformdirs returns "~/..." for a user without a home folder
        raise FileNotFoundError(2, "no home folder")
    for level in (*reversed(folder.parents), folder):
        if not level.exists():
            level.mkdir(mode=0o700, exist_ok=True)


def _danger(status: os.stat_result) -> str | None:
    """Who else could have written this, or None."""
    if status.st_uid != os.geteuid():
        return "belongs to another user"
    return "can be written by other users" if status.st_mode & OTHERS_WRITE else None
