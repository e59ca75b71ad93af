"""Records made by hand for the tests."""

import numpy as np

from transforms.records import Article, Block, EncoderInfo


def articles(*tags, dates=None):
    """Articles a0, a1, ... with these tags each."""
    dates = dates or [f"2024-01-{day:02}" for day in range(1, len(tags) + 1)]
    return [
        Article(id=f"a{row}", path=f"a{row}.md", title=f"Title {row}", tags=tuple(of), date=date)
        for row, (of, date) in enumerate(zip(tags, dates, strict=True))
    ]


def unit(matrix):
    matrix = np.asarray(matrix, np.float32)
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(norms == 0, 1, norms)).astype(np.float32)


def random_unit(rows, dim, seed=0):
    return unit(np.random.default_rng(seed).standard_normal((rows, dim)))


def block(articles, vectors, digests=None, neighbor_dim=None):
    vectors = np.asarray(vectors, np.float32)
    dim = vectors.shape[1]
    digests = tuple(digests or (f"digest of {article.id}" for article in articles))
    return Block(
        "articles", EncoderInfo("test", "1", "0" * 64, dim, neighbor_dim or dim), tuple(articles), vectors, digests
    )
