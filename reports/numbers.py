"""The corpus in numbers and in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from reports.format import DASH, day, number, percent
from reports.language import ENGLISH, Language
from reports.views import Bar, Figure, Listing
from transforms.records import Article, Cluster, Skipped

MAX_TAGS = 40
MAX_KINDS = 6


def corpus_sentence(
    articles: Sequence[Article],
    tag_counts: Mapping[str, int],
    clusters: Sequence[Cluster],
    say: Language = ENGLISH,
) -> str:
    """The corpus in one sentence."""
    if not articles:
        return say("No posts were found.")
    tags = say.count("{n} tag", "{n} tags", len(tag_counts)) if tag_counts else say("no tags")
    return say(
        "{posts} {period}, {tags} and {themes}.",
        posts=say.count("{n} post", "{n} posts", len(articles)),
        period=_spell(articles, say),
        tags=tags,
        themes=say.count("{n} theme", "{n} themes", len(clusters)) if clusters else say("no themes"),
    )


def corpus_figures(
    articles: Sequence[Article],
    tag_counts: Mapping[str, int],
    clusters: Sequence[Cluster],
    duplicates: int,
    counts: Mapping[str, int],
    skipped: Sequence[Skipped],
    say: Language = ENGLISH,
) -> tuple[Figure, ...]:
    """The numbers that describe the corpus; `duplicates` is the number of groups."""
    return (
        Figure(
            say("Posts"),
            number(len(articles)),
            say.count("of {n} file read", "of {n} files read", counts["read"]),
        ),
        _period(articles, say),
        Figure(say("Tags"), number(len(tag_counts)), say("{n} used only once", n=number(_used_once(tag_counts)))),
        _tagged(articles, say),
        _languages(articles, say),
        Figure(say("Themes"), number(len(clusters)), _largest(clusters, say)),
        Figure(
            say("Near-duplicates"),
            number(duplicates),
            say("group of posts") if duplicates == 1 else say("groups of posts"),
        ),
        _left_out(counts, skipped, say),
    )


def tag_bars(tag_counts: Mapping[str, int]) -> Listing[Bar]:
    """The tags that most articles carry, with bars relative to the first."""
    ordered = sorted(tag_counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered[:MAX_TAGS]
    return Listing(
        tuple(Bar(tag, number(count), percent(count / max(1, shown[0][1]))) for tag, count in shown), len(ordered)
    )


def _spell(articles: Sequence[Article], say: Language) -> str:
    days = _days(articles)
    if not days:
        return say("without dates")
    if days[0] == days[-1]:
        return say("of {day}", day=days[0])
    return say("from {first} to {last}", first=days[0], last=days[-1])


def _period(articles: Sequence[Article], say: Language) -> Figure:
    days = _days(articles)
    if not days:
        return Figure(say("Period"), DASH, say("no post has a date"))
    first, last = days[0][:4], days[-1][:4]
    undated = len(articles) - len(days)
    note = say("{first} to {last}", first=days[0], last=days[-1])
    if undated:
        note = say("{period}, {n} undated", period=note, n=number(undated))
    return Figure(say("Period"), first if first == last else f"{first}–{last}", note)


def _tagged(articles: Sequence[Article], say: Language) -> Figure:
    if not articles:
        return Figure(say("Tagged"), DASH, say("no posts"))
    untagged = sum(not article.tags for article in articles)
    share = 100 * (len(articles) - untagged) // len(articles)
    note = say.count("{n} post without tags", "{n} posts without tags", untagged)
    return Figure(say("Tagged"), f"{share}%", note)


def _languages(articles: Sequence[Article], say: Language) -> Figure:
    stated = {article.language for article in articles if article.language}
    note = _kinds((article.language or say("not stated") for article in articles), say)
    return Figure(say("Languages"), number(len(stated)) if stated else DASH, note)


def _left_out(counts: Mapping[str, int], skipped: Sequence[Skipped], say: Language) -> Figure:
    note = say(
        "{rejected} rejected, {skipped} skipped",
        rejected=number(counts["rejected"]),
        skipped=number(counts["skipped"]),
    )
    kinds = f" ({_kinds((say(row.kind) for row in skipped), say)})" if skipped else ""
    return Figure(say("Left out"), number(counts["rejected"] + counts["skipped"]), note + kinds)


def _used_once(tag_counts: Mapping[str, int]) -> int:
    return sum(count == 1 for count in tag_counts.values())


def _largest(clusters: Sequence[Cluster], say: Language) -> str:
    if not clusters:
        return say("none found")
    size = max(cluster.size for cluster in clusters)
    return say.count("{n} post in the largest", "{n} posts in the largest", size)


def _kinds(kinds: Iterable[str], say: Language) -> str:
    ordered = sorted(Counter(kinds).items(), key=lambda item: (-item[1], item[0]))
    named = [f"{number(count)} {kind}" for kind, count in ordered[:MAX_KINDS]]
    rest = sum(count for _, count in ordered[MAX_KINDS:])
    return ", ".join([*named, say("{n} other", n=number(rest))] if rest else named) or say("none")


def _days(articles: Sequence[Article]) -> list[str]:
    return sorted(day(article.date) for article in articles if article.date)
