"""What regularisation does to a matrix of readers and posts that is factorised, by made-up logs of a blog's posts.

`python -m tests.benchmarks.factorisation DIR` prints for several sizes of a log and several penalties how well ALS fits
the reads that it learned, and how often the next post is among its first ten.
"""

import argparse
import sys

import numpy as np

from reports.words.markdown import markdown_table
from tests.benchmarks.readings import Blog, is_human, make_histories
from transforms.readings.models import als, als_step
from transforms.readings.next_post import by_mean
from transforms.readings.ranking import rank_all, recall
from transforms.readings.reads import hold_back, reads_of

ALPHA = 10.0
PENALTIES = (0.0, 0.1, 1.0, 3.0, 10.0)


def measure(reads, born, penalty):
    """The mean squared error of the reads that were learned, which are 1, and R@10 of those held back."""
    left, queries = hold_back(reads)
    matrix = left.matrix(left.readers)
    posts = als(matrix, penalty=penalty, alpha=ALPHA)
    readers = als_step(matrix, posts, penalty, ALPHA)
    said = (readers[left.readers] * posts[left.posts]).sum(axis=1)
    return ((1 - said) ** 2).mean(), recall(rank_all(by_mean(posts), queries, born)).mean()


def main(argv=None):
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.factorisation", description=__doc__.splitlines()[0]
    )
    parser.add_argument("folder", metavar="DIR", help="a blog's posts")
    parser.add_argument("--readers", type=int, nargs="+", default=[300, 1000, 3000])
    parser.add_argument("--rho", type=float, default=0.7, help="how far texts explain what is read together")
    parser.add_argument("--seeds", type=int, nargs="+", default=[100])
    flags = parser.parse_args(argv)
    blog = Blog(flags.folder)
    rows = []
    for readers in flags.readers:
        logs = [make_histories(blog, readers, flags.rho, seed) for seed in flags.seeds]
        reads = [reads_of(filter(is_human, log), len(blog.born)) for log in logs]
        for penalty in PENALTIES:
            error, found = np.mean([measure(one, blog.born, penalty) for one in reads], axis=0)
            rows.append((f"{readers:,}", f"{penalty:g}", f"{error:.3f}", f"{found:.3f}"))
    heads = ("readers", "penalty", "error of what was learned", "R@10 of what was held back")
    sys.stdout.write(markdown_table(heads, rows, ["--:"] * 4))


if __name__ == "__main__":
    main()
