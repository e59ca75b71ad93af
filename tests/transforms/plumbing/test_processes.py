"""Work in several processes: the answers are those of one, whatever becomes of the others."""

from __future__ import annotations

import os

import pytest

from transforms.plumbing.processes import ITEMS, map_in_processes

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
