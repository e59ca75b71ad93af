"""The main job end to end: the output contract, and every score against NumPy and scipy."""

import datetime as dt
import hashlib
import html
import json
import re
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import pdist

from tests.jobs.results import AS_OF, BLOG, EXPECTED, ROUNDING, check_sound, dice, discounted, fits, unit
from transforms.encoders.registry import EncoderSpec, make_encoder
from transforms.reading.fields import tag_key
from transforms.reading.files import list_posts
from transforms.reading.parse import read_article
from transforms.records import Article

COPIES = (
    {"2021/wheel-truing", "notes/wheel-truing-evening"},
    {f"copies/{copy}" for copy in range(6)},
)


def tags_of(results):
    return {row["id"]: {tag_key(tag) for tag in row["tags"]} for row in results.rows("articles")}


def copies_of(id_):
    return next((copies for copies in COPIES if id_ in copies), {id_})


def tag_directions(vectors, tags, rows):
    """The mean direction of the articles in `rows` that carry each tag, by key."""
    keys = sorted({tag for row in rows for tag in tags[row]})
    return {key: unit(sum(vectors[row] for row in rows if key in tags[row])) for key in keys}


def centroids_of(results):
    """Each cluster's centroid, found from its members alone."""
    row_of = {id_: row for row, id_ in enumerate(results.ids)}
    near = results.near
    members = [[row_of[member["id"]] for member in cluster["members"]] for cluster in results.clusters]
    return np.array([unit(near[rows].sum(axis=0)) for rows in members])


def test_the_output_keeps_its_contract(results):
    check_sound(results)


@pytest.mark.parametrize(
    ("value", "shape", "expected"),
    [
        ({"a": 1, "b": [0.5]}, {"a": int, "b": [float]}, True),
        ({"b": [0.5], "a": 1}, {"a": int, "b": [float]}, False),
        ({"a": 1, "b": [1]}, {"a": int, "b": [float]}, False),
        ({"a": True, "b": []}, {"a": int, "b": [float]}, False),
        ({"a": 1}, {"a": int, "b": [float]}, False),
        ({"any": None}, {str: int | None}, True),
        ({"any": "x"}, {str: int | None}, False),
    ],
)
def test_shapes_tell_right_from_wrong(value, shape, expected):
    assert fits(value, shape) is expected


def test_articles_are_those_expected(blog):
    articles = {row["path"]: row for row in blog.rows("articles")}
    for path, expected in EXPECTED["articles"].items():
        assert (articles[path]["title"], articles[path]["date"]) == (expected["title"], expected["date"])
        assert [*map(tag_key, articles[path]["tags"])] == [*map(tag_key, expected["tags"])]
    files = {path.relative_to(BLOG).as_posix() for path in BLOG.rglob("*.m*")}
    assert articles.keys() == files - EXPECTED["skipped"].keys() - EXPECTED["rejected"].keys()


def test_dates_are_iso_and_in_the_past(results):
    dates = [row["date"] for row in results.rows("articles") if row["date"]]
    assert len(dates) > 50
    assert all(dt.datetime.fromisoformat(date).date().isoformat() == date[:10] <= AS_OF for date in dates)


def test_a_tag_is_spelled_as_most_posts_spell_it(blog):
    read = [read_article(file, as_of=AS_OF) for file in list_posts(str(BLOG))]
    spelled = Counter(tag for post in read if isinstance(post, Article) for tag in post.tags)
    assert {"Python", "python", "Ｐｙｔｈｏｎ"} <= spelled.keys()
    shown = {tag for row in blog.rows("articles") for tag in row["tags"]}
    for tag in shown:
        assert spelled[tag] == max(count for other, count in spelled.items() if tag_key(other) == tag_key(tag))
    assert len(shown) == len({tag_key(tag) for tag in spelled})
    assert {tag["tag"] for row in blog.rows("tags") for tag in row["recommended"]} <= shown


def test_vectors_are_float32_lists(results):
    schema = pq.read_schema(results.folder / "data/vectors.parquet")
    assert schema.names == ["id", "vector"]
    assert schema.field("vector").type == pa.list_(schema.field("vector").type.value_field.with_type(pa.float32()))
    assert results.vectors.shape[1] == results.run["encoder"]["dim"]


