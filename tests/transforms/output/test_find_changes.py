from dataclasses import replace

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.output.test_changes import POST, changes, issue, related, theme
from transforms.output import find_changes
from transforms.output.changes import COMPARED_TABLES
from transforms.output.find_changes import FindChanges
from transforms.output.stored import StoredFile
from transforms.previous import NO_PREVIOUS, PreviousRun
from transforms.results import UnresolvedLink

BEFORE = {
    "articles": [replace(POST, id=id_) for id_ in "abcd"],
    "related": [related("a", "b"), related("b", "c"), related("c", "d"), related("d", "a")],
    "clusters": [theme(1, "tea", 4)],
    "tag_issues": [issue("once", ("green",), "a")],
    "unresolved_links": [UnresolvedLink("a", "/x", "broken")],
}
NOW = {
    "articles": [POST, replace(POST, id="b", title="Pots"), *(replace(POST, id=id_, tags=("leaf",)) for id_ in "ce")],
    "related": [related("a", "c"), related("b", "a"), related("c", "e"), related("e", "a")],
    "clusters": [theme(1, "leaf", 3)],
    "tag_issues": [],
    "unresolved_links": [UnresolvedLink("b", "/y", "broken")],
}


class Run:
    """A stored run, each row of a table in a file of its own."""

    def files(self, table):
        return tuple(StoredFile(str(row), "") for row in range(len(BEFORE[table])))

    def all_records(self, table, file):
        return iter([BEFORE[table][int(file.file)]])


@pytest.mark.parametrize("previous", [PreviousRun("0" * 64), NO_PREVIOUS])
def test_the_transform_finds_what_the_functions_find(previous, monkeypatch):
    monkeypatch.setattr(find_changes, "open_run", lambda _: Run())
    rows = [[row for table in COMPARED_TABLES for row in of[table]] for of in (BEFORE, NOW)]
    expected = changes(*rows) if previous.is_there else []
    causes = {change.id: change.cause for change in expected if change.kind == "related-changed"}
    assert not expected or causes == {"a": "changed", "b": "itself", "c": "itself"}
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        tables = {table: pipeline | table >> beam.Create(NOW[table]) for table in COMPARED_TABLES}
        the_previous = beam.pvalue.AsSingleton(pipeline | "Run" >> beam.Create([previous]))
        assert_that(tables | FindChanges("folder", the_previous), equal_to(expected))
