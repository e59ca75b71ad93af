"""The corpus in numbers and in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from reports.format import DASH, day, number, percent, plural
from reports.views import Bar, Figure, Listing
from transforms.records import Article, Cluster, Skipped

MAX_TAGS = 40
MAX_KINDS = 6


def corpus_sentence(articles: Sequence[Article], tag_counts: Mapping[str, int], clusters: Sequence[Cluster]) -> str:
    """The corpus in one sentence."""
    if not articles:
        return "No posts were found."
    days = _days(articles)
    parts = [plural(len(articles), "post")]
    if days:
        parts.append(f"from {days[0]} to {days[-1]}" if days[0] != days[-1] else f"of {days[0]}")
    parts.append(f"with {plural(len(tag_counts), 'tag')}" if tag_counts else "without tags")
    if clusters:
        parts.append(f"in {plural(len(clusters), 'theme')}")
    return " ".join(parts) + "."


def corpus_figures(
    articles: Sequence[Article],
    tag_counts: Mapping[str, int],
    clusters: Sequence[Cluster],
    duplicates: int,
    counts: Mapping[str, int],
    skipped: Sequence[Skipped],
) -> tuple[Figure, ...]:
    """The numbers that describe the corpus; `duplicates` is the number of groups."""
    return (
        Figure("Posts", number(len(articles)), f"of {plural(counts['read'], 'file')} read"),
        _period(articles),
        Figure("Tags", number(len(tag_counts)), _used_once(tag_counts)),
        _tagged(articles),
        _languages(articles),
        Figure("Themes", number(len(clusters)), _largest(clusters)),
        Figure("Near-duplicates", number(duplicates), "groups of posts" if duplicates != 1 else "group of posts"),
        _left_out(counts, skipped),
    )


def tag_bars(tag_counts: Mapping[str, int]) -> Listing[Bar]:
    """The tags that most articles carry, with bars relative to the first."""
    ordered = sorted(tag_counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered[:MAX_TAGS]
    return Listing(
        tuple(Bar(tag, number(count), percent(count / max(1, shown[0][1]))) for tag, count in shown), len(ordered)
    )


def _period(articles: Sequence[Article]) -> Figure:
    days = _days(articles)
    if not days:
        return Figure("Period", DASH, "no post has a date")
    first, last = days[0][:4], days[-1][:4]
    undated = len(articles) - len(days)
    note = f"{days[0]} to {days[-1]}" + (f", {number(undated)} undated" if undated else "")
    return Figure("Period", first if first == last else f"{first}–{last}", note)


def _tagged(articles: Sequence[Article]) -> Figure:
    if not articles:
        return Figure("Tagged", DASH, "no posts")
    untagged = sum(not article.tags for article in articles)
    share = 100 * (len(articles) - untagged) // len(articles)
    return Figure("Tagged", f"{share}%", f"{plural(untagged, 'post')} without tags")


def _languages(articles: Sequence[Article]) -> Figure:
    stated = {article.language for article in articles if article.language}
    note = _kinds(article.language or "not stated" for article in articles)
    return Figure("Languages", number(len(stated)) if stated else DASH, note)


def _left_out(counts: Mapping[str, int], skipped: Sequence[Skipped]) -> Figure:
    note = f"{number(counts['rejected'])} rejected, {number(counts['skipped'])} skipped"
    kinds = f" ({_kinds(row.kind for row in skipped)})" if skipped else ""
    return Figure("Left out", number(counts["rejected"] + counts["skipped"]), note + kinds)


def _used_once(tag_counts: Mapping[str, int]) -> str:
    return f"{number(sum(count == 1 for count in tag_counts.values()))} used only once"


def _largest(clusters: Sequence[Cluster]) -> str:
    return f"{plural(max(cluster.size for cluster in clusters), 'post')} in the largest" if clusters else "none found"


def _kinds(kinds: Iterable[str]) -> str:
    ordered = sorted(Counter(kinds).items(), key=lambda item: (-item[1], item[0]))
    named = [f"{number(count)} {kind}" for kind, count in ordered[:MAX_KINDS]]
    rest = sum(count for _, count in ordered[MAX_KINDS:])
    return ", ".join([*named, f"{number(rest)} other"] if rest else named) or "none"


def _days(articles: Sequence[Article]) -> list[str]:
    return sorted(day(article.date) for article in articles if article.date)
