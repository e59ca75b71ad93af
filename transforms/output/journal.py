"""What a publication moves, written down so that it can be undone, and signed so that nobody else can have it undone.

An output folder may lie in a checkout, where whoever makes a pull request can put a journal of their own.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from transforms.output.layout import is_result_file
from transforms.plumbing.storage import is_remote, read_bytes, write_bytes

JOURNAL = "journal.json"
MOST_BYTES = 2**24
"""Of a journal: a name for each shard of the largest corpus is far less."""
SECRET_BYTES = 32


class ForeignJournalError(OSError):
    """A journal that no run on this machine has written; its message says in one line what to do."""


@dataclass(frozen=True)
class Journal:
    """The files that a publication moves away and moves in, and the digest of the run's own run.json."""

    aside: tuple[str, ...]
    incoming: tuple[str, ...]
    run: str


def write_journal(staging: str, journal: Journal) -> None:
    """Write a signed journal into a staging folder; raises OSError when that fails."""
    row = {"aside": journal.aside, "incoming": journal.incoming, "run": journal.run}
    row["signature"] = _sign(staging, journal)
    write_bytes(f"{staging}/{JOURNAL}", json.dumps(row).encode())


def read_journal(staging: str, *, own: bool) -> Journal | None:
    """Read the journal of a staging folder, None for one that is half-written: nothing was moved yet.

    It must name nothing but what runs write. It must be signed by this machine too, but for that of one's `own` run,
    whose folder nobody else could name before it was there, and that in a bucket, where runs on other machines write
    as well. Raises ForeignJournalError for any other, and OSError when it cannot be read.
    """
    try:
        row = json.loads(read_bytes(f"{staging}/{JOURNAL}", MOST_BYTES))
    except ValueError:
        return None
    except RecursionError:
        raise _foreign(staging) from None
    try:
        journal = Journal(tuple(row["aside"]), tuple(row["incoming"]), row["run"])
        known = all(isinstance(file, str) and is_result_file(file) for file in (*journal.aside, *journal.incoming))
        trusted = own or is_remote(staging) or hmac.compare_digest(row["signature"], _sign(staging, journal))
    except (KeyError, TypeError, ValueError):
        raise _foreign(staging) from None
    if not (known and trusted and isinstance(journal.run, str)):
        raise _foreign(staging)
    return journal


def _foreign(staging: str) -> ForeignJournalError:
    name = staging.rpartition("/")[2]
    return ForeignJournalError(
        f"{name}/{JOURNAL} was not written by a run on this machine: delete {name}, after moving what a run of yours "
        "left in its folder replaced back to its place"
    )


def _sign(staging: str, journal: Journal) -> str:
    """Sign a journal for the place where it stands: moved or copied elsewhere it is worth nothing."""
    signed = json.dumps([os.path.realpath(staging), journal.aside, journal.incoming, journal.run])
    return hmac.new(_secret(), signed.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


@functools.cache
def _secret() -> bytes:
    """The secret of this machine, made when it is first needed; where it cannot be kept it is the process's own."""
    fresh = secrets.token_bytes(SECRET_BYTES)
    with suppress(OSError, RuntimeError):
        folder = Path(os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser(), "postkin")
        file = folder / "secret"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = folder / f"secret.{secrets.token_hex(8)}"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(fresh)
        with suppress(FileExistsError):
            os.link(unfinished, file)  # whoever comes first
        unfinished.unlink()
        kept = file.read_bytes()
        if len(kept) == SECRET_BYTES:
            return kept
    return fresh
