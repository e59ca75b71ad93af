import numpy as np
from threadpoolctl import threadpool_info

from transforms.numerics.threads import one_thread


def threads():
    return {pool["filepath"]: pool["num_threads"] for pool in threadpool_info()}


def test_all_pools_have_one_thread_and_then_as_many_as_before():
    before = threads()
    for _ in range(2):
        with one_thread():
            assert np.ones((4, 4)).dot(np.ones((4, 4))).sum() == 64
            assert {count for path, count in threads().items() if "numpy" in path or "faiss" in path} == {1}
        assert threads() == before
