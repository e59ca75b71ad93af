"""What is compared of a run's folder, against the records that were written there."""

import hashlib
import json

import pytest

from transforms.encoders.registry import ENCODERS
from transforms.output.compared_runs import ComparedRun, Cost, load_compared
from transforms.output.json_lines import table_line
from transforms.output.layout import FORMAT, table_file
from transforms.output.stored import LoadError
from transforms.output.tables import table_text
from transforms.results import Metric, Related, RelatedArticle, Why

WHY = Why(text=0.5)
METRICS = [
    Metric("related dice@4", "text", 0.25, 3),
    Metric("related dice@4", "random", None, 0, in_use=True),
    Metric("clusters silhouette", "k = 2", -0.125, 3),
]
RELATED = [
    Related("a", tuple(RelatedArticle(id_, 0.5, None, WHY) for id_ in "bcdef")),
    Related("b", (RelatedArticle("c", 0.5, 0.5, WHY, "newest_in_cluster"), RelatedArticle("a", 0.5, None, WHY))),
    Related("c", ()),
]


def write(folder, shards=1, **change):
    """Write what is compared of a run, its related articles in so many shards."""
    tables = {"metrics": write_file(folder, table_file("metrics"), "metrics", METRICS)}
    parts = [
        write_file(folder, table_file("related", shard, shards), "related", RELATED[shard::shards])
        for shard in range(shards)
    ]
    tables["related"] = parts[0] if shards == 1 else {"rows": len(RELATED), "shards": parts}
    run = {
        "format": FORMAT,
        "config": {"encoder": "lsa", "text": ["title", "body"], "more": None},
        "encoder": {"id": "lsa-1-abc", "dim": 320},
        "counts": {"read": 4, "parsed": 3},
        "digest": "d",
        "stages": {"read": {"items": 4, "seconds": 0.5, "peak_mb": 100}},
        "tables": tables,
    }
    (folder / "run.json").write_text(json.dumps({**run, **change}), encoding="utf-8")


def write_file(folder, file, table, records):
    content = table_text(table, [table_line(table, record) for record in records]).encode()
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_bytes(content)
    return {"file": file, "rows": len(records), "sha256": hashlib.sha256(content).hexdigest()}


@pytest.mark.parametrize("shards", [1, 2, 3])
def test_what_is_compared(tmp_path, shards):
    write(tmp_path, shards)
    assert load_compared(str(tmp_path), "one") == ComparedRun(
        name="one",
        encoder="lsa-1-abc",
        parts=("title", "body"),
        dim=320,
        posts=3,
        digest="d",
        metrics={
            ("related dice@4", "text"): 0.25,
            ("related dice@4", "random"): None,
            ("clusters silhouette", "k = 2"): -0.125,
        },
        in_use={"related dice@4": "random"},
        stages={"read": Cost(0.5, 100.0)},
        related={"a": ("b", "c", "d", "e"), "b": ("a",), "c": ()},
    )


def test_an_encoder_reads_what_its_kind_reads(tmp_path):
    write(tmp_path, config={"encoder": "lsa", "text": []})
    assert load_compared(str(tmp_path), "").parts == tuple(ENCODERS["lsa"].parts)


def test_a_post_in_two_shards(tmp_path):
    write(tmp_path, 2)
    run = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    run["tables"]["related"]["shards"] *= 2
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")
    with pytest.raises(LoadError, match="has 'a' twice"):
        load_compared(str(tmp_path), "")
