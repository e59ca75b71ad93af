"""What there is to do, at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reports.sections.issues import ADVICE
from reports.sections.linking import Linking
from reports.views import (
    BrokenLink,
    DuplicateGroup,
    Issue,
    IssueGroup,
    Listing,
    PlacedLink,
    Task,
    TranslationRow,
    Untagged,
)
from reports.words.format import number
from reports.words.language import ENGLISH, Language, to_say
from transforms.results import IssueKind

TITLES: Mapping[str, str] = {
    "proposed": to_say("Tags to introduce"),
    "untagged": to_say("Posts without tags"),
    "duplicates": to_say("Near-duplicates"),
    "broken": to_say("Links that lead nowhere"),
    "links-to-set": to_say("Links to set"),
    "unlinked": to_say("Related posts that do not link to each other"),
    "orphans": to_say("Posts that no other links to"),
    "translations": to_say("Translations to write or to renew"),
    "quiet": to_say("Themes that have gone quiet"),
}
"""The kinds of work, by their anchors on the page, but for tags to mend, which ADVICE has."""


def list_tasks(
    proposed: Listing[Issue],
    untagged: Listing[Untagged],
    duplicates: Listing[DuplicateGroup],
    issues: Mapping[IssueKind, IssueGroup],
    broken: Listing[BrokenLink],
    to_set: Listing[PlacedLink],
    links: Linking,
    translations: Listing[TranslationRow],
    quiet: int,
    say: Language = ENGLISH,
) -> tuple[Task, ...]:
    """The kinds of work that there is any of, in the order of the page."""
    found = (
        (proposed.total, Task("proposed", say(TITLES["proposed"]), proposed.count)),
        (untagged.total, Task("untagged", say(TITLES["untagged"]), untagged.count)),
        (duplicates.total, Task("duplicates", say(TITLES["duplicates"]), duplicates.count)),
        *((group.total, Task(kind, group.title, group.count)) for kind, group in issues.items()),
        (broken.total, Task("broken", say(TITLES["broken"]), broken.count)),
        (to_set.total, Task("links-to-set", say(TITLES["links-to-set"]), to_set.count)),
        (
            links.unlinked.total,
            Task("unlinked", say(TITLES["unlinked"]), links.unlinked.count),
        ),
        (links.orphans.total, Task("orphans", say(TITLES["orphans"]), links.orphans.count)),
        (
            translations.total,
            Task("translations", say(TITLES["translations"]), translations.count),
        ),
        (quiet, Task("quiet", say(TITLES["quiet"]), number(quiet))),
    )
    return tuple(replace(task, total=total) for total, task in found if total)


def count_tasks(tasks: Iterable[Task]) -> dict[str, int]:
    """How much there is to do, by the kinds of work."""
    return {task.anchor: task.total for task in tasks}


def say_to_do(counts: Mapping[str, int], say: Language = ENGLISH) -> list[str]:
    """Say what `count_tasks` counted, a kind a line."""
    titles = dict(TITLES)
    titles.update({kind: advice.title for kind, advice in ADVICE.items()})
    return [f"{say(titles[kind])}: {number(count)}" for kind, count in counts.items() if kind in titles]
