"""The library answers what a run writes into its tables, and loads a run."""

import dataclasses
import hashlib
import json
import random
import shutil
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest

import postkin
from tests.jobs.results import AS_OF, BLOG, ROOT, Results, write_posts
from tests.jobs.results import postkin as run_job
from tests.savedmodels import CountingEncoder
from transforms.evaluation.assess import assess_articles
from transforms.output.json_lines import table_line
from transforms.output.layout import OPTIONAL, TABLES
from transforms.output.tables import write_vectors
from transforms.results import as_row

CORPORA = {
    "blog": {},
    "contrastive": {"encoder": "lsa+contrastive", "clusters": None},
    "japanese": {"clusters": 4},
    "many": {},
    "one": {},
    "untagged": {},
}
"""What is read, and how it is fitted."""
FLAGS = {
    "contrastive": ("--encoder", "lsa+contrastive", "--themes", "auto"),
    "japanese": ("--themes", "4"),
}


def posts_of(name, folder):
    """The folder of a corpus, made where it is not the blog."""
    if name in ("blog", "contrastive"):
        return BLOG
    if name == "japanese":
        for article in postkin.read_posts(BLOG, as_of=AS_OF).articles:
            if article.language == "ja":
                (folder / article.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(BLOG / article.path, folder / article.path)
        return folder
    if name == "one":
        return write_posts(folder, {"lamp.md": "---\ntitle: Lamp\ntags: [paint]\n---\nPaint on the lamp."})
    if name == "untagged":
        texts = ("the lamp and its paint", "a wheel and a lamp", "coffee for the wheel", "coffee and paint")
        return write_posts(folder, {f"{number}.md": text for number, text in enumerate(texts)})
    draw = random.Random(1)
    words = [a + b + c for a in "bdfgklm" for b in "aeiou" for c in "nrst"]
    posts = {
        f"{number:03}.md": f"---\ntags: [{words[number % 11]}, {words[number % 7]}]\n---\n"
        + " ".join(draw.choices(words[number % 11 :: 11], k=30) + draw.choices(words, k=20))
        for number in range(260)
    }
    return write_posts(folder, posts | {"007.mdx": "A lamp that has the id of another.", "100.mdx": posts["003.md"]})


@pytest.fixture(scope="module", params=CORPORA)
def both(request, tmp_path_factory):
    """A corpus's Posts and Blog, and the results of a run on it."""
    name, place = request.param, tmp_path_factory.mktemp(request.param)
    folder = posts_of(name, place / "posts")
    posts = postkin.read_posts(folder, as_of=AS_OF)
    blog = postkin.fit(posts, **CORPORA[name])
    return posts, blog, run_job(folder, place / "out", "--map", "none", *FLAGS.get(name, ()))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return run_job(BLOG, tmp_path_factory.mktemp("run") / "out", "--map", "none")


@pytest.fixture(scope="module")
def posts():
    return postkin.read_posts(BLOG, as_of=AS_OF)


@pytest.fixture(scope="module")
def blog(posts):
    return postkin.fit(posts)


def rows(records):
    return json.loads(json.dumps([as_row(record) for record in records]))


def test_posts_are_those_of_a_run(both):
    posts, _, results = both
    for name in ("rejected", "skipped", "notes", "collisions"):
        lines = [table_line(name, record)[1] for record in getattr(posts, name)]
        assert list(map(json.loads, lines)) == results.rows(name)
    assert [article.id for article in posts.articles] == results.ids
    assert [article.title for article in posts.articles] == [row["title"] for row in results.rows("articles")]
    assert len(posts) == results.run["counts"]["read"]


def test_vectors_are_those_of_a_run(both):
    _, blog, results = both
    assert blog.encoder.id == results.run["encoder"]["id"]
    assert blog.ids == results.ids
    assert blog.vectors.dtype == np.float32
    np.testing.assert_array_equal(blog.vectors, results.vectors)


def test_related_posts_are_those_of_a_run(both):
    _, blog, results = both
    assert rows(blog.related_all()) == results.rows("related")
    assert rows(map(blog.related, blog.ids[:3])) == results.rows("related")[:3]


def test_recommended_tags_are_those_of_a_run(both):
    _, blog, results = both
    assert rows(blog.recommend_all()) == results.rows("tags")
    assert rows(map(blog.recommend, blog.ids[:3])) == results.rows("tags")[:3]


def test_themes_are_those_of_a_run(both):
    _, blog, results = both
    clusters = [{field: value for field, value in row.items() if field != "previous"} for row in rows(blog.clusters)]
    assert clusters == results.clusters
    assert not any(cluster.previous for cluster in blog.clusters)
    assert rows(blog.members) == results.rows("members")
    assert rows([blog.dendrogram]) == [results.json("data/dendrogram.json")]


def test_fewer_and_more_are_the_first_ones(blog):
    id_ = "2021/readiness-probes"
    many = [other for other in blog.related(id_, 30).related if other.kind == "similar"]
    few = [other for other in blog.related(id_, 2).related if other.kind == "similar"]
    assert few == many[:2]
    assert len(many) > 4
    assert blog.recommend(id_, 3).recommended == blog.recommend(id_, 50).recommended[:3]


def test_measures_are_those_of_the_evaluation(posts, blog):
    assert blog.measure() == assess_articles(posts.articles)
    bare = postkin.fit([dataclasses.replace(article, tags=()) for article in posts.articles])
    assert bare.measure() == []


def test_a_list_of_articles_fits_in_any_order(posts, blog):
    again = postkin.fit(reversed(posts.articles))
    assert again.related_all() == blog.related_all()
    assert again.clusters == blog.clusters


def test_an_encoder_of_ones_own(posts):
    blog = postkin.fit(posts, encoder=CountingEncoder(dim=8))
    assert blog.vectors.shape == (len(posts.articles), 8)
    assert blog.encoder.name == "fake"
    assert len(blog.related_all()) == len(blog)


def test_they_say_what_they_hold(posts, blog, results):
    assert repr(posts) == "<64 posts, 7 rejected, 7 skipped>"
    assert repr(blog) == f"<64 posts in {len(results.clusters)} clusters, by {results.run['encoder']['id']}>"
    assert repr(postkin.load_run(results.folder)) == f"<run in {str(results.folder)!r}>"


def test_other_fields_and_posts_that_are_skipped(tmp_path):
    folder = write_posts(tmp_path, {"a.md": "---\nlabels: [x]\ndraft: true\n---\nPaint."})
    assert [skipped.kind for skipped in postkin.read_posts(folder).skipped] == ["draft"]
    for names in (["labels"], "labels"):
        (article,) = postkin.read_posts(folder, fields={"tags": names}, include=["drafts"]).articles
        assert article.tags == ("x",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"as_of": "soon"}, "'soon' is not a day; give YYYY-MM-DD"),
        ({"fields": {"tag": ["x"]}}, "'tag' is not a field; give any of title, date"),
        ({"include": ["draft"]}, "'draft' is not what can be included; give any of drafts, hidden, private, future"),
    ],
)
def test_what_cannot_be_read_so(given, message):
    with pytest.raises(ValueError, match=message):
        postkin.read_posts(BLOG, **given)


