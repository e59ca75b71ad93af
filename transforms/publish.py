"""The output folder: results are written beside it and moved in when all are there, run.json last."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from transforms.layout import RUN, TABLES, VECTORS
from transforms.storage import exists, list_files, move, write_bytes


def staging_folder(output: str, token: str) -> str:
    """Name the folder, inside the output folder, where a run writes until it is done."""
    return f"{output}/.staging-{token}"


def run_text(run: Mapping[str, Any]) -> bytes:
    """Lay out run.json."""
    return (json.dumps(run, ensure_ascii=False, indent=2) + "\n").encode()


def publish(
    output: str, staging: str, files: Sequence[str], run: Mapping[str, Any], obsolete: Sequence[str] = ()
) -> None:
    """Move a run's files from its staging folder into the output folder, in place of what earlier runs left there.

    Tables of other names and `obsolete` files go. run.json moves last, so that it always describes files that are
    there. When a move fails all that were made are undone, and the output folder is as it was; raises OSError then.
    """
    write_bytes(f"{staging}/{RUN}", run_text(run))
    incoming = [*sorted(files), RUN]
    present = {f"data/{name}" for name in list_files(f"{output}/data") if _is_table(name)}
    present |= {file for file in (*incoming, *obsolete) if exists(f"{output}/{file}")}
    moves = [(f"{output}/{file}", f"{staging}/replaced/{file}") for file in sorted(present)]
    moves += [(f"{staging}/{file}", f"{output}/{file}") for file in incoming]
    made: list[tuple[str, str]] = []
    try:
        for source, target in moves:
            move(source, target)
            made.append((source, target))
    except BaseException:
        for source, target in reversed(made):
            move(target, source)
        raise


def _is_table(name: str) -> bool:
    return name.partition(".")[0].partition("-")[0] in (*TABLES, VECTORS.partition(".")[0])
