"""The licences of Vega and its parts, which every page with a map holds: `python -m tests.notices` gathers them anew.

It needs npm, and the network for the packages whose licence files are read.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from tests.jobs.results import ROOT

NOTICES = ROOT / "templates" / "licenses.txt"
HEAD = "Postkin draws the map of a report with Vega. These are the licenses of Vega and its parts."
RULE = "-" * 80
STAND_INS = {"robust-predicates@3.0.0": "robust-predicates@3.0.3"}
"""What is read for a version that npm does not have any more."""
_PACKAGE = re.compile(rb"/npm/((?:@[a-z-]+/)?[a-z0-9.-]+)@(\d+\.\d+\.\d+)")


def bundled() -> dict[str, str]:
    """The versions of the packages that vl-convert brings, by name; of several the newest, which is what it bundles."""
    (binary,) = files("vl_convert").glob("vl_convert.*.so")  # type: ignore[attr-defined]  # of a folder
    found = {(name.decode(), version.decode()) for name, version in _PACKAGE.findall(binary.read_bytes())}
    return dict(sorted(found, key=lambda package: (package[0], *map(int, package[1].split(".")))))


def gather(packages: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Read the licence file of each package, installed into a folder; raises ValueError for one that has none."""
    wanted = [f"{name}@{version}" for name, version in packages.items()]
    (folder / "package.json").write_text(json.dumps({"private": True}), encoding="utf-8")
    command = ["npm", "install", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--no-save"]
    subprocess.run([*command, *(STAND_INS.get(one, one) for one in wanted)], cwd=folder, check=True)
    texts = {}
    for name in packages:
        files = sorted((folder / "node_modules" / name).glob("LICEN[CS]E*"))
        if not files:
            raise ValueError(f"{name} has no licence file")
        lines = files[0].read_text(encoding="utf-8").strip().splitlines()
        texts[name] = "\n".join(line.expandtabs().rstrip() for line in lines)
    return texts


def write_notices(packages: Mapping[str, str], texts: Mapping[str, str]) -> str:
    """The notices: each text once, below the packages that it is of."""
    sharing = defaultdict(list)
    for name, text in texts.items():
        sharing[text].append(f"{name} {packages[name]}")
    parts = [f"{', '.join(names)}\n\n{text}\n" for text, names in sorted(sharing.items(), key=lambda item: item[1])]
    return f"\n{RULE}\n\n".join([f"{HEAD}\n", *parts])


def main() -> int:
    """Write the file of the notices."""
    packages = bundled()
    with tempfile.TemporaryDirectory() as folder:
        NOTICES.write_text(write_notices(packages, gather(packages, Path(folder))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
