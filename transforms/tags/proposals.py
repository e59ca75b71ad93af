"""Tags for a blog without tags: phrases of its titles and headings that several posts are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from transforms.corpus.phrases import Phrase, absorbed, phrase_of, phrases_of
from transforms.corpus.runs import has_common, own_lines
from transforms.corpus.tag_finder import TagFinder, count_tokens
from transforms.corpus.tokens import tokenize
from transforms.corpus.word_spelling import most_used
from transforms.numerics.arrays import Floats, Ints, Ints32, Mask
from transforms.numerics.rounding import rounded
from transforms.reading.fields import tag_key
from transforms.records import Article
from transforms.results import ProposedTag

FEW_TAGGED = 0.2
"""Tags are proposed where a smaller share of the posts has any, unless they are asked for."""
CANDIDATES = 2_000
PHRASED_ARTICLES = 5_000
"""Candidates are looked for in about so many articles of a larger corpus."""
COUNTED_ARTICLES = 20_000
"""Where they stand is counted in about so many articles of a larger corpus."""
PROPOSED = 50
LISTED_ARTICLES = 1_000
ABOUT = 4
"""A post is about a phrase that stands so often in its whole text, where a title counts four times."""
FEWEST_POSTS = 3
LARGEST_SHARE = 0.2
"""A tag of more of the posts tells little of each."""
MOST_FOUND = 400
"""So many candidates are counted in a post, those that it mentions most; hardly a post has as many."""
OFTEN = 50
"""More mentions in a post count as so many."""
SAME_POSTS = 0.5
"""Phrases with a word in common are one proposal if they share so much of the posts that are about either."""
LONGER_SHARE = 0.6
"""The longest phrase of a proposal is its name if it has so large a share of the posts of the best one."""

WEIGHTS = (0.3, 1.3, 1.0, 1.4, -0.7, 1.3)
"""Of the logarithm of the posts, the share of them with it in the title, the logarithm of the times, a capital letter,
each word after the first, and the share in which it stands whole.

Learned from the tags of thirteen public blogs in English, Japanese and Chinese, each of the same weight.
"""
BIAS = -5.3
NO_RUNS: Ints32 = np.zeros(0, np.int32)


@dataclass(frozen=True)
class PhraseCounts:
    """In how many posts each phrase stands in title, lede or headings, by key and spelling.

    And by key, in how many of these it stands whole, in how many titles, and in how many posts' headings.
    """

    spelled: Counter[tuple[str, str]] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)
    headings: Counter[str] = field(default_factory=Counter)

    def update(self, other: PhraseCounts) -> None:
        """Count others in."""
        self.spelled.update(other.spelled)
        self.whole.update(other.whole)
        self.titles.update(other.titles)
        self.headings.update(other.headings)


@dataclass(frozen=True)
class Candidate:
    """A phrase that may be a tag, as most posts spell it, and the share of its posts in which it stands whole."""

    name: str
    whole: float


def count_phrases(articles: Iterable[Article], empty: Collection[str]) -> PhraseCounts:
    """Count the phrases in articles' titles, ledes and headings, of words that are not `empty`."""
    counts = PhraseCounts()
    for article in articles:
        lines = [article.title, *article.headings, *article.lede.split("\n")]
        phrases = phrases_of(lines, empty)
        counts.spelled.update((key, phrase.spelling) for key, phrase in phrases.items())
        counts.whole.update(key for key, phrase in phrases.items() if phrase.whole)
        counts.titles.update(phrases_of([article.title], empty).keys())
        counts.headings.update(phrases_of(article.headings, empty).keys())
    return counts


def choose_candidates(counted: Iterable[PhraseCounts]) -> tuple[Candidate, ...]:
    """Choose the phrases that may be tags, as most posts spell them, in the order of their keys as tags.

    They stand in a title and in another post, or in the headings of `FEWEST_POSTS` posts. Of more than `CANDIDATES`
    they are those of the most titles, then of the most posts.
    """
    total = PhraseCounts()
    for counts in counted:
        total.update(counts)
    uses: dict[str, Counter[str]] = {}
    for (key, spelling), count in total.spelled.items():
        uses.setdefault(key, Counter())[spelling] = count
    posts = {key: of.total() for key, of in uses.items()}
    able = [key for key in posts if (total.titles[key] and posts[key] > 1) or total.headings[key] >= FEWEST_POSTS]
    best = sorted(able, key=lambda key: (-total.titles[key], -posts[key], key))[:CANDIDATES]
    chosen: dict[str, Candidate] = {}
    for key in best:
        name = most_used(uses[key])
        chosen.setdefault(tag_key(name), Candidate(name, total.whole[key] / posts[key]))
    return tuple(chosen[key] for key in sorted(chosen))


