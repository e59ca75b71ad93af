"""The output folder: results are written beside it and moved in when all are there, run.json last.

A run writes below OUT/.staging-TOKEN. Before the first file is moved a journal tells what will be, so that a run that
is killed in between can be undone: by another attempt of its own, by its launcher, or by the next run.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from transforms.output.journal import JOURNAL, Journal, read_journal, write_journal
from transforms.output.layout import MEASURES, MODEL_FILES, REPORT, RUN, STATE_FILES, SUMMARY, is_table_file
from transforms.plumbing.storage import (
    delete,
    exists,
    find_links,
    folders_by_age,
    list_files,
    move,
    read_bytes,
    write_bytes,
)

STAGING = ".staging-"
RENDERING = ".render"
"""Where `postkin render` writes until it is done."""
CALLED_OFF = "called-off"
STALE_SECONDS = 24 * 3600
"""A staging folder without a change for so long belongs to no run that goes on."""


def staging_folder(output: str, token: str) -> str:
    """Name the folder, inside the output folder, where a run writes until it is done."""
    return f"{output}/{STAGING}{token}"


def call_off(staging: str) -> None:
    """Keep a run from publishing that may go on after its launcher has ended; raises OSError when that fails."""
    write_bytes(f"{staging}/{CALLED_OFF}", b"\n")


def run_text(run: Mapping[str, Any]) -> bytes:
    """Lay out run.json."""
    return (json.dumps(run, ensure_ascii=False, indent=2) + "\n").encode()


def publish(
    output: str, staging: str, files: Sequence[str], run: Mapping[str, Any], obsolete: Sequence[str] = ()
) -> None:
    """Move a run's files from its staging folder into the output folder, in place of what earlier runs left there.

    Shards of another number and `obsolete` files go, and the staging folder at the end. run.json goes first and comes
    last, so that it always describes files that are there. What an earlier attempt of the run began is undone first;
    what it finished is left. What other runs left long ago is discarded, since not every launcher does that. When a
    move fails all that were made are undone, and the output folder is as it was; raises OSError then.
    """
    if exists(f"{staging}/{CALLED_OFF}"):
        raise OSError("the run was called off")
    refuse_links(output)
    undo(output, staging)
    if _is_published(output, staging, files, run):
        return
    with suppress(Exception):  # this run's results do not depend on it
        recover(output, alone=False, own=staging)
    write_bytes(f"{staging}/{RUN}", run_text(run))
    incoming = [*sorted(files), RUN]
    data = {f"data/{name}" for name in list_files(f"{output}/data")}
    present = {file for file in data if file in incoming or is_table_file(file)}
    others = (file for file in (*incoming, *obsolete) if not file.startswith("data/"))
    present |= {file for file in others if exists(f"{output}/{file}")}
    aside = sorted(present, key=lambda file: (file != RUN, file))
    write_journal(staging, Journal(tuple(aside), tuple(incoming), _digest(run_text(run))))
    try:
        for file in aside:
            move(f"{output}/{file}", f"{staging}/replaced/{file}")
        for file in incoming:
            move(f"{staging}/{file}", f"{output}/{file}")
        delete(f"{staging}/{JOURNAL}")
    except BaseException:
        undo(output, staging)
        raise
    with suppress(Exception):  # the next run will
        delete(staging)


def refuse_links(output: str) -> None:
    """Raise OSError where a link stands in a local output folder for what jobs write there: it may lead anywhere."""
    staged = (f"{STAGING}*", f"{STAGING}*/*", f"{STAGING}*/replaced/**/*")
    files = (RUN, REPORT, SUMMARY, *MODEL_FILES, *STATE_FILES, *MEASURES)
    links = find_links(
        output, ("data", "model", "state", RENDERING, *files, *(f"{file}.new" for file in files), *staged)
    )
    links += filter(is_table_file, find_links(output, ("data/*",)))
    if links:
        raise OSError(f"{links[0]} is a link, which may lead anywhere: delete it")


def undo(output: str, staging: str, *, own: bool = True) -> None:
    """Put the output folder back as it was before a publication that did not come to its end, if there is one.

    What another run has published since stays. It may be repeated where it fails; raises OSError then, and when the
    journal of a run that is not one's `own` is not to be believed.
    """
    if not exists(f"{staging}/{JOURNAL}"):
        return
    journal = read_journal(staging, own=own)
    if journal is None or not _is_pending(output, staging, journal):
        delete(f"{staging}/{JOURNAL}")
        return
    aside, incoming = journal.aside, journal.incoming
    for file in reversed(incoming):
        moved_in = file not in aside or exists(f"{staging}/replaced/{file}")
        if moved_in and exists(f"{output}/{file}"):
            if exists(f"{staging}/{file}"):
                delete(f"{output}/{file}")
            else:
                move(f"{output}/{file}", f"{staging}/{file}")
    for file in reversed(aside):
        if exists(f"{staging}/replaced/{file}"):
            move(f"{staging}/replaced/{file}", f"{output}/{file}")
    delete(f"{staging}/{JOURNAL}")


def discard(output: str, staging: str) -> None:
    """Delete another run's staging folder, with what it published only in part; raises OSError when that fails."""
    undo(output, staging, own=False)
    delete(staging)


def recover(output: str, *, alone: bool, own: str = "") -> None:
    """Discard what earlier runs left in their staging folders, but for the run's `own`, because they were killed.

    Unless this run is `alone`, known to be the only one that writes here, folders that changed lately are left to
    the runs that they may belong to. Raises OSError when an output that is not whole cannot be made so, and where a
    link stands for a file or folder of a run.
    """
    refuse_links(output)
    latest = time.time() - STALE_SECONDS
    for name, changed in folders_by_age(output, STAGING).items():
        if (alone or changed < latest) and f"{output}/{name}" != own:
            discard(output, f"{output}/{name}")


def _is_pending(output: str, staging: str, journal: Journal) -> bool:
    """Tell whether anything is to be put back: run.json goes first, comes last and, when undone, is the last to return.

    Where run.json is neither the run's own nor the earlier one, another run has published since.
    """
    replaced = f"{staging}/replaced/{RUN}"
    if RUN in journal.aside and not exists(replaced):
        return False
    if not exists(f"{output}/{RUN}"):
        return True
    earlier = [_digest(read_bytes(replaced))] if RUN in journal.aside else []
    return _digest(read_bytes(f"{output}/{RUN}")) in (journal.run, *earlier)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _is_published(output: str, staging: str, files: Sequence[str], run: Mapping[str, Any]) -> bool:
    """Tell whether an earlier attempt of this run has published it: its files are gone, and run.json is its own."""
    if not exists(f"{output}/{RUN}") or read_bytes(f"{output}/{RUN}") != run_text(run):
        return False
    return not all(exists(f"{staging}/{file}") for file in files)
