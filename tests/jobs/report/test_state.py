"""What a run leaves for later commands."""

import hashlib

import numpy as np
import pytest

from jobs.report import command
from tests.jobs.results import AS_OF, BLOG, Results, unmapped, write_posts
from transforms.corpus.runs import HASHES
from transforms.corpus.tag_spelling import tag_key
from transforms.output.layout import STATE_FILES
from transforms.state.files import StateError, load_state


@pytest.fixture(scope="module")
def state(blog):
    return load_state(str(blog.folder))


def test_the_state_knows_the_posts_as_the_tables_have_them(blog, state):
    rows = blog.by_id("articles")
    links = {row["id"]: tuple(row["links"]) for row in blog.rows("links")}
    assert [post.id for post in state.posts] == sorted(rows) == blog.ids
    for post in state.posts:
        row = rows[post.id]
        content = (BLOG / post.path).read_bytes()
        assert post.blob == hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        assert (post.path, post.title, post.date) == (row["path"], row["title"], row["date"])
        assert (post.language, post.url) == (row["language"], row["url"])
        assert {*map(tag_key, post.tags)} == {*map(tag_key, row["tags"])}
        assert post.links == links[post.id]
        assert all(key in content.decode() for key in post.keys)
    assert any(post.links for post in state.posts)
    assert any(("permalink", post.url) in post.address_fields for post in state.posts if post.url)


def test_the_state_knows_the_run(blog, state):
    run = blog.run
    assert (state.postkin, state.settings.as_of) == (run["version"], AS_OF)
    assert state.encoder.digest == run["encoder"]["digest"]
    assert state.settings.fields["title"] == ("title",)
    assert set(state.settings.related_by) == set(run["config"]["related_by"])
    assert not state.by_categories
    assert state.trial.least == run["tag_trial"]["least"]
    assert sum(found for found, _ in state.site.shapes.values()) >= run["links"]["found"]


def test_the_state_has_the_vectors_and_the_weights(blog, state):
    assert state.vectors == pytest.approx(blog.vectors, abs=2e-5)
    assert state.runs.shape == (len(state.posts), HASHES)
    assert (np.diff(state.runs.indptr) > 20).any()
    assert state.tag_weights.weights.any()
    assert state.coverage == pytest.approx(1, abs=0.2)
    assert state.ranking.by_fold.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-3)
    assert state.confidence is not None


def test_a_run_on_vectors_leaves_none_and_takes_away_an_earlier_one(blog, tmp_path):
    posts = write_posts(tmp_path / "posts", {f"{n}.md": f"# {n}\nA text on tea and trains {n}.\n" for n in range(5)})
    results = unmapped(posts, tmp_path / "out")
    assert set(STATE_FILES) <= set(results.files())
    vectors = str(blog.folder / "data/vectors.parquet")
    flags = ["--vectors", vectors, "--output", str(tmp_path / "out"), "--map", "none", "--quiet"]
    assert command.main(flags) == 0
    results = Results(tmp_path / "out")
    assert not set(STATE_FILES) & set(results.files())
    with pytest.raises(StateError, match="holds no state"):
        load_state(str(tmp_path / "out"))


def test_too_many_posts_leave_none(tmp_path, monkeypatch):
    monkeypatch.setattr("transforms.state.write.MAX_POSTS", 4)
    posts = write_posts(tmp_path / "posts", {f"{n}.md": f"# {n}\nA text on tea and trains {n}.\n" for n in range(5)})
    assert not set(STATE_FILES) & set(unmapped(posts, tmp_path / "out").files())
