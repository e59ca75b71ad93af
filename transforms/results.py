"""What a run writes: one dataclass a row of a result table, and the words for methods.

docs/files.md has the contract. A name is looked up in its module of `transforms.rows` when it is first asked for: a
check of one post needs few of them, and to make a dataclass takes half a millisecond.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transforms.rows.changes import *
    from transforms.rows.copies import *
    from transforms.rows.drawings import *
    from transforms.rows.links import *
    from transforms.rows.measures import *
    from transforms.rows.plain import *
    from transforms.rows.posts import *
    from transforms.rows.proposed_tags import *
    from transforms.rows.readings import *
    from transforms.rows.related import *
    from transforms.rows.related_by import *
    from transforms.rows.tag_issues import *
    from transforms.rows.tags import *
    from transforms.rows.themes import *
    from transforms.rows.translations import *
    from transforms.rows.warnings import *

_NAMES = {
    "changes": "Before Change ChangeCause ChangeKind",
    "copies": "Duplicate SearchMethod",
    "drawings": "MapMethod MapPoint Thumbnail",
    "links": "LinkToSet Links UnresolvedKind UnresolvedLink",
    "measures": "Assessed Metric",
    "plain": "as_row fields_of",
    "posts": "Collision CollisionKind Note NoteKind Rejected Skipped SkippedKind",
    "proposed_tags": "ProposedTag",
    "readings": (
        "AlsoRead Coefficients LogFault MonthShare NextChoice NextMethod NextTrial OverRead Overlooked "
        "ReadTogether ReaderTheme ReaderThemes ReadingGaps ReadingSummary UnexplainedPair UnreadPair"
    ),
    "related": "Neighbor Related RelatedArticle Why",
    "related_by": "BY_READERS EXTRAS LEAST_RELATED PARTS READERS READ_ENOUGH RECENT RELATED_BY RelatedKind SureOf",
    "tag_issues": "ISSUES_PER_KIND IssueEvidence IssueKind NameLikeness PostSimilarity TagFigures TagIssue TextFit",
    "tags": "Recommended TagMethod TagScore TagTrial TagVectors",
    "themes": "Cluster Coverage Dendrogram Member Merge ScoredTag ScoredWord TagTree ThemeBefore ThemeFit",
    "translations": "Translated Translation",
    "warnings": "RunWarning WarningCode",
}
"""What each module of `transforms.rows` has."""
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"transforms.rows.{_MODULES[name]}"), name)
    return value
