"""Rules on tags: what is written otherwise than elsewhere, what is new, what is missing, and what does not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from transforms.checks.customs import Customs
from transforms.checks.findings import Doubtful, Finding, Fix, Meant, Missing, NewTag, Severity, Suggested, TagChance
from transforms.checks.front_matter import is_usual
from transforms.checks.posts import HowToRead, ReadPost, finding
from transforms.checks.settings import Settings
from transforms.corpus.tag_spelling import Spellings, tag_names
from transforms.hygiene.names import alike_names, fold_name, variant_groups
from transforms.reading.errors import LimitError
from transforms.reading.fields import clean_tags, find_named, tag_key

Nearest = Callable[[str], Sequence[str]]
"""Gives the keys of the tags that are nearest to a name, the nearest first."""


LONGEST_ENDING = 3
"""No plural is more letters longer than its tag."""
_SHORT = frozenset({"abbreviation", "initials", "words"})


@dataclass(frozen=True)
class TagUse:
    """How a blog uses its tags: how many posts have each spelling, and what the audit of tags takes for synonyms.

    `spellings` counts by (key, spelling), `synonyms` leads from a key to the one that is used more.
    """

    spellings: Spellings = field(default_factory=Counter)
    synonyms: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many posts have each tag, by key."""
        counts: Counter[str] = Counter()
        for (key, _), posts in self.spellings.items():
            counts[key] += posts
        return counts

    @cached_property
    def usual(self) -> dict[str, str]:
        """The spelling of each key that most posts have, the first in code-point order of equals."""
        return tag_names(self.spellings)

    def meant(self, key: str) -> Meant:
        """A tag as most posts write it, with the number of its posts."""
        return Meant(self.usual.get(key, key), self.counts[key])

    def without(self, tags: Sequence[str]) -> TagUse:
        """The use of tags in all posts but one that carries these."""
        return TagUse(self.spellings - Counter((tag_key(tag), tag) for tag in tags), self.synonyms)


def check_tag_names(
    post: ReadPost,
    tags: Sequence[str],
    use: TagUse,
    customs: Customs,
    nearest: Nearest,
    how: HowToRead,
    settings: Settings,
) -> Iterator[Finding]:
    """Compare the names of a post's tags with those of all other posts.

    On a blog whose posts often have new tags, one is told only if a known one is like it, or if the blog asks for it.
    """
    told = settings.closed or "tag-new" in settings.levels or _is_coining_rare(customs, settings)
    wanted = {tag_key(old): new for old, new in settings.synonyms.items()}
    known = {tag_key(tag) for tag in settings.known_tags}
    for tag in tags:
        line, key = line_of_tag(post, tag, how), tag_key(tag)
        if new := wanted.get(key):
            meant, fix = Meant(new, use.counts[tag_key(new)]), _respell(tag, new)
            yield finding("tag-synonym", post, line, tag, meant, fix=fix, severity="warning")
        elif key in known:
            continue
        elif usual := _variant(tag, use, settings):
            yield finding("tag-variant", post, line, tag, usual, fix=_respell(tag, usual.name))
        elif use.counts[key]:
            if other := use.synonyms.get(key):
                yield finding("tag-synonym", post, line, tag, use.meant(other))
        elif right := _misspelt(key, use, settings):
            yield finding("tag-misspelt", post, line, tag, right, fix=_respell(tag, right.name))
        elif (like := _longer_forms(key, use, settings)) or (told and (use.counts or settings.closed)):
            others = list(dict.fromkeys([*like, *nearest(tag)]))
            near = tuple(map(use.meant, others[: settings.nearest_tags]))
            severity: Severity = "error" if settings.closed else "notice"
            yield finding("tag-new", post, line, tag, NewTag(near), severity=severity)


def check_tag_chances(
    post: ReadPost,
    tags: Sequence[str],
    chances: Sequence[TagChance],
    customs: Customs,
    how: HowToRead,
    settings: Settings,
) -> Iterator[Finding]:
    """Tell which tags a post lacks or has that others like it have or lack; `chances` are the most probable first."""
    lacking = [chance for chance in chances if not chance.present and chance.probability >= settings.suggest_from]
    shown = tuple(lacking[: settings.suggest_most])
    fix = Fix("tag", None, tuple(chance.tag for chance in shown)) if shown else None
    line = line_of_tags(post, how)
    if not tags and is_usual(customs.newest_tagged, customs.newest, settings, settings.usually_tagged):
        missing = Missing(customs.newest_tagged, customs.newest)
        yield finding("tags-missing", post, line, how.fields["tags"][0], missing, fix=fix)
    if shown:
        yield finding("tag-suggest", post, line, "", Suggested(shown), fix=fix)
    for chance in chances:
        if chance.present and chance.probability < settings.doubt_below:
            at = line_of_tag(post, chance.tag, how)
            yield finding("tag-doubtful", post, at, chance.tag, Doubtful(chance.probability))


