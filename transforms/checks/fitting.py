"""What a check knows of a blog, learned on the spot from the texts of its posts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from transforms.checks.blog import Blog
from transforms.checks.customs import survey
from transforms.checks.links import survey_links
from transforms.checks.models import Learned, Models
from transforms.checks.posts import HowToRead, ReadPost, read_versions
from transforms.checks.tags import TagUse
from transforms.corpus.blocks import make_ids_unique
from transforms.corpus.languages import main_language
from transforms.corpus.runs import common_runs, count_runs, repeated_runs, runs_of, sketches
from transforms.corpus.tag_spelling import count_spellings
from transforms.corpus.tagging import by_categories, count_tagging, with_categories
from transforms.encoders.coverage import usual
from transforms.evaluation.corpus import candidates_of
from transforms.evaluation.intake import take_in
from transforms.evaluation.study import Study
from transforms.evaluation.trial import try_tags
from transforms.records import Article
from transforms.results import Links
from transforms.search.dense import DenseIndex

LEAST_POSTS = 3
"""Fewer posts teach nothing."""


def fit_blog(texts: Mapping[str, bytes], how: HowToRead) -> Blog:
    """Learn what a check needs to know of a blog from its posts: their bytes by path below the repository.

    Posts that were changed are not among them.
    """
    files = how.files(texts)
    posts = read_versions([(texts[path], path, files[path]) for path in sorted(texts)], how)
    shown = [post for post in posts if post.article and not post.skipped]
    categories = by_categories(count_tagging(post.article for post in shown if post.article))
    if categories:
        shown = [replace(post, article=with_categories(post.article)) for post in shown if post.article]
    paths = _paths(shown)
    articles, _ = make_ids_unique(post.article for post in shown if post.article)
    linking = survey_links(articles, paths, [post.skipped for post in posts if post.skipped], how.site)
    models = None
    if len(articles) >= LEAST_POSTS:
        models = Models(_learn(articles, linking.rows(), len(texts)))
    return Blog(
        survey(shown, how),
        TagUse(count_spellings(articles)),
        linking,
        models,
        len(articles),
        main_language(Counter(article.language for article in articles)),
        categories,
        texts=lambda paths: {path: texts[path] for path in paths if path in texts},
    )


def _paths(posts: Iterable[ReadPost]) -> dict[str, str]:
    """The paths of posts below the repository, by the ids that they get."""
    by_place: defaultdict[str, list[str]] = defaultdict(list)
    for post in posts:
        by_place[post.article.path if post.article else ""].append(post.path)
    unique, _ = make_ids_unique(post.article for post in posts if post.article)
    return {article.id: by_place[article.path].pop(0) for article in unique}


def _learn(articles: Sequence[Article], links: Sequence[Links], corpus_size: int) -> Learned:
    taken = take_in(articles, corpus_size=corpus_size, links=links, words=False)
    corpus, table = taken.corpus, taken.table
    searched = candidates_of(corpus, DenseIndex)
    study = Study(corpus, *searched, table, corpus_size)
    runs = [
        runs_of(replace(article, body=""), text) for article, text in zip(corpus.articles, taken.texts, strict=True)
    ]
    counted = count_runs(runs)
    common = common_runs(counted, corpus_size)
    return Learned(
        articles=corpus.articles,
        encoder=taken.encoder,
        vectors=corpus.vectors,
        runs=sketches(runs, common, repeated_runs(counted)),
        common_runs=common,
        table=table,
        tag_model=study.model,
        trial=try_tags(corpus, *searched, table, study.model.weights),
        ranking=study.weights(),
        confidence=study.confidence(),
        titles=taken.titles,
        links=links,
        texts=corpus.digests,
        coverage=usual([block.coverage for block in taken.blocks]),
    )
