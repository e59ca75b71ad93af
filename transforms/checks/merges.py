"""Tags to merge into others, in all posts of a blog at once: what the rules on the names of tags would mend."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple, get_args

from transforms.checks.settings import DEFAULTS, Settings
from transforms.checks.tags import TagUse
from transforms.corpus.tag_spelling import Spellings
from transforms.hygiene.names import alike_names, fold_name, variant_groups
from transforms.reading.fields import tag_key

MergeRule = Literal["tag-synonym", "tag-variant", "tag-misspelt"]
"""The rules that know what a tag should be called."""
MERGE_RULES: tuple[MergeRule, ...] = get_args(MergeRule)
FixRule = MergeRule | Literal["field-misspelt"]
"""The rules whose findings can be mended."""
FIX_RULES: tuple[FixRule, ...] = (*MERGE_RULES, "field-misspelt")


class Merge(NamedTuple):
    """A tag, or a field, as posts spell it, what it is to be called, the rule that says so, and how many spell it so.

    The rule is None for what somebody asked for.
    """

    old: str
    new: str
    rule: FixRule | None
    posts: int


Found = dict[str, tuple[str, "MergeRule | None"]]
"""What tags become, by their spellings, and the rules that say so."""


def find_merges(
    use: TagUse,
    asked: Mapping[str, str],
    rules: Collection[FixRule] = MERGE_RULES,
    settings: Settings = DEFAULTS,
    own: Spellings | None = None,
) -> list[Merge]:
    """Find the tags to merge: those `asked` for, whatever their spelling, then those that rules tell, by spelling.

    `use` is that of all posts, each of which is compared with the others. Where `own` is given, it counts the spellings
    of the posts that are judged, and `use` is that of all others. The rules are those of `check_tag_names`. What leads
    to a tag that is itself merged leads to where that one does.
    """
    judged = _Judged(use, use.spellings if own is None else own, int(own is None), settings)
    synonyms = settings.synonyms if "tag-synonym" in rules else {}
    wanted: Found = {
        **{tag_key(old): (new, "tag-synonym") for old, new in synonyms.items()},
        **{tag_key(old): (new, None) for old, new in asked.items()},
    }
    told = {
        **(judged.misspelt() if "tag-misspelt" in rules else {}),
        **(judged.variants() if "tag-variant" in rules else {}),
    }
    known = {tag_key(tag) for tag in (*settings.known_tags, *(new for new, _ in wanted.values()))}
    found: Found = {}
    for key, spelling in judged.own:
        if key in wanted:
            found[spelling] = wanted[key]
        elif spelling in told and key not in known:
            found[spelling] = told[spelling]
    ends = {old: _end(old, found, wanted) for old in sorted(found)}
    return [Merge(old, new, found[old][1], judged.own[tag_key(old), old]) for old, new in ends.items() if new != old]


def _end(old: str, found: Found, wanted: Found) -> str:
    """Follow merges from a tag to one that stays."""
    seen = [old]
    while True:
        new, _ = found.get(seen[-1]) or wanted.get(tag_key(seen[-1]), (seen[-1], None))
        if new in seen:
            return seen[-1]
        seen.append(new)


class _Judged(NamedTuple):
    """Spellings in posts that are judged, and the use of tags; `once` is 1 where that counts the judged post too."""

    use: TagUse
    own: Spellings
    once: int
    settings: Settings

    def variants(self) -> Found:
        """The spellings that far more posts write otherwise, each with what these write."""
        found: Found = {}
        counts, usual = self.use.counts, self.use.usual
        rivals = self._rivals()
        for key, spelling in self.own:
            posts = self.use.spellings[key, spelling] - self.once
            name, rival = usual.get(key, spelling), rivals.get(key, key)
            if name != spelling and self._is_far_more(self.use.spellings[key, name], posts):
                found[spelling] = (name, "tag-variant")
            elif rival != key and rival in usual and self._is_far_more(counts[rival], counts[key] - self.once):
                found[spelling] = (usual[rival], "tag-variant")
        return found

    def misspelt(self) -> Found:
        """The tags of no other post that are slips for known ones, each with that as most posts write it."""
        counts = self.use.counts
        known: dict[str, str] = {}
        for key in sorted(key for key, posts in counts.items() if posts >= self.settings.known_tag):
            known.setdefault(fold_name(key), key)
        alone: dict[str, list[str]] = {}
        for key, spelling in self.own:
            if counts[key] == self.once:
                alone.setdefault(fold_name(key), []).append(spelling)
        folds = sorted({*known, *alone})
        best: dict[str, str] = {}
        for pair, likeness in alike_names(folds).items():
            for one, other in ((folds[left], folds[right]) for left, right in (pair, pair[::-1])):
                if likeness.name == "misspelling" and one in alone and other in known:
                    best[one] = min(best.get(one, known[other]), known[other], key=lambda key: (-counts[key], key))
        rights = {fold: self.use.usual[key] for fold, key in best.items() if key in self.use.usual}
        return {spelling: (right, "tag-misspelt") for fold, right in rights.items() for spelling in alone[fold]}

    def _rivals(self) -> dict[str, str]:
        """For each key of which others differ by form alone, the one of these that most posts have."""
        counts = self.use.counts
        keys = sorted({*counts, *(key for key, _ in self.own)})
        rivals: dict[str, str] = {}
        for group in variant_groups(keys):
            first, second = sorted((keys[row] for row in group), key=lambda key: (-counts[key], key))[:2]
            rivals |= {keys[row]: first for row in group} | {first: second}
        return rivals

    def _is_far_more(self, posts: int, own: int) -> bool:
        """Tell whether a tag is the usual one beside one that so many other posts have."""
        return posts >= self.settings.known_tag and posts >= self.settings.tag_times * own
