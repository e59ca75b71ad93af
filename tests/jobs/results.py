"""Running the job, reading what it wrote, and what its output must look like."""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from jobs.report import command
from transforms.output.layout import STATE_FILES

ROOT = Path(__file__).parents[2]
BLOG = ROOT / "tests" / "data" / "blog"
EXPECTED = json.loads((ROOT / "tests" / "data" / "expected.json").read_text(encoding="utf-8"))
AS_OF = "2026-01-01"
USUAL = ("--as-of", AS_OF, "--lang", "en", "--quiet", "--map", "pca")
"""Flags of runs that do not ask for others: the map is the one that takes least time."""
ROUNDING = 0.5e-4 + 2e-6
"""How far a score of 4 decimals may be from the exact one."""

SCORED = [{"id": str, "score": float}]
TAG_FIGURES = [{"tag": str, "posts": int, "probability": float | None}]
METRICS = [
    {
        "measure": str,
        "method": str,
        "value": float | None,
        "judged": int,
        "in_use": bool,
        "low": float | None,
        "high": float | None,
    }
]


class Unless(dict):
    """The shape of an object that rows lack where there is nothing to say."""


class OrLacking(tuple):
    """The shape of a value, in a tuple, that rows lack where there is nothing to say."""


CONTRACT = {
    "data/articles.jsonl": {
        "id": str,
        "path": str,
        "title": str,
        "date": str | None,
        "tags": [str],
        "categories": [str],
        "lede": str,
        "headings": [str],
        "language": str | None,
        "url": str | None,
        "thumbnail": str | None,
        "views": int | None,
        "blob": str,
        "address": str | None,
    },
    "data/related.jsonl": {
        "id": str,
        "related": [
            {
                "id": str,
                "score": float,
                "confidence": float | None,
                "why": {
                    "text": float | None,
                    "tags": float | None,
                    "titles": float | None,
                    "years": float | None,
                    "links": int | None,
                    "recent": float | None,
                    "counted": [str],
                    "shared_tags": [str],
                    "shared_words": [str],
                    "readers": OrLacking((float,)),
                    "read_together": OrLacking((int,)),
                },
                "kind": str,
                "sure_of": str | None,
            }
        ],
    },
    "data/tags.jsonl": {"id": str, "recommended": [{"tag": str, "score": float, "present": bool}]},
    "data/proposed_tags.jsonl": {
        "rank": int,
        "tag": str,
        "also": [str],
        "posts": int,
        "mentions": int,
        "titles": int,
        "times": float,
        "score": float,
        "articles": [str],
    },
    "data/clusters.json": {
        "k": int,
        "clusters": [
            {
                "number": int,
                "name": str,
                "size": int,
                "tags": [{"tag": str, "score": float}],
                "articles": SCORED,
                "members": SCORED,
                "words": [{"word": str, "score": float}],
                "previous": Unless(number=int, shared=int, was=str),
            }
        ],
    },
    "data/members.jsonl": {"id": str, "cluster": int, "score": float},
    "data/dendrogram.json": {
        "clusters": [int],
        "merges": [{"left": int, "right": int, "height": float, "size": int}],
        "leaf_order": [int],
    },
    "data/tag_tree.json": {
        "tags": [str],
        "posts": [int],
        "merges": [{"left": int, "right": int, "height": float, "size": int}],
        "leaf_order": [int],
    },
    "data/map.jsonl": {"id": str, "method": str, "x": float, "y": float},
    "data/links.jsonl": {"id": str, "links": [str], "linked_by": int},
    "data/suggested_links.jsonl": {
        "id": str,
        "target": str,
        "sentence": str,
        "anchor": str,
        "score": float,
        "first": bool,
    },
    "data/unresolved_links.jsonl": {
        "id": str,
        "href": str,
        "kind": str,
        "line": int | None,
        "nearest": str | None,
    },
    "data/translations.jsonl": {
        "id": str,
        "language": str,
        "original": str,
        "translations": [{"language": str, "id": str}],
        "missing": [str],
        "outdated": bool,
    },
    "data/thumbnails.jsonl": {"id": str, "image": str},
    "data/duplicates.jsonl": {"left": str, "right": str, "score": float, "exact": bool},
    "data/metrics.json": {"metrics": METRICS},
    "data/coverage.jsonl": {
        "cluster": int | None,
        "name": str,
        "since": str,
        "newer": int,
        "older": int,
        "density": float | None,
        "coverage": float | None,
    },
    "data/tag_issues.jsonl": {
        "kind": str,
        "rank": int,
        "tags": [str],
        "posts": int,
        "score": float | None,
        "shown": bool,
        "articles": [str],
        "evidence": {
            "tags": TAG_FIGURES,
            "likeness": str | None,
            "similarity": ({"across": float, "within": float, "chance": float, "both": int}, None),
            "fit": ({"judged": int, "mean": float, "best": float, "rate": float}, None),
            "lacking": TAG_FIGURES,
        },
    },
    "data/rejected.jsonl": {"path": str, "line": int | None, "reason": str},
    "data/skipped.jsonl": {"path": str, "kind": str, "reason": str},
    "data/notes.jsonl": {"path": str, "line": int | None, "field": str, "given": str, "done": str},
    "data/collisions.jsonl": {"path": str, "wanted": str, "given": str, "kind": str},
    "data/changes.jsonl": {"kind": str, "id": str, "before": [str], "after": [str], "cause": str | None},
    "data/also_read.jsonl": {"id": str, "readers": int, "also": [{"id": str, "score": float, "readers": int}]},
    "data/next.json": {"method": str, "half_life": float, "weights": {str: object}},
    "data/reader_themes.json": {
        "readers": int,
        "themes": [
            {
                "number": int,
                "name": str,
                "size": int,
                "share": float,
                "tags": [{"tag": str, "score": float}],
                "articles": [{"id": str, "score": float}],
                "over_read": [{"id": str, "lift": float, "readers": int}],
                "months": [{"month": str, "share": float}],
            }
        ],
        "others": int,
    },
    "data/reading_gaps.json": {
        "unexplained": [{"first": str, "then": str, "score": float, "readers": int, "cosine": float}],
        "unread": [{"left": str, "right": str, "cosine": float}],
        "overlooked": [{"id": str, "readers": int}],
    },
    "run.json": {
        "version": str,
        "format": int,
        "config": {str: object},
        "site": {"generator": str | None, "url": str | None, "language": str | None, "languages": [str]},
        "encoder": {"id": str, "name": str, "version": str, "digest": str, "dim": int, "neighbor_dim": int},
        "encoding": {"texts": int, "cut": int, "cache_hits": int, "cache_misses": int},
        "search": {"method": str, "cells": int | None, "nprobe": int | None, "recall": float},
        "tag_trial": {
            "intercept": float,
            "slope": float,
            "least": float,
            "posts": int,
            "shown": int,
            "right": int,
        },
        "since": (
            {"posts": int, "newest": str | None, "tag_issues": int, "broken_links": int, "metrics": METRICS},
            None,
        ),
        "themes": {"followed": bool, "objective": float, "objective_anew": float | None, "next": int},
        "counts": {"read": int, "parsed": int, "rejected": int, "skipped": {str: int}},
        "other_files": {str: int},
        "links": {"found": int, "broken": int, "skipped": int, "ambiguous": int, "other": int, "page": int},
        "notes": {str: int},
        "languages": {str: int},
        "translations": {str: {"posts": int, "missing": int, "outdated": int}},
        "readings": {
            "files": int,
            "formats": [str],
            "rows": int,
            "reads": int,
            "dropped": {str: int},
            "faults": [{"file": str, "line": int, "reason": str}],
            "readers": int,
            "readers_of_several": int,
            "visits": int,
            "since": str | None,
            "until": str | None,
            "least_readers": int,
            "published": bool,
            "next": (
                {
                    "method": str,
                    "penalty": float,
                    "weights": {str: object},
                    "trials": {str: {"recall": float, "ndcg": float}},
                    "judged": int,
                    "said": float | None,
                    "true": float | None,
                },
                None,
            ),
        },
        "warnings": [{"code": str, "count": int, "of": int, "names": [str]}],
        "tables": {str: {"file": str, "rows": int, "sha256": str}},
        "digest": str,
        "to_do": {str: int},
        "stages": {str: {"items": int, "seconds": float, "peak_mb": int}},
        "counters": {str: int},
        "distributions": {str: {"count": int, "sum": int, "min": int, "max": int}},
    },
}
"""The shape of every JSON document, or of every line of a JSON Lines file; a key `str` stands for any keys."""
ARRAYS_OF_READINGS = ("data/next.parquet", "data/reading_vectors.parquet")
FILES_OF_READINGS = (
    *("data/also_read.jsonl", "data/next.json", "data/reader_themes.json", "data/reading_gaps.json"),
    *ARRAYS_OF_READINGS,
)
OF_READINGS = (*FILES_OF_READINGS, "readings")
"""The files and the field that those runs alone have that were given reading logs."""
OTHER_FILES = (
    *ARRAYS_OF_READINGS,
    *("data/vectors.parquet", "model/model.json", "model/model.npz", "report.html", "summary.md", *STATE_FILES),
)


