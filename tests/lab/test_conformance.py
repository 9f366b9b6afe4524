"""Verdicts of the conformance suite are computed, kept, and shown on the page."""

from math import inf
from pathlib import Path

import pytest

from conformance.rows import counted, exactly, sampled
from sim.lab.conformance import Agreement, Check, Conformance, Part, Row, load, save
from sim.lab.files import UnusableFileError

ROWS = [
    Row("number", "source <1>", (0.5, 0.5), 0.51, 0.49, 0.53, "sampling error"),
    Row("number, off", "source", (0.5, 0.5), 0.55, 0.53, 0.57, "sampling error"),
    Row("fact, off", "source", (0.1, 0.2), 0.19, 0.17, 0.21, "sampling error", asserted=False),
    Row("fact, far off", "source", (0.1, 0.2), 0.29, 0.27, 0.31, "sampling error", asserted=False),
    Row("sign", "source", (0.0, inf), 0.1, 0.05, 0.15, "sampling error"),
]


def test_an_interval_meets_a_number_that_it_holds_and_a_range_in_which_it_lies() -> None:
    expected = [Agreement.MET, Agreement.MISSED, Agreement.UNSETTLED, Agreement.NOT_MET, Agreement.MET]
    assert [row.verdict for row in ROWS] == expected
    assert ROWS[2]._replace(asserted=True).verdict is Agreement.MISSED
    assert not ROWS[4]._replace(low=-0.01).agrees
    assert ROWS[0].cells[2:5] == ["0.500", "0.510", "[0.490, 0.530]"]
    assert ROWS[4].cells[2] == "positive"


def test_intervals_are_as_wide_as_the_sampling_error_says() -> None:
    row = sampled("mean", "", [1.0, 2.0, 3.0, 4.0], 2.5, "draws")
    assert row.high - row.ours == pytest.approx(4 * (5 / 3) ** 0.5 / 2)
    assert sampled("mean", "", [1.0, 2.0, 3.0, 4.0], 2.5, "draws", error=1.0).high > row.high
    assert counted("share", "", 40, 100, 0.5, "trials").high == pytest.approx(0.6)
    assert exactly("pi", "", 3.14, 3.141, 0.005, "printed").agrees


def test_what_was_found_is_kept_and_an_unreadable_file_is_refused_in_one_line(tmp_path: Path) -> None:
    found = Conformance(scope="a part", checks=[Check(Part.THEORY, "n", "t", 0.1, ROWS, [])], versions={"commit": "c"})
    save(found, tmp_path)
    assert load(tmp_path) == found
    assert load(tmp_path).missed == [ROWS[1]]
    assert found.summary == "2 met, 1 missed, 1 missed (shown), 1 not settled (shown)"
    assert (tmp_path / "conformance.csv").read_text().count("\n") == 1 + len(ROWS)
    (tmp_path / "conformance.json").write_text("{}")
    with pytest.raises(UnusableFileError, match="run `make conformance` again"):
        load(tmp_path)
