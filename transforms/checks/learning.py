"""What a check learns of a blog's posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from transforms.checks.models import Learned
from transforms.corpus.runs import common_runs, count_runs, repeated_runs, sketches
from transforms.encoders.coverage import usual
from transforms.evaluation.corpus import candidates_of
from transforms.evaluation.intake import take_in
from transforms.evaluation.study import Study
from transforms.evaluation.trial import try_tags
from transforms.numerics.arrays import Ints32
from transforms.plumbing.processes import cores, start
from transforms.records import Article
from transforms.results import Links
from transforms.search.dense import DenseIndex


def learn(
    articles: Sequence[Article], runs: Sequence[Ints32], links: Callable[[], Iterable[Links]], files: int
) -> Learned:
    """Learn from posts, with their bodies and in the order of their ids, of so many files.

    `runs` are those of each post's words, as `runs_of` gives them, and `links` gives what each links to: it is asked
    late, when that may have been found in another process.
    """
    taken = take_in(articles, files=files, links=links, words=False, processes=cores())
    corpus, table = taken.corpus, taken.table
    searched = candidates_of(corpus, DenseIndex)
    study = Study(corpus, *searched, table)
    trying = start(lambda: try_tags(corpus, *searched, table, study.model.weights))
    counted = count_runs(runs)
    common = common_runs(counted, len(articles))
    return Learned(
        articles=corpus.articles,
        encoder=taken.encoder,
        vectors=corpus.vectors,
        runs=sketches(runs, common, repeated_runs(counted)),
        common_runs=common,
        table=table,
        tag_model=study.model,
        ranking=study.weights(),
        confidence=study.confidence(),
        titles=taken.titles,
        links=list(links()),
        texts=corpus.digests,
        coverage=usual([block.coverage for block in taken.blocks]),
        trial=trying(),
    )