class Results:
    """What a run wrote into its output folder."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def json(self, file):
        return json.loads(self.text(file))

    def rows(self, table):
        return [json.loads(line) for line in self.text(f"data/{table}.jsonl").splitlines()]

    def similar(self):
        """The rows of related.jsonl, without what the articles' clusters feature."""
        return [
            row | {"related": [other for other in row["related"] if other["kind"] == "similar"]}
            for row in self.rows("related")
        ]

    def similar_by_id(self):
        return {row["id"]: row for row in self.similar()}

    @property
    def methods_in_use(self):
        """The methods in use by measure, clusterings apart."""
        metrics = self.json("data/metrics.json")["metrics"]
        return [row["method"] for row in metrics if row["in_use"] and not row["method"].startswith("k = ")]

    def by_id(self, table):
        return {row["id"]: row for row in self.rows(table)}

    def text(self, file):
        return (self.folder / file).read_text(encoding="utf-8")

    @property
    def run(self):
        return self.json("run.json")

    @property
    def clusters(self):
        return self.json("data/clusters.json")["clusters"]

    @property
    def ids(self):
        return pq.read_table(self.folder / "data/vectors.parquet")["id"].to_pylist()

    @property
    def vectors(self):
        return np.array(pq.read_table(self.folder / "data/vectors.parquet")["vector"].to_pylist())

    @property
    def near(self):
        """The vectors that neighbours and clusters compare."""
        return unit(self.vectors[:, : self.run["encoder"]["neighbor_dim"]])

    def files(self):
        """Every file's bytes, by path."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}


def postkin(posts, output, *flags):
    """Run the job quietly on a folder of posts; fails when it does."""
    assert command.main(["--input", str(posts), "--output", str(output), *USUAL, *flags]) == 0
    return Results(output)


def seal(folder, file):
    """Make run.json describe a table's file as it is."""
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (described,) = (table for table in run["tables"].values() if table["file"] == file)
    described["sha256"] = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")


