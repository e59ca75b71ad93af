"""What the tag audit finds of faults that were planted in a blog's tags, and what it finds besides."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from scipy import sparse

from transforms.corpus.tag_spelling import article_tags, count_spellings, tag_matrix, tag_names
from transforms.corpus.tag_table import TagTable
from transforms.evaluation.corpus import Corpus
from transforms.evaluation.measures import mean_metric
from transforms.evaluation.names import ISSUES_AT_LEAST, ISSUES_FOUND, ISSUES_RIGHT
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import Study, study_of
from transforms.hygiene.audit import find_tag_issues
from transforms.hygiene.issues import named_tags
from transforms.numerics.arrays import Floats, Ints
from transforms.numerics.seed import SEED
from transforms.reading.fields import tag_key
from transforms.records import Article
from transforms.results import IssueKind, Metric, TagIssue
from transforms.sampling import sampled
from transforms.tags.expected import expected_tags
from transforms.tags.model import AT_ONCE

Item = TypeVar("Item")

FaultKind = Literal["split", "misspelled", "scattered", "moved", "dropped"]

ROUNDS = 3
"""So many times faults are planted anew, since few of a kind go into a blog without changing it."""
PLANTED_ARTICLES = 5_000
"""In about so many articles of a larger corpus faults are planted."""
SHARE = 0.05
"""Of the tags, and of the articles, that could have a fault, so many get one of each kind, and at least one."""
SPLIT_POSTS = 6
"""Articles of a tag that is split: each half has a few."""
USED_POSTS = 3
"""Articles of a tag that is misspelled, moved or dropped: of fewer nothing is known."""
LEAST_LETTERS = 5
"""Letters of a name that is misspelled: a letter makes another word of a shorter one."""

FOUND_BY: Mapping[FaultKind, frozenset[IssueKind]] = {
    "split": frozenset({"synonym"}),
    "misspelled": frozenset({"synonym", "variant"}),
    "scattered": frozenset({"misfit"}),
    "moved": frozenset({"contradiction", "missing"}),
    "dropped": frozenset({"contradiction", "missing"}),
}
"""The kinds of issues that are to find the kinds of faults."""
JUDGED_ISSUES: tuple[IssueKind, ...] = ("synonym", "variant", "misfit", "contradiction", "missing")
"""The kinds that can be wrong: that a tag is used once is a fact."""


@dataclass(frozen=True)
class Fault:
    """A fault that was planted: the key of the tag, that of the tag `other`, and the rows of its articles.

    `split`: half of the tag's articles carry `other`, which is new, in its place; `misspelled`: one does. `scattered`:
    articles drawn at random carry the new tag, which is `other` too. `moved`: an article carries `other`, which another
    has lost, in place of the tag; `dropped`: an article has lost the tag, and there is no `other`.
    """

    kind: FaultKind
    tag: str
    other: str
    articles: tuple[int, ...]


@dataclass(frozen=True)
class JudgedIssue:
    """An issue that was found among planted faults: whether it names one, and whether it was there before them."""

    kind: IssueKind
    score: float | None
    shown: bool
    right: bool
    own: bool


@dataclass(frozen=True)
class JudgedFault:
    """A fault that was planted: whether any issue names it, and whether one that is shown does."""

    kind: FaultKind
    found: bool
    shown: bool


def assess_tag_issues(study: Study, limit: int = PLANTED_ARTICLES) -> list[Metric]:
    """Judge by planted faults the issues that are shown, and all: their precision by kind, and the recall of faults.

    Whether the issues that a corpus has before any planting are right is not known. They are left out of the
    precision, and count as wrong where it is told at least. Of a larger corpus about `limit` articles are judged.
    """
    issues, faults = judge_tag_issues(study, limit=limit)
    metrics = []
    for kind in JUDGED_ISSUES:
        for method, of_kind in (
            (kind, [issue for issue in issues if issue.kind == kind and issue.shown]),
            (f"{kind}, all", [issue for issue in issues if issue.kind == kind]),
        ):
            new = [issue.right for issue in of_kind if issue.right or not issue.own]
            metrics.append(mean_metric(ISSUES_RIGHT, method, new, in_use=method == kind))
            metrics.append(mean_metric(ISSUES_AT_LEAST, method, [issue.right for issue in of_kind]))
    for fault in FOUND_BY:
        of_fault = [judged for judged in faults if judged.kind == fault]
        metrics.append(mean_metric(ISSUES_FOUND, fault, [judged.shown for judged in of_fault], in_use=True))
        metrics.append(mean_metric(ISSUES_FOUND, f"{fault}, all", [judged.found for judged in of_fault]))
    return [metric for metric in metrics if metric.judged]


def judge_tag_issues(
    study: Study, rounds: int = ROUNDS, limit: int = PLANTED_ARTICLES
) -> tuple[list[JudgedIssue], list[JudgedFault]]:
    """Plant faults several times in the tags of a study's corpus, and judge all issues and faults.

    Of a larger corpus about `limit` articles are taken as if they were all. The same study gives the same.
    """
    study = _part(study, limit)
    corpus = study.corpus
    row_of = {id_: row for row, id_ in enumerate(corpus.ids)}
    own = {_identity(issue) for issue in audit_study(study)}
    issues: list[JudgedIssue] = []
    faults: list[JudgedFault] = []
    for seed in range(rounds):
        articles, planted = plant_faults(corpus.articles, seed)
        found: defaultdict[Fault, set[bool]] = defaultdict(set)
        for issue in audit_study(study_of(*_retagged(study, articles))):
            named = named_faults(issue, planted, row_of)
            for fault in named:
                if issue.kind in FOUND_BY[fault.kind]:
                    found[fault].add(issue.shown)
            is_own = _identity(issue) in own
            issues.append(JudgedIssue(issue.kind, issue.score, issue.shown, bool(named), is_own))
        faults += [JudgedFault(fault.kind, bool(found[fault]), True in found[fault]) for fault in planted]
    return issues, faults


def audit_study(study: Study) -> list[TagIssue]:
    """Find what to mend in the tags of the corpus of a study, as a run does."""
    corpus = study.corpus
    named = named_tags(corpus.carriers, corpus.in_title, corpus.in_text)
    spellings = count_spellings(corpus.articles)
    return find_tag_issues(corpus.ids, study.table, spellings, corpus.carriers, _probabilities(study), named)


def plant_faults(articles: Sequence[Article], seed: int) -> tuple[list[Article], list[Fault]]:
    """Plant faults of all kinds in the tags of articles.

    No tag that is split or misspelled has another fault, and no article has one that is moved or dropped besides
    another of these. The same articles and seed give the same faults. What cannot be planted is left out.
    """
    return _Planting(articles, seed).plant()


def named_faults(issue: TagIssue, faults: Iterable[Fault], row_of: Mapping[str, int]) -> list[Fault]:
    """Return the faults that an issue is right about: it names the tags, or the tag and the article, of the fault.

    `row_of` gives the row of each article's id.
    """
    return [fault for fault in faults if _is_named(issue, fault, row_of)]


def with_tags(corpus: Corpus, articles: Sequence[Article]) -> Corpus:
    """Return the corpus as it were if its articles had the tags of these; new names stand in no title and no text."""
    keys = tuple(sorted(tag_names(count_spellings(articles))))
    return dataclasses.replace(
        corpus,
        articles=articles,
        keys=keys,
        carriers=tag_matrix(articles, keys),
        in_title=_columns(corpus.in_title, corpus.keys, keys),
        in_text=_columns(corpus.in_text, corpus.keys, keys),
    )


class _Planting:
    def __init__(self, articles: Sequence[Article], seed: int) -> None:
        self.articles = list(articles)
        self.rng = np.random.default_rng([SEED, seed])
        self.names = tag_names(count_spellings(articles))
        self.posts: defaultdict[str, list[int]] = defaultdict(list)
        for row, article in enumerate(articles):
            for key in article_tags(article):
                self.posts[key].append(row)
        self.free = sorted(key for key, rows in self.posts.items() if len(rows) >= USED_POSTS)
        self.faults: list[Fault] = []

    def plant(self) -> tuple[list[Article], list[Fault]]:
        for tag in self._take([tag for tag in self.free if len(self.posts[tag]) >= SPLIT_POSTS]):
            self._plant("split", tag, self._new_name(), self._choose(self.posts[tag], len(self.posts[tag]) // 2))
        for tag in self._take([tag for tag in self.free if sum(map(str.isalpha, tag)) >= LEAST_LETTERS]):
            if (other := self._misspell(tag)) not in self.posts:
                self._plant("misspelled", tag, other, self._choose(self.posts[tag], 1))
        for like in self._draw(self.free):
            name = self._new_name()
            self._plant("scattered", name, name, self._choose(range(len(self.articles)), len(self.posts[like])))
        self._plant_in_articles()
        return self.articles, self.faults

    def _plant_in_articles(self) -> None:
        one_each = sorted({row: tag for tag in self._shuffled(self.free) for row in self.posts[tag]}.items())
        pairs = [one_each[place] for place in self._shuffled(range(len(one_each)))]
        count = max(1, round(SHARE * len(pairs)))
        for row, tag in pairs[:count]:
            self._plant("dropped", tag, "", [row])
        pairs = pairs[count : 2 * count]
        for (row, tag), (other_row, other) in zip(pairs[::2], pairs[1::2], strict=False):
            if other_row not in self.posts[tag] and row not in self.posts[other]:
                self._plant("moved", tag, other, [row])
                self._plant("moved", other, tag, [other_row])

    def _plant(self, kind: FaultKind, tag: str, other: str, rows: Sequence[int]) -> None:
        for row in rows:
            kept = [name for name in self.articles[row].tags if tag_key(name) != tag]
            tags = tuple(dict.fromkeys([*kept, self.names.get(other, other)] if other else kept))
            self.articles[row] = dataclasses.replace(self.articles[row], tags=tags)
        self.faults.append(Fault(kind, tag, other, tuple(rows)))

    def _new_name(self) -> str:
        return f"planted {len(self.faults):05}"

    def _misspell(self, tag: str) -> str:
        """Leave a letter out, or swap it with the next; but for the first."""
        place = int(self.rng.integers(1, len(tag) - 1))
        if self.rng.integers(2):
            return tag_key(tag[:place] + tag[place + 1 :])
        return tag_key(tag[:place] + tag[place + 1] + tag[place] + tag[place + 2 :])

    def _take(self, tags: Sequence[str]) -> list[str]:
        drawn = self._draw(tags)
        self.free = [tag for tag in self.free if tag not in drawn]
        return drawn

    def _draw(self, tags: Sequence[str]) -> list[str]:
        return sorted(self._shuffled(tags)[: max(1, round(SHARE * len(tags)))])

    def _choose(self, rows: Sequence[int], count: int) -> list[int]:
        return sorted(self._shuffled(rows)[:count])

    def _shuffled(self, items: Sequence[Item]) -> list[Item]:
        return [items[place] for place in self.rng.permutation(len(items)).tolist()]


def _is_named(issue: TagIssue, fault: Fault, row_of: Mapping[str, int]) -> bool:
    tags = set(map(tag_key, issue.tags))
    if issue.kind in ("synonym", "variant"):
        return fault.kind in ("split", "misspelled") and {fault.tag, fault.other} <= tags
    if issue.kind == "misfit":
        return fault.kind == "scattered" and fault.tag in tags
    if issue.kind not in ("contradiction", "missing") or row_of[issue.articles[0]] not in fault.articles:
        return False
    lacking = tags if issue.kind == "missing" else {tag_key(figures.tag) for figures in issue.evidence.lacking}
    is_doubted = issue.kind == "contradiction" and fault.kind == "moved" and fault.other in tags
    return is_doubted or fault.tag in lacking


def _identity(issue: TagIssue) -> tuple[IssueKind, frozenset[str]]:
    """Tell what an issue is about: an article, or tags."""
    return issue.kind, frozenset(issue.articles if issue.kind in ("contradiction", "missing") else issue.tags)


def _part(study: Study, limit: int) -> Study:
    ids = study.corpus.ids
    rows = [row for row, id_ in enumerate(ids) if sampled(id_, len(ids), limit)]
    if len(rows) == len(ids):
        return study
    part = study.corpus.part(np.array(rows, np.int64)).without_tags(np.zeros(0, np.int64))
    return study_of(part, *search_corpus(part), study.table)


def _retagged(study: Study, articles: Sequence[Article]) -> tuple[Corpus, Ints, Floats, TagTable]:
    """What there is to study of a corpus whose articles have other tags."""
    corpus, table = with_tags(study.corpus, articles), study.table
    names = tag_names(count_spellings(articles))
    vectors = np.zeros((len(corpus.keys), table.name_vectors.shape[1]), np.float32)
    known = [(row, table.rows[key]) for row, key in enumerate(corpus.keys) if key in table.rows]
    for row, of_table in known:
        vectors[row] = table.name_vectors[of_table]
    named = dataclasses.replace(
        table, keys=corpus.keys, names=tuple(names[key] for key in corpus.keys), name_vectors=vectors
    )
    return corpus, study.found, study.cosines, named


def _columns(matrix: sparse.csr_matrix, keys: Sequence[str], wanted: Sequence[str]) -> sparse.csr_matrix:
    """The columns of a matrix [n, keys] that are wanted, which are empty where they are not of `keys`."""
    column_of = {key: column for column, key in enumerate(wanted)}
    known = [(row, column_of[key]) for row, key in enumerate(keys) if key in column_of]
    rows, columns = np.array(known, np.int64).reshape(-1, 2).T
    place = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), (len(keys), len(wanted)))
    return sparse.csr_matrix(matrix @ place)


def _probabilities(study: Study) -> sparse.csr_matrix:
    corpus = study.corpus
    parts = [sparse.csr_matrix((0, len(study.table.keys)))]
    for start in range(0, len(corpus), AT_ONCE):
        rows = np.arange(start, min(start + AT_ONCE, len(corpus)))
        probabilities = study.expectations(rows)
        own = sparse.csr_matrix(corpus.carriers[rows].multiply(probabilities))
        parts.append(expected_tags(probabilities).maximum(own))
    return sparse.vstack(parts, format="csr")
