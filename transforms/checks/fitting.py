"""What a check knows of a blog, learned on the spot from the texts of its posts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from transforms.checks.blog import Blog
from transforms.checks.customs import survey
from transforms.checks.links import survey_links
from transforms.checks.models import Models
from transforms.checks.posts import HowToRead, ReadPost, read_version
from transforms.checks.tags import TagUse
from transforms.corpus.blocks import make_ids_unique
from transforms.corpus.languages import main_language
from transforms.corpus.runs import NO_RUNS, runs_of
from transforms.corpus.tag_spelling import count_spellings
from transforms.corpus.tagging import by_categories, count_tagging, with_categories
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.corpus.tokens import tokenize
from transforms.numerics.arrays import Ints32
from transforms.plumbing.processes import start, start_map
from transforms.records import PostFile

LEAST_POSTS = 3
"""Fewer posts teach nothing."""


class _Read(NamedTuple):
    """A post as it was read, and where the site shows it, the tokens of its text and the runs of words in that."""

    post: ReadPost
    tokens: tuple[str, ...] = ()
    runs: Ints32 = NO_RUNS


def fit_blog(texts: Mapping[str, bytes], how: HowToRead) -> Blog:
    """Learn what a check needs to know of a blog from its posts: their bytes by path below the repository.

    Posts that were changed are not among them.
    """
    files = how.files(texts)
    reading = start_map(lambda path: _read(texts[path], path, files[path], how), sorted(texts))
    from transforms.checks.learning import learn  # which takes a while, and others do the reading

    read = reading()
    shown = [each for each in read if _is_shown(each.post)]
    posts = [each.post for each in shown]
    for each in shown:
        if article := each.post.article:
            tokenize.keep(each.tokens, article_text(article, WHOLE_TEXT))
    categories = by_categories(count_tagging(post.article for post in posts if post.article))
    if categories:
        posts = [replace(post, article=with_categories(post.article)) for post in posts if post.article]
    paths = _paths(posts)
    articles, _ = make_ids_unique(post.article for post in posts if post.article)
    skipped = [each.post.skipped for each in read if each.post.skipped]
    linking = cache(start(lambda: survey_links(articles, paths, skipped, how.site)))
    models = None
    if len(articles) >= LEAST_POSTS:
        runs = {each.post.path: each.runs for each in shown}
        models = Models(
            learn(articles, [runs[paths[article.id]] for article in articles], lambda: linking().rows(), len(texts))
        )
    return Blog(
        survey(posts, how),
        TagUse(count_spellings(articles)),
        linking(),
        models,
        len(articles),
        main_language(Counter(article.language for article in articles)),
        categories,
        texts=lambda paths: {path: texts[path] for path in paths if path in texts},
    )


def _read(data: bytes, path: str, file: PostFile, how: HowToRead) -> _Read:
    post = read_version(data, path, file, how)
    if not _is_shown(post) or post.article is None:
        return _Read(post)
    text = article_text(post.article, WHOLE_TEXT)
    return _Read(post, tokenize(text), runs_of(replace(post.article, body=""), text))


def _is_shown(post: ReadPost) -> bool:
    return post.article is not None and not post.skipped


def _paths(posts: Iterable[ReadPost]) -> dict[str, str]:
    """The paths of posts below the repository, by the ids that they get."""
    by_place: defaultdict[str, list[str]] = defaultdict(list)
    for post in posts:
        by_place[post.article.path if post.article else ""].append(post.path)
    unique, _ = make_ids_unique(post.article for post in posts if post.article)
    return {article.id: by_place[article.path].pop(0) for article in unique}
