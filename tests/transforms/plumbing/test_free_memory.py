import json
import subprocess
import sys
import threading

import pytest

from transforms.plumbing import free_memory
from transforms.plumbing.free_memory import STATM, _malloc_trim, give_back_memory

pytestmark = pytest.mark.skipif(
    _malloc_trim() is None or not STATM.exists(), reason="only the C library of Linux gives memory back when asked"
)
SCATTER = """
import json, sys, time
from transforms.plumbing.free_memory import give_back_memory, resident

over = give_back_memory(step=50_000_000, seconds=0.01)
if sys.argv[1] == "not":
    over.set()
held = [bytes(2_000) for _ in range(150_000)]
full = resident()
few = held[::100]
del held
held = [bytes(30) for _ in range(4_000_000)]  # it must grow, to be looked after
for _ in range(500):
    if resident() < full:
        break
    time.sleep(0.01)
print(json.dumps([full, resident(), len(held) + len(few)]))
"""
"""Frees most of 300 MB, of which something stays in use on each page or two, and then needs as much in other blocks."""


def scatter(how):
    done = subprocess.run([sys.executable, "-c", SCATTER, how], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_gives_back_what_is_free_between_blocks_in_use():
    full, then, _ = scatter("give")
    assert then < full


def test_without_it_the_process_only_grows():
    full, then, _ = scatter("not")
    assert then > full


def test_asks_only_once_the_process_has_grown(monkeypatch):
    sizes = iter([100, 150, 201, 120, 219, 221, 90, 90, 191, 80, 80])
    asked = []
    over = Looks(8)
    monkeypatch.setattr(free_memory, "resident", lambda: next(sizes))
    free_memory._watch(asked.append, 100, 1.0, over)
    assert len(asked) == 3
    assert over.waited == [1.0] * len(over.waited)


class Looks:
    """An event that is set after so many waits."""

    def __init__(self, looks):
        self.looks, self.waited = looks, []

    def wait(self, seconds):
        self.waited.append(seconds)
        return len(self.waited) >= self.looks


def test_ends_when_it_is_told_to():
    before = set(threading.enumerate())
    over = give_back_memory(seconds=0.001)
    (thread,) = set(threading.enumerate()) - before
    over.set()
    thread.join(timeout=60)
    assert not thread.is_alive()


@pytest.mark.parametrize("error", [TypeError, OSError, AttributeError])
def test_does_nothing_on_other_systems(monkeypatch, error):
    def fail(_name):
        raise error

    monkeypatch.setattr(free_memory.ctypes, "CDLL", fail)
    before = set(threading.enumerate())
    give_back_memory()
    assert set(threading.enumerate()) == before
