"""Writes the snapshots anew: `make baseline`, only when results change on purpose (and CHANGELOG.md says so)."""

import json
from pathlib import Path

from tests.digest import digests

FILE = Path(__file__).with_name("baseline.json")

if __name__ == "__main__":
    FILE.write_text(json.dumps(digests(), indent=1) + "\n")
    print(f"Wrote {FILE.name}")
