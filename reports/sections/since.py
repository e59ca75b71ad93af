"""What changed since the previous run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.views import Since, SinceRow, ThemeLink
from reports.words.format import DASH, decimal, number
from reports.words.language import ENGLISH, Language, to_say
from reports.words.measures import shown_measure
from transforms.evaluation.names import MAP, READ_LINKED, RELATED
from transforms.output.totals import Totals
from transforms.results import Before, Change, ChangeKind, Cluster, Metric

MEASURES = (READ_LINKED, RELATED, MAP)
NAMED = 4
"""So many tags and themes are named."""
GROWN = 5
"""So many themes that grew are shown first."""
_SURER, _UNSURE = to_say(", too unsure before: {n}"), to_say(", too unsure now: {n}")
"""Of tags to mend that both runs list, and one does not show."""
BETTER, WORSE, ALIKE = to_say("better"), to_say("worse"), to_say("no sure difference")


def since_last(
    before: Before | None,
    changes: Sequence[Change],
    totals: Totals,
    clusters: Sequence[Cluster],
    tag_issues: int,
    metrics: Sequence[Metric],
    say: Language = ENGLISH,
    themes: Mapping[int, ThemeLink] | None = None,
) -> Since | None:
    """Say what changed, given that many tags to mend that are shown now; None where there is no previous run.

    `totals` count all changes, of which `changes` are the first.
    """
    if before is None:
        return None
    counts = {kind: sum(n for (of, _), n in totals.changes.items() if of == kind) for kind, _ in totals.changes}

    def count(kind: ChangeKind) -> str:
        return number(counts.get(kind, 0))

    refit = totals.changes["related-changed", "refit"]
    run = say.count("{n} post", "{n} posts", before.posts)
    mended = say("{new} new, {gone} solved", new=count("issue-new"), gone=count("issue-solved"))
    surer = tag_issues - before.tag_issues - counts.get("issue-new", 0) + counts.get("issue-solved", 0)
    if surer:
        mended += say(_SURER if surer > 0 else _UNSURE, n=number(abs(surer)))
    links = say("{new} new, {gone} solved", new=count("link-broken"), gone=count("link-mended"))
    broken = totals.unresolved["broken"]
    names = {str(cluster.number): cluster.name for cluster in clusters}
    themes_before = len(clusters) - counts.get("theme-new", 0) + counts.get("theme-gone", 0)
    return Since(
        run if before.newest is None else say("{posts}, the newest of {day}", posts=run, day=before.newest),
        number(counts.get("issue-new", 0) + counts.get("link-broken", 0)),
        number(counts.get("issue-solved", 0) + counts.get("link-mended", 0)),
        _grown(changes, themes or {}),
        (
            say(
                "Posts: {new} new, {gone} gone, {changed} changed.",
                new=count("post-added"),
                gone=count("post-removed"),
                changed=count("post-changed"),
            ),
            say(
                "Tags: {new} new{names}, {gone} gone.",
                new=count("tag-added"),
                names=_named([change.id for change in changes if change.kind == "tag-added"], say),
                gone=count("tag-gone"),
            ),
            say(
                "Posts with other related posts: {n}; of these {refit} without any new or changed post behind it.",
                n=count("related-changed"),
                refit=number(refit),
            ),
        ),
        (
            SinceRow(say("Themes"), number(themes_before), number(len(clusters)), _themes(changes, names, say)),
            SinceRow(say("Tags to mend"), number(before.tag_issues), number(tag_issues), mended),
            SinceRow(say("Links that lead nowhere"), number(before.broken_links), number(broken), links),
            *_measures(before.metrics, metrics, say),
        ),
    )


def _most_grown(changes: Sequence[Change]) -> list[Change]:
    grown = [change for change in changes if change.kind == "theme-grown"]
    return sorted(grown, key=lambda change: (int(change.before[0]) - int(change.after[0]), int(change.id)))


def _grown(changes: Sequence[Change], themes: Mapping[int, ThemeLink]) -> tuple[tuple[ThemeLink, str], ...]:
    """The themes that grew the most, and by how many posts."""
    grown = [change for change in _most_grown(changes) if int(change.id) in themes][:GROWN]
    return tuple(
        (themes[int(change.id)], f"+{number(int(change.after[0]) - int(change.before[0]))}") for change in grown
    )


def _named(names: Sequence[str], say: Language) -> str:
    more = "…" if len(names) > NAMED else ""
    return say(" ({names})", names=", ".join(names[:NAMED]) + more) if names else ""


def _themes(changes: Sequence[Change], names: dict[str, str], say: Language) -> str:
    said = []
    for change in changes:
        if change.kind == "theme-new":
            said.append(say("new: {name}", name=change.after[0]))
        elif change.kind == "theme-gone":
            said.append(say("gone: {name}", name=change.before[0]))
        elif change.kind == "theme-renamed":
            said.append(say("{name} was {before}", name=change.after[0], before=change.before[0]))
    grown = [change for change in _most_grown(changes) if change.id in names]
    said += [
        say("{name} {before} → {now}", name=names[change.id], before=change.before[0], now=change.after[0])
        for change in grown
    ]
    return "; ".join(said[:NAMED]) + ("; …" if len(said) > NAMED else "")


def _measures(before: Sequence[Metric], now: Sequence[Metric], say: Language) -> list[SinceRow]:
    """Compare the measures of the methods in use; better and worse are only those whose intervals lie apart."""
    old = {(metric.measure, metric.method): metric for metric in before}
    rows = []
    for measure in MEASURES:
        for metric in now:
            if metric.measure == measure and metric.in_use:
                other = old.get((measure, metric.method))
                rows.append(
                    SinceRow(say(shown_measure(measure)), _value(other), _value(metric), _judge(other, metric, say))
                )
    return rows


def _value(metric: Metric | None) -> str:
    return DASH if metric is None or metric.value is None else decimal(metric.value, 3)


def _judge(before: Metric | None, now: Metric, say: Language) -> str:
    if before is None or before.low is None or before.high is None or now.low is None or now.high is None:
        return ""
    return say(BETTER if now.low > before.high else WORSE if now.high < before.low else ALIKE)