def test_posts_that_are_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="is not there: give a folder"):
        postkin.read_posts(tmp_path / "gone")
    with pytest.raises(ValueError, match="there are no posts to encode"):
        postkin.fit(postkin.read_posts(tmp_path))


def test_what_cannot_be_fitted_or_asked(posts, blog):
    with pytest.raises(ValueError, match=r"'labse' needs the files of a model; give lsa, lsa\+contrastive, use or an"):
        postkin.fit(posts, encoder="labse")
    with pytest.raises(ValueError, match="clusters is 0; give 1 or more, or None"):
        postkin.fit(posts, clusters=0)
    for ask in (blog.related, blog.recommend):
        with pytest.raises(KeyError, match="'gone' is not the id of a post"):
            ask("gone")
        with pytest.raises(ValueError, match="count is 0; give 1"):
            ask(blog.ids[0], count=0)
    with pytest.raises(ValueError, match="count is 101; give 1 to 100"):
        blog.related_all(101)


def records_of(frame):
    """The rows of a frame, null where there is no number."""
    return [
        {name: None if value != value else value for name, value in row.items()} for row in frame.to_dict("records")
    ]


@pytest.mark.parametrize(
    "table", sorted({*TABLES} - {*OPTIONAL} - {"related", "tags", "clusters", "dendrogram", "tag_tree", "metrics"})
)
def test_frames_hold_the_rows(results, table):
    run = postkin.load_run(results.folder)
    assert run.rows(table) == results.rows(table)
    assert records_of(run.frame(table)) == results.rows(table)


def test_frames_in_long_form(results):
    run = postkin.load_run(str(results.folder))
    assert run.run == results.run
    assert records_of(run.frame("metrics")) == results.json("data/metrics.json")["metrics"]
    whys = ("text", "tags", "titles", "years", "links", "recent")
    assert records_of(run.frame("related")) == [
        {"id": row["id"], "rank": rank, "other": other["id"]}
        | {name: other[name] for name in ("score", "confidence", "kind", "sure_of")}
        | {f"why_{name}": other["why"][name] for name in whys}
        | {"why_readers": None, "why_read_together": None}
        | {name: value for name, value in other["why"].items() if name not in whys}
        for row in results.rows("related")
        for rank, other in enumerate(row["related"], start=1)
    ]
    assert records_of(run.frame("tags")) == [
        {"id": row["id"], "rank": rank, **tag}
        for row in results.rows("tags")
        for rank, tag in enumerate(row["recommended"], start=1)
    ]
    assert records_of(run.frame("clusters")) == [
        {name: row[name] for name in ("number", "name", "size")} | {"tags": [tag["tag"] for tag in row["tags"]]}
        for row in results.clusters
    ]
    assert records_of(run.frame("dendrogram")) == results.json("data/dendrogram.json")["merges"]
    assert list(run.frame("tag_tree").columns) == ["left", "right", "height", "size"]


