"""The `postkin` command: one subcommand a job."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

from jobs import environment  # noqa: F401  before whatever imports NumPy
from jobs.version import __version__

JOBS = {
    "init": "start in a blog's folder: write its settings and a CI workflow, say what to paste into its theme",
    "report": "read a blog's posts and write the report and its tables",
    "evaluate": "judge related posts, tags and themes on tags that are held back, beside baselines",
    "check": "tell what changed posts lack: tags, links, front matter, copies of other posts",
    "render": "make the report of a run again from its tables",
    "export": "write the related posts of a run to a file for a site's templates",
    "compare": "put runs side by side: measures, seconds, how far their related posts agree",
    "next": "tell from a run what somebody could read next, who has read some posts",
    "similar": "list the posts of a run that are like some posts, by their texts or their readers",
    "fix": "mend the tags in the front matter of posts: a diff, or the files changed",
    "doctor": "check the installation and an encoder",
}
_PACKAGES = ("report", "evaluate", "check", "fix")
"""The jobs that are packages; their command is in the module `command`, that of the others in their own."""

atexit.register(gc.freeze)  # to search all that a process holds for garbage, as it ends, would be in vain


def main(argv: Sequence[str] | None = None) -> int:
    """Dispatch to a job; returns the exit code."""
    if sys.platform == "win32":
        sys.stderr.write("postkin: Windows is not supported; run it on Linux or macOS, or in WSL\n")
        return 2
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments:
        sys.stdout.write(_help())
        return 2
    command = arguments[0]
    if command == "help" and len(arguments) > 1:
        command, arguments = arguments[1], [arguments[1], "--help"]
    if command in JOBS:
        try:
            code = int(_load(command).main(arguments[1:]))
        except KeyboardInterrupt:  # before or after the run proper
            sys.stderr.write(f"postkin {command}: interrupted\n")
            code = 130
        return code
    if command in ("help", "-h", "--help"):
        sys.stdout.write(_help())
        return 0
    if command in ("version", "-V", "--version"):
        sys.stdout.write(f"postkin {__version__}\n")
        return 0
    sys.stderr.write(f"postkin: {_refusal(command)}\n")
    return 2


def _load(command: str) -> Any:
    name = f"jobs.{command}.command" if command in _PACKAGES else f"jobs.{command}"
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()  # what is imported stays: to search it for garbage, now or later, would be in vain
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()


def _refusal(command: str) -> str:
    """Say of what is no command which one may have been meant."""
    import shlex  # these are here, as no command needs them
    from difflib import get_close_matches

    from transforms.plumbing.printable import printable

    shown = printable(command)
    if command.startswith("-"):
        return f"{shown} stands before the command; give the command first, as in: postkin report {shown}"
    if close := get_close_matches(command.lower(), [*JOBS, "help", "version"], n=1):
        return f"unknown command '{shown}'; did you mean {close[0]}?"
    if os.path.exists(command):  # noqa: PTH110  Path refuses a name that is too long
        return f"'{shown}' is no command; did you mean: postkin report {printable(shlex.quote(command))}?"
    return f"unknown command '{shown}'; give one of: {', '.join(JOBS)}"


def _help() -> str:
    lines = [f"  {name:<10} {what}" for name, what in JOBS.items()]
    return (
        "usage: postkin COMMAND [FLAGS]\n\n"
        + "\n".join(lines)
        + "\n\npostkin help COMMAND lists a command's flags, and postkin version prints the version.\n"
    )
