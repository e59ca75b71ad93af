"""What the report of a run is made of: exact totals, and the records that it shows."""

from __future__ import annotations

import heapq
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from transforms.output.layout import TABLES
from transforms.output.totals import Totals, is_untranslated
from transforms.results import ChangeKind, UnresolvedKind
from transforms.sampling import reported

UNRESOLVED_KINDS = get_args(UnresolvedKind)
CHANGE_KINDS = get_args(ChangeKind)
LISTED_FILES = 500
"""So many files that were left out are listed."""
LISTED_LINKS = 500
"""So many links that lead nowhere are listed, the broken ones first."""
LISTED_TRANSLATIONS = 500
"""So many posts with something to do for their translations are listed, the outdated ones first."""
LISTED_CHANGES = 500
"""So many changes since the previous run are listed, those of themes and tags first."""
LISTED_PAIRS = 200_000
"""So many pairs of near-duplicates are grouped, those most alike."""
BY_ID = ("articles", "related", "tags", "members", "links", "map", "thumbnails", "also_read")
"""The tables of which the report sees the rows of the articles that it lists."""
FIRST: Mapping[str, tuple[int, Callable[[Any], Any]]] = {
    "rejected": (LISTED_FILES, lambda row: (row.path, row.line or 0, row.reason)),
    "skipped": (LISTED_FILES, lambda row: (row.kind, row.path, row.reason)),
    "notes": (LISTED_FILES, lambda row: (row.path, row.field, row.given, row.done)),
    "collisions": (LISTED_FILES, lambda row: (row.kind, row.path, row.wanted, row.given)),
    "unresolved_links": (LISTED_LINKS, lambda row: (UNRESOLVED_KINDS.index(row.kind), row.id, row.href)),
    "translations": (LISTED_TRANSLATIONS, lambda row: (not row.outdated, not is_untranslated(row), row.id)),
    "changes": (LISTED_CHANGES, lambda row: (CHANGE_KINDS.index(row.kind), row.id, row.before, row.after)),
    "duplicates": (LISTED_PAIRS, lambda row: (-row.score, row.left, row.right)),
}
"""The tables of which the report sees the first rows, how many, and in what order."""


@dataclass(frozen=True)
class Extract:
    """Totals and records of a part of a run, or of the whole; parts are merged in any order."""

    totals: Totals = field(default_factory=Totals)
    records: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(self, table: str, record: Any, corpus_size: int) -> None:
        """Take in a record of a table of a corpus of so many articles, which are counted apart, with their clusters."""
        if table == "links":
            self.totals.add_links(record)
        elif table == "unresolved_links":
            self.totals.add_unresolved(record)
        elif table == "translations":
            self.totals.add_translated(record)
        elif table == "rejected":
            self.totals.add_rejected()
        elif table == "collisions":
            self.totals.add_collision(record)
        elif table == "skipped":
            self.totals.add_skipped(record)
        elif table == "notes":
            self.totals.add_note(record)
        elif table == "changes":
            self.totals.add_change(record)
        if shows(table, record.id if table in BY_ID else "", corpus_size):
            self.records[table].append(record)
            self._cut(table, 2)

    def merge(self, other: Extract) -> None:
        """Take in another part."""
        self.totals.merge(other.totals)
        for table, records in other.records.items():
            self.records[table].extend(records)
            self._cut(table, 2)

    def close(self) -> Extract:
        """Let go of what was kept for want of knowing the rest, and order what is left; returns itself."""
        for table, (_, key) in FIRST.items():
            self._cut(table, 1)
            self.records[table].sort(key=key)
        return self

    def pack(self) -> bytes:
        """Pickle it once: Beam would do so wherever it hands an element on, and where it estimates its size."""
        return pickle.dumps(self, pickle.HIGHEST_PROTOCOL)

    @staticmethod
    def unpack(packed: bytes) -> Extract:
        """Return what was packed; only for bytes that this very pipeline hands on, never for a file's."""
        extract: Extract = pickle.loads(packed)  # noqa: S301
        return extract

    def _cut(self, table: str, slack: int) -> None:
        limit, key = FIRST.get(table, (0, None))
        records = self.records[table]
        if limit and len(records) > slack * limit:
            unique = set(records) if table == "duplicates" else records  # each of two posts may find the other
            records[:] = heapq.nsmallest(limit, unique, key=key)


def shows(table: str, id_: str, corpus_size: int) -> bool:
    """Tell whether the report of a corpus of so many articles sees a table's row of this id."""
    return table not in BY_ID or reported(id_, corpus_size)
