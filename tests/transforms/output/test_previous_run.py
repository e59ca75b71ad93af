"""What a run takes from an earlier one, and what is no earlier run."""

import hashlib
import json

import pytest

from transforms.output.layout import FORMAT, TABLES, table_file
from transforms.output.previous_run import find_previous
from transforms.previous import PreviousRun, PreviousTheme
from transforms.results import (
    Before,
    Cluster,
    Neighbor,
    Related,
    RelatedArticle,
    ScoredTag,
    ScoredWord,
    Why,
    as_row,
)

DIGEST = "0" * 64
CLUSTERS = {
    "k": 2,
    "clusters": [
        as_row(Cluster(1, "tea · pots", 1, (ScoredTag("tea", 0.5),), (), ())),
        as_row(Cluster(4, "rail", 1, (), (), (), (ScoredWord("rail", 1.0),))),
    ],
}
MEMBERS = [{"id": "a", "cluster": 1, "score": 0.5}, {"id": "b", "cluster": 4, "score": 1.0}]
POINTS = [{"id": "a", "method": "pca", "x": 1.0, "y": -0.5}, {"id": "a", "method": "tsne", "x": 0, "y": 0.25}]
RELATED = [
    as_row(
        Related(
            "a",
            (
                RelatedArticle("b", 0.5, 0.5, Why(0.5)),
                RelatedArticle("c", 0.9, None, Why(0.9), "newest_in_cluster"),
            ),
        )
    )
]


def stored(folder, clusters=CLUSTERS, members=MEMBERS, points=POINTS, related=RELATED, **run):
    """Write a run of four tables, and its run.json."""
    lines = {"members": members, "map": points, "related": related}
    texts = {table: "".join(f"{json.dumps(row)}\n" for row in rows) for table, rows in lines.items()}
    texts |= {"clusters": json.dumps(clusters), "metrics": '{"metrics": []}'}
    described = {}
    (folder / "data").mkdir(parents=True)
    for table in TABLES:
        content = texts.get(table, "").encode()
        (folder / table_file(table)).write_bytes(content)
        described[table] = {"file": table_file(table), "sha256": hashlib.sha256(content).hexdigest()}
    whole = {"format": FORMAT, "digest": DIGEST, "counts": {"parsed": 2}, "tables": described}
    whole |= {"themes": {"next": 9}, "config": {"clusters": "auto"}}
    (folder / "run.json").write_text(json.dumps(whole | run))
    return str(folder)


def test_what_a_run_takes_from_the_one_before(tmp_path):
    assert find_previous(stored(tmp_path / "run")) == PreviousRun(
        digest=DIGEST,
        themes=(PreviousTheme(1, "tea · pots", tags=("tea",)), PreviousTheme(4, "rail", words=("rail",))),
        next_theme=9,
        members={"a": 1, "b": 4},
        points={"pca": {"a": (1.0, -0.5)}, "tsne": {"a": (0.0, 0.25)}},
        related={"a": (Neighbor("b", 0.5),)},
        before=Before(0, None, 0, 0, ()),
    )


def test_the_next_theme_and_the_number_asked_for(tmp_path):
    previous = find_previous(stored(tmp_path / "run", themes={"next": 3}, config={"clusters": 12}))
    assert (previous.next_theme, previous.asked) == (5, 12)
    assert previous.has_themes(None)
    assert previous.has_themes(2)
    assert previous.has_themes(12)
    assert not previous.has_themes(3)


def test_of_a_large_run_it_takes_a_sample(tmp_path):
    members = [{"id": str(n), "cluster": 1, "score": 0.5} for n in range(400)]
    previous = find_previous(stored(tmp_path / "run", members=members, counts={"parsed": 200_000}))
    assert 60 < len(previous.members) < 140
    assert previous.related == {}


def without(row, field):
    return {name: value for name, value in row.items() if name != field}


DAMAGED = {
    "a digest of other signs": {"digest": "<b>" * 21 + "x"},
    "no digest": {"digest": None},
    "no number of files": {"counts": {}},
    "no tables": {"tables": {}},
    "no next theme": {"themes": {}},
    "a next theme beyond all": {"themes": {"next": 10**9}},
    "themes in words": {"config": {"clusters": "ten"}},
    "a table elsewhere": {"tables": {"members": {"file": "../../run.json", "sha256": "0"}}},
    "a post twice": {"members": [*MEMBERS, MEMBERS[0]]},
    "a theme twice": {"clusters": {"clusters": [CLUSTERS["clusters"][0]] * 2}},
    "a theme that is not there": {"members": [*MEMBERS, {"id": "c", "cluster": 2, "score": 0.0}]},
    "theme 0": {"clusters": {"clusters": [*CLUSTERS["clusters"], CLUSTERS["clusters"][0] | {"number": 0}]}},
    "theme 10^7": {"clusters": {"clusters": [*CLUSTERS["clusters"], CLUSTERS["clusters"][0] | {"number": 10**7}]}},
    "a theme without a name": {"clusters": {"clusters": [without(CLUSTERS["clusters"][0], "name")]}},
    "no themes": {"clusters": []},
    "a place off the map": {"points": [POINTS[0] | {"x": 1.5}]},
    "an unknown map": {"points": [POINTS[0] | {"method": "som"}]},
    "a place twice": {"points": [POINTS[0], POINTS[0]]},
    "a related post without a score": {"related": [{"id": "a", "related": [{"id": "b", "kind": "similar"}]}]},
    "related posts twice": {"related": RELATED * 2},
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_run_is_none(tmp_path, case):
    assert find_previous(stored(tmp_path / "run", **DAMAGED[case])) == PreviousRun(problem="previous_damaged")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"members": NaN}', b"[" * 100_000])
@pytest.mark.parametrize("file", ["run.json", "data/members.jsonl"])
def test_files_that_are_not_as_a_run_writes_them(tmp_path, file, content):
    folder = stored(tmp_path / "run")
    (tmp_path / "run" / file).write_bytes(content)
    assert find_previous(folder).problem in ("previous_damaged", "previous_format")


def test_a_table_that_is_missing(tmp_path):
    folder = stored(tmp_path / "run")
    (tmp_path / "run" / "data/map.jsonl").unlink()
    assert find_previous(folder) == PreviousRun(problem="previous_damaged")


def test_no_run_at_all_and_one_of_another_format(tmp_path):
    (tmp_path / "file").touch()
    for place in ("nowhere", "file", ""):
        assert find_previous(str(tmp_path / place)) == PreviousRun(problem="previous_missing")
    for format_ in (1, 3, None, "2"):
        folder = stored(tmp_path / str(format_), format=format_)
        assert find_previous(folder) == PreviousRun(problem="previous_format")
