"""What a check is asked to do: the levels of rules, and the thresholds at which they fire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.checks.findings import Level, Rule


@dataclass(frozen=True)
class Settings:
    """The levels that a blog sets, and thresholds: shares and probabilities are from 0 to 1.

    `levels` are those of rules that differ from RULES. `ignored` are globs of paths below the repository, each with the
    rules that are not shown there, `*` standing for all.
    """

    levels: Mapping[Rule, Level] = field(default_factory=dict)
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    usual: float = 0.95
    """What so large a share of the posts have is missed in another."""
    usually_tagged: float = 0.8
    """Tags are missed where so large a share of the newest posts have some."""
    least_posts: int = 10
    """Nothing is usual in a blog of fewer posts."""
    known_key: float = 0.2
    """What may be misspelt is a key that so large a share of the posts have."""
    known_tag: int = 3
    """What may be misspelt, or written otherwise, is a tag of so many posts."""
    tag_times: int = 3
    """The usual way to write a tag is that of so many times as many posts."""
    coin_below: float = 0.1
    """A new tag is news where a smaller share of the newest posts had one, or if it is like a known one."""
    nearest_tags: int = 3
    """Beside a new tag so many old ones are named."""
    suggest_from: float = 0.5
    """The least probability of a tag that is suggested."""
    suggest_most: int = 5
    doubt_below: float = 0.02
    """A tag that a post carries is doubtful if it is less probable."""
    link_from: float = 0.5
    """The least confidence in a related post that a link is missing to."""
    link_most: int = 3

    synonyms: Mapping[str, str] = field(default_factory=dict)
    """Tags that the blog does not want, each with the one to use instead."""
    known_tags: tuple[str, ...] = ()
    """Tags that are not new although no post carries them."""
    closed: bool = False
    """Whether a new tag is an error."""


DEFAULTS = Settings()
