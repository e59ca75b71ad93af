import json
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.testing.util import assert_that, equal_to

from transforms.reading import parse
from transforms.reading.fields import override_fields
from transforms.reading.files import list_posts
from transforms.reading.parse import read_article
from transforms.reading.read import ReadArticles
from transforms.records import Article, PostFile
from transforms.results import Rejected, Skipped

DATA = Path(__file__).parents[2] / "data"
BLOG = DATA / "blog"
EXPECTED = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
AS_OF = "2026-01-01"
REASONS = {
    "yaml": "front matter is not valid YAML",
    "toml": "front matter is not valid TOML",
    "json": "front matter is not valid JSON",
    "not-a-mapping": "not a mapping",
    "encoding": "not UTF-8",
}


@pytest.fixture(scope="module")
def posts():
    return {file.path: read_article(file, as_of=AS_OF) for file in list_posts(str(BLOG))}


@pytest.mark.parametrize("path", EXPECTED["articles"])
def test_awkward_posts_are_read(posts, path):
    post, expected = posts[path], EXPECTED["articles"][path]
    assert (post.title, post.date, list(post.tags)) == (expected["title"], expected["date"], expected["tags"])


@pytest.mark.parametrize("path", EXPECTED["skipped"])
def test_posts_left_out_on_purpose(posts, path):
    assert isinstance(posts[path], Skipped)
    assert posts[path].kind == EXPECTED["skipped"][path]


@pytest.mark.parametrize("path", EXPECTED["rejected"])
def test_broken_posts(posts, path):
    post, expected = posts[path], EXPECTED["rejected"][path]
    assert isinstance(post, Rejected)
    assert REASONS[expected["kind"]] in post.reason
    assert expected["line"] in (post.line, None)


def test_all_other_posts_are_articles(posts):
    others = posts.keys() - EXPECTED["skipped"].keys() - EXPECTED["rejected"].keys()
    assert all(isinstance(posts[path], Article) and posts[path].lede for path in others)


def test_whatever_goes_wrong_with_a_post_is_a_rejection(monkeypatch, tmp_path):
    assert read_article(PostFile(str(tmp_path), "gone.md", 0), as_of=AS_OF) == Rejected(
        "gone.md", None, "cannot be read: No such file or directory"
    )

    def fail(*args, **kwargs):
        raise KeyError("a\nb")

    monkeypatch.setattr(parse, "read_content", fail)
    assert read_article(PostFile(str(tmp_path), "a.md", 0), as_of=AS_OF) == Rejected("a.md", None, r"KeyError: 'a\nb'")


def test_unsafe_yaml_is_a_rejection(tmp_path):
    (tmp_path / "a.md").write_text("---\na: !!python/object/apply:os.system ['exit 1']\n---\nx")
    post = read_article(PostFile(str(tmp_path), "a.md", 0), as_of=AS_OF)
    assert isinstance(post, Rejected)
    assert post.line == 2


def test_the_transform_reads_what_the_function_reads(posts):
    pipeline = beam.Pipeline(runner="FnApiRunner")
    reading = pipeline | ReadArticles([str(BLOG)], as_of=AS_OF)
    for kind, record in (("articles", Article), ("rejected", Rejected), ("skipped", Skipped)):
        expected = [post for post in posts.values() if isinstance(post, record)]
        assert_that(getattr(reading, kind), equal_to(expected), label=kind)
    assert_that(reading.total, equal_to([len(list(list_posts(str(BLOG))))]), label="total")
    result = pipeline.run()
    result.wait_until_finish()
    counters = result.metrics().query(MetricsFilter().with_namespace("postkin"))["counters"]
    assert {counter.key.metric.name: counter.committed for counter in counters} == {
        "read.items": len(posts),
        "posts_parsed": sum(isinstance(post, Article) for post in posts.values()),
        "posts_rejected": len(EXPECTED["rejected"]),
        "posts_skipped": len(EXPECTED["skipped"]),
    }


def test_patterns_fields_and_what_to_include_reach_the_posts(tmp_path):
    (tmp_path / "a.md").write_text("---\nlabels: x\ndraft: true\n---\nText.")
    (tmp_path / "b.mdx").write_text("Text.")
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        reading = pipeline | ReadArticles(
            [f"{tmp_path}/*.md", f"{tmp_path}/b.mdx"],
            override_fields(["tags=labels"]),
            as_of=AS_OF,
            include=frozenset({"drafts"}),
        )
        found = reading.articles | beam.Map(lambda article: (article.id, article.tags))
        assert_that(found, equal_to([("a", ("x",)), ("b", ())]))


def test_a_pattern_that_names_nothing_stops_the_run(tmp_path):
    pipeline = beam.Pipeline(runner="FnApiRunner")
    pipeline | ReadArticles([f"{tmp_path}/nowhere"], as_of=AS_OF)
    with pytest.raises(Exception, match="nowhere' is not there"):
        pipeline.run()


def test_names_of_files_are_escaped_in_the_log(tmp_path, caplog):
    name = "a\n::error file=x::\x1b\u202e.md"
    (tmp_path / name).write_text("")
    with caplog.at_level("INFO", "postkin"), beam.Pipeline() as pipeline:
        skipped = (pipeline | ReadArticles([str(tmp_path)], as_of=AS_OF)).skipped
        assert_that(skipped | beam.Map(lambda row: row.path), equal_to([name]))
    assert r"skipped: a\n::error file=x::\x1b\u202e.md" in caplog.text
    assert "\n::error" not in caplog.text


def test_a_post_has_the_name_that_git_gives_its_file_and_its_front_matter_s_keys(tmp_path):
    content = b'\xef\xbb\xbf---\r\ntitle: A\r\ntags: [b]\r\n1: c\r\n"d\\e": 1\r\n---\r\nText.\r\n'
    (tmp_path / "a.md").write_bytes(content)
    article = read_article(PostFile(str(tmp_path), "a.md", len(content)), as_of=AS_OF)
    # both names by `git hash-object`
    assert article.blob == "cd029d23218e34b91e6e4c818cc0cbbe52f52643"
    assert article.keys == ("title", "tags", "1", "d\\x1b")
    (tmp_path / "b.md").write_text("Text.")
    bare = read_article(PostFile(str(tmp_path), "b.md", 5), as_of=AS_OF)
    assert (bare.blob, bare.keys) == ("a6ac976fb2ccffb45e8a5df031d52fa914c63072", ())
