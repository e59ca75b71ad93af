"""What is known of the posts that are not checked: of the last report's state, or learned from them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from jobs.check.posts import Blog, Gathered, read_all
from jobs.check.remembered import keep
from jobs.version import __version__
from transforms.checks.blog import Blog as Known
from transforms.checks.blog import Texts
from transforms.checks.findings import Outdated
from transforms.checks.fitting import fit_blog
from transforms.checks.keeping import state_of_blog
from transforms.checks.posts import HowToRead
from transforms.checks.stored import blog_of_state
from transforms.encoders.base import Encoder, EncoderError
from transforms.encoders.lsa import NAME, Lsa, load_lsa
from transforms.plumbing.printable import printable
from transforms.reading.files import blob_name
from transforms.state.records import State

RELEARN = 0.05
"""What is remembered is learned again when so large a share of the posts has changed: that takes seconds."""


class UnusableError(Exception):
    """A state cannot be used; its message says why."""


def know(
    blog: Blog,
    gathered: Gathered,
    how: HowToRead,
    state: str | None,
    command: str = "postkin check",
    remembered: Path | None = None,
) -> tuple[Known, Outdated | None]:
    """Know the other posts by the state in a report's output folder, else learn from them, which it says once.

    What it learns is kept in the folder `remembered`, if there is one, and taken from there while it holds. Returns
    how much of the report's state no longer holds, too. Where all posts are checked, each counts among the others of
    the others.
    """
    others = {path: file for path, file in blog.files.items() if path in gathered.others or gathered.everything}

    def texts(paths: Sequence[str]) -> Mapping[str, bytes]:
        return read_all((path, others[path]) for path in paths if path in others)

    if state is not None:
        try:
            return _by_state(state, others, gathered.blobs, how, texts)
        except UnusableError as error:
            sys.stderr.write(f"{command}: {printable(str(error))}; it learns from the posts instead\n")
    if remembered is None:
        return fit_blog(texts(list(others)), how), None
    known = _remember(remembered, others, gathered.blobs, how, texts)
    if known is None:
        known = fit_blog(texts(list(others)), how)
        _keep(remembered, known, how, command)
    return known, None


def _by_state(
    folder: str, others: Iterable[str], blobs: Mapping[str, str], how: HowToRead, texts: Texts
) -> tuple[Known, Outdated]:
    state, encoder = _load(folder, how)
    unnamed = [path for path in others if path not in blobs]
    named = {path: blob_name(data) for path, data in texts(unnamed).items()}
    return blog_of_state(state, encoder, how, {**blobs, **named}, texts)


def _remember(
    folder: Path, others: Iterable[str], blobs: Mapping[str, str], how: HowToRead, texts: Texts
) -> Known | None:
    """Know posts by what an earlier check learned; None if that is not there, or no longer of these posts."""
    try:
        known, outdated = _by_state(str(folder), others, blobs, how, texts)
    except UnusableError:
        return None
    return None if outdated.count > RELEARN * outdated.of else replace(known, fitted="base")


def _keep(folder: Path, known: Known, how: HowToRead, command: str) -> None:
    """Keep what was learned, and say so where that fails."""
    from transforms.state.files import MAX_BYTES, state_files

    state = state_of_blog(known, how, __version__)
    encoder = known.models.learned.encoder if known.models else None
    if state is None or not isinstance(encoder, Lsa):
        return
    files = {**{f"model/{name}": content for name, content in encoder.files().items()}, **state_files(state)}
    try:
        if max(map(len, files.values())) <= MAX_BYTES:
            keep(folder, files)
    except OSError as error:
        reason = printable(f"{folder} cannot be written: {error.strerror}")
        sys.stderr.write(f"{command}: {reason}; the next check learns from the posts again\n")


def _load(folder: str, how: HowToRead) -> tuple[State, Encoder]:
    """Read a state and its model; raises UnusableError unless both are whole, and of posts that were read so."""
    from transforms.state.files import StateError, load_state

    try:
        state = load_state(folder)
        encoder = load_lsa(f"{folder}/model") if state.encoder.name == NAME else None
    except (StateError, EncoderError) as error:
        raise UnusableError(str(error)) from None
    if encoder is None:
        raise UnusableError(f"{folder} holds a state of the encoder {state.encoder.name}, and not of {NAME}")
    if encoder.info != state.encoder:
        raise UnusableError(f"{folder} holds a state and a model of two runs")
    if state.settings.fields != how.fields or set(state.settings.include) != set(how.include):
        raise UnusableError(f"{folder} holds a state of posts that were read by other --field or --include")
    return state, encoder
