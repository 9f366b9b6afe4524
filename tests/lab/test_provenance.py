"""The digest of the model covers every module on which outcomes depend, so that stored runs notice each edit."""

import ast
from pathlib import Path

import pytest

import sim
from sim.lab import provenance

ROOT = Path(sim.__file__).parents[1]
OUTCOMES = ROOT / "sim" / "observation" / "outcomes.py"


def imported(module: Path) -> set[Path]:
    """The modules of the project that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    paths = (ROOT / f"{name.replace('.', '/')}.py" for name in names if name.split(".")[0] == "sim")
    return {path for path in paths if path.exists()}


def closure(module: Path) -> set[Path]:
    """A module, the modules that it imports, and so on."""
    reached, waiting = set(), {module}
    while waiting:
        reached |= waiting
        waiting = set().union(*map(imported, waiting)) - reached
    return reached


def test_all_modules_that_outcomes_depend_on_are_sources_of_the_model() -> None:
    needed = closure(OUTCOMES)
    assert {"groups.py", "recovery.py", "measures.py", "state.py"} <= {path.name for path in needed}
    assert needed <= set(provenance.model_sources())
    assert set((ROOT / "sim" / "economy").glob("*.py")) <= set(provenance.model_sources())


@pytest.mark.parametrize("name", ["recovery.py", "groups.py", "search.py"])
def test_an_edit_of_a_source_changes_the_digest(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources, before = provenance.model_sources(), provenance.model_digest.__wrapped__()
    (original,) = [path for path in sources if path.name == name]
    edited = tmp_path / name
    edited.write_bytes(original.read_bytes() + b"\n# edited\n")
    monkeypatch.setattr(provenance, "model_sources", lambda: [edited if path == original else path for path in sources])
    assert provenance.model_digest.__wrapped__() != before  # without its cache, which other tests use
