"""From articles to their corpus and the table of its tags, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.corpus.blocks import BLOCK_ROWS, group_into_blocks
from transforms.corpus.languages import main_language, settled
from transforms.corpus.notes import count_spelled, count_words, rare_words, take_notes
from transforms.corpus.stop_words import stop_words
from transforms.corpus.tag_finder import TagFinder
from transforms.corpus.tag_spelling import count_spellings, tag_blocks, tag_names
from transforms.corpus.tag_table import TagTable, add_tag_sums, sum_by_tag, tag_table
from transforms.corpus.tagging import by_categories, count_tagging, with_categories
from transforms.corpus.text_parts import HEAD, article_text
from transforms.corpus.titles import TitleFinder, TitleTerms, count_titles, title_terms
from transforms.corpus.word_spelling import choose_spellings
from transforms.encoders.base import Encoder
from transforms.encoders.blocks import encode_block, fit_encoder
from transforms.encoders.lsa import NAME as LSA
from transforms.encoders.registry import ENCODERS, fitted_name, kind_of, make_encoder, spec_without_files
from transforms.encoders.use import PACKAGED
from transforms.evaluation.corpus import Corpus, gather_corpus
from transforms.plumbing.processes import start
from transforms.records import Article, Block, Notes, TextBlock
from transforms.results import Links
from transforms.site.hyperlinks import resolve_links

NAMED = tuple(name for name in ENCODERS if spec_without_files(name))
"""The encoders that need no files of a model; they may also be joined."""


@dataclass(frozen=True, eq=False)
class Intake:
    """A corpus, the table of its tags, and in the corpus's order its articles' whole texts; `blocks` hold the same.

    `encoder` is what encoded the texts, and `titles` are the terms of the articles' titles.
    """

    corpus: Corpus
    table: TagTable
    texts: Sequence[str]
    blocks: Sequence[Block]
    encoder: Encoder
    titles: TitleTerms


def take_in(
    articles: Iterable[Article],
    encoder: str | Encoder = LSA,
    files: int | None = None,
    *,
    links: Callable[[], Iterable[Links]] | None = None,
    words: bool = True,
    processes: int = 1,
) -> Intake:
    """Encode articles, with their bodies and in any order, and the names of their tags.

    `encoder` names one that needs no files of a model, or is an encoder. `files` is the number of those that were
    read, by which a pipeline cuts its blocks; that of the articles unless given. The links between them are
    followed unless `links` gives them, and without `words` no rare ones are noted. With several `processes`, notes are
    taken while the encoder is fitted. Raises ValueError when there are no articles, or for another name.
    """
    articles = list(articles)
    if by_categories(count_tagging(articles)):
        articles = list(map(with_categories, articles))
    if not articles:
        raise ValueError("there are no posts to encode; give one or more")
    name = encoder if isinstance(encoder, str) else encoder.info.name
    if isinstance(encoder, str) and not spec_without_files(encoder):
        raise ValueError(f"encoder {encoder!r} needs the files of a model; give {', '.join(NAMED)} or an Encoder")
    texts, _ = group_into_blocks(articles, kind_of(name).parts, files or len(articles))
    names = tag_names(count_spellings(articles))
    noting = start(lambda: _note(texts, sorted(names), words=words), processes)
    model = _make(encoder, texts) if isinstance(encoder, str) else encoder
    titles, notes = noting()
    blocks = [encode_block(model, block) for block in _bare(texts, notes)]
    named = [encode_block(model, tags) for tags in tag_blocks(names, BLOCK_ROWS)]
    sums = add_tag_sums(sum_by_tag(block.articles, block.vectors) for block in blocks)
    table = tag_table(sums, names, named, model.info.dim)
    followed = links() if links else resolve_links([article for block in texts for article in block.articles])
    corpus = gather_corpus(blocks, table.keys, followed)
    whole = {article.id: text for block in texts for article, text in zip(block.articles, block.whole, strict=True)}
    return Intake(corpus, table, [whole[id_] for id_ in corpus.ids], blocks, model, titles)


def _make(encoder: str, blocks: Iterable[TextBlock]) -> Encoder:
    spec = spec_without_files(encoder)
    assert spec is not None  # noqa: S101  as was checked
    return make_encoder(spec, PACKAGED, _fit(encoder, blocks) if kind_of(encoder).trained_on_corpus else None)


def _fit(encoder: str, blocks: Iterable[TextBlock]) -> Encoder:
    rows = sorted(
        (article.id, text, article_text(article, HEAD))
        for block in blocks
        for article, text in zip(block.articles, block.texts, strict=True)
    )
    return fit_encoder(fitted_name(encoder), [text for _, text, _ in rows], [head for _, _, head in rows])


def _note(blocks: Sequence[TextBlock], keys: Sequence[str], *, words: bool) -> tuple[TitleTerms, list[Notes]]:
    """The terms of the titles, and the notes of each block."""
    articles = [article for block in blocks for article in block.articles]
    texts = [text for block in blocks for text in block.whole]
    languages = [article.language for article in articles]
    counted = count_words(texts, languages)
    titles = title_terms(count_titles(article.title for article in articles), counted.total, len(texts))
    rare = rare_words(counted) if words else {}
    spelled = choose_spellings(count_spelled(texts, rare), stop_words(filter(None, set(languages)))) if words else {}
    finder, of_titles = TagFinder(keys), TitleFinder(titles)
    return titles, [
        take_notes([article.title for article in block.articles], block.whole, finder, rare, spelled, of_titles)
        for block in blocks
    ]


def _bare(blocks: Sequence[TextBlock], notes: Sequence[Notes]) -> Iterator[TextBlock]:
    """The blocks with their notes, and without what these were taken of."""
    main = main_language(Counter(article.language for block in blocks for article in block.articles))
    for block, of_block in zip(blocks, notes, strict=True):
        bare = (replace(settled(article, main), hrefs=(), href_lines=(), prose=()) for article in block.articles)
        yield replace(block, articles=tuple(bare), whole=(), notes=of_block)
