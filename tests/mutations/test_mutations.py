"""The faults of `make mutations` can still be put in, and each was noticed."""

import pytest

from tests.mutations.__main__ import MUTATIONS, NOBODY, PAGE, ROOT, Mutation

BY_FAULT = pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.fault)


@BY_FAULT
def test_a_fault_changes_one_place(mutation: Mutation) -> None:
    source = (ROOT / "sim" / "economy" / mutation.file).read_text(encoding="utf-8")
    assert source.count(mutation.old) == 1
    assert mutation.old != mutation.new


@BY_FAULT
def test_a_fault_stands_in_the_documents_as_noticed(mutation: Mutation) -> None:
    row = next((line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {mutation.fault} |")), "")
    assert row, "run `make mutations`"
    assert f"`{NOBODY}`" not in row
