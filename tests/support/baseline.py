"""`make baseline`: write the snapshots of results again, only when results change on purpose (and CHANGELOG.md says so)."""

import json
from pathlib import Path

from tests.support.digest import digests

FILE = Path(__file__).parents[1] / "baseline.json"

if __name__ == "__main__":
    FILE.write_text(json.dumps(digests(), indent=1) + "\n")
    print(f"Wrote {FILE.name}")
