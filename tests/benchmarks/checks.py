"""What a check says of a blog's newest posts, each of them a pull request on the older ones, and what of it is right.

`python -m tests.benchmarks.checks DIR ...` prints for each blog how much was found. Then it offers tags and links to
the same posts as if they had none, and prints how many of those offered from a probability on the authors had chosen.
That is the least share that is right: what fits, but was not chosen, counts as wrong. With --list it prints what was
found, to be judged by eye.
"""

import argparse
import dataclasses
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

from reports.words.markdown import markdown_table
from transforms.checks.check import check
from transforms.checks.fitting import fit_blog
from transforms.checks.links import Followed
from transforms.checks.posts import ChangedPost, HowToRead, read_version
from transforms.checks.seen import RELATED
from transforms.checks.settings import DEFAULTS
from transforms.corpus.chronology import date_key
from transforms.reading.fields import tag_key
from transforms.reading.files import list_posts
from transforms.site.site_model import find_site

NEWEST = 0.15
"""The share of the posts that are checked."""
FITS = 5
"""They are checked in so many parts, each against all that are older."""
LEAST = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


class Checked(NamedTuple):
    """What was found in a post, and the tags and links offered to it: (probability, chosen by the author)."""

    findings: tuple
    title: str
    tags: list
    links: list


def parts(folder, how):
    """The newest posts of a blog, part by part, with all that are older: their bytes by path."""
    texts = {file.path: Path(file.root, file.path).read_bytes() for file in list_posts(folder)}
    files = how.files(texts)
    read = {path: read_version(text, path, files[path], how) for path, text in texts.items()}
    dated = [path for path, post in read.items() if post.article and post.article.date]
    paths = sorted(dated, key=lambda path: date_key(read[path].article))
    ends = [round(len(paths) * (1 - NEWEST * part / FITS)) for part in range(FITS, -1, -1)]
    for start, end in pairwise(ends):
        yield {path: texts[path] for path in paths[start:end]}, {path: texts[path] for path in paths[:start]}


def judge(path, posts, blog, how):
    """Check a post beside those of its part that are older, and offer it tags and links as if it had none."""
    paths = list(posts)
    text, older = posts[path], paths[: paths.index(path)]
    post = read_version(text, path, how.file(path), how)
    article = blog.settle(post.article)
    chosen = set(Followed([post], blog.linking).targets[path])
    [said] = blog.models.judge([dataclasses.replace(article, tags=())], {}, RELATED)
    learned, carried = blog.models.learned, set(map(tag_key, article.tags))
    tags = [(said.probabilities[row], key in carried) for row, key in enumerate(learned.table.keys)]
    links = [(sure, learned.articles[row].id in chosen) for row, _, sure in said.related if blog.links_posts]
    changes = [ChangedPost(other, "added", posts[other]) for other in (*older, path)]
    findings = tuple(found for found in check(changes, blog, how).findings if found.path == path)
    return Checked(findings, f"{article.title} [{', '.join(article.tags)}]", tags, links)


def shares(checked, name, most):
    """How many of what was offered from each probability on was chosen, of no more than `most` a post."""
    for least in LEAST:
        offers = [
            offer
            for one in checked
            for offer in sorted((of for of in getattr(one, name) if of[0] >= least), reverse=True)[:most]
        ]
        right = sum(chosen for _, chosen in offers)
        said = f"{mean(float(probability) for probability, _ in offers):.2f}" if offers else ""
        share = f"{right / len(offers):.2f}" if offers else ""
        yield (name, f"{least:.1f}", f"{len(offers) / len(checked):.2f}", str(right), str(len(offers)), share, said)


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.checks", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="DIR", help="a blog's posts")
    parser.add_argument("--list", action="store_true", help="print what is found, too")
    flags = parser.parse_args(argv)
    out = sys.stdout.write
    for folder in flags.folders:
        how = HowToRead(as_of="2100-01-01", site=find_site([folder]))
        started, checked = time.perf_counter(), []
        for posts, older in parts(folder, how):
            blog = fit_blog(older, how)
            checked += [judge(path, posts, blog, how) for path in posts]
        counts = [len(one.findings) for one in checked]
        rules = Counter(finding.rule for one in checked for finding in one.findings)
        out(f"\n{folder}: {len(checked)} posts in {time.perf_counter() - started:.0f} s\n")
        out(f"findings a post: {mean(counts):.2f}, median {median(counts)}, most {max(counts)}\n")
        out(", ".join(f"{rule} {count}" for rule, count in rules.most_common()) + "\n\n")
        rows = [*shares(checked, "tags", DEFAULTS.suggest_most), *shares(checked, "links", DEFAULTS.link_most)]
        head = ("offered", "from", "a post", "chosen", "of", "share", "said")
        out(markdown_table(head, rows, ["---", *["--:"] * 6]))
        for one in checked if flags.list else ():
            out(f"\n{one.title}\n")
            for found in one.findings:
                out(f"  {found.rule} {found.subject} {found.details}\n")


if __name__ == "__main__":
    main()
