"""The output folder: results are written beside it and moved in when all are there, run.json last."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from transforms.storage import delete, list_files, move, write_bytes
from transforms.tables import TABLES

RUN = "run.json"


def staging_folder(output: str, token: str) -> str:
    """Name the folder, inside the output folder, where a run writes until it is done."""
    return f"{output}/.staging-{token}"


def run_text(run: Mapping[str, Any]) -> bytes:
    """Lay out run.json."""
    return (json.dumps(run, ensure_ascii=False, indent=2) + "\n").encode()


def publish(output: str, staging: str, files: Sequence[str], run: Mapping[str, Any]) -> None:
    """Move a run's files from its staging folder into the output folder and delete what earlier runs left.

    run.json moves last, so that it always describes files that are there.
    """
    write_bytes(f"{staging}/{RUN}", run_text(run))
    for file in [*sorted(files), RUN]:
        move(f"{staging}/{file}", f"{output}/{file}")
    written = {file.rpartition("/")[2] for file in files if file.startswith("data/")}
    for name in list_files(f"{output}/data"):
        if name not in written and name.partition(".")[0].partition("-")[0] in TABLES:
            delete(f"{output}/data/{name}")