def test_the_generated_posts_compare_fewer_dimensions_than_they_have(generated):
    assert generated.run["encoder"]["neighbor_dim"] == generated.near.shape[1] < generated.run["encoder"]["dim"]


def test_related_are_the_nearest_by_numpy(talk):
    results = talk
    ids, near = results.ids, results.near
    row_of = {id_: row for row, id_ in enumerate(ids)}
    cosines = near @ near.T
    for id_, row in results.similar_by_id().items():
        listed = row["related"]
        scores = [other["score"] for other in listed]
        assert not {other["id"] for other in listed} & copies_of(id_), "a copy is related"
        exact = cosines[row_of[id_]]
        np.testing.assert_allclose(scores, [exact[row_of[other["id"]]] for other in listed], atol=ROUNDING, rtol=0)
        best = np.sort([exact[other] for other in range(len(ids)) if ids[other] not in copies_of(id_)])[::-1]
        np.testing.assert_allclose(scores, best[best > ROUNDING][:4], atol=ROUNDING, rtol=0)
        assert scores == [round(score, 4) for score in scores]


def test_copies_leave_room_for_others(generated):
    assert all(len(generated.similar_by_id()[id_]["related"]) == 4 for id_ in COPIES[1])


def test_tags_are_scored_leaving_the_article_out(talk):
    results = talk
    ids, vectors, tags = results.ids, results.vectors, tags_of(results)
    keys = sorted(set().union(*tags.values()))
    sums = {key: sum(vectors[row] for row, id_ in enumerate(ids) if key in tags[id_]) for key in keys}
    carriers = Counter(tag for of in tags.values() for tag in of)
    recommended = results.by_id("tags")
    for row, id_ in enumerate(ids):
        exact = {}
        for key in keys:
            own = key in tags[id_]
            if carriers[key] > own:
                exact[key] = vectors[row] @ unit(sums[key] - own * vectors[row])
        listed = recommended[id_]["recommended"]
        scores = [tag["score"] for tag in listed]
        assert scores == sorted((round(score, 4) for score in scores), reverse=True)
        np.testing.assert_allclose(scores, [exact[tag_key(tag["tag"])] for tag in listed], atol=ROUNDING, rtol=0)
        best = np.array(sorted(exact.values(), reverse=True))
        np.testing.assert_allclose(scores, best[best > ROUNDING][:10], atol=ROUNDING, rtol=0)
        assert [tag["present"] for tag in listed] == [tag_key(tag["tag"]) in tags[id_] for tag in listed]


def test_members_are_in_their_nearest_cluster(results):
    centroids = centroids_of(results)
    cosines = dict(zip(results.ids, results.near @ centroids.T, strict=True))
    for number, cluster in enumerate(results.clusters):
        for member in cluster["members"]:
            assert member["score"] == pytest.approx(cosines[member["id"]][number], abs=1e-3)
            assert cosines[member["id"]][number] > cosines[member["id"]].max() - 1e-3
    sizes = [cluster["size"] for cluster in results.clusters]
    assert sizes == sorted(sizes, reverse=True)
    assert 1 < len(sizes) <= len(results.ids) ** 0.5


def test_clusters_list_the_tags_that_tell_them_from_others(results):
    tags = tags_of(results)
    carriers = Counter(tag for of in tags.values() for tag in of)
    for cluster in results.clusters:
        within = Counter(tag for member in cluster["members"] for tag in tags[member["id"]])
        for tag in cluster["tags"]:
            key = tag_key(tag["tag"])
            assert tag["score"] == pytest.approx(within[key] / cluster["size"], abs=1e-4)
            assert within[key] >= max(min(3, cluster["size"]), cluster["size"] / 10)
            assert tag["score"] > carriers[key] / len(tags)
        if cluster["tags"] and not cluster["words"]:
            assert cluster["name"].split(" · ")[0] in {tag["tag"] for tag in cluster["tags"]}


