"""What a check knows of a blog, from the state that a report left, and from the posts that are newer than it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np
from scipy import sparse

from transforms.checks.blog import Blog, Texts
from transforms.checks.customs import Habits, count_habits, habits
from transforms.checks.findings import Finding, Outdated
from transforms.checks.links import Linking, follow_places
from transforms.checks.models import Learned, Models, sketch_posts
from transforms.checks.posts import HowToRead, ReadPost, read_versions
from transforms.checks.tags import TagUse
from transforms.corpus.blocks import BLOCK_ROWS
from transforms.corpus.chronology import date_key
from transforms.corpus.languages import main_language, settled
from transforms.corpus.tag_spelling import count_spellings, tag_blocks, tag_names
from transforms.corpus.tag_table import TagTable, add_tag_sums, sum_by_tag, tag_table
from transforms.corpus.tagging import with_categories
from transforms.corpus.text_parts import article_text
from transforms.encoders.base import Encoder
from transforms.encoders.blocks import encode_block
from transforms.encoders.coverage import encode_unseen
from transforms.numerics.arrays import Vectors
from transforms.reading.dates import date_in_name
from transforms.reading.fields import find_named, tag_key
from transforms.reading.parse import article_id
from transforms.records import Article
from transforms.site.addresses import Place
from transforms.site.hyperlinks import directory_of_skipped
from transforms.site.places import place_of
from transforms.site.translations import translation_keys
from transforms.state.records import PostState, State
from transforms.tags.model import TagModel
from transforms.tags.statistics import tag_statistics

OUTDATED = 0.2
"""A state is old of which so large a share of the posts differs."""


@dataclass(frozen=True, eq=False)
class Update:
    """What of a state still holds.

    Its rows `kept`, the posts that are `gone` from it or differ, and those that were `read` anew. `paths` are those of
    the posts below the repository by the ids that they have in the blog.
    """

    kept: Sequence[int]
    gone: Sequence[int]
    read: Sequence[ReadPost]
    paths: Mapping[str, str]

    @property
    def anew(self) -> list[Article]:
        """The posts read anew that the site shows, with their bodies."""
        return [post.article for post in self.read if post.article and not post.skipped]


def blog_of_state(
    state: State, encoder: Encoder, how: HowToRead, blobs: Mapping[str, str], texts: Texts
) -> tuple[Blog, Outdated]:
    """Make a Blog of a state, and say how many of the posts that the site shows are no longer as they were.

    `blobs` are git's names for the contents of the blog's posts, but for those that change, by path below the
    repository. What differs from the state is read, encoded and counted anew, and what is not there is taken out.
    """
    update = _compare(state, how, blobs, texts)
    posts = [_article(state.posts[row], how) for row in update.kept]
    anew = update.anew
    encoded = encode_unseen(encoder, [article_text(post, state.settings.parts) for post in anew], state.coverage)
    sketched = sketch_posts(anew, state.common_runs, state.runs)
    linking = _linking(state, posts, update, how, texts)
    articles = [*posts, *anew]
    order = sorted(range(len(articles)), key=lambda row: articles[row].id)
    ordered = [replace(articles[row], body="", hrefs=(), href_lines=(), prose=()) for row in order]
    vectors = np.concatenate([state.vectors[update.kept], encoded])[order]
    table = _table(ordered, vectors, encoder)
    learned = Learned(
        articles=ordered,
        encoder=encoder,
        vectors=vectors,
        runs=sparse.vstack([state.runs[update.kept], sketched], format="csr")[order],
        common_runs=state.common_runs,
        table=table,
        tag_model=TagModel(tag_statistics(table), *state.tag_weights),
        trial=state.trial,
        ranking=state.ranking,
        confidence=state.confidence,
        titles=state.titles,
        links=linking.rows(),
        parts=state.settings.parts,
        related_by=frozenset(state.settings.related_by),
        any_language=state.settings.any_language,
        coverage=state.coverage,
    )
    told = [(date_key(post), _habits(state.posts[row], how)) for row, post in zip(update.kept, posts, strict=True)]
    told += [(date_key(post.article), habits(post, how)) for post in update.read if post.article and not post.skipped]
    blog = Blog(
        count_habits(told),
        TagUse(count_spellings(articles)),
        linking,
        Models(learned) if articles else None,
        len(articles),
        main_language(Counter(article.language for article in articles)),
        state.by_categories,
        "state",
        texts,
    )
    return blog, Outdated(len(anew), len(articles))


def check_state(outdated: Outdated, path: str) -> list[Finding]:
    """Say that a state, at this path, is old, if it is."""
    if outdated.count <= OUTDATED * outdated.of:
        return []
    return [Finding("state-old", "notice", path, 1, "", outdated)]


def _compare(state: State, how: HowToRead, blobs: Mapping[str, str], texts: Texts) -> Update:
    row_at = {post.path: row for row, post in enumerate(state.posts)}
    paths: dict[str, str] = {}
    kept, differing = [], []
    for path, blob in sorted(blobs.items()):
        row = row_at.get(how.file(path).path)
        if row is not None and state.posts[row].blob == blob and state.posts[row].id not in paths:
            kept.append(row)
            paths[state.posts[row].id] = path
        else:
            differing.append(path)
    read = [_settled(post, state) for post in _read(differing, blobs, how, texts)]
    unique = []
    for post in read:
        if post.article:
            id_, number = post.article.id, 1
            while id_ in paths:
                number += 1
                id_ = f"{post.article.id}//{number}"
            paths[id_] = post.path
            post = replace(post, article=replace(post.article, id=id_))
        unique.append(post)
    return Update(sorted(kept), sorted({*range(len(state.posts))} - {*kept}), unique, paths)


def _read(paths: Sequence[str], blobs: Iterable[str], how: HowToRead, texts: Texts) -> list[ReadPost]:
    if not paths:
        return []
    files, contents = how.files(blobs), texts(paths)
    return read_versions([(contents[path], path, files[path]) for path in paths if path in contents], how)


def _settled(post: ReadPost, state: State) -> ReadPost:
    if post.article is None:
        return post
    main = main_language(Counter(of_state.language for of_state in state.posts))
    article = settled(post.article, main)
    return replace(post, article=with_categories(article) if state.by_categories else article)


def _article(post: PostState, how: HowToRead) -> Article:
    article = Article(
        post.id,
        post.path,
        post.title,
        post.date,
        post.tags,
        language=post.language,
        url=post.url,
        address_fields=post.address_fields,
    )
    return replace(article, translation_keys=translation_keys(article, how.site))


def _habits(post: PostState, how: HowToRead) -> Habits:
    """The habits of a post, as far as a state tells them: a key is taken to have a value."""
    given = dict.fromkeys(post.keys, "given")
    titled, dated = (any(True for _ in find_named(given, how.fields[field])) for field in ("title", "date"))
    name = PurePosixPath(article_id(post.path)).name
    date = post.date[:10] if dated and post.date else None
    return Habits(post.keys, titled, tuple(map(tag_key, post.tags)), date, date_in_name(name))


def _table(articles: Sequence[Article], vectors: Vectors, encoder: Encoder) -> TagTable:
    """The table of all tags."""
    at = range(0, len(articles), BLOCK_ROWS)
    sums = add_tag_sums(sum_by_tag(articles[row : row + BLOCK_ROWS], vectors[row : row + BLOCK_ROWS]) for row in at)
    names = tag_names(count_spellings(articles))
    named = [encode_block(encoder, block) for block in tag_blocks(names, BLOCK_ROWS)]
    return tag_table(sums, names, named, encoder.info.dim)


def _linking(state: State, posts: Sequence[Article], update: Update, how: HowToRead, texts: Texts) -> Linking:
    """The links of the posts; those of the state's that lead to posts that are gone are looked up in their texts."""
    gone = {state.posts[row].id for row in update.gone}
    links = {state.posts[row].id: state.posts[row].links for row in update.kept}
    leading = [update.paths[id_] for id_, targets in links.items() if gone.intersection(targets)]
    reread = {post.path: post.article for post in _read(leading, update.paths.values(), how, texts) if post.article}
    places: dict[str, Place] = {}
    for article in posts:
        place = place_of(article, how.site)
        if again := reread.get(update.paths[article.id]):
            place = place._replace(hrefs=again.hrefs, lines=again.href_lines)
        places[article.id] = place
    places |= {article.id: place_of(article, how.site) for article in update.anew}
    left_out = directory_of_skipped([post.skipped for post in update.read if post.skipped], how.site)
    linking = Linking(
        how.site,
        places,
        update.paths,
        {id_: tuple(target for target in targets if target in places) for id_, targets in links.items()},
        skipped=left_out,
        hosts=frozenset(state.site.hosts),
        shapes=state.site.shapes,
    )
    return follow_places([*posts, *update.anew], linking, [article.id for article in update.anew])
