"""A made-up blog of any size, for measuring: its words follow Zipf's law, its posts have topics, its tags follow both.

`python -m tests.benchmarks.corpus DIR POSTS` writes one. Post i depends on the seed and on i alone, so that a small
corpus is the head of a larger one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, cycle, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

ENGLISH_WORDS, JAPANESE_WORDS = 30_000, 6_000
FUNCTION_WORDS = 250
"""The most frequent words, which belong to no topic."""
TOPICS, TOPIC_WORDS, TOPIC_PHRASES, TOPIC_TAGS = 40, 700, 120, 8
MEDIAN_WORDS, SPREAD, MAX_WORDS = 400, 0.7, 6_000
TAG_WORDS = 40
TOPIC_SHARE, TAG_SHARE = 0.22, 0.08
"""How many of a post's words come from its topics and from its tags instead of the language at large."""
TAG_COUNTS = (0.08, 0.17, 0.25, 0.25, 0.15, 0.10)
"""How many of the posts carry 0, 1, ... tags."""
OFF_TOPIC = 0.15
"""How many of the tags come from any topic instead of the post's."""
JAPANESE = 0.1
FIRST_DAY, DAYS = dt.date(2014, 1, 1), 3652

ONSETS = ("", *"bcdfghjklmnprstvw", "br", "ch", "fl", "pr", "sh", "st", "tr")
VOWELS = (*"aeiou", "ai", "ea", "ou")
CODAS = ("", "", "", *"nrlstm", "nd")
KANJI = (
    "日本語文書記事検索設計開発実装機能画面表示入力出処理変更追加削除新環境構築定手順方法由結果問題解決原因調査対応確認試験自動化公運用監視性改善測時間速度容量接続通信"
    "送受証権限管利使者名前番号配列関数型値条件分岐反復例外終了始停止待並散学習推論予類評価指標精統率行算物生歴史地旅料野菜音楽映写真読勉強会社員仕休朝昼夜春夏秋冬天気"
    "雨雪風山川海空星月光色赤青白黒金銀鉄木石土火水古高低大小長短多少弱明暗早遅近遠内左右上下東西南北中央"
)
KATAKANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ"
    "ヤユヨラリルレロワンガギグゲゴザジズゼゾダデドバビブベボパピプペポ"
)
CODE = "```python\ndef count(path: str) -> int:\n    # read, split\n    return len(open(path).read().split())\n```"

Texts = npt.NDArray[np.object_]
Words = Sequence[str] | Texts
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lexicon:
    """Words and phrases, the most frequent first, and their cumulative shares."""

    words: Texts
    shares: Shares

    def draw(self, rng: np.random.Generator, count: int) -> Texts:
        """Draw `count` words, with replacement."""
        return self.words[np.searchsorted(self.shares, rng.random(count))]


@dataclass(frozen=True)
class Language:
    """How posts are written: the words at large, those of each topic and tag, what joins words and ends sentences."""

    words: Lexicon
    topics: Sequence[Lexicon]
    tags: Mapping[str, Lexicon]
    joints: Sequence[str]
    stop: str

    def phrase(self, words: Words) -> str:
        """Join words, the first letter in upper case."""
        joined = "".join(islice(chain.from_iterable(zip(words, cycle(self.joints), strict=False)), 2 * len(words) - 1))
        return joined[:1].upper() + joined[1:]

    def sentence(self, words: Words) -> str:
        """Join words and end them."""
        return self.phrase(words) + self.stop


@dataclass(frozen=True)
class World:
    """All that posts are made of: languages, the names of each topic's tags, and how many posts take to a topic."""

    english: Language
    japanese: Language
    tags: Sequence[Lexicon]
    popularity: Shares


def zipf(words: Words, exponent: float = 1.3) -> Lexicon:
    """Give words shares of 1 / (rank + 2.7) ** exponent, Zipf's law as Mandelbrot generalised it."""
    shares = np.cumsum((np.arange(1, len(words) + 1) + 2.7) ** -exponent)
    return Lexicon(np.array(words, dtype=object), shares / shares[-1])


def latin_words(rng: np.random.Generator) -> Iterator[str]:
    """Make up words without end, short ones first, as frequent words are short."""
    syllables = [onset + vowel for onset in ONSETS for vowel in VOWELS]
    for number in range(sys.maxsize):
        places = rng.integers(0, len(syllables), 1 + rng.poisson(min(1.3, number / 400)))
        yield "".join(syllables[place] for place in places) + CODAS[rng.integers(len(CODAS))]


def japanese_words(rng: np.random.Generator) -> Iterator[str]:
    """Make up words without end: two or three kanji, and a run of katakana one time in four."""
    while True:
        script, least, most = (KATAKANA, 3, 6) if rng.random() < 0.25 else (KANJI, 2, 3)
        yield "".join(script[place] for place in rng.integers(0, len(script), rng.integers(least, most + 1)))


def distinct(words: Iterator[str], count: int) -> list[str]:
    """Take the first `count` distinct words, in order."""
    seen: dict[str, None] = {}
    while len(seen) < count:
        seen[next(words)] = None
    return list(seen)


