"""Reading logs in a pipeline: rows become reads of posts, and these the histories of readers without a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PBegin, PCollection, TaggedOutput
from apache_beam.transforms.window import GlobalWindows

from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import count, log, measured
from transforms.plumbing.printable import printable
from transforms.readings.addresses import NO_POST, PostAddresses, PostFinder
from transforms.readings.files import Log, LogError, LogReader, list_logs
from transforms.readings.page_view import PageView
from transforms.readings.privacy import Pseudonyms, make_key
from transforms.readings.tally import Tally
from transforms.readings.visits import History, Read, Reads, history_of, join_reads, put_together

AT_ONCE = 400_000
"""So many reads are put together before they are passed on."""


class ReadLogs(NamedTuple):
    """What came of logs: readers' histories, and Tallies of parts of them."""

    histories: PCollection[History]
    tallies: PCollection[Tally]


@dataclass(eq=False, repr=False)
class ReadHistories(Composite):
    """The start of a pipeline -> ReadLogs of the files that `patterns` name; `addresses` are a PostAddresses.

    Nothing of a reader leaves the worker that reads a file but a hash, by a key that is made here and kept nowhere
    but in this transform.
    """

    patterns: Sequence[str]
    reader: LogReader
    addresses: AsSingleton
    pseudonyms: Pseudonyms = field(default_factory=lambda: Pseudonyms(make_key()))

    def expand(self, begin: PBegin) -> ReadLogs:
        """List, spread over the workers, read, group by reader, cut into visits."""
        read = (
            begin
            | "Patterns" >> beam.Create([tuple(self.patterns)], reshuffle=False)
            | "ListLogs" >> beam.FlatMap(list_logs)
            | "SpreadLogs" >> beam.Reshuffle()
            | "ReadLog"
            >> beam.ParDo(_ReadLog(self.reader, self.pseudonyms), self.addresses).with_outputs(_TALLY, main=_READS)
        )
        found = (
            read[_READS]
            | "ByReader" >> beam.GroupByKey()
            | "Histories" >> beam.ParDo(_Histories()).with_outputs(_TALLY, main=_READS)
        )
        return ReadLogs(found[_READS], (read[_TALLY], found[_TALLY]) | "Tallies" >> beam.Flatten())


_READS, _TALLY = "reads", "tally"


class _ReadLog(beam.DoFn):
    """The path of a log -> a reader's hash and Reads, of each reader one a file or a few; under _TALLY a Tally."""

    def __init__(self, reader: LogReader, pseudonyms: Pseudonyms) -> None:
        self.reader = reader
        self.pseudonyms = pseudonyms

    def process(self, path: str, addresses: PostAddresses) -> Iterator[tuple[bytes, Reads] | TaggedOutput]:
        tally = Tally()
        with measured("read logs"):
            log.info("reading log: %s", printable(path))
            try:
                with self.reader.opened(path) as opened:
                    tally.files[opened.format] += 1
                    yield from self._read(opened, path, PostFinder(addresses), tally)
            except LogError:
                tally.files["unknown"] += 1
                tally.drop("unreadable", path, 1)
        count("log_rows", tally.rows)
        yield TaggedOutput(_TALLY, tally)

    def _read(self, opened: Log, path: str, finder: PostFinder, tally: Tally) -> Iterator[tuple[bytes, Reads]]:
        found: dict[bytes, list[Read]] = {}
        pending = 0
        for line, row in opened.rows:
            tally.rows += 1
            if not isinstance(row, PageView):
                tally.drop(row, path, line)
                continue
            post = finder.find(row.address)
            if post == NO_POST:
                tally.drop("no_post", path, line)
                continue
            read = (row.second, post, self.pseudonyms.session(row))
            found.setdefault(self.pseudonyms.reader(row), []).append(read)
            pending += 1
            if pending == AT_ONCE:
                yield from _packed(found)
                found, pending = {}, 0
        yield from _packed(found)


class _Histories(beam.DoFn):
    """A reader's hash and all Reads -> the History, without the hash; under _TALLY a bundle's Tally."""

    def start_bundle(self) -> None:
        self.tally = Tally()

    def process(self, keyed: tuple[bytes, Iterable[Reads]]) -> Iterator[History]:
        history, left_out = history_of(join_reads(keyed[1]))
        self.tally.dropped.update(left_out)
        if history is not None:
            self.tally.add(history)
            yield history

    def finish_bundle(self) -> Iterator[Any]:
        yield TaggedOutput(_TALLY, GlobalWindows.windowed_value(self.tally))


def _packed(found: Mapping[bytes, Sequence[Read]]) -> Iterator[tuple[bytes, Reads]]:
    return ((reader, put_together(reads)) for reader, reads in found.items())
