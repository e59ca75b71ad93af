"""What each feature of a related post counts, learned from the links that authors set: the prior of the ranking.

`python -m tests.benchmarks.links DIR ...` reads one blog a folder, without the texts of its links, and prints for each
blog how often the four best related posts that are no newer hold what was linked, by the weights that the other blogs
teach and by the prior in use; then the weights that all of them teach, with the features' deviations and means, as
transforms/related/weights.py has them.
"""

import argparse
import datetime
import sys

import numpy as np

from reports.words.markdown import markdown_table
from transforms.evaluation.intake import take_in
from transforms.evaluation.linked import judge_lessons
from transforms.evaluation.names import EVERYTHING, READ_LINKED
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import Study
from transforms.numerics.choice import fit_choices
from transforms.reading.files import list_posts
from transforms.reading.parse import read_article
from transforms.records import Article
from transforms.related.weights import FEATURES, FOLDS, LINKS, PRIOR, RankWeights
from transforms.results import PARTS

MOST_LINKS = 200
"""A blog's links count as so many at most."""


def lessons_of(folder):
    """A blog's corpus, without the texts of links, and what its links teach."""
    today = datetime.date.today().isoformat()
    posts = [read_article(file, as_of=today, link_texts=False) for file in list_posts(folder)]
    taken = take_in(post for post in posts if isinstance(post, Article))
    corpus = taken.corpus
    study = Study(corpus, *search_corpus(corpus), taken.table)
    return corpus, study.lessons(study.ranker(np.arange(len(corpus))))


def learned(blogs, features):
    """The weights a deviation [features] that some blogs' links teach."""
    scaled, chosen, offered = [], [], []
    for _, lessons in blogs:
        teach, spreads = lessons.linking(), lessons.spreads()
        width = ((0, 0), (0, 100 - teach.found.shape[1]))
        scaled.append(
            np.pad(teach.features[:, :, features] / np.where(spreads > 0, spreads, 1)[features], (*width, (0, 0)))
        )
        chosen.append(np.pad(teach.chosen * min(1.0, MOST_LINKS / max(1, teach.chosen.sum())), width))
        offered.append(np.pad(teach.offered, width))
    nothing = np.zeros(len(features))
    return fit_choices(*map(np.concatenate, (scaled, chosen, offered)), nothing, nothing + 1)


def hits(blog, weights):
    """How often the four best hold what was linked, by weights a deviation [features]; links not counted."""
    corpus, lessons = blog
    spreads = lessons.spreads()
    by_feature = np.where(spreads > 0, np.maximum(weights, 0) / np.where(spreads > 0, spreads, 1), 0)
    metrics = judge_lessons(corpus, lessons, RankWeights(np.tile(by_feature, (FOLDS, 1))), frozenset(PARTS))
    found = [row for row in metrics if (row.measure, row.method) == (READ_LINKED, EVERYTHING)]
    return (f"{found[0].value:.3f}", str(found[0].judged)) if found else ("", "few")


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.links", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="DIR", help="a blog's posts")
    blogs = {folder: lessons_of(folder) for folder in parser.parse_args(argv).folders}
    everything = np.arange(len(FEATURES))
    known = np.delete(everything, LINKS)  # a new blog has no links yet
    rows = []
    for folder, blog in blogs.items():
        others = np.zeros(len(FEATURES))
        if len(blogs) > 1:
            others[known] = learned([other for name, other in blogs.items() if name != folder], known)
        prior = np.where(everything == LINKS, 0, PRIOR)
        rows.append((folder, hits(blog, prior)[1], hits(blog, others)[0], hits(blog, prior)[0]))
    sys.stdout.write(markdown_table(("blog", "links", "others teach", "prior"), rows, ["---", *["--:"] * 3]))
    weights = learned(list(blogs.values()), everything)
    spreads = np.mean([lessons.spreads() for _, lessons in blogs.values()], axis=0)
    means = np.mean([lessons.features[lessons.found >= 0].mean(axis=0) for _, lessons in blogs.values()], axis=0)
    table = [(name, *(f"{of[at]:.3f}" for of in (weights, spreads, means))) for at, name in enumerate(FEATURES)]
    sys.stdout.write("\n" + markdown_table(("feature", "weight", "deviation", "mean"), table, ["---", *["--:"] * 3]))


if __name__ == "__main__":
    main()