def unmapped(posts, output, *flags):
    """Run the job likewise, without a map."""
    return postkin(posts, output, "--map", "none", *flags)


def write_posts(folder, posts):
    """Write posts given as texts by path."""
    for path, text in posts.items():
        file = Path(folder, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def unit(matrix):
    norms = np.linalg.norm(matrix, axis=-1, keepdims=True)
    return matrix / np.where(norms == 0, 1, norms)


def fits(value, shape):
    """Tell whether a JSON value has a shape of CONTRACT, with its keys in their order and no others.

    A shape in a pair with None may be null.
    """
    if isinstance(shape, OrLacking):
        return fits(value, shape[0])
    if isinstance(shape, tuple):
        return value is None or fits(value, shape[0])
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    if isinstance(shape, dict):
        if str in shape:
            return isinstance(value, dict) and all(fits(item, shape[str]) for item in value.values())
        return (
            isinstance(value, dict)
            and list(value)
            == [
                key
                for key in shape
                if key in value or not (isinstance(shape[key], Unless | OrLacking) or key in OF_READINGS)
            ]
            and all(fits(value[key], shape[key]) for key in value)
        )
    return isinstance(value, shape) and (not isinstance(value, bool) or shape in (bool, object))


def check_sound(results):
    """Assert what holds of the results of any corpus."""
    files = results.files()
    lacking = () if "readings" in results.run else OF_READINGS
    assert set(files) == {*CONTRACT, *OTHER_FILES} - {*lacking}
    for file, shape in ((file, shape) for file, shape in CONTRACT.items() if file in files):
        for value in (
            map(json.loads, files[file].splitlines()) if file.endswith(".jsonl") else [json.loads(files[file])]
        ):
            assert fits(value, shape), (file, value)

    ids = results.ids
    assert ids == sorted(set(ids)), "ids are not sorted, or stand twice"
    for table in ("articles", "related", "tags", "members", "links"):
        assert [row["id"] for row in results.rows(table)] == ids
    lengths = np.linalg.norm(results.vectors, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))
    for row in results.similar():
        others = [other["id"] for other in row["related"]]
        assert row["id"] not in others
        assert len(others) == len(set(others)) <= 4
        assert set(others) <= set(ids)
        assert row["related"] == sorted(row["related"], key=lambda other: (-other["score"], other["id"]))
        assert all(0 <= (other["confidence"] or 0) <= 1 for other in row["related"])
    for row in results.rows("tag_issues"):
        assert set(row["articles"]) <= set(ids)
        assert [figures["tag"] for figures in row["evidence"]["tags"]] == row["tags"]

    check_clusters(results)
    counts = results.run["counts"]
    assert counts["parsed"] == len(ids)
    assert counts["rejected"] == len(results.rows("rejected"))
    assert sum(counts["skipped"].values()) == len(results.rows("skipped"))
    assert counts["read"] == counts["parsed"] + counts["rejected"] + sum(counts["skipped"].values())
    for metric in results.json("data/metrics.json")["metrics"]:
        assert (metric["value"] is None) == (metric["judged"] == 0)
        least = -1 if metric["measure"] == "clusters silhouette" else 0
        assert metric["value"] is None or least <= metric["value"] <= 1
        assert metric["low"] is None or metric["low"] <= metric["value"] <= metric["high"]
    assert len(files["summary.md"]) < 65_536
    assert results.run["digest"] in files["report.html"].decode()


