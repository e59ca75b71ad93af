"""How large the elements are that a Python worker hands to its runner and gets from it, by patches of Beam's channels.

A worker that calls `watch` writes what it has seen into a file of its own; `gathered` adds up those of all workers.
"""

import atexit
import json
import os
import threading
import time
from pathlib import Path

FOLDER = "POSTKIN_ELEMENTS"
"""The variable that names the folder of the files."""
SECONDS = 1.0
"""The file is written at most so often: a worker that is killed loses no more."""


class Sizes:
    """For each way and step: how many pieces, their bytes, and those of the largest."""

    def __init__(self, path):
        self.path, self.sizes, self.lock, self.written = path, {}, threading.Lock(), 0.0

    def add(self, way, step, size):
        with self.lock:
            number, total, most = self.sizes.get((way, step), (0, 0, 0))
            self.sizes[way, step] = (number + 1, total + size, max(most, size))
            if time.monotonic() - self.written > SECONDS:
                self.write()

    def write(self):
        self.written = time.monotonic()
        rows = [[*key, *values] for key, values in self.sizes.items()]
        beside = self.path.with_suffix(".part")
        beside.write_text(json.dumps(rows))
        beside.replace(self.path)


def watch(folder):
    """Watch this process from now on: elements out, messages in (of about 1 MB, or one element) and side inputs."""
    from apache_beam.runners.worker.data_plane import _GrpcDataChannel
    from apache_beam.runners.worker.sdk_worker import GrpcStateHandler

    sizes = Sizes(Path(folder, f"{os.getpid()}.json"))
    atexit.register(sizes.write)
    output_stream, read_inputs, get_raw = (
        _GrpcDataChannel.output_stream,
        _GrpcDataChannel._read_inputs,
        GrpcStateHandler.get_raw,
    )

    def watched_stream(self, instruction, step):
        stream = output_stream(self, instruction, step)
        flush, before = stream.maybe_flush, [0]

        def maybe_flush():
            size = stream.size()
            sizes.add("out", step, size - before[0] if size >= before[0] else size)
            flush()
            before[0] = stream.size()

        stream.maybe_flush = maybe_flush
        return stream

    def watched_inputs(self, messages):
        def seen():
            for message in messages:
                for data in message.data:
                    sizes.add("in", data.transform_id, len(data.data))
                yield message

        return read_inputs(self, seen())

    def watched_state(self, key, token=None):
        page, following = get_raw(self, key, token)
        side = key.iterable_side_input if key.HasField("iterable_side_input") else key.multimap_side_input
        sizes.add("side", f"{side.transform_id} {side.side_input_id}", len(page))
        return page, following

    _GrpcDataChannel.output_stream = watched_stream
    _GrpcDataChannel._read_inputs = watched_inputs
    GrpcStateHandler.get_raw = watched_state


def gathered(folder):
    """Add up what all workers saw: rows of way, step, pieces, bytes and the largest piece, the largest first."""
    found = {}
    for path in Path(folder).glob("*.json"):
        for way, step, *values in json.loads(path.read_text()):
            number, total, most = found.get((way, step), (0, 0, 0))
            found[way, step] = (number + values[0], total + values[1], max(most, values[2]))
    return sorted(((*key, *values) for key, values in found.items()), key=lambda row: -row[4])
