import threading

import numpy as np
from threadpoolctl import threadpool_info

from transforms.numerics.threads import one_thread


def threads():
    return {pool["filepath"]: pool["num_threads"] for pool in threadpool_info()}


def limited():
    return {count for path, count in threads().items() if "numpy" in path or "faiss" in path}


def test_all_pools_have_one_thread_and_then_as_many_as_before():
    before = threads()
    for _ in range(2):
        with one_thread():
            assert np.ones((4, 4)).dot(np.ones((4, 4))).sum() == 64
            assert limited() == {1}
        assert threads() == before


def test_a_body_that_ends_leaves_another_its_one_thread():
    before = threads()
    entered, left, seen = threading.Event(), threading.Event(), []

    def other():
        with one_thread():
            entered.set()
            left.wait()
            seen.append(limited())

    thread = threading.Thread(target=other)
    with one_thread():
        thread.start()
        entered.wait()
    left.set()
    thread.join()
    assert seen == [{1}]
    assert threads() == before


def test_bodies_within_each_other():
    before = threads()
    with one_thread():
        with one_thread():
            pass
        assert limited() == {1}
    assert threads() == before
