"""The pinned packages of workers: `python -m jobs.dataflow.pins`, in a checkout, asks pip for them anew."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
EXTRAS: Mapping[str, str] = {
    "requirements.txt": "gcp,thumbnails,umap,use",
    "requirements-tensorflow.txt": "gcp,tensorflow,thumbnails,umap,use",
}
"""The files, and the extras of Postkin that the packages in each are for."""
HEADER = "# What postkin[{}] needs, made by `python -m jobs.dataflow.pins` on Python {}.{}.\n"


def pins(report: Mapping[str, Any]) -> list[str]:
    """Return the packages of an installation report of pip as `name==version`, sorted, but for Postkin itself."""
    found = [item["metadata"] for item in report["install"]]
    named = {re.sub(r"[-_.]+", "-", package["name"]).lower(): package["version"] for package in found}
    return [f"{name}=={version}" for name, version in sorted(named.items()) if name != "postkin"]


def resolve(extras: str) -> Mapping[str, Any]:
    """Have pip find the newest packages that the checkout and its extras allow; returns its installation report."""
    what = f"{FOLDER.parents[1]}[{extras}]"
    options = ("--quiet", "--dry-run", "--ignore-installed", "--report", "-")
    command = [sys.executable, "-m", "pip", "install", *options, what]
    found: Mapping[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603
    return found


if __name__ == "__main__":
    for file, extras in EXTRAS.items():
        header = HEADER.format(extras, *sys.version_info[:2])
        (FOLDER / file).write_text(header + "\n".join(pins(resolve(extras))) + "\n", encoding="utf-8")