@dataclass(frozen=True, eq=False)
class FoundPhrases:
    """Where phrases stand: csr [articles, phrases] with how often each is `in_text`, and 1 where it is `in_title`.

    An article has no more than `MOST_FOUND` in each.
    """

    ids: tuple[str, ...]
    in_text: sparse.csr_matrix
    in_title: sparse.csr_matrix


class PhraseFinder:
    """Finds phrases, as `choose_candidates` has them, in articles."""

    def __init__(self, names: Sequence[str], common_runs: Ints32 = NO_RUNS) -> None:
        self._finder = TagFinder([tag_key(name) for name in names])
        self._common_runs = common_runs

    def find(self, articles: Sequence[Article], texts: Sequence[str]) -> FoundPhrases:
        """Find the phrases in the titles and whole texts of articles, whose lines of templates are passed over."""
        own = list(map(self._own, articles, texts))
        in_text = self._matrix([self._count(text, tokenize(text)) for text in own])
        titles = [article.title for article in articles]
        in_title = self._matrix([self._count(title, tokenize.__wrapped__(title)) for title in titles])
        in_title.data[:] = 1
        return FoundPhrases(tuple(article.id for article in articles), in_text, in_title)

    def _own(self, article: Article, text: str) -> str:
        """The text without its lines that many posts have; the title and the headings stay."""
        if not has_common(tokenize(text), self._common_runs):
            return text
        said = {article.title, *article.headings}
        lines = dict.fromkeys(text.split("\n"))
        own = said.union(own_lines([line for line in lines if line not in said], self._common_runs))
        return "\n".join(line for line in text.split("\n") if line in own)

    def _count(self, text: str, tokens: Sequence[str]) -> dict[int, int]:
        counts = self._finder.count(text, tokens, count_tokens(tokens))
        if len(counts) <= MOST_FOUND:
            return counts
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_FOUND])

    def _matrix(self, rows: Sequence[dict[int, int]]) -> sparse.csr_matrix:
        indices = np.array([column for row in rows for column in row], np.int32)
        counts = np.array([count for row in rows for count in row.values()], np.int32)
        ends = np.cumsum([0, *map(len, rows)], dtype=np.int32)
        return sparse.csr_matrix((counts, indices, ends), (len(rows), len(self._finder.keys)))


@dataclass(frozen=True, eq=False)
class Figures:
    """What speaks for some phrases: `posts` are about each, `mentions` have it at all, `titles` in the title.

    `times` is how often it stands in the whole text of a post that has it, at most `OFTEN` times each. All [phrases].
    """

    posts: Ints
    mentions: Ints
    titles: Ints
    times: Floats

    def worth(self, phrases: Sequence[Phrase], whole: Sequence[float]) -> Floats:
        """Return how probable it is that authors have each phrase for a tag, rounded, by a logistic regression."""
        posts = np.maximum(self.posts, 1)
        names = [phrase.spelling[:1].isupper() for phrase in phrases]
        further = [len(phrase.tokens) - 1 for phrase in phrases]
        parts = (np.log(posts), self.titles / posts, np.log(np.maximum(self.times, 1)), names, further, whole)
        return rounded(1 / (1 + np.exp(-(np.column_stack(parts) @ np.array(WEIGHTS) + BIAS))))


def figures_of(in_text: sparse.csr_matrix, in_title: sparse.csr_matrix) -> Figures:
    """Sum up where phrases stand, as FoundPhrases has it."""
    columns = in_text.shape[1]
    mentions = np.bincount(in_text.indices, minlength=columns)
    times = np.bincount(in_text.indices, np.minimum(in_text.data, OFTEN), columns) / np.maximum(mentions, 1)
    posts = np.bincount(in_text.indices[in_text.data >= ABOUT], minlength=columns)
    return Figures(posts, mentions, np.bincount(in_title.indices, minlength=columns), times)


