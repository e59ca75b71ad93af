"""Tags to merge into others, in all posts of a blog at once: what the rules on the names of tags would mend."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple, get_args

from transforms.checks.settings import DEFAULTS, Settings
from transforms.checks.tags import TagUse
from transforms.hygiene.names import alike_names, fold_name, variant_groups
from transforms.reading.fields import tag_key

MergeRule = Literal["tag-synonym", "tag-variant", "tag-misspelt"]
"""The rules that know what a tag should be called."""
MERGE_RULES: tuple[MergeRule, ...] = get_args(MergeRule)


class Merge(NamedTuple):
    """A tag as posts spell it, what it is to be called, the rule that says so, and how many posts spell it so.

    The rule is None for what somebody asked for.
    """

    old: str
    new: str
    rule: MergeRule | None
    posts: int


def find_merges(
    use: TagUse,
    asked: Mapping[str, str],
    rules: Collection[MergeRule] = MERGE_RULES,
    settings: Settings = DEFAULTS,
) -> list[Merge]:
    """Find the tags to merge: those `asked` for, whatever their spelling, then those that rules tell, by spelling.

    The rules are those of `check_tag_names`, where all posts are each compared with all others. What leads to a tag
    that is itself merged leads to where that one does.
    """
    synonyms = settings.synonyms if "tag-synonym" in rules else {}
    wanted: dict[str, tuple[str, MergeRule | None]] = {
        **{tag_key(old): (new, "tag-synonym") for old, new in synonyms.items()},
        **{tag_key(old): (new, None) for old, new in asked.items()},
    }
    usual = {
        **(_misspelt(use, settings) if "tag-misspelt" in rules else {}),
        **(_variants(use, settings) if "tag-variant" in rules else {}),
    }
    known = {tag_key(tag) for tag in (*settings.known_tags, *(new for new, _ in wanted.values()))}
    found: dict[str, tuple[str, MergeRule | None]] = {}
    for key, spelling in use.spellings:
        if key in wanted:
            found[spelling] = wanted[key]
        elif spelling in usual and key not in known:
            found[spelling] = usual[spelling]
    ends = {old: _end(old, found) for old in sorted(found)}
    return [Merge(old, new, found[old][1], use.spellings[tag_key(old), old]) for old, new in ends.items() if new != old]


def _end(old: str, found: Mapping[str, tuple[str, object]]) -> str:
    """Follow merges from a tag to one that stays."""
    seen = [old]
    while (new := found.get(seen[-1], seen)[0]) not in seen:
        seen.append(str(new))
    return seen[-1]


def _variants(use: TagUse, settings: Settings) -> dict[str, tuple[str, MergeRule]]:
    """The spellings that far more posts write otherwise, each with what these write."""
    found: dict[str, tuple[str, MergeRule]] = {}
    keys = sorted(use.counts)
    best_of: dict[str, list[str]] = {}
    for group in variant_groups(keys):
        by_use = sorted((keys[row] for row in group), key=lambda key: (-use.counts[key], key))
        for key in by_use:
            best_of[key] = [other for other in by_use[:2] if other != key]
    for (key, spelling), posts in use.spellings.items():
        usual = use.usual.get(key)
        if usual is not None and usual != spelling and _is_far_more(use.spellings[key, usual], posts - 1, settings):
            found[spelling] = (usual, "tag-variant")
            continue
        for other in best_of.get(key, [])[:1]:
            if _is_far_more(use.counts[other], use.counts[key] - 1, settings) and other in use.usual:
                found[spelling] = (use.usual[other], "tag-variant")
    return found


def _is_far_more(posts: int, own: int, settings: Settings) -> bool:
    """Tell whether a tag is the usual one beside one that so many other posts have."""
    return posts >= settings.known_tag and posts >= settings.tag_times * own


def _misspelt(use: TagUse, settings: Settings) -> dict[str, tuple[str, MergeRule]]:
    """The tags of a single post that are misspellings of known ones, each with that as most posts write it."""
    known: dict[str, str] = {}
    single: dict[str, list[str]] = {}
    for key, posts in sorted(use.counts.items()):
        if posts >= settings.known_tag:
            known.setdefault(fold_name(key), key)
        elif posts == 1:
            single.setdefault(fold_name(key), []).append(key)
    folds = sorted({*known, *single})
    best: dict[str, str] = {}
    for pair, likeness in alike_names(folds).items():
        for one, other in (pair, pair[::-1]):
            if likeness.name == "misspelling" and folds[one] in single and folds[other] in known:
                right = known[folds[other]]
                usual = min(best.get(folds[one], right), right, key=lambda key: (-use.counts[key], key))
                best[folds[one]] = usual
    spelled = {key: spelling for key, spelling in use.spellings if use.counts[key] == 1}
    return {
        spelled[key]: (use.usual[right], "tag-misspelt")
        for fold, right in best.items()
        if right in use.usual
        for key in single[fold]
    }
