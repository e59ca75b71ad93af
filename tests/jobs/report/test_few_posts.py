"""A few posts among so many files that a corpus of that size would be large."""

from functools import partial

import pytest

from tests.jobs.results import postkin, write_posts
from transforms import sampling
from transforms.output import layout
from transforms.output.json_lines import Chunks

POSTS, DRAFTS, BROKEN = 12, 90, 200
BY_POST = ("articles", "related", "tags", "members", "links", "vectors")
"""The tables with a row for each post."""


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    folder = tmp_path_factory.mktemp("few")
    texts = {
        f"post-{n}.md": f"---\ntags: [t{n % 3}]\n---\nThe lamp of {('wheel', 'bell')[n % 2]} {n} glows."
        for n in range(POSTS)
    }
    texts |= {f"draft-{n}.md": "---\ndraft: true\n---\nTo be written." for n in range(DRAFTS)}
    texts |= {f"broken-{n}.md": "---\ntitle: [never closed\n---\nText." for n in range(BROKEN)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "LARGE", 50)
        patch.setattr(sampling, "REPORTED", 2)
        patch.setattr(layout, "SHARD_ROWS", 25)
        patch.setattr("transforms.encoders.encode.FIT_ARTICLES", POSTS)
        patch.setattr("transforms.corpus.survey.FIT_ARTICLES", POSTS)
        patch.setattr("transforms.themes.clustering.FIT_ARTICLES", POSTS)
        patch.setattr("transforms.themes.map.FIT_ARTICLES", POSTS)
        patch.setattr("transforms.output.split.Chunks", partial(Chunks, 1_000))
        return postkin(write_posts(folder / "posts", texts), folder / "out")


def test_all_are_searched_fitted_and_shown(few):
    assert few.run["search"]["method"] == "exact"
    assert few.run["counts"] == {
        "read": POSTS + DRAFTS + BROKEN,
        "parsed": POSTS,
        "rejected": BROKEN,
        "skipped": {"draft": DRAFTS},
    }
    assert {table: few.run["tables"][table]["rows"] for table in BY_POST} == dict.fromkeys(BY_POST, POSTS)
    assert "of a sample" not in few.text("summary.md")
    assert len(few.rows("map")) == POSTS
    assert (few.folder / "state/state.json").exists()


def test_only_what_was_left_out_is_in_shards(few):
    assert {name for name, table in few.run["tables"].items() if "shards" in table} == {"rejected", "skipped"}
    rows = few.run["tables"]["rejected"]["shards"]
    assert len(rows) == -(-(POSTS + DRAFTS + BROKEN) // 25)
    assert sum(shard["rows"] for shard in rows) == BROKEN


def test_the_report_says_how_many_were_left_out(few):
    said = f"{BROKEN} of {POSTS + DRAFTS + BROKEN} files cannot be read."
    assert said in few.text("report.html")
    assert said in few.text("summary.md")