def propose_tags(
    candidates: Sequence[Candidate], found: Iterable[FoundPhrases], known: Collection[str]
) -> list[ProposedTag]:
    """Propose up to `PROPOSED` tags, the best first, of candidates and where they stand, in any order.

    A tag is for the posts that are about its phrase: at least `FEWEST_POSTS`, and at most `LARGEST_SHARE` of all. None
    is a tag that the blog has: `known` are their keys.
    """
    parts = list(found)
    ids = np.array([id_ for part in parts for id_ in part.ids], object)
    if not len(ids) or not candidates:
        return []
    phrases = [phrase_of(candidate.name) for candidate in candidates]
    in_text = sparse.vstack([part.in_text for part in parts], format="csr")
    figures = figures_of(in_text, sparse.vstack([part.in_title for part in parts], format="csr"))
    gone = absorbed(phrases, dict(zip((phrase.key for phrase in phrases), figures.mentions.tolist(), strict=True)))
    most = max(FEWEST_POSTS, int(LARGEST_SHARE * len(ids)))
    fits = (figures.posts >= FEWEST_POSTS) & (figures.posts <= most)
    fits &= [phrase.key not in gone and tag_key(phrase.spelling) not in known for phrase in phrases]
    worth = figures.worth(phrases, [candidate.whole for candidate in candidates])
    ranked = sorted(np.flatnonzero(fits).tolist(), key=lambda column: (-worth[column], column))
    about = _about(in_text, len(phrases))
    rows: list[ProposedTag] = []
    for group in group_phrases(ranked, phrases, about, len(ids)):
        named = name_of_group(group, phrases, figures.posts)
        posts = about[named]
        order = posts[np.lexsort((ids[posts], -in_text[posts, named].toarray().ravel()))]
        rows.append(
            ProposedTag(
                rank=len(rows) + 1,
                tag=phrases[named].spelling,
                also=tuple(phrases[column].spelling for column in group if column != named),
                posts=int(figures.posts[named]),
                mentions=int(figures.mentions[named]),
                titles=int(figures.titles[named]),
                times=float(rounded(figures.times[named])),
                score=float(worth[group[0]]),
                articles=tuple(ids[order[:LISTED_ARTICLES]]),
            )
        )
    return rows


def group_phrases(
    ranked: Sequence[int], phrases: Sequence[Phrase], about: Sequence[Ints32], count: int
) -> list[list[int]]:
    """Group phrases, by their columns and the best first, that have a word in common and mostly the same posts.

    `about` are each one's posts, of `count`. A phrase joins the first group whose best phrase it is so near to, by
    `SAME_POSTS`. What joins none of the first `PROPOSED` groups is left out.
    """
    groups: list[list[int]] = []
    are_about: list[Mask] = []
    for column in ranked:
        posts, tokens = about[column], set(phrases[column].tokens)
        for group, marks in zip(groups, are_about, strict=True):
            if tokens & set(phrases[group[0]].tokens):
                common = int(marks[posts].sum())
                if common >= SAME_POSTS * (len(posts) + len(about[group[0]]) - common):
                    group.append(column)
                    break
        else:
            if len(groups) < PROPOSED:
                groups.append([column])
                are_about.append(np.zeros(count, np.bool_))
                are_about[-1][posts] = True
    return groups


def name_of_group(group: Sequence[int], phrases: Sequence[Phrase], posts: Ints) -> int:
    """Choose the phrase that names a group: the longest that has `LONGER_SHARE` of the posts of the best one."""
    able = [column for column in group if posts[column] >= LONGER_SHARE * posts[group[0]]]
    return max(able, key=lambda column: len(phrases[column].tokens))


def _about(in_text: sparse.csr_matrix, phrases: int) -> list[Ints32]:
    """The rows of the posts that are about each phrase, in rising order."""
    rows = np.repeat(np.arange(in_text.shape[0], dtype=np.int32), np.diff(in_text.indptr))
    often = in_text.data >= ABOUT
    columns, rows = in_text.indices[often], rows[often]
    ends = np.cumsum(np.bincount(columns, minlength=phrases))
    return np.split(rows[np.argsort(columns, kind="stable")], ends[:-1])
