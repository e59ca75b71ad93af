"""What there is to do, at a glance."""

from __future__ import annotations

from collections.abc import Mapping

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
from reports.words.language import ENGLISH, Language
from transforms.results import IssueKind


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
        (proposed.total, Task("proposed", say("Tags to introduce"), proposed.count)),
        (untagged.total, Task("untagged", say("Posts without tags"), untagged.count)),
        (duplicates.total, Task("duplicates", say("Near-duplicates"), duplicates.count)),
        *((1, Task(kind, group.title, group.count)) for kind, group in issues.items()),
        (broken.total, Task("broken", say("Links that lead nowhere"), broken.count)),
        (to_set.total, Task("links-to-set", say("Links to set"), to_set.count)),
        (
            links.unlinked.total,
            Task("unlinked", say("Related posts that do not link to each other"), links.unlinked.count),
        ),
        (links.orphans.total, Task("orphans", say("Posts that no other links to"), links.orphans.count)),
        (
            translations.total,
            Task("translations", say("Translations to write or to renew"), translations.count),
        ),
        (quiet, Task("quiet", say("Themes that have gone quiet"), number(quiet))),
    )
    return tuple(task for count, task in found if count)