def check_clusters(results):
    clusters, asked = results.clusters, results.run["config"]["clusters"]
    most = max(1, math.isqrt(len(results.ids))) if asked == "auto" else asked
    assert results.json("data/clusters.json")["k"] == len(clusters) <= most
    numbers, themes = [cluster["number"] for cluster in clusters], results.run["themes"]
    if themes["followed"]:
        assert numbers == sorted(set(numbers))
        assert 0 < numbers[0] <= numbers[-1] < themes["next"]
    else:
        first = themes["next"] - len(numbers)
        assert numbers == list(range(first, themes["next"]))
        assert first == 1 or results.run["config"]["previous"]
    assert all(("previous" in cluster) == themes["followed"] for cluster in clusters)
    assert len({cluster["name"].split(" · ")[0].casefold() for cluster in clusters}) == len(clusters)
    assert sorted(member["id"] for cluster in clusters for member in cluster["members"]) == results.ids
    for cluster in clusters:
        assert cluster["size"] == len(cluster["members"]) > 0
        assert cluster["members"] == sorted(cluster["members"], key=lambda member: (-member["score"], member["id"]))
        assert cluster["articles"] == cluster["members"][:4]
    assert {(row["id"], row["cluster"], row["score"]) for row in results.rows("members")} == {
        (member["id"], cluster["number"], member["score"]) for cluster in clusters for member in cluster["members"]
    }
    tree = results.json("data/dendrogram.json")
    assert tree["clusters"] == [cluster["number"] for cluster in clusters]
    assert sorted(tree["leaf_order"]) == list(range(len(clusters)))
    assert len(tree["merges"]) == max(0, len(clusters) - 1)


def dice(left, right):
    return 2 * len(left & right) / (len(left) + len(right))


def discounted(values, k=4):
    """The mean of k values (missing ones are 0) that weighs rank r with 1 / log2(r + 1)."""
    padded = [*values, *[0] * k][:k]
    weights = [1 / math.log2(rank + 1) for rank in range(1, k + 1)]
    return sum(weight * value for weight, value in zip(weights, padded, strict=True)) / sum(weights)
