"""How a command refuses what it cannot do: in one line, with exit code 2."""

from __future__ import annotations

import sys

from transforms.plumbing.printable import printable


class UsageError(Exception):
    """A request that cannot be met; its message says in one line what was given and what to give instead."""


def refuse(error: UsageError | OSError, command: str) -> int:
    """Print why a command cannot run; returns the exit code.

    An OSError is that of a path whose name is too long, or below a folder that may not be entered.
    """
    why = str(error)
    if isinstance(error, OSError):
        why = f"{error.filename!r} cannot be reached: {error.strerror}; give another path"
    sys.stderr.write(f"{command}: {printable(why)}\n")
    return 2
