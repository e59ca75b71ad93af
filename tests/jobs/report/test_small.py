"""Small and odd corpora are valid input."""

import functools

import pytest

from tests.jobs.results import check_sound, postkin, write_posts

LAMP = "---\ntags: [lamp]\n---\nPaint on the lamp glows at night."
CORPORA = {
    "one post": {"a.md": LAMP},
    "two posts": {"a.md": LAMP, "b.md": "---\ntags: [lamp, wheel]\n---\nPaint on the wheel dries by day."},
    "no tags": {f"{name}.md": f"Paint on the {name} dries." for name in ("lamp", "wheel", "bell")},
    "identical posts": dict.fromkeys(("a.md", "b.md", "c.md"), f"---\ntitle: Lamp\n{LAMP[4:]}"),
    "headings alone": {f"{name}.md": f"# The {name} of the lamp\n" for name in ("paint", "glass", "wire")},
    "a tag a post": {f"{name}.md": f"---\ntags: {name}\n---\nThe {name} dries." for name in ("lamp", "wheel", "bell")},
    "one tag for all": {f"{name}.md": f"---\ntags: t\n---\nThe {name} dries." for name in ("lamp", "wheel", "bell")},
    "nothing in common": {"a.md": "lamp", "b.md": "wheel", "c.md": "bell"},
    "no word at all": {"ひ.md": "---\ntags: [あ]\n---\nひらがな", "ふ.md": "🚲"},
    "one wordless post among others": {"ひ.md": "ひらがな", "b.md": LAMP, "c.md": "The wheel dries."},
    "one wordless post": {"ひ.md": "ひらがな"},
    "emoji alone": {f"🚲{n}.md": f"---\ntitle: 🎉\ntags: [🎈, 🎉{n % 2}]\n---\n🚲" for n in range(12)},
    "the first year": {f"{n}.md": f"---\ndate: 0001-01-01T0{n}:00:00+09:00\n---\nLamp {n}" for n in range(4)},
    "NUL bytes": {"a.md": "lamp\0wheel\0", "b.md": "\0" * 99, "c.md": '---\ntitle: "\\0"\ntags: ["\\0"]\n---\nBell.'},
}


@pytest.fixture(scope="module")
def run_on(tmp_path_factory):
    """Runs the job on a corpus, once."""

    @functools.cache
    def run(corpus):
        folder = tmp_path_factory.mktemp("small")
        return postkin(write_posts(folder / "posts", CORPORA[corpus]), folder / "out")

    return run


@pytest.fixture(scope="module", params=CORPORA)
def small(request, run_on):
    return run_on(request.param)


def test_the_contract_holds(small):
    check_sound(small)
    assert small.run["counts"]["rejected"] == 0
    assert not small.rows("skipped")


def test_one_post_has_no_neighbours(run_on):
    results = run_on("one post")
    assert results.similar() == [{"id": "a", "related": []}]
    assert results.rows("tags") == [{"id": "a", "recommended": []}]
    assert [(cluster["name"], cluster["size"]) for cluster in results.clusters] == [("lamp", 1)]


def test_two_posts_are_each_others_neighbours(run_on):
    results = run_on("two posts")
    assert [[other["id"] for other in row["related"]] for row in results.similar()] == [["b"], ["a"]]
    assert [cluster["size"] for cluster in results.clusters] == [2], "one theme suits two posts"


def test_identical_posts_are_duplicates_and_not_related(run_on):
    results = run_on("identical posts")
    assert [row["related"] for row in results.similar()] == [[], [], []]
    assert [(row["left"], row["right"], row["exact"]) for row in results.rows("duplicates")] == [
        ("a", "b", True),
        ("a", "c", True),
    ]


def test_without_tags_nothing_is_recommended_or_measured(run_on):
    results = run_on("no tags")
    assert all(row["recommended"] == [] for row in results.rows("tags"))
    assert results.json("data/metrics.json") == {"metrics": []}
    (theme,) = results.clusters
    assert (theme["name"] in {"lamp", "wheel", "bell"}, theme["tags"]) == (True, [])


def test_a_tag_is_not_recommended_to_its_only_owner(run_on):
    for row in run_on("a tag a post").rows("tags"):
        assert row["id"] not in {tag["tag"] for tag in row["recommended"]}


def test_a_wordless_post_is_nobodys_neighbour(run_on):
    results = run_on("one wordless post among others")
    assert not results.vectors[results.ids.index("ひ")].any()
    related = results.similar_by_id()
    assert related["ひ"]["related"] == []
    assert [other["id"] for other in related["b"]["related"]] == ["c"]
