"""The corpus in numbers and in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reports.views import Bar, Figure, Listing, Sample
from reports.words.format import DASH, number, percent
from reports.words.language import ENGLISH, Language
from transforms.output.totals import Totals
from transforms.results import Cluster

MAX_TAGS = 40
MAX_LANGUAGES = 6


def corpus_sentence(
    totals: Totals,
    tag_counts: Mapping[str, int],
    clusters: Sequence[Cluster],
    say: Language = ENGLISH,
) -> str:
    """The corpus in one sentence."""
    if not totals.posts:
        return say("No posts were found.")
    tags = say.count("{n} tag", "{n} tags", len(tag_counts)) if tag_counts else say("no tags")
    return say(
        "{posts} {period}, {tags} and {themes}.",
        posts=say.count("{n} post", "{n} posts", totals.posts),
        period=_spell(totals, say),
        tags=tags,
        themes=say.count("{n} theme", "{n} themes", len(clusters)) if clusters else say("no themes"),
    )


def corpus_figures(
    totals: Totals,
    tag_counts: Mapping[str, int],
    clusters: Sequence[Cluster],
    duplicates: int,
    counts: Mapping[str, int],
    say: Language = ENGLISH,
) -> tuple[Figure, ...]:
    """The numbers that describe the corpus; `duplicates` is the number of groups."""
    return (
        Figure(
            say("Posts"),
            number(totals.posts),
            say.count("of {n} file read", "of {n} files read", counts["read"]),
        ),
        _period(totals, say),
        Figure(say("Tags"), number(len(tag_counts)), say("{n} used only once", n=number(_used_once(tag_counts)))),
        _tagged(totals, say),
        _languages(totals, say),
        Figure(say("Themes"), number(len(clusters)), _largest(clusters, say)),
        Figure(
            say("Near-duplicates"),
            number(duplicates),
            say("group of posts") if duplicates == 1 else say("groups of posts"),
        ),
        _left_out(counts, totals.skipped, say),
    )


def sample_of(listed: int, posts: int) -> Sample | None:
    """The sample that a page shows which lists so many of the posts; None where it lists all."""
    return Sample(number(listed), number(posts)) if listed < posts else None


def tag_bars(tag_counts: Mapping[str, int]) -> Listing[Bar]:
    """The tags that most articles carry, with bars relative to the first."""
    ordered = sorted(tag_counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered[:MAX_TAGS]
    return Listing(
        tuple(Bar(tag, number(count), percent(count / max(1, shown[0][1]))) for tag, count in shown), len(ordered)
    )


def _spell(totals: Totals, say: Language) -> str:
    days = _days(totals)
    if not days:
        return say("without dates")
    if days[0] == days[-1]:
        return say("of {day}", day=days[0])
    return say("from {first} to {last}", first=days[0], last=days[-1])


def _period(totals: Totals, say: Language) -> Figure:
    days = _days(totals)
    if not days:
        return Figure(say("Period"), DASH, say("no post has a date"))
    first, last = days[0][:4], days[-1][:4]
    undated = totals.posts - totals.days.total()
    note = say("{first} to {last}", first=days[0], last=days[-1])
    if undated:
        note = say("{period}, {n} undated", period=note, n=number(undated))
    return Figure(say("Period"), first if first == last else f"{first}–{last}", note)


def _tagged(totals: Totals, say: Language) -> Figure:
    if not totals.posts:
        return Figure(say("Tagged"), DASH, say("no posts"))
    untagged = totals.counts["untagged"]
    share = 100 * (totals.posts - untagged) // totals.posts
    note = say.count("{n} post without tags", "{n} posts without tags", untagged)
    return Figure(say("Tagged"), f"{share}%", note)


def _languages(totals: Totals, say: Language) -> Figure:
    stated = [language for language in totals.languages if language]
    named: Counter[str] = Counter()
    for language, count in totals.languages.items():
        named[language or say("not stated")] += count
    note = _kinds(named, say, MAX_LANGUAGES)
    return Figure(say("Languages"), number(len(stated)) if stated else DASH, note)


def _left_out(counts: Mapping[str, int], skipped: Mapping[str, int], say: Language) -> Figure:
    note = say(
        "{rejected} rejected, {skipped} skipped",
        rejected=number(counts["rejected"]),
        skipped=number(counts["skipped"]),
    )
    kinds = f" ({_kinds({say(kind): count for kind, count in skipped.items()}, say)})" if skipped else ""
    return Figure(say("Left out"), number(counts["rejected"] + counts["skipped"]), note + kinds)


def _used_once(tag_counts: Mapping[str, int]) -> int:
    return sum(count == 1 for count in tag_counts.values())


def _largest(clusters: Sequence[Cluster], say: Language) -> str:
    if not clusters:
        return say("none found")
    size = max(cluster.size for cluster in clusters)
    return say.count("{n} post in the largest", "{n} posts in the largest", size)


def _kinds(kinds: Mapping[str, int], say: Language, most: int | None = None) -> str:
    ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{number(count)} {kind}" for kind, count in ordered[:most]]
    rest = sum(count for _, count in ordered[len(named) :])
    return ", ".join([*named, say("{n} other", n=number(rest))] if rest else named) or say("none")


def _days(totals: Totals) -> list[str]:
    return sorted({day for _, day in totals.days})
