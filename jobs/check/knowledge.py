"""What is known of the posts that are not checked: of the last report's state, or learned from them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence

from jobs.check.posts import Blog, Gathered, read_all
from transforms.checks.blog import Blog as Known
from transforms.checks.findings import Outdated
from transforms.checks.fitting import fit_blog
from transforms.checks.posts import HowToRead
from transforms.checks.stored import blog_of_state
from transforms.encoders.base import Encoder, EncoderError
from transforms.encoders.lsa import NAME, load_lsa
from transforms.plumbing.printable import printable
from transforms.reading.files import blob_name
from transforms.state.records import State

Texts = Callable[[Sequence[str]], Mapping[str, bytes]]


class UnusableError(Exception):
    """A state cannot be used; its message says why."""


def know(
    blog: Blog, gathered: Gathered, how: HowToRead, state: str | None, command: str = "postkin check"
) -> tuple[Known, Outdated | None]:
    """Know the other posts by the state in a report's output folder, else learn from them, which it says once.

    Returns how much of the state no longer holds, too. Where all posts are checked, each counts among the others of
    the others.
    """
    others = {path: file for path, file in blog.files.items() if path in gathered.others or gathered.everything}

    def texts(paths: Sequence[str]) -> Mapping[str, bytes]:
        return read_all((path, others[path]) for path in paths)

    if state is not None:
        try:
            return _by_state(state, others, gathered.blobs, how, texts)
        except UnusableError as error:
            sys.stderr.write(f"{command}: {printable(str(error))}; it learns from the posts instead\n")
    return fit_blog(texts(list(others)), how), None


def _by_state(
    folder: str, others: Iterable[str], blobs: Mapping[str, str], how: HowToRead, texts: Texts
) -> tuple[Known, Outdated]:
    state, encoder = _load(folder, how)
    unnamed = [path for path in others if path not in blobs]
    named = {path: blob_name(data) for path, data in texts(unnamed).items()}
    return blog_of_state(state, encoder, how, {**blobs, **named}, texts)


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
