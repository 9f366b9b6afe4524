"""A kernel that changes its arguments says so."""

import ast
from pathlib import Path

import pytest

import sim.economy

KERNELS = ("kernel", "entry_point")
SOURCES = sorted(Path(sim.economy.__path__[0]).glob("*.py"))


def changed_arguments(function: ast.FunctionDef) -> set[str]:
    """Arguments into whose arrays a function writes itself, also under a shorter name (`firms = state.firms`)."""
    arguments = {argument.arg for argument in function.args.args}
    short: dict[str, str] = {}
    written: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                elements = target.elts if isinstance(target, ast.Tuple) else [target]
                written |= {root(element) for element in elements if isinstance(element, ast.Subscript)}
                for name, value in pairs(target, node.value):
                    if isinstance(value, ast.Attribute):
                        short[name] = root(value)
    return {short.get(name, name) for name in written} & arguments


def root(node: ast.expr) -> str:
    """The variable at the left end of `a.b[c].d`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    """The names that an assignment gives, with what each stands for."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [pair for t, v in zip(target.elts, value.elts, strict=True) for pair in pairs(t, v)]
    return [(target.id, value)] if isinstance(target, ast.Name) else []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_a_kernel_that_writes_into_an_argument_says_modified_in_place(source: Path) -> None:
    for function in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and {ast.unparse(d) for d in function.decorator_list} & set(KERNELS):
            docstring = ast.get_docstring(function) or ""
            assert not changed_arguments(function) or "Modified in place" in docstring, function.name