def line_of_tags(post: ReadPost, how: HowToRead) -> int:
    """The line of the key that has a post's tags, else the first."""
    named = (name for name, _ in find_named(post.matter.values, how.fields["tags"]))
    return next((post.line_of_key(name) for name in named), 1)


def line_of_tag(post: ReadPost, tag: str, how: HowToRead) -> int:
    """The line on which a post's front matter has a tag, else the first."""
    names = (*how.fields["tags"], *how.fields["categories"])
    named = (name for name, value in find_named(post.matter.values, names) if tag in _tags_in(value))
    return next((post.line_of_tag(name, tag) for name in named), 1)


def _tags_in(value: object) -> tuple[str, ...]:
    try:
        return clean_tags(value)
    except LimitError:
        return ()


def _respell(tag: str, name: str) -> Fix:
    return Fix("tag", tag, (name,))


def _variant(tag: str, use: TagUse, settings: Settings) -> Meant | None:
    """The way in which far more posts write a tag: as the same key, or with other punctuation, spaces or plural."""
    key = tag_key(tag)
    usual = use.usual.get(key)
    if usual is not None and usual != tag:
        posts = use.spellings[key, usual]
        if _is_far_more(posts, use.spellings[key, tag], settings):
            return Meant(usual, posts)
    own = _folded(key)
    alike = (tag for tag in use.counts if _may_be_variants(own, _folded(tag)))
    keys = sorted({*alike, key})
    groups = (group for group in variant_groups(keys) if key in {keys[row] for row in group})
    others = [keys[row] for group in groups for row in group if keys[row] != key]
    best = min(others, key=lambda other: (-use.counts[other], other), default=None)
    return use.meant(best) if best and _is_far_more(use.counts[best], use.counts[key], settings) else None


def _may_be_variants(one: str, other: str) -> bool:
    return one[:1] == other[:1] and abs(len(one) - len(other)) <= LONGEST_ENDING


def _is_far_more(posts: int, own: int, settings: Settings) -> bool:
    return posts >= settings.known_tag and posts >= settings.tag_times * own


def _is_coining_rare(customs: Customs, settings: Settings) -> bool:
    return customs.recent >= settings.least_posts and customs.coining < settings.coin_below * customs.recent


def _longer_forms(key: str, use: TagUse, settings: Settings) -> list[str]:
    """The known tags that a new one is short for, those of most posts first: by initials, or as a part of their words.

    One that says more than a known tag is another: form design is not only design.
    """
    own = _folded(key)
    longer = [tag for tag in _known(use, settings) if len(_folded(tag)) > len(own) and _is_within(own, _folded(tag))]
    return _alike(key, longer, use, _SHORT)


def _misspelt(key: str, use: TagUse, settings: Settings) -> Meant | None:
    """The known tag of which an unknown one is a misspelling."""
    size = len(_folded(key))
    near = [tag for tag in _known(use, settings) if abs(len(_folded(tag)) - size) <= 1]
    best = next(iter(_alike(key, near, use, frozenset({"misspelling"}))), None)
    return use.meant(best) if best else None


def _alike(key: str, others: Sequence[str], use: TagUse, kinds: Collection[str]) -> list[str]:
    """The tags that are like one in some ways, those of most posts first.

    To compare all names takes long on a blog of many tags, so that `others` should be those that may be.
    """
    keys = [key, *others]
    pairs = alike_names(keys).items()
    found = [keys[other] for (row, other), likeness in pairs if row == 0 and likeness.name in kinds]
    return sorted(found, key=lambda other: (-use.counts[other], other))


def _known(use: TagUse, settings: Settings) -> list[str]:
    return sorted(tag for tag, posts in use.counts.items() if posts >= settings.known_tag)


def _is_within(short: str, long: str) -> bool:
    """Tell whether the letters of a name stand in another in their order, but for digits, which may count letters."""
    letters = iter(long)
    return all(letter in letters for letter in short if not letter.isdigit())


_folded = lru_cache(maxsize=1 << 14)(fold_name)
