"""Reading logs in a pipeline: rows become reads of posts, and these the histories of readers without a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
from transforms.readings.packed import pack_readers, unpack_readers
from transforms.readings.page_view import PageView
from transforms.readings.privacy import Pseudonyms, make_key
from transforms.readings.tally import Tally
from transforms.readings.visits import History, Read, history_of

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
        """List, spread over the workers, read, group readers, cut what each has read into visits."""
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
            | "ByGroup" >> beam.GroupByKey()
            | "Histories" >> beam.ParDo(_Histories()).with_outputs(_TALLY, main=_READS)
        )
        return ReadLogs(found[_READS], (read[_TALLY], found[_TALLY]) | "Tallies" >> beam.Flatten())


_READS, _TALLY = "reads", "tally"


class _ReadLog(beam.DoFn):
    """The path of a log -> a group of readers and their packed reads, one a file or a few; under _TALLY a Tally."""

    def __init__(self, reader: LogReader, pseudonyms: Pseudonyms) -> None:
        self.reader = reader
        self.pseudonyms = pseudonyms

    def process(self, path: str, addresses: PostAddresses) -> Iterator[tuple[int, bytes] | TaggedOutput]:
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

    def _read(self, opened: Log, path: str, finder: PostFinder, tally: Tally) -> Iterator[tuple[int, bytes]]:
        found: defaultdict[bytes, list[Read]] = defaultdict(list)
        reader_of, session_of, find = self.pseudonyms.reader, self.pseudonyms.session, finder.find
        pending = 0
        for line, row in opened.rows:
            tally.rows += 1
            if not isinstance(row, PageView):
                tally.drop(row, path, line)
                continue
            post = find(row.address)
            if post == NO_POST:
                tally.drop("no_post", path, line)
                continue
            found[reader_of(row)].append((row.second, post, session_of(row)))
            pending += 1
            if pending == AT_ONCE:
                yield from pack_readers(found)
                found.clear()
                pending = 0
        yield from pack_readers(found)


class _Histories(beam.DoFn):
    """A group of readers and their packed reads -> Histories, without a hash; under _TALLY a bundle's Tally."""

    def start_bundle(self) -> None:
        self.tally = Tally()

    def process(self, group: tuple[int, Iterable[bytes]]) -> Iterator[History]:
        for reads in unpack_readers(group[1]):
            history, left_out = history_of(reads)
            if left_out:
                self.tally.dropped.update(left_out)
            if history is not None:
                self.tally.add(history)
                yield history

    def finish_bundle(self) -> Iterator[Any]:
        yield TaggedOutput(_TALLY, GlobalWindows.windowed_value(self.tally))