def test_the_dendrogram_is_scipys(results):
    expected = linkage(pdist(centroids_of(results), "cosine"), "ward", optimal_ordering=True)
    tree = results.json("data/dendrogram.json")
    rows = np.array([[merge[name] for name in ("left", "right", "height", "size")] for merge in tree["merges"]])
    np.testing.assert_allclose(rows[:, 2], expected[:, 2], atol=2e-3)
    assert rows[:, [0, 1, 3]].tolist() == expected[:, [0, 1, 3]].tolist()
    assert tree["leaf_order"] == leaves_list(expected).tolist()


def metrics_of(results):
    return {(row["measure"], row["method"]): row for row in results.json("data/metrics.json")["metrics"]}


def test_the_related_score_by_its_definition(talk):
    tags = tags_of(talk)
    scores = [
        discounted(dice(tags[row["id"]], tags[other["id"]]) for other in row["related"])
        for row in talk.similar()
        if tags[row["id"]]
    ]
    metrics = metrics_of(talk)
    mine = metrics["related dice@4", "text"]
    assert (mine["judged"], mine["in_use"]) == (len(scores), True)
    assert mine["value"] == pytest.approx(np.mean(scores), abs=ROUNDING)
    assert mine["low"] < mine["value"] < mine["high"]
    chance = metrics["related dice@4", "random"]
    assert 0 < chance["value"] < mine["value"]
    assert (chance["judged"], chance["in_use"]) == (len(scores), False)


def test_what_is_learned_is_better(results):
    metrics = metrics_of(results)
    learned, text = (metrics["related dice@4", method] for method in ("all but own tags", "text"))
    assert learned["value"] >= text["value"]
    assert (learned["in_use"], text["in_use"]) == (True, False)
    assert metrics["tags map@10", "blend"]["value"] >= metrics["tags map@10", "means"]["value"]


