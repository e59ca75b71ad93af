"""Postkin as a library: read a blog's posts, fit an encoder to them, ask, or load what a run wrote.

`read_posts` reads a folder of posts, `fit` fits an encoder and all models to them in memory and gives a `Blog` that
answers as `postkin report` does, and `load_run` opens a run's output folder as DataFrames. docs/library.md has an
example. The names in this module stay as they are within a major version; what else the packages hold may move.
"""

from transforms.corpus.posts import Posts, read_posts
from transforms.eager import Blog, fit
from transforms.encoders.base import Encoder, EncoderError
from transforms.output.frames import Run, load_run
from transforms.output.stored import LoadError
from transforms.records import Article

__all__ = [
    "Article",
    "Blog",
    "Encoder",
    "EncoderError",
    "LoadError",
    "Posts",
    "Run",
    "fit",
    "load_run",
    "read_posts",
]
