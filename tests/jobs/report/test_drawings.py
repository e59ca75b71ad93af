"""Maps, trees, thumbnails and page views: what the report draws on request."""

import base64
import json

import pytest

from jobs.report.config import make_parser
from tests.jobs.results import BLOG, Results, postkin, write_posts
from transforms.related.featured import LEAST_COSINE

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def views():
    """Page views of the blog's posts, the more the later by path."""
    posts = sorted(path.relative_to(BLOG).as_posix() for path in BLOG.rglob("*.md"))
    return {f"/{path}": 10 + place for place, path in enumerate(posts) if path != "2020/same.md"}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, views):
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "views.json").write_text(json.dumps({**views, "/about/": 1}), encoding="utf-8")
    flags = ["--popularity", str(folder / "views.json"), "--tree", "articles"]
    return postkin(BLOG, folder / "out", *flags)


def test_maps_of_all_posts(mapped):
    points = mapped.rows("map")
    assert {point["method"] for point in points} == {"tsne", "pca"}
    placed = {id_ for id_, vector in zip(mapped.ids, mapped.near, strict=True) if vector.any()}
    for method in ("tsne", "pca"):
        of_method = [point for point in points if point["method"] == method]
        assert [point["id"] for point in of_method] == sorted(placed)
        assert max(max(abs(point["x"]), abs(point["y"])) for point in of_method) == 1


def test_both_maps_are_drawn_by_default():
    assert make_parser().parse_args(["--input", "posts", "--output", "o"]).map == ("tsne", "pca")


def test_another_map(drawn):
    assert {point["method"] for point in drawn.rows("map")} == {"pca"}


def test_page_views_name_the_most_read_of_each_cluster(drawn, blog, views):
    articles = drawn.by_id("articles")
    known = {row["path"]: row["views"] for row in articles.values()}
    assert {path: count for path, count in known.items() if count} == {
        path: views[f"/{path}"] for path in known if f"/{path}" in views
    }
    vectors = dict(zip(drawn.ids, drawn.near, strict=True))
    copies = {row[side] for row in drawn.rows("duplicates") if row["exact"] for side in ("left", "right")}
    for cluster in drawn.clusters:
        members = [member["id"] for member in cluster["members"]]
        most = sorted((id_ for id_ in members if articles[id_]["views"]), key=lambda id_: -articles[id_]["views"])
        for row in (drawn.by_id("related")[id_] for id_ in members if id_ not in copies):
            popular = [other["id"] for other in row["related"] if other["kind"] == "popular_in_cluster"]
            first = [id_ for id_ in most if id_ != row["id"]][:1]
            assert popular == [id_ for id_ in first if vectors[id_] @ vectors[row["id"]] >= LEAST_COSINE]
    assert not [row for row in blog.rows("articles") if row["views"]]


def test_the_newest_of_each_cluster_follow_the_similar_ones(blog):
    articles = blog.by_id("articles")
    for row in blog.rows("related"):
        kinds = [other["kind"] for other in row["related"]]
        assert kinds == sorted(kinds, key=["similar", "newest_in_cluster"].index)
        for newest in (other["id"] for other in row["related"] if other["kind"] == "newest_in_cluster"):
            (mates,) = [
                {member["id"] for member in cluster["members"]}
                for cluster in blog.clusters
                if row["id"] in [member["id"] for member in cluster["members"]]
            ]
            later = {id_ for id_ in mates - {row["id"]} if (articles[id_]["date"] or "") > articles[newest]["date"]}
            assert newest in mates
            assert not later


def test_the_tree_of_tags(drawn, blog):
    tree = drawn.json("data/tag_tree.json")
    counts = [sum(tag in row["tags"] for row in drawn.rows("articles")) for tag in tree["tags"]]
    assert tree["posts"] == counts
    assert len(tree["merges"]) == len(tree["tags"]) - 1 > 3
    assert sorted(tree["leaf_order"]) == list(range(len(tree["tags"])))
    assert 'class="tree of-tags"' in drawn.text("report.html")
    assert blog.json("data/tag_tree.json")["merges"] == []
    assert 'class="tree of-tags"' not in blog.text("report.html")


def test_links_between_posts(blog):
    rows = blog.by_id("links")
    assert sorted(rows) == blog.ids
    for id_, row in rows.items():
        assert row["linked_by"] == sum(id_ in other["links"] for other in rows.values())


def test_thumbnails(tmp_path):
    names = {
        "near.md": "pictures/dot.png",
        "site.md": "/img/dot.png",
        "gone.md": "gone.png",
        "web.md": "https://x.example/a.png",
    }
    posts = {
        name: f"---\nthumbnail: {place}\ntags: [light]\n---\nPaint on the {name[:3]} wheel and the lamp.\n"
        for name, place in names.items()
    }
    write_posts(tmp_path / "posts", posts)
    for file in ("posts/pictures/dot.png", "site/static/img/dot.png"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_bytes(PIXEL)
    flags = ["--pictures", str(tmp_path / "site"), "--thumbnails"]
    embedded = postkin(tmp_path / "posts", tmp_path / "embedded", *flags)
    assert set(embedded.by_id("thumbnails")) == {"near", "site"}
    assert "img-src data:;" in embedded.text("report.html")
    linked = postkin(tmp_path / "posts", tmp_path / "linked", *flags, "link")
    assert linked.by_id("thumbnails")["web"]["image"] == "https://x.example/a.png"
    assert "img-src data: https: http:;" in linked.text("report.html")
    assert Results(tmp_path / "linked").by_id("thumbnails")["near"] == embedded.by_id("thumbnails")["near"]
