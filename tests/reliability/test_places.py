"""In every place, each command does what it does elsewhere, or says in one line that it cannot; nothing else changes."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from tests.support import places
from tests.support.laboratory import LATER, OWN, RUN, STORE, Outcome, Runs, arrange, command, found, hidden, laboratory

COMMANDS = {
    "experiment": lambda place: ("experiment", f"{place.parent}/tiny.toml", "--results", str(place)),
    "report": lambda place: ("report", "--results", str(place)),
    "run": lambda place: (*RUN, str(place / "table.parquet")),
    "claims": lambda place: ("claims", "--results", str(place)),
}
EVERYTHING = set(COMMANDS)
Place = Callable[[Path], AbstractContextManager[Path]]
PLACES: dict[str, tuple[Place, set[str]]] = {
    "full disk": (places.full_disk, {"claims"}),
    "read-only": (places.read_only, {"claims"}),
    "of another user": (places.of_another_user, {"run", "claims"}),
    "linked": (places.linked, EVERYTHING),
    "link to itself": (places.link_to_itself, set()),
    "file in the way": (places.file_in_the_way, set()),
    "path too long": (places.path_too_long, set()),
    "longest name": (partial(places.named, "r" * 255), EVERYTHING),
    "unicode": (partial(places.named, "Ergebnisse größer – 数据 e\u0301"), EVERYTHING),
    "spaces and signs": (partial(places.named, " a 'b' \"c\" [d] {e} $f #g % * ? "), EVERYTHING),
    "for me alone": (partial(places.masked, 0o077), EVERYTHING),
    "for everybody": (partial(places.masked, 0), EVERYTHING),
}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laboratory with the results of an earlier experiment and their report; the file asks for a later one."""
    folder = tmp_path_factory.mktemp("places") / "lab"
    arrange(folder)
    for name in ("experiment", "report"):
        assert give(name, folder / "results").code == 0
    (folder / "tiny.toml").write_text(LATER)
    return folder


@pytest.fixture
def results(earlier: Path) -> Iterator[Path]:
    """The earlier results, in a folder that other users may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield shutil.copytree(earlier, Path(folder) / "lab") / "results"


@pytest.fixture(scope="module")
def expected(earlier: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What each command makes of the earlier results in an ordinary place."""
    made = {}
    for name in COMMANDS:
        folder = shutil.copytree(earlier, tmp_path_factory.mktemp(name) / "lab")
        assert give(name, folder / "results").code == 0
        made[name] = found(folder / "results")
    return made


def give(name: str, place: Path) -> Outcome:
    with laboratory(Runs()):
        return command(*COMMANDS[name](place))


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("where", PLACES)
def test_each_command_works_in_each_place_or_says_why_not(
    where: str, name: str, results: Path, expected: dict[str, dict[str, object]]
) -> None:
    place, working = PLACES[where]
    before = found(results)
    with place(results) as folder:
        outcome = give(name, folder)
        if name in working:
            assert outcome.code == 0, outcome
            assert found(folder) == expected[name]
        else:
            assert outcome.is_one_clear_line, outcome
            assert str(folder)[:100] in outcome.lines[0]
            assert not os.path.isdir(folder) or found(folder) == before
        assert hidden(results.parent) == set()


@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_files_get_the_permissions_that_the_mask_leaves(mask: int, results: Path) -> None:
    shutil.rmtree(results)
    with places.masked(mask, results):
        for name in COMMANDS:
            assert give(name, results).code == 0
    files = [path for path in results.rglob("*") if path.is_file() and path.name not in {".lock", STORE}]  # theirs are 0o644
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {oct(0o666 & ~mask)}


@pytest.mark.parametrize("name", ["x" * 250, "größer 数据", "-rf", "$HOME"])
def test_an_experiment_may_have_any_name_that_a_file_can_have(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.toml").write_text(LATER)
    with laboratory(Runs()):
        outcome = command("experiment", f"{tmp_path}/{name}.toml", "--results", str(tmp_path / "results"))
        assert outcome.code == 0, outcome
        assert command("report", "--results", str(tmp_path / "results")).code == 0
    assert (tmp_path / "results" / name / "runs.parquet").exists()


@pytest.mark.thorough
def test_a_disk_of_any_size_gets_full_and_one_line_says_it(results: Path, expected: dict[str, dict[str, object]]) -> None:
    """The full disk is a real one here, so SQLite's and Arrow's own code meets it."""
    with places.small_disk(results.parent, 1 << 21) as disk:
        for free in range(0, 1 << 20, places.PAGE):
            shutil.rmtree(disk / "lab", ignore_errors=True)
            place = shutil.copytree(results.parent, disk / "lab", ignore=shutil.ignore_patterns("disk")) / "results"
            places.fill(disk, free)
            outcome = give("experiment", place)
            assert outcome.code == 0 or outcome.is_one_clear_line, (free, outcome)
            assert {name for name in OWN if (place.parent / name).exists()} == set(OWN)
            if outcome.code == 0:
                break
            (disk / "ballast").unlink()
            assert give("experiment", place).code == 0, free
            assert found(place) == expected["experiment"], free
    assert free > 10 * places.PAGE


@pytest.mark.thorough
@pytest.mark.parametrize("name", COMMANDS)
def test_no_home_and_no_folders_of_a_desktop_are_needed(name: str, results: Path) -> None:
    bare = {key: value for key, value in os.environ.items() if key != "HOME" and not key.startswith("XDG_")}
    arguments = COMMANDS[name](results)
    process = subprocess.run([sys.executable, "-m", "sim", *arguments], env=bare, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
