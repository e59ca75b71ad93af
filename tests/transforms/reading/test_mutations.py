"""Whatever a post holds, it is an article, skipped or rejected, in no time."""

import itertools
import time
from collections import Counter
from pathlib import Path

from tests.transforms.reading.mutations import mutations
from transforms.reading.files import list_posts
from transforms.reading.parse import read_article
from transforms.records import Article, PostFile
from transforms.results import Rejected, Skipped

BLOG = Path(__file__).parents[2] / "data" / "blog"
POSTS = [Path(file.root, file.path).read_bytes() for file in list_posts(str(BLOG))]


def test_mutated_posts_are_read(monkeypatch):
    content = b""
    monkeypatch.setattr("transforms.reading.files._read", lambda _: content)
    kinds: Counter[type] = Counter()
    for name, content in itertools.islice(mutations(1, POSTS, 20_000), 300):
        start = time.process_time()
        post = read_article(PostFile("posts", name, len(content)), as_of="2026-01-01")
        assert time.process_time() - start < 1, content[:200]
        kinds[type(post)] += 1
        assert post.path == name
        if isinstance(post, Rejected):
            assert len(post.reason.splitlines()) == 1
            assert len(post.reason) < 250
            assert 1 <= (post.line or 1) <= content.count(b"\n") + content.count(b"\r") + 1
        elif isinstance(post, Article):
            assert len(post.tags) <= 100
    assert set(kinds) == {Article, Rejected, Skipped}
    assert min(kinds.values()) > 5


def test_every_file_is_counted_once(tmp_path):
    contents = itertools.islice(mutations(2, POSTS, 2_000), 40)
    for number, (_, content) in enumerate(contents):
        (tmp_path / f"{number}\n\x1b.md").write_bytes(content)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    read = [read_article(file, as_of="2026-01-01") for file in list_posts(str(tmp_path))]
    assert sorted(post.path for post in read) == sorted(path.name for path in before)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
