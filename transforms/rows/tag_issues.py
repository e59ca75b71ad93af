"""Tags to mend, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ISSUES_PER_KIND = 200
"""At most so many issues of a kind are listed: more than an editor mends in a sitting."""

IssueKind = Literal["synonym", "variant", "once", "misfit", "contradiction", "missing"]

NameLikeness = Literal[
    "spelling", "form", "abbreviation", "misspelling", "initials", "words", "part", "letters", "unlike"
]
"""How the names of tags are alike.

`spelling`: one name in several spellings; `form`: they differ by no more than punctuation, space or plural, each in
all of its spellings. One name is the `abbreviation` or the `initials` of the other, a `part` or two `letters` of it,
or has all of its `words`; `misspelling`: they differ by a letter or two. `unlike`: not at all, only their posts are
alike.
"""


@dataclass(frozen=True)
class TagFigures:
    """A tag, how many posts carry it as spelled here, and its probability by the text of the issue's post, or None."""

    tag: str
    posts: int
    probability: float | None = None


@dataclass(frozen=True)
class PostSimilarity:
    """How alike the posts of two tags are.

    `across` is the mean cosine between the posts of one and those of the other, `within` the mean cosine to expect if
    they were one tag, `chance` that between any two posts; `both` counts the posts that carry both.
    """

    across: float
    within: float
    chance: float
    both: int


@dataclass(frozen=True)
class TextFit:
    """How probable the texts of a tag's posts make it.

    `mean` and `best` are the mean and the highest probability over the `judged` posts, `rate` the share of all posts
    that carry the tag.
    """

    judged: int
    mean: float
    best: float
    rate: float


@dataclass(frozen=True)
class IssueEvidence:
    """What shows that tags are to be mended, in figures that can be checked.

    `tags` are those of the issue, in its order. `likeness` compares names (synonym, variant), `similarity` posts
    (synonym), `fit` a tag with texts (misfit). `lacking` are tags that the text of the issue's post makes probable and
    that it lacks, the most probable first (once, contradiction).
    """

    tags: tuple[TagFigures, ...]
    likeness: NameLikeness | None = None
    similarity: PostSimilarity | None = None
    fit: TextFit | None = None
    lacking: tuple[TagFigures, ...] = ()


@dataclass(frozen=True)
class TagIssue:
    """What to mend in some tags (as shown), and why.

    `rank` numbers the issues of a kind from 1, the strongest first; `posts` counts the posts concerned, `articles` are
    the ids of the first few to look at, and `score` is the strength that the kind has, if any. Those of which enough
    are right are `shown` to people, ahead of the others.
    """

    kind: IssueKind
    rank: int
    tags: tuple[str, ...]
    posts: int
    score: float | None
    shown: bool
    articles: tuple[str, ...]
    evidence: IssueEvidence