def test_the_tag_score_by_its_definition(results):
    articles, vectors, encoder = (
        results.rows("articles"),
        results.vectors,
        make_encoder(EncoderSpec("lsa", "1"), f"{results.folder}/model"),
    )
    tags = [{tag_key(tag) for tag in row["tags"]} for row in articles]
    tagged = [row for row in range(len(articles)) if tags[row]]
    oldest = sorted(
        tagged, key=lambda row: (articles[row]["date"] or articles[row]["path"].split("/")[-1], articles[row]["path"])
    )
    train, test = np.split(np.array(oldest), [len(oldest) * 500 // 602])
    means = tag_directions(vectors, tags, train)
    shown = {tag_key(tag): tag for row in articles for tag in row["tags"]}
    names = {key: encoder.encode([shown[key]])[0].astype(float) for key in means}
    popular = Counter(tag for row in train for tag in tags[row])

    def average_precision(row, scores):
        ranked = sorted(scores, key=lambda key: (-round(scores[key], 4), key))[:10]
        hits = [key in tags[row] for key in ranked]
        return sum(sum(hits[: at + 1]) / (at + 1) for at, hit in enumerate(hits) if hit) / min(10, len(tags[row]))

    expected = {
        "means": [average_precision(row, {key: vectors[row] @ mean for key, mean in means.items()}) for row in test],
        "names": [average_precision(row, {key: vectors[row] @ name for key, name in names.items()}) for row in test],
        "most popular": [average_precision(row, popular) for row in test],
    }
    metrics = {method: row for (measure, method), row in metrics_of(results).items() if measure == "tags map@10"}
    assert metrics.keys() == {*expected, "blend", "random"}
    assert {row["judged"] for row in metrics.values()} == {len(test)}
    assert [name for name, row in metrics.items() if row["in_use"]] == ["blend"]
    for name, precisions in expected.items():
        assert metrics[name]["value"] == pytest.approx(np.mean(precisions), abs=1e-3)
    assert metrics["random"]["value"] < metrics["means"]["value"]


def test_a_related_article_says_why(results):
    articles = results.by_id("articles")
    found = [(row["id"], other) for row in results.similar() for other in row["related"]]
    assert any(other["why"]["shared_tags"] for _, other in found)
    assert any(other["why"]["shared_words"] for _, other in found)
    row_of, near = {id_: row for row, id_ in enumerate(results.ids)}, results.near
    links = results.by_id("links")
    for id_, other in found:
        why = other["why"]
        assert 0 < other["score"] <= 1
        assert 0 <= why["titles"] <= 1
        assert why["links"] == links[other["id"]]["linked_by"] - (other["id"] in links[id_]["links"])
        dates = [articles[of]["date"] for of in (id_, other["id"])]
        days = [dt.date.fromisoformat(date[:10]) for date in dates if date]
        years = abs((days[0] - days[1]).days) / 365.25 if len(days) == 2 else None
        assert why["years"] == (years if years is None else pytest.approx(years, abs=1e-4))
        assert set(why["counted"]) <= {"text", "tags", "titles", "dates", "links"}
        assert why["text"] == pytest.approx(near[row_of[id_]] @ near[row_of[other["id"]]], abs=ROUNDING)
        assert why["recent"] is None
        common = set(articles[id_]["tags"]) & set(articles[other["id"]]["tags"])
        assert set(why["shared_tags"]) <= common
        assert len(why["shared_tags"]) == min(5, len(common))


def test_the_confidence_tells_who_shares_a_tag(blog):
    tags = tags_of(blog)
    pairs = [
        (other["confidence"], bool(tags[row["id"]] & tags[other["id"]]))
        for row in blog.similar()
        for other in row["related"]
        if tags[row["id"]] and tags[other["id"]]
    ]
    sure, shared = np.array(pairs).T
    assert shared[sure > 0.9].mean() > 0.9
    assert shared[sure > 0.9].mean() > shared[sure < 0.5].mean()


def test_coverage_counts_the_posts_of_the_last_year(results):
    whole, *by_cluster = results.rows("coverage")
    dates = [row["date"] for row in results.rows("articles") if row["date"]]
    newest = max(date[:10] for date in dates)
    assert whole["since"] == f"{int(newest[:4]) - 1}{newest[4:]}"
    assert (whole["newer"], whole["older"]) == (
        sum(date >= whole["since"] for date in dates),
        sum(date < whole["since"] for date in dates),
    )
    assert [row["cluster"] for row in by_cluster] == [cluster["number"] for cluster in results.clusters]
    assert [row["name"] for row in by_cluster] == [cluster["name"] for cluster in results.clusters]
    assert sum(row["newer"] for row in by_cluster) == whole["newer"]


def test_tag_issues_are_ranked_and_name_what_is_there(blog):
    issues = blog.rows("tag_issues")
    assert {"once", "variant"} <= {issue["kind"] for issue in issues}
    spelled = next(issue for issue in issues if "Ｐｙｔｈｏｎ" in issue["tags"])
    assert (spelled["kind"], set(spelled["tags"])) == ("variant", {"python", "Python", "Ｐｙｔｈｏｎ"})
    for kind in {issue["kind"] for issue in issues}:
        ranks = [issue["rank"] for issue in issues if issue["kind"] == kind]
        assert ranks == list(range(1, len(ranks) + 1))
    used = Counter(tag for tags in tags_of(blog).values() for tag in tags)
    once = {tag_key(issue["tags"][0]) for issue in issues if issue["kind"] == "once"}
    assert once == {tag for tag, count in used.items() if count == 1}


def runs_of(path):
    """All runs of five words of a post in plain words."""
    lines = path.read_text(encoding="utf-8").split("---", 2)[2].splitlines()
    text = " ".join(line for line in lines if not line.startswith("#"))
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


def test_duplicates_are_listed(blog):
    exact, near = blog.rows("duplicates")
    assert exact == {"left": "2021/wheel-truing", "right": "notes/wheel-truing-evening", "score": 1.0, "exact": True}
    assert (near["left"], near["right"], near["exact"]) == ("2023/lens-cutoff", "2024/lens-cutoff-revised", False)
    left, right = (runs_of(BLOG / f"{near[side]}.md") for side in ("left", "right"))
    assert near["score"] == pytest.approx(len(left & right) / min(len(left), len(right)), abs=ROUNDING)


def test_many_copies_are_paired_with_the_first(generated):
    first, *others = sorted(COPIES[1])
    near = [{"left": "2010/post-0", "right": copy, "score": 1.0, "exact": False} for copy in (first, *others)]
    assert generated.rows("duplicates") == [
        *near,
        *({"left": first, "right": other, "score": 1.0, "exact": True} for other in others),
    ]


def test_what_is_left_out_is_listed(blog):
    skipped = {row["path"]: row["kind"] for row in blog.rows("skipped")}
    assert skipped == EXPECTED["skipped"]
    rejected = {row["path"]: row for row in blog.rows("rejected")}
    assert rejected.keys() == EXPECTED["rejected"].keys()
    for path, expected in EXPECTED["rejected"].items():
        words = {"not-a-mapping": "not a mapping", "encoding": "UTF-8"}.get(expected["kind"], expected["kind"].upper())
        assert words in rejected[path]["reason"]
        assert expected["line"] in (rejected[path]["line"], None)
    for table in ("skipped", "rejected"):
        paths = [row["path"] for row in blog.rows(table)]
        assert paths == sorted(paths)
    assert blog.run["counts"] == {
        "read": len(list(BLOG.rglob("*.m*"))),
        "parsed": len(blog.ids),
        "rejected": len(EXPECTED["rejected"]),
        "skipped": dict(sorted(Counter(EXPECTED["skipped"].values()).items())),
    }


def test_two_posts_with_one_id_are_told_apart(blog):
    (collision,) = blog.rows("collisions")
    assert (collision["path"], collision["wanted"]) == ("2020/same.md", "2020/same")
    assert collision["given"] != collision["wanted"]
    paths = {row["id"]: row["path"] for row in blog.rows("articles")}
    assert (paths["2020/same"], paths[collision["given"]]) == ("2020/same.markdown", "2020/same.md")


def test_the_digest_follows_from_the_tables(results):
    run = results.run
    hashes = {name: hashlib.sha256(results.files()[table["file"]]).hexdigest() for name, table in run["tables"].items()}
    assert {name: table["sha256"] for name, table in run["tables"].items()} == hashes
    assert {table["file"] for table in run["tables"].values()} == {
        file for file in results.files() if file.startswith("data/")
    }
    rounded = sorted([name, hash_] for name, hash_ in hashes.items() if name not in ("vectors", "map", "changes"))
    assert run["digest"] == hashlib.sha256(json.dumps(rounded).encode()).hexdigest()
    assert run["tables"]["articles"]["rows"] == run["tables"]["vectors"]["rows"] == len(results.ids)


def test_the_run_says_how_it_was_made(blog):
    run = blog.run
    assert run["config"]["as_of"] == AS_OF
    assert run["config"]["input"] == [str(BLOG)]
    assert run["encoder"]["id"] == f"lsa-{run['encoder']['version']}-{run['encoder']['digest'][:12]}"
    assert run["encoder"]["digest"] == make_encoder(EncoderSpec("lsa", "1"), f"{blog.folder}/model").info.digest
    stages = run["stages"]
    assert {
        "read",
        "fit encoder",
        "encode",
        "find candidates",
        "rank related",
        "recommend tags",
        "fit clusters",
        "evaluate",
        "render",
    } <= set(stages)
    assert stages["read"]["items"] == run["counts"]["read"]
    assert stages["rank related"]["items"] == run["counts"]["parsed"]
    assert all(stage["peak_mb"] > 10 for stage in stages.values())
    assert 0 < sum(stage["seconds"] for stage in stages.values()) < 600
    assert run["counters"]["posts_parsed"] == run["counts"]["parsed"]
    assert "searched_cells" not in run["counters"], "an exact search knows no cells"


def test_the_pages_show_the_results(blog):
    page, summary = html.unescape(blog.text("report.html")), blog.text("summary.md")
    assert all(row["title"] in page for row in blog.rows("articles"))
    assert all(cluster["name"] in page for cluster in blog.clusters)
    assert all(row["path"] in page for table in ("rejected", "skipped", "collisions") for row in blog.rows(table))
    assert summary.splitlines()[0] == "## Postkin: Blog"  # the folder of the posts has a usual name
    assert f"{len(blog.ids)} posts" in summary
