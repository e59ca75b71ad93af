"""How well methods tell what a reader reads next, by made-up logs of a blog's posts whose truth is known.

`python -m tests.benchmarks.readings DIR` makes up readers of a blog, whose reads follow texts and tags to a share `rho`
and groups that no text explains to the rest, and prints for each method how often the next post is among its first ten.
"""

import argparse
import datetime as dt
import resource
import sys
import tempfile
import time
from pathlib import Path

import apache_beam as beam
import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from jobs.report import command
from reports.words.markdown import markdown_table
from transforms.evaluation.intake import take_in
from transforms.numerics.arrays import leading
from transforms.output.frames import load_run
from transforms.reading.files import list_posts
from transforms.reading.parse import read_article
from transforms.readings.count import CountReadings
from transforms.readings.files import LogReader
from transforms.readings.models import DIM
from transforms.readings.next_model import BLEND, judge_confidence
from transforms.readings.next_post import baselines, choose, make_scorer
from transforms.readings.posts import Posts
from transforms.readings.ranking import gains, rank_all, recall
from transforms.readings.reads import hold_back, reads_of
from transforms.readings.visits import MOST_IN_A_VISIT, MOST_POSTS, History
from transforms.records import Article, TextBlock
from transforms.site.site_model import PLAIN_SITE

GROUPS = 40
DAY = 24 * 3600
FIRST_DAY, LAST_DAY = dt.datetime(2015, 1, 1, tzinfo=dt.UTC), dt.datetime(2024, 12, 31, tzinfo=dt.UTC)
CRAWLED = 300
AS_OF = "2026-01-01"
HELD_OUT = 0.2
SHOWN = 4


def second(date):
    moment = dt.datetime.fromisoformat(date) if date else dt.datetime(1970, 1, 1)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp())


def unit(matrix):
    lengths = np.linalg.norm(matrix, axis=-1, keepdims=True)
    return matrix / np.where(lengths > 0, lengths, 1)


class Blog:
    """A blog's posts: their vectors as the product has them, and those that made-up readers follow."""

    def __init__(self, folder):
        posts = [read_article(file, as_of=AS_OF) for file in list_posts(folder)]
        articles = [post for post in posts if isinstance(post, Article)]
        bodies = {
            article.path: (article.body, " ".join(tag.replace(" ", "_") for tag in article.tags))
            for article in articles
        }
        corpus = take_in(articles).corpus
        self.articles = corpus.articles
        self.born = np.array([second(article.date) for article in self.articles], np.int64)
        self.vectors = leading(corpus.near, DIM).astype(np.float64)
        parts = []
        for part in range(2):
            texts = [bodies[article.path][part] or "none" for article in self.articles]
            pattern = r"\S+" if part else r"(?u)\b\w\w+\b"
            terms = TfidfVectorizer(sublinear_tf=True, stop_words="english", token_pattern=pattern).fit_transform(texts)
            found = TruncatedSVD(min(40, terms.shape[1] - 1), random_state=0).fit_transform(terms)
            parts.append(unit(found - found.mean(axis=0)))
        self.texts = unit(np.hstack(parts))

    @property
    def posts(self):
        return Posts(self.vectors, self.born)


def make_histories(blog, readers, rho, seed, crawlers=0):
    """Made-up readers of a blog: the histories that their reads are."""
    chance = np.random.default_rng(seed)
    count = len(blog.born)
    centers = chance.normal(size=(GROUPS, 40))
    hidden = unit(centers[chance.integers(0, GROUPS, count)] + 0.3 * chance.normal(size=(count, 40)))
    z = np.hstack([np.sqrt(rho) * blog.texts, np.sqrt(1 - rho) * hidden])
    likeness = z @ z.T
    popular = chance.lognormal(0, 1, count)
    first, last = int(FIRST_DAY.timestamp()), int(LAST_DAY.timestamp())
    histories = []
    for _ in range(readers):
        interests = chance.integers(0, count, chance.integers(1, 4))
        shares = chance.dirichlet(np.ones(len(interests)))
        visits = []
        for _ in range(chance.geometric(0.45)):
            now = int(chance.integers(first, last))
            visit = []
            interest = interests[chance.choice(len(interests), p=shares)]
            for _ in range(chance.geometric(0.45)):
                age = (now - blog.born) / DAY
                there = age >= 0
                there[[post for post, _ in visit]] = False
                if not there.any():
                    break
                weight = popular * (0.15 + np.exp(-np.maximum(age, 0) / 60))
                if chance.random() >= 0.15:
                    liked = 12 * likeness[interest]
                    weight = weight * np.exp(liked + (6 * likeness[visit[-1][0]] if visit else 0))
                weight = np.where(there, weight, 0)
                visit.append((int(chance.choice(count, p=weight / weight.sum())), now))
                now += int(chance.integers(20, 900))
            if visit:
                visits.append(tuple(visit))
        if visits:
            histories.append(History(tuple(sorted(visits, key=lambda visit: visit[0][1]))))
    for _ in range(crawlers):
        now = int(chance.integers(first, last))
        crawled = chance.choice(count, min(CRAWLED, count), replace=False).tolist()
        histories.append(History((tuple((post, now + number) for number, post in enumerate(crawled)),)))
    return histories


