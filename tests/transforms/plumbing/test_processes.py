"""Work in several processes: the answers are those of one, whatever becomes of the others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from transforms.plumbing.processes import ITEMS, map_in_processes, start, start_map

HERE = os.getpid()


def test_answers_come_from_other_processes_in_the_order_of_the_items() -> None:
    answers = map_in_processes(lambda item: (item, os.getpid()), range(100), processes=2)
    assert [item for item, _ in answers] == [*range(100)]
    assert HERE not in {process for _, process in answers}


@pytest.mark.parametrize(("count", "processes"), [(0, 2), (1, 2), (3, 1), (ITEMS - 1, None), (100, 3)])
def test_answers_are_those_of_one_process(count: int, processes: int | None) -> None:
    assert map_in_processes(str, range(count), processes) == [str(item) for item in range(count)]


def test_few_items_start_no_process() -> None:
    assert map_in_processes(lambda _: os.getpid(), range(ITEMS)) == [HERE] * ITEMS


def test_a_fault_of_the_function_is_raised_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        map_in_processes(lambda item: 1 // (item - 50), range(100), processes=2)


def test_what_cannot_be_pickled_is_done_in_this_process() -> None:
    answers = map_in_processes(lambda item: lambda: item, range(3), processes=2)
    assert [answer() for answer in answers] == [0, 1, 2]


def test_it_is_done_here_where_a_process_is_ended() -> None:
    def answer(item: int) -> int:
        if os.getpid() != HERE:
            os._exit(1)
        return item

    assert map_in_processes(answer, range(100), processes=2) == [*range(100)]


def test_a_function_goes_on_in_another_process_until_it_is_asked() -> None:
    read, write = os.pipe()
    answer = start(lambda: (os.read(read, 1), os.getpid()), processes=2)
    os.write(write, b"x")
    said, process = answer()
    assert said == b"x"
    assert process != HERE


def test_with_one_process_a_function_is_called_once_it_is_asked() -> None:
    called: list[int] = []
    answer = start(lambda: called.append(os.getpid()), processes=1)
    assert called == []
    answer()
    assert called == [HERE]


def test_a_fault_of_a_started_function_is_raised_as_it_is_and_told_once(capfd: pytest.CaptureFixture[str]) -> None:
    answer = start(lambda: 1 // (os.getpid() - os.getpid()), processes=2)
    with pytest.raises(ZeroDivisionError):
        answer()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("begin", [os.fork, os.pipe], ids=["no process", "no pipe"])
def test_it_is_done_here_where_no_process_can_be_started(
    monkeypatch: pytest.MonkeyPatch, begin: Callable[[], object]
) -> None:
    def fail() -> None:
        raise OSError("no room")

    monkeypatch.setattr(os, begin.__name__, fail)
    assert start(os.getpid, processes=2)() == HERE
    assert start_map(lambda _: os.getpid(), range(3), processes=2)() == [HERE] * 3


def test_a_started_function_whose_process_is_ended_is_called_here() -> None:
    def answer() -> int:
        if os.getpid() != HERE:
            os._exit(1)
        return 1

    assert start(answer, processes=2)() == 1


def test_processes_end_whose_answers_nobody_can_take() -> None:
    """Those of a run that was ended must not wait for ever to tell what they found."""
    code = "\n".join(
        (
            "import os",
            "from transforms.plumbing.processes import start_map",
            "answers = start_map(lambda _: bytes(1 << 22), range(8), processes=2)",
            "print('begun', flush=True)",
            "os.kill(os.getpid(), 9)",
        )
    )
    run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=False, timeout=60)
    assert run.stdout == b"begun\n"  # which is complete once every process that has it open has ended
