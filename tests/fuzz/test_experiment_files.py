"""Whatever an experiment file says: the reader returns a design, or says in one line what is wrong, soon and in little memory."""

import resource
import tempfile
import time
from pathlib import Path

from hypothesis import example, given

from sim.economy.messages import printable
from sim.lab.design.reading import read
from sim.lab.design.scale import Scale
from sim.lab.files import UnusableFileError
from tests.support.experiments import TINY_TOML
from tests.support.hostile import nearly_right_files

SECONDS, MEGABYTES = 60, 500
CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


def peak_memory() -> int:
    """Megabytes that this process has used at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def refusal(path: Path) -> str | None:
    """What the reader says against the file."""
    try:
        for scale in Scale:
            read(path, scale)
    except UnusableFileError as error:
        return str(error)
    return None


def check(contents: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.toml"
        path.write_bytes(contents)
        (Path(folder) / "claim_1.toml").write_text(TINY_TOML)
        started, memory = time.perf_counter(), peak_memory()
        said = refusal(path)
        if said is not None:
            assert said.startswith(folder)
            assert printable(said) == said
            assert len(said) < 500
        assert time.perf_counter() - started < SECONDS
        assert peak_memory() - memory < MEGABYTES


@given(nearly_right_files())
@example(b"")
@example(TINY_TOML.encode())
def test_a_file_is_a_design_or_is_refused_in_one_line(contents: bytes) -> None:
    check(contents)


def test_every_file_that_once_broke_the_reader_is_refused_or_read() -> None:
    assert CASES
    for case in CASES:
        check(case.read_bytes())