def make_language(
    rng: np.random.Generator, words: Sequence[str], tags: Sequence[Lexicon], joints: Sequence[str], stop: str
) -> Language:
    """Give each topic its share of a language's content words, phrases made of them, and some of them to each tag."""
    content = np.array(words[FUNCTION_WORDS:], dtype=object)
    topics = []
    tag_words: dict[str, Lexicon] = {}
    for names in tags:
        own = rng.choice(content, TOPIC_WORDS, replace=False)
        phrases = [joints[0].join(rng.choice(own[:300], rng.integers(2, 4))) for _ in range(TOPIC_PHRASES)]
        topics.append(zipf(rng.permutation(np.array([*own, *phrases], dtype=object)), 1.1))
        tag_words |= {name: zipf(rng.permutation([name, *rng.choice(own, TAG_WORDS)])) for name in names.words}
    return Language(zipf(words), topics, tag_words, joints, stop)


def make_world(seed: int = 0) -> World:
    """Make up the languages, the topics and their tags, which are English words in every language."""
    rng = np.random.default_rng(seed)
    words = distinct(latin_words(rng), ENGLISH_WORDS)
    names = rng.choice(np.array(words[FUNCTION_WORDS:], dtype=object), (TOPICS, TOPIC_TAGS), replace=False)
    tags = [zipf(row) for row in names]
    english = make_language(rng, words, tags, " ", ".")
    japanese = make_language(rng, distinct(japanese_words(rng), JAPANESE_WORDS), tags, "のをはにでが", "です。")
    popularity = np.arange(1, TOPICS + 1) ** -0.5
    return World(english, japanese, tags, popularity / popularity.sum())


def make_post(world: World, rng: np.random.Generator) -> tuple[dt.date, str]:
    """Make up one post: its date, and its markdown with front matter."""
    language = world.japanese if rng.random() < JAPANESE else world.english
    homes = rng.choice(TOPICS, rng.integers(1, 4), replace=False, p=world.popularity)
    tags = draw_tags(world, rng, homes)
    lexicons = [language.topics[home] for home in homes] + [language.tags[tag] for tag in tags]
    parts = np.concatenate([TOPIC_SHARE * uneven(rng, len(homes)), TAG_SHARE * uneven(rng, len(tags))])
    length = int(min(MAX_WORDS, MEDIAN_WORDS * np.exp(SPREAD * rng.standard_normal())))
    date = FIRST_DAY + dt.timedelta(days=int(rng.integers(DAYS)))
    front = {
        "title": language.phrase(lexicons[0].draw(rng, int(rng.integers(2, 7)))),
        "date": f"{date}",
        "description": language.sentence(draw_words(rng, language, lexicons, parts, int(rng.integers(8, 24)))),
        "tags": tags,
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items()]
    blocks = body(rng, language, lexicons[0], draw_words(rng, language, lexicons, parts, length))
    return date, "\n\n".join(["\n".join(["---", *lines, "---"]), *blocks]) + "\n"


def draw_tags(world: World, rng: np.random.Generator, topics: npt.NDArray[np.int64]) -> list[str]:
    """Draw a post's tags, most of them from its topics."""
    count = rng.choice(len(TAG_COUNTS), p=TAG_COUNTS)
    homes = np.where(rng.random(count) < OFF_TOPIC, rng.integers(0, TOPICS, count), rng.choice(topics, count))
    return list(dict.fromkeys(str(world.tags[home].draw(rng, 1)[0]) for home in homes))


def uneven(rng: np.random.Generator, count: int) -> Shares:
    """Cut a whole into uneven parts."""
    parts = rng.exponential(size=count)
    return np.asarray(parts / parts.sum())


def draw_words(
    rng: np.random.Generator, language: Language, lexicons: Sequence[Lexicon], parts: Shares, count: int
) -> Texts:
    """Draw a text's words: the given parts from the lexicons, the rest from the language at large."""
    words = language.words.draw(rng, count)
    source = np.searchsorted(np.cumsum(parts), rng.random(count))
    for number, lexicon in enumerate(lexicons):
        words[source == number] = lexicon.draw(rng, int(np.count_nonzero(source == number)))
    return words


def body(rng: np.random.Generator, language: Language, topic: Lexicon, words: Texts) -> Iterator[str]:
    """Lay words out as paragraphs with some markup, under a heading each few, and now and then a list or some code."""
    ends = np.cumsum(rng.integers(6, 28, 1 + len(words) // 6))
    sentences = iter(np.split(words, ends[ends < len(words)]))
    for number in count():
        texts = [language.sentence(_mark_up(rng, part)) for part in islice(sentences, int(rng.integers(2, 7)))]
        if not texts:
            return
        if number % 3 == 2:
            yield f"## {language.phrase(topic.draw(rng, int(rng.integers(1, 5))))}"
        yield "\n".join(f"- {text}" for text in texts) if rng.random() < 0.1 else " ".join(texts)
        if rng.random() < 0.08:
            yield CODE


def _mark_up(rng: np.random.Generator, words: Texts) -> Texts:
    """Link, stress or quote a word of every fourth sentence."""
    if rng.random() < 0.25:
        place = rng.integers(len(words))
        form = ("[{}](https://example.com/page)", "**{}**", "`{}`")[rng.integers(3)]
        words[place] = form.format(words[place])
    return words


def write_corpus(folder: Path, posts: int, seed: int = 0) -> None:
    """Write posts as `YEAR/NUMBER.md` below a folder."""
    world = make_world(seed)
    for number in range(posts):
        date, text = make_post(world, np.random.default_rng((seed, number)))
        path = folder / str(date.year) / f"{number:06}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.corpus", description="Write a made-up blog.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write it")
    parser.add_argument("posts", type=int, metavar="POSTS", help="how many posts")
    flags = parser.parse_args()
    write_corpus(flags.folder, flags.posts)
