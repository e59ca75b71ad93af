"""What a check says of copied passages: those that a blog's newest posts have, and how many of planted ones it finds.

`python -m tests.benchmarks.passages DIR ...` takes each of the newest posts of a blog as a pull request on the older
ones. Then it copies a paragraph of an older post into each, as it is and with some words changed, and prints how many
of these are found, by how long they are. With --list it prints what was found in the posts themselves, to be judged by
eye.
"""

import argparse
import dataclasses
import random
import re
import sys
from collections import Counter
from types import SimpleNamespace

from reports.words.markdown import markdown_table
from tests.benchmarks.checks import parts
from transforms.checks.bodies import Bodies
from transforms.checks.passages import PassageFinder
from transforms.checks.posts import HowToRead, read_version
from transforms.corpus.passages import COLUMNS, find_passages, read_runs
from transforms.corpus.runs import common_runs, count_runs, has_common, repeated_runs, runs_of, sketches
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.corpus.tokens import tokenize
from transforms.reading.prose import prose
from transforms.site.site_model import find_site

LENGTHS = ((1, 1.5), (1.5, 2.5), (2.5, 5))
"""Planted paragraphs are so many times as long as the shortest that is told."""
CHANGED = (0, 1, 2)


class Blog:
    """The older posts of a blog, by path, and what a check knows of their runs of words."""

    def __init__(self, texts, how):
        self.texts = texts
        self.posts = read_all(texts, how)
        articles = [post.article for post in self.posts.values()]
        runs = [
            runs_of(dataclasses.replace(article, body=""), article_text(article, WHOLE_TEXT)) for article in articles
        ]
        counted = count_runs(runs)
        self.common = common_runs(counted, len(runs))
        known = sketches(runs, self.common, repeated_runs(counted))
        learned = SimpleNamespace(articles=articles, runs=known, common_runs=self.common)
        rows = {article.id: row for row, article in enumerate(articles)}
        self.models = SimpleNamespace(learned=learned, row_of=rows)
        self.sources = [(path, text) for path, post in self.posts.items() for text in self._sources(path, post)]

    def find(self, posts):
        """The passages of new posts, by path, that others have."""
        bodies = Bodies(posts, lambda paths: {path: self.texts[path] for path in paths})
        found = PassageFinder(posts, {}, lambda article: article.path, bodies, self.models).find({})
        return {path: [one for one in of_post if one.new] for path, of_post in found.items()}

    def _sources(self, path, post):
        """The paragraphs of a post that may be planted, which are one line of text each."""
        lines = set(post.text.split("\n"))
        for paragraph in paragraphs(path, post):
            if paragraph.text in lines and not has_common(tokenize(paragraph.text), self.common):
                yield paragraph.text


def read_all(texts, how):
    """Posts by path."""
    files = how.files(texts)
    read = {path: read_version(text, path, files[path], how) for path, text in texts.items()}
    return {path: post for path, post in read.items() if post.article}


def paragraphs(path, post):
    """The prose of a post, by lines of its file."""
    first = 1 + post.text.count("\n") - post.matter.body.count("\n")
    return prose(post.matter.body, first, mdx=path.endswith(".mdx"))


def columns(text):
    """How long a text is, of which all is found."""
    runs = read_runs([(1, 1, text)])
    return max((passage.columns for passage in find_passages(runs, runs, runs.hashes[:0])), default=0)


def plant(posts, sources, how, rng, changed):
    """Copy a paragraph below the first one of each of some posts; returns these, and where the paragraphs are from."""
    planted, origins = {}, {}
    for path, post in posts.items():
        origin, text = rng.choice(sources)
        lines, after = post.text.split("\n"), next((one.last for one in paragraphs(path, post)), None)
        if after:
            planted[path] = "\n".join([*lines[:after], "", edited(text, changed, rng), "", *lines[after:]]).encode()
            origins[path] = origin
    return read_all(planted, how), origins


def edited(text, changed, rng):
    """A text of which so many words, or pairs of characters, are others."""
    words = list(re.finditer(r"[A-Za-z']+|[^\W\d_]{2}", text))
    for word in sorted(rng.sample(words, changed), key=lambda word: -word.start()):
        text = f"{text[: word.start()]}{'changed' if word[0].isascii() else '変更'}{text[word.end() :]}"
    return text


def recall(blog, new, how, rng):
    """How many planted paragraphs are found, and of how many: by (length, words changed)."""
    sized = [(columns(text) / COLUMNS, path, text) for path, text in blog.sources]
    found, of = Counter(), Counter()
    for least, most in LENGTHS:
        sources = [(path, text) for size, path, text in sized if least <= size < most]
        for changed in CHANGED if sources else ():
            planted, origins = plant(new, sources, how, rng, changed)
            passages = blog.find(planted)
            hits = [any(one.article.path == origins[path] for one in passages.get(path, ())) for path in planted]
            found[least, most, changed] += sum(hits)
            of[least, most, changed] += len(hits)
    return found, of


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.passages", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="DIR", help="a blog's posts")
    parser.add_argument("--list", action="store_true", help="print what is found, too")
    parser.add_argument("--no-recall", action="store_true", help="plant nothing")
    flags = parser.parse_args(argv)
    rows, planted, out = [], [], sys.stdout.write
    for folder in flags.folders:
        how, rng = HowToRead(as_of="2100-01-01", site=find_site([folder])), random.Random(0)
        posts, told, found, of = 0, [], Counter(), Counter()
        for newer, older in parts(folder, how):
            blog, new = Blog(older, how), read_all(newer, how)
            passages = [(path, one) for path, of_post in blog.find(new).items() for one in of_post]
            posts, told = posts + len(new), told + passages
            for path, one in passages if flags.list else ():
                text = "\n".join(new[path].text.split("\n")[one.lines[0] - 1 : one.lines[1]])
                out(f"\n{path} {one.lines} repeats {one.article.path} {one.there}\n{text[:600]}\n")
            if not flags.no_recall:
                for total, counts in zip((found, of), recall(blog, new, how, rng), strict=True):
                    total.update(counts)
        rows.append((folder, str(posts), str(len(told))))
        for least, most in LENGTHS:
            shares = [f"{found[least, most, changed]} of {of[least, most, changed]}" for changed in CHANGED]
            planted.append((folder, f"{least * COLUMNS:.0f} to {most * COLUMNS:.0f}", *shares))
    out("\n")
    out(markdown_table(("blog", "posts", "passages"), rows, ["---", "--:", "--:"]))
    out("\n")
    head = ("blog", "columns", *(f"{changed} changed" for changed in CHANGED))
    out(markdown_table(head, planted, ["---", *["--:"] * 4]))


if __name__ == "__main__":
    main()
