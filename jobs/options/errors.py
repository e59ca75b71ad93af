"""How a command refuses what it cannot do: in one line, with exit code 2."""

from __future__ import annotations

import sys

from transforms.plumbing.printable import printable


class UsageError(Exception):
    """A request that cannot be met; its message says in one line what was given and what to give instead."""


def refuse(error: UsageError, command: str) -> int:
    """Print why a command cannot run; returns the exit code."""
    sys.stderr.write(f"{command}: {printable(str(error))}\n")
    return 2
