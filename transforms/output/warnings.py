"""What is probably not as the people who run the blog think, found in the numbers of a run."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.corpus.tagging import add_tagging, by_categories
from transforms.output.totals import Totals
from transforms.previous import PreviousRun
from transforms.records import Tagging
from transforms.results import RunWarning, ThemeFit
from transforms.themes.quality import suits

NEARLY_ALL = 0.95
"""The share of the posts that have no date, or no tag."""
MANY_UNRESOLVED = 20
UNRESOLVED_SHARE = 1 / 3
"""So many of a blog's own links, and such a share of them, lead to no post."""
ENOUGH_FOUND = 20
"""Where fewer links lead to posts, those to pages may be to posts of which the address is not known."""
OTHER_FILES_SHARE = 0.05
"""The share of files of other kinds among them and the posts."""
MOST_NAMES = 3
WORSE = 0.03
"""Themes that go on are to fit the posts no more than so much worse than themes found anew."""


def find_warnings(
    totals: Totals, taggings: Iterable[Tagging], other_files: Iterable[tuple[str, int]]
) -> list[RunWarning]:
    """The warnings of a run, in the order in which they are said; `taggings` are counts of parts of the posts."""
    tagging = add_tagging(taggings)
    posts = totals.posts
    rejected = totals.counts["rejected"]
    undated, untagged = posts - totals.days.total(), totals.counts["untagged"]
    leading, pages = totals.counts["links"], totals.unresolved["page"]
    other = totals.unresolved["other"] + totals.unresolved["ambiguous"] + (pages if leading < ENOUGH_FOUND else 0)
    nowhere = totals.unresolved["broken"] + totals.unresolved["skipped"]
    links = leading + other + nowhere
    suffixes = sorted(other_files, key=lambda item: (-item[1], item[0]))
    others = sum(count for _, count in suffixes)
    found = (
        (undated >= NEARLY_ALL * posts, RunWarning("undated", undated, posts, _names(totals, "date"))),
        (untagged >= NEARLY_ALL * posts, RunWarning("untagged", untagged, posts, _names(totals, "tags"))),
        (by_categories(tagging), RunWarning("categories_as_tags", tagging.tagged, tagging.posts)),
        (
            other >= MANY_UNRESOLVED and other >= UNRESOLVED_SHARE * links,
            RunWarning("unresolved_links", other, links),
        ),
        (nowhere, RunWarning("broken_links", nowhere, links)),
        (totals.counts["sharing"], RunWarning("shared_addresses", totals.counts["sharing"], posts)),
        (rejected > posts, RunWarning("rejected_files", rejected, posts + rejected + totals.skipped.total())),
        (
            others >= OTHER_FILES_SHARE * (posts + others),
            RunWarning("other_files", others, posts + others, tuple(suffix for suffix, _ in suffixes[:MOST_NAMES])),
        ),
    )
    return [warning for told, warning in found if told and (warning.count or warning.code == "categories_as_tags")]


def previous_warnings(
    previous: PreviousRun, themes: ThemeFit, asked: int | None, *, k: int, posts: int, refit: bool
) -> list[RunWarning]:
    """The warnings of a run that is to go on from an earlier one; of `asked` themes it has k, on so many posts."""
    if previous.problem:
        return [RunWarning(previous.problem, 0, 0)]
    before = len(previous.themes)
    if refit or not before:
        return []
    if not themes.followed:
        if previous.has_themes(asked):
            return [RunWarning("themes_unshared", 0, before)]
        return [RunWarning("themes_refitted", asked or 0, before)]
    anew, kept = themes.objective_anew or 0.0, themes.objective
    found = (
        (0 < (1 + WORSE) * kept < anew, RunWarning("themes_worse", round(100 * anew / (kept or 1) - 100), 100)),
        (asked is None and not suits(k, posts), RunWarning("themes_outgrown", k, posts)),
    )
    return [warning for told, warning in found if told]


def _names(totals: Totals, kind: str) -> tuple[str, ...]:
    """The fields that look like what is missing, those of most posts first."""
    counts = {key: count for (of, key), count in totals.clues.items() if of == kind}
    return tuple(sorted(counts, key=lambda key: (-counts[key], key))[:MOST_NAMES])
