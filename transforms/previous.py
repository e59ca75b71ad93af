"""What a run takes from the one before it, so that its answers change only where the blog does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from transforms.results import Before, MapMethod, Neighbor, WarningCode


@dataclass(frozen=True)
class PreviousTheme:
    """A theme of the earlier run: its number, its name, and what told it from the other themes, best first."""

    number: int
    name: str
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class PreviousRun:
    """An earlier run of the same blog, by its `digest`, which is "" where there is none.

    `problem` says why there is none, if one was asked for, or what of it cannot be read.
    `members` maps the ids of its posts to the numbers of their themes, and `next_theme` is a number that no theme has
    had so far; `asked` is how many themes it was told to find, None for as many as suit the posts. `points` are the
    places of posts on each map, and `related` the similar posts of each, best first. Of a large blog all of these are a
    sample of about 50,000 posts, chosen by their ids. `before` are its figures.
    """

    digest: str = ""
    themes: tuple[PreviousTheme, ...] = ()
    next_theme: int = 1
    asked: int | None = None
    members: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[MapMethod, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    related: Mapping[str, tuple[Neighbor, ...]] = field(default_factory=dict)
    before: Before | None = None
    problem: WarningCode | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is an earlier run."""
        return bool(self.digest)

    def has_themes(self, k: int | None) -> bool:
        """Whether it has themes that go on where k are wanted; None: as many as there are."""
        return bool(self.themes) and (k is None or k in (self.asked, len(self.themes)))

    @cached_property
    def related_ids(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of what was similar to each post."""
        return {id_: tuple(other.id for other in others) for id_, others in self.related.items()}

    def without_state(self) -> PreviousRun:
        """The run, where what it had learned cannot be read."""
        return replace(self, problem="previous_state") if self.is_there else self

    def as_row(self) -> dict[str, str] | None:
        """What run.json says of it."""
        return {"digest": self.digest} if self.is_there else None


NO_PREVIOUS = PreviousRun()