def test_vectors_as_a_frame(results):
    frame = postkin.load_run(results.folder).frame("vectors")
    assert (list(frame.index), frame.index.name) == (results.ids, "id")
    assert set(frame.dtypes) == {np.dtype("float32")}
    np.testing.assert_array_equal(frame.to_numpy(), results.vectors)


def test_every_table_has_a_frame(results):
    run = postkin.load_run(results.folder)
    assert {*run.tables} == {*TABLES, "vectors"} - {*OPTIONAL}
    for table in run.tables:
        assert len(run.frame(table).columns)


def copied(results, folder):
    return Results(shutil.copytree(results.folder, folder / "out"))


def rewrite(run, change):
    about = run.run
    change(about)
    (run.folder / "run.json").write_text(json.dumps(about), encoding="utf-8")


def test_the_shards_of_a_large_blog_are_put_together(results, tmp_path):
    run = copied(results, tmp_path)
    lines = run.text("data/related.jsonl").splitlines(keepends=True)
    halves = (lines[:30], lines[30:])
    shards = []
    for number, half in enumerate(halves):
        file, content = f"data/related-{number:05}-of-00002.jsonl", "".join(half).encode()
        (run.folder / file).write_bytes(content)
        shards.append({"file": file, "rows": len(half), "sha256": hashlib.sha256(content).hexdigest()})
    table = pq.read_table(run.folder / "data/vectors.parquet")
    vectors = np.array(table["vector"].to_pylist(), np.float32)
    ids = tuple(table["id"].to_pylist())
    parts = (slice(0, 30), slice(30, None))
    written = [
        vars(write_vectors([(ids[part], vectors[part])], str(run.folder), number, 2))
        for number, part in enumerate(parts)
    ]

    def describe(about):
        about["tables"]["related"] = {"rows": len(lines), "shards": shards}
        about["tables"]["vectors"] = {"rows": len(ids), "shards": written}

    rewrite(run, describe)
    whole, parted = (postkin.load_run(place) for place in (results.folder, run.folder))
    for name in ("related", "vectors"):
        assert parted.frame(name).equals(whole.frame(name))


def test_folders_that_hold_no_run(results, tmp_path):
    with pytest.raises(postkin.LoadError, match=r"holds no run\.json; give an output folder"):
        postkin.load_run(tmp_path)
    for content in ("{", "[]", "{}", '{"format": 2}', '{"format": 2, "tables": []}', '{"format": 1}', "[" * 9_999):
        (tmp_path / "run.json").write_text(content, encoding="utf-8")
        with pytest.raises(postkin.LoadError):
            postkin.load_run(tmp_path)


def test_tables_that_are_not_there_or_were_changed(results, tmp_path):
    run = copied(results, tmp_path)
    opened = postkin.load_run(run.folder)
    for ask in (opened.rows, opened.frame):
        with pytest.raises(KeyError, match="'posts' is not a table of rows; give any of articles"):
            ask("posts")
    for name in ("related.jsonl", "vectors.parquet"):
        with (run.folder / "data" / name).open("ab") as file:
            file.write(b"\n")
        with pytest.raises(postkin.LoadError, match=r"is not the file that run\.json describes"):
            opened.frame(name.partition(".")[0])
    (run.folder / "data/tags.jsonl").unlink()
    with pytest.raises(postkin.LoadError, match=r"holds no data/tags\.jsonl"):
        opened.frame("tags")


@pytest.mark.parametrize("content", [b"[]\n", b'{"id": "a"}\n', b"{\n", b'{"id": "a", "related": [1]}\n'])
def test_tables_of_another_form(results, tmp_path, content):
    run = copied(results, tmp_path)
    (run.folder / "data/related.jsonl").write_bytes(content)
    rewrite(run, lambda about: about["tables"]["related"].update(sha256=hashlib.sha256(content).hexdigest()))
    with pytest.raises(postkin.LoadError, match=r"holds no run of this version|is not JSON"):
        postkin.load_run(run.folder).frame("related")


@pytest.mark.parametrize("content", [b"PAR1", b""])
def test_vectors_of_another_form(results, tmp_path, content):
    run = copied(results, tmp_path)
    (run.folder / "data/vectors.parquet").write_bytes(content)
    rewrite(run, lambda about: about["tables"]["vectors"].update(sha256=hashlib.sha256(content).hexdigest()))
    with pytest.raises(postkin.LoadError, match="holds no run of this version"):
        postkin.load_run(run.folder).frame("vectors")


def test_all_that_it_offers_is_documented():
    for name in postkin.__all__:
        assert getattr(postkin, name).__doc__
    assert postkin.__doc__.count("`") >= 8


def test_importing_it_leaves_out_what_it_does_not_need():
    heavy = ("apache_beam", "pandas", "pyarrow", "sklearn", "tensorflow", "jobs")
    script = f"import sys, postkin; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
