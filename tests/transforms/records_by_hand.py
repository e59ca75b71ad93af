"""Records made by hand for the tests."""

import dataclasses

import numpy as np
from scipy import sparse

from transforms.corpus.tag_spelling import article_tags, count_spellings, tag_names
from transforms.corpus.tag_table import sum_by_tag, tag_table
from transforms.evaluation.corpus import gather_corpus
from transforms.records import Article, Block, EncoderInfo, Notes
from transforms.results import Links
from transforms.themes.names import ClusterName


def articles(*tags, dates=None):
    """Articles a0, a1, ... with these tags each, their numbers as wide as the last so that ids keep their order."""
    dates = dates or [f"{2024 + row // 336}-{row // 28 % 12 + 1:02}-{row % 28 + 1:02}" for row in range(len(tags))]
    ids = [f"a{row:0{len(str(len(tags) - 1))}}" for row in range(len(tags))]
    return [
        Article(id=id_, path=f"{id_}.md", title=f"Title {row}", tags=tuple(of), date=date)
        for row, (id_, of, date) in enumerate(zip(ids, tags, dates, strict=True))
    ]


def unit(matrix):
    matrix = np.asarray(matrix, np.float32)
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(norms == 0, 1, norms)).astype(np.float32)


def random_unit(rows, dim, seed=0):
    return unit(np.random.default_rng(seed).standard_normal((rows, dim)))


def notes(rows, keys, in_title=None, in_text=None, words=None, title=None, named=None):
    """Notes of `rows` articles, in which nothing was found unless given."""
    counts = (np.zeros((rows, len(keys))) if of is None else np.asarray(of, float) for of in (in_title, in_text))
    of_titles = (np.zeros((rows, 0)) if of is None else np.asarray(of, float) for of in (title, named))
    return Notes(
        *map(sparse.csr_matrix, counts),
        tuple(map(tuple, words)) if words else ((),) * rows,
        *map(sparse.csr_matrix, of_titles),
    )


def block(articles, vectors, digests=None, neighbor_dim=None, notes=None):
    vectors = np.asarray(vectors, np.float32)
    dim = vectors.shape[1]
    digests = tuple(digests or (f"digest of {article.id}" for article in articles))
    info = EncoderInfo("test", "1", "0" * 64, dim, neighbor_dim or dim)
    made = Block("articles", info, tuple(articles), vectors, digests)
    return made if notes is None else dataclasses.replace(made, notes=notes)


def called(*names):
    """What clusters are called that nothing else is known of."""
    return tuple(map(ClusterName, names))


def keys_of(posts):
    return sorted({key for post in posts for key in article_tags(post)})


def encoded_names(keys, dim):
    """A block of tags' names, with a vector each."""
    return block([Article(key, "", key) for key in keys], random_unit(len(keys), dim))


def table_of(posts, vectors, named=()):
    return tag_table(sum_by_tag(posts, vectors), tag_names(count_spellings(posts)), named, vectors.shape[1])


def corpus_of(posts, vectors, digests=None, neighbor_dim=None, links=(), **noted):
    keys = keys_of(posts)
    return gather_corpus([block(posts, vectors, digests, neighbor_dim, notes(len(posts), keys, **noted))], keys, links)


def links_among(ids, share=0.1, seed=0):
    """Links between articles, of so large a share of all pairs."""
    linked = np.random.default_rng(seed).random((len(ids), len(ids))) < share
    np.fill_diagonal(linked, False)
    return [
        Links(id_, tuple(ids[other] for other in np.flatnonzero(linked[row])), int(linked[:, row].sum()))
        for row, id_ in enumerate(ids)
    ]


def links_of(corpus):
    """The Links of a corpus."""
    id_of = dict(zip(corpus.article_keys.tolist(), corpus.ids, strict=True))
    return [
        Links(id_, tuple(sorted(id_of[key] for key in targets)), int(linked_by))
        for id_, targets, linked_by in zip(corpus.ids, corpus.links.targets, corpus.links.linked_by, strict=True)
    ]


def made_up_titles(count, terms=9, seed=0):
    """What titles share out among some terms, and which of these stand in texts: both [count, terms]."""
    rng = np.random.default_rng(seed)
    shares = rng.random((count, terms)) * (rng.random((count, terms)) < 0.3)
    return {"title": shares / (1 + shares.sum(axis=1, keepdims=True)), "named": rng.random((count, terms)) < 0.4}


def made_up_blog(count=120, topics=6, dim=12, seed=0, untagged=0.2):
    """Posts about a topic each, which have its tag or not and some other tag or not, and vectors near the topic's."""
    rng = np.random.default_rng(seed)
    about = rng.integers(0, topics, count)
    tags = [
        ()
        if rng.random() < untagged
        else tuple({f"t{topic}", f"t{rng.integers(topics)}"} if rng.random() < 0.7 else {"x"})
        for topic in about
    ]
    vectors = unit(np.eye(topics, dim)[about] + 0.2 * rng.standard_normal((count, dim)))
    return articles(*map(sorted, tags)), vectors


def assert_same(one, other):
    """Two records with arrays in them are the same, to the last bit."""
    assert type(one) is type(other)
    assert vars(one).keys() == vars(other).keys()
    for name, value in vars(one).items():
        given = getattr(other, name)
        if sparse.issparse(value):
            assert value.shape == given.shape, name
            assert (value.dtype, (value != given).nnz) == (given.dtype, 0), name
        elif isinstance(value, np.ndarray):
            assert value.dtype == given.dtype, name
            np.testing.assert_array_equal(value, given, err_msg=name)
        elif any(isinstance(of, np.ndarray) or sparse.issparse(of) for of in getattr(value, "__dict__", {}).values()):
            assert_same(value, given)
        else:
            assert value == given, name
