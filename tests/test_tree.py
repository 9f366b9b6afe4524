"""The tests have the rooms of the program, and names that can be read."""

import ast
from pathlib import Path

import pytest

from conformance.suite import everything

TESTS = Path(__file__).parent
SIM = TESTS.parent / "sim"
OTHER_ROOMS = {
    "conformance": "tests the suite in conformance/, which is a study of its own and not part of sim/",
    "fuzz": "tries anything that a user may give, for as long as one likes; its findings are kept as cases",
    "mutations": "puts faults into a copy of sim/economy/, with a command of its own",
    "reliability": "disturbs whole commands from outside: operations that fail, kills, odd places, other processes",
    "support": "holds helpers of the tests",
}
LONGEST = 80


def rooms(folder: Path) -> set[str]:
    return {path.parent.name for path in folder.glob("*/__init__.py")}


def test_every_room_of_the_program_has_tests_and_every_other_test_room_has_a_reason() -> None:
    assert rooms(TESTS) == rooms(SIM) | OTHER_ROOMS.keys()
    assert not list((TESTS / "support").glob("test_*.py"))


@pytest.mark.parametrize("source", sorted(TESTS.rglob("test_*.py")), ids=lambda source: source.relative_to(TESTS).as_posix())
def test_no_test_has_a_name_of_more_than_80_characters(source: Path) -> None:
    names = {node.name for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}
    assert {name for name in names if len(name) > LONGEST} == set()


def test_no_conformance_check_has_a_name_of_more_than_80_characters() -> None:
    assert {check.rows.__name__ for check in everything() if len(check.rows.__name__) > LONGEST} == set()
