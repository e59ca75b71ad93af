from collections import Counter

import pytest

from reports.render import OF_POSTS, refuse_losses
from transforms.output.tables import TableFile
from transforms.output.totals import Totals

TOTALS = Totals(counts=Counter(posts=5, rejected=1), skipped=Counter(draft=2))


def files(**lost):
    """The tables of five posts in two shards, less what is lost of them."""
    rows = [(table, (3, 2 - lost.get(table, 0))) for table in OF_POSTS]
    return [TableFile(table, f"{table}-{shard}", some, "") for table, of in rows for shard, some in enumerate(of)]


def test_a_run_without_losses_is_taken():
    refuse_losses(TOTALS, files(), 8)


@pytest.mark.parametrize("table", OF_POSTS)
def test_a_table_that_lacks_posts_is_refused(table):
    with pytest.raises(RuntimeError, match=f"the runner has lost posts: {table} has 4 rows of 5"):
        refuse_losses(TOTALS, files(**{table: 1}), 8)


def test_files_of_which_nothing_came_are_refused():
    with pytest.raises(RuntimeError, match="the runner has lost posts: 8 of 10 files have come to an end"):
        refuse_losses(TOTALS, files(), 10)
