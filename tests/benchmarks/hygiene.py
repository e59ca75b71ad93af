"""How many of the tag issues that are shown are right, by faults planted in the tags of several blogs.

`python -m tests.benchmarks.hygiene DIR ...` reads one blog a folder, plants faults, and prints for each kind of issue,
of all blogs together, how many are right from each score on: what the scores are chosen by from which issues are shown.
"""

import argparse
import datetime
import sys

import numpy as np

from reports.words.markdown import markdown_table
from transforms.evaluation.intake import take_in
from transforms.evaluation.planted import FOUND_BY, JUDGED_ISSUES, judge_tag_issues
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import Study
from transforms.reading.files import list_posts
from transforms.reading.parse import read_article
from transforms.records import Article

SHARES = (1.0, 0.75, 0.5, 0.25, 0.1)
"""Of the issues of a kind, by their scores, so many are looked at."""


def judged(folder):
    """The issues and the faults of a blog, judged."""
    today = datetime.date.today().isoformat()
    posts = [read_article(file, as_of=today) for file in list_posts(folder)]
    taken = take_in(post for post in posts if isinstance(post, Article))
    return judge_tag_issues(Study(taken.corpus, *search_corpus(taken.corpus), taken.table))


def precision(issues):
    """How many there are, how many of these are right or the blog's own, and the shares that are right of each."""
    new = [issue.right for issue in issues if issue.right or not issue.own]
    shares = (f"{np.mean(of):.2f}" if of else "" for of in (new, [issue.right for issue in issues]))
    return str(len(issues)), str(len(new)), *shares


def strongest_first(issues):
    """Issues by their scores; the lowest is the strongest of misfits."""
    return sorted(issues, key=lambda issue: (issue.score or 0) * (1 if issue.kind == "misfit" else -1))


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.hygiene", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="DIR", help="a blog's posts")
    blogs = [judged(folder) for folder in parser.parse_args(argv).folders]
    issues, faults = ([row for blog in blogs for row in blog[part]] for part in (0, 1))
    rows = []
    for kind in JUDGED_ISSUES:
        of_kind = strongest_first(issue for issue in issues if issue.kind == kind)
        rows.append((kind, "shown", *precision([issue for issue in of_kind if issue.shown])))
        for share in SHARES:
            first = of_kind[: round(share * len(of_kind))]
            score = f"{first[-1].score:.2f}" if first and first[-1].score is not None else ""
            rows.append((kind, score, *precision(first)))
    heads = ("issues", "to score", "found", "judged", "precision", "at least")
    sys.stdout.write(markdown_table(heads, rows, ["---", *["--:"] * 5]))
    rows = []
    for kind in FOUND_BY:
        of_kind = [fault for fault in faults if fault.kind == kind]
        found, shown = ([getattr(row, name) for row in of_kind] for name in ("found", "shown"))
        rows.append((kind, str(len(of_kind)), *(f"{np.mean(of):.2f}" if of else "" for of in (found, shown))))
    sys.stdout.write("\n" + markdown_table(("faults", "planted", "found", "shown"), rows, ["---", *["--:"] * 3]))


if __name__ == "__main__":
    main()
