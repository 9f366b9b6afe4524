"""Every design that the reader accepts ends in data, tables, figures and a report, whatever its runs return."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from sim.lab.design.scale import Scale
from sim.lab.files import UnusableFileError
from sim.lab.pipeline import prepare, run_experiment
from sim.lab.reference import plain
from sim.lab.report.claims import claim_table
from sim.lab.report.page import write_report
from tests.support.designs import anything_goes, designs
from tests.support.hostile import toml

executors = st.builds(
    anything_goes,
    st.integers(0, 1000),
    st.sampled_from([1.0, 0.0, 1e-9, 1e6]),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.sampled_from([0.0, 0.3, 1.0]),
)


@settings(max_examples=max(4, settings().max_examples // 10))
@given(designs(), executors)
def test_an_accepted_design_ends_in_a_report(design: dict[str, Any], execute: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, results = Path(folder) / "drawn.toml", Path(folder) / "results"
        file.write_text("\n".join(f"{key} = {toml(value)}" for key, value in design.items()))
        try:
            (task,) = prepare([file], results, Scale.STANDARD)
        except UnusableFileError as error:
            event("refused: " + str(error).split(":")[1])
            return
        event("accepted")
        findings = run_experiment(task, execute, lambda *_: None)
        assert findings.runs
        assert write_report(results).exists()
        assert plain(claim_table(results))
