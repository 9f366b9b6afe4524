"""Every fault of `make mutations` can still be put into the economy, and stands in the documents as noticed."""

import pytest

from tests.mutations.__main__ import PAGE, ROOT, SURVIVED
from tests.mutations.faults import FAULTS, Fault

EACH_FAULT = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


@EACH_FAULT
def test_a_fault_changes_the_source_in_exactly_one_spot(fault: Fault) -> None:
    source = (ROOT / "sim" / "economy" / fault.file).read_text(encoding="utf-8")
    assert source.count(fault.old) == 1
    assert fault.old != fault.new


@EACH_FAULT
def test_a_fault_stands_in_the_documents_as_noticed(fault: Fault) -> None:
    row = next((line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {fault.name} |")), "")
    assert row, "run `make mutations`"
    assert f"`{SURVIVED}`" not in row