def is_human(history):
    """Whether the product would keep a reader."""
    longest = max(len({post for post, _ in visit}) for visit in history.visits)
    return len(history.posts) <= MOST_POSTS and longest <= MOST_IN_A_VISIT


def measure(blog, histories):
    """R@10, nDCG@10 and seconds of every method, the choice, and what the blend says too much of its first ten."""
    reads = reads_of(histories, len(blog.born))
    left, queries = hold_back(reads)
    start = time.process_time()
    choice = choose(left, blog.posts)
    spent = time.process_time() - start
    rows = {}
    for method, make in baselines(left, blog.posts, choice.penalty).items():
        start = time.process_time()
        ranks = rank_all(make(), queries, blog.born)
        rows[method] = (recall(ranks).mean(), gains(ranks).mean(), time.process_time() - start)
    rows["in use"] = (*rows[choice.method][:2], spent)
    said, true = judge_confidence(make_scorer(BLEND, left, blog.posts, choice.penalty), queries)
    return len(reads), len(queries), rows, choice, said - true


def count(blog, rows):
    """CPU seconds and peak MB of counting who read what together in a log of so many rows, in no order."""
    chance = np.random.default_rng(0)
    likely = chance.lognormal(0, 1, len(blog.born))
    posts = chance.choice(len(blog.born), rows, p=likely / likely.sum()).tolist()
    readers, seconds = chance.integers(0, rows // 5 + 1, rows).tolist(), chance.integers(0, 10**7, rows).tolist()
    texts = TextBlock("articles", tuple(blog.articles), ("",) * len(blog.born))
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.csv")
        rows = zip(readers, seconds, posts, strict=True)
        write_log(log, ((reader, 1_700_000_000 + since, blog.articles[post].id) for reader, since, post in rows))
        start = time.process_time()
        with beam.Pipeline("FnApiRunner") as pipeline:
            blocks = pipeline | beam.Create([texts])
            _ = pipeline | CountReadings([str(log)], LogReader(), blocks, PLAIN_SITE)
        return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def hold_out(histories, seed):
    """Take a fifth of the visits of several posts from their readers: what is left, and the posts of each visit."""
    chance = np.random.default_rng(seed)
    left, held = [], []
    for history in histories:
        kept = []
        for visit in history.visits:
            posts = list(dict.fromkeys(post for post, _ in visit))
            if len(posts) > 1 and chance.random() < HELD_OUT:
                held.append(posts)
            else:
                kept.append(visit)
        if kept:
            left.append(History(tuple(kept)))
    return left, held


def related_posts(blog, folder, histories=(), *, cut=False):
    """The posts that a report of the blog relates to each, by number, the best first, and the CPU seconds it took.

    Those that are not sure enough are left out if they are `cut`.
    """
    number = {article.id: post for post, article in enumerate(blog.articles)}
    with tempfile.TemporaryDirectory() as place:
        output, log = f"{place}/out", Path(place, "log.csv")
        flags = ["--input", folder, "--output", output, "--as-of", AS_OF, "--map", "none", "--quiet"]
        if histories:
            write_log(
                log,
                (
                    (reader, when, blog.articles[post].id)
                    for reader, history in enumerate(histories)
                    for visit in history.visits
                    for post, when in visit
                ),
            )
            flags += ["--readings", str(log)]
        start = time.process_time()
        if command.main([*flags, "--related", str(SHOWN), *([] if cut else ["--min-confidence", "0"])]):
            raise SystemExit("postkin report failed")
        spent = time.process_time() - start
        rows = load_run(output).rows("related")
    return {
        number[row["id"]]: [number[other["id"]] for other in row["related"] if other["kind"] == "similar"]
        for row in rows
    }, spent


def hits(related, held):
    """Of the visits that were held out, the share in which another post is related to the first."""
    return np.mean([bool({*posts[1:]} & {*related[posts[0]][:SHOWN]}) for posts in held])


def measure_related(blog, flags):
    """How often what is read next in a visit is among the related posts, without a log and with it."""
    without, spent = related_posts(blog, flags.folder, cut=flags.cut)
    sys.stdout.write(f"{len(blog.born)} posts, {flags.readers} readers; without a log {spent:.1f} s of CPU\n\n")
    rows = []
    for seed in flags.seeds:
        left, held = hold_out(make_histories(blog, flags.readers, flags.rho, seed), seed)
        related, spent = related_posts(blog, flags.folder, left, cut=flags.cut)
        found = (f"{hits(of, held):.3f}" for of in (without, related))
        rows.append((str(seed), str(len(held)), *found, f"{spent:.1f}"))
    titles = ("seed", "visits held out", f"hit@{SHOWN} without", f"hit@{SHOWN} with", "CPU s")
    sys.stdout.write(markdown_table(titles, rows, ["--:"] * len(titles)))


def write_log(path, reads):
    """Write reads, a reader, a second since 1970 and a post's id each, as a table."""
    with path.open("w", encoding="utf-8") as file:
        file.write("user,time,path\n")
        file.writelines(f"{reader},{when},/{id_}/\n" for reader, when, id_ in reads)


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.readings", description=__doc__.splitlines()[0])
    parser.add_argument("folder", metavar="DIR", help="a blog's posts")
    parser.add_argument("--readers", type=int, default=3000)
    parser.add_argument("--rho", type=float, default=0.7, help="how far texts explain what is read together")
    parser.add_argument("--seeds", type=int, nargs="+", default=[100])
    parser.add_argument("--crawlers", type=int, default=0)
    parser.add_argument("--keep-crawlers", action="store_true", help="do not leave out whoever reads too much")
    parser.add_argument("--related", action="store_true", help="tell instead how well related posts foretell visits")
    parser.add_argument("--cut", action="store_true", help="leave out related posts that are not sure enough")
    parser.add_argument("--rows", type=int, help="tell instead what it costs to count a log of so many rows")
    flags = parser.parse_args(argv)
    blog = Blog(flags.folder)
    if flags.rows:
        seconds, peak = count(blog, flags.rows)
        sys.stdout.write(f"{flags.rows} rows of {len(blog.born)} posts: {seconds:.1f} s of CPU, {peak:.0f} MB\n")
        return
    if flags.related:
        measure_related(blog, flags)
        return
    measured = []
    for seed in flags.seeds:
        histories = make_histories(blog, flags.readers, flags.rho, seed, flags.crawlers)
        kept = histories if flags.keep_crawlers else list(filter(is_human, histories))
        measured.append(measure(blog, kept))
    reads, queries = (np.mean([run[part] for run in measured]) for part in (0, 1))
    sys.stdout.write(f"{len(blog.born)} posts, {flags.readers} readers, {reads:.0f} reads, {queries:.0f} queries\n\n")
    sys.stdout.write(f"in use: {', '.join(f'{run[3].method} ({run[3].penalty:g})' for run in measured)}\n")
    sys.stdout.write(f"said - true of the first ten: {', '.join(f'{run[4]:+.4f}' for run in measured)}\n\n")
    rows = [
        (
            method,
            *(f"{np.mean([run[2][method][part] for run in measured if method in run[2]]):.3f}" for part in range(3)),
        )
        for method in dict.fromkeys(method for run in measured for method in run[2])
    ]
    sys.stdout.write(markdown_table(("method", "R@10", "nDCG@10", "CPU s"), rows, ["---", *["--:"] * 3]))


if __name__ == "__main__":
    main()
