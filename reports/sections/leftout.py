"""The files that are not in the results, or are there under another id, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.views import LeftOut, Listing
from reports.words.format import number
from reports.words.language import ENGLISH, Language
from reports.words.phrases import OMISSIONS, say_phrase
from transforms.output.extract import LISTED_FILES
from transforms.plumbing.printable import printable, printable_place
from transforms.results import Collision, CollisionKind, Rejected, Skipped


def rejected_files(rejected: Sequence[Rejected], total: int) -> Listing[LeftOut]:
    """The first of so many files that could not be read as posts, by path and line."""
    rows = sorted(rejected, key=lambda row: (row.path, row.line or 0, row.reason))
    return _listing([LeftOut(printable_place(row.path, row.line), "rejected", row.reason) for row in rows], total)


def skipped_files(skipped: Sequence[Skipped], total: int, say: Language = ENGLISH) -> Listing[LeftOut]:
    """The first of so many posts that were left out on purpose, by kind and path."""
    rows = sorted(skipped, key=lambda row: (row.kind, row.path, row.reason))
    return _listing(
        [LeftOut(printable(row.path), say(row.kind), say_phrase(row.reason, OMISSIONS, say)) for row in rows], total
    )


def renamed_files(collisions: Sequence[Collision], total: int) -> Listing[LeftOut]:
    """The first of so many posts whose id was taken, by path."""
    return _listing(_collisions(collisions, "id"), total)


def sharing_files(collisions: Sequence[Collision], total: int) -> Listing[LeftOut]:
    """The first of so many posts whose address is another's, by path."""
    return _listing(_collisions(collisions, "address"), total)


def _collisions(collisions: Sequence[Collision], kind: CollisionKind) -> list[LeftOut]:
    rows = sorted((row.path, row.wanted, row.given) for row in collisions if row.kind == kind)
    return [LeftOut(*map(printable, row)) for row in rows]


def other_files(counts: Mapping[str, int], say: Language = ENGLISH) -> str:
    """How many files of other kinds are beside the posts, the most frequent suffixes first; "" without any."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return (
        say.count(
            "{n} file of another kind is not read: {kinds}",
            "{n} files of other kinds are not read: {kinds}",
            sum(counts.values()),
            kinds=", ".join(f"{printable(suffix)} ({number(count)})" for suffix, count in ordered),
        )
        if counts
        else ""
    )


def _listing(rows: Sequence[LeftOut], total: int) -> Listing[LeftOut]:
    return Listing(tuple(rows[:LISTED_FILES]), total)
