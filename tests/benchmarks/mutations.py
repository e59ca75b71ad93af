"""Read mutated posts by hand for as long as you like: `python -m tests.benchmarks.mutations SEED MINUTES`."""

import resource
import sys
import time

from tests.transforms.reading.mutations import mutations
from tests.transforms.reading.test_mutations import POSTS
from transforms.limits import POST_BYTES
from transforms.reading import files
from transforms.reading.parse import read_article
from transforms.records import PostFile

SLOW_SECONDS = 2.0
LARGE_KB = 300_000


def main(seed: str, minutes: str) -> None:
    """Print every post that takes long or much memory, or is rejected for an error of ours."""
    end = time.monotonic() + 60 * float(minutes)
    count, peak = 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, content in mutations(int(seed), POSTS, POST_BYTES):
        if time.monotonic() > end:
            break
        files._read = lambda _, content=content: content
        start = time.process_time()
        post = read_article(PostFile("posts", name, min(len(content), POST_BYTES)), as_of="2026-01-01")
        seconds, memory = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        reason = getattr(post, "reason", "")
        if seconds > SLOW_SECONDS or memory - peak > LARGE_KB or "Error" in reason:
            sys.stdout.write(f"{count} {seconds:.1f} s {(memory - peak) // 1024} MB {reason} {content[:80]!r}\n")
            sys.stdout.flush()
        peak, count = max(peak, memory), count + 1
    sys.stdout.write(f"{count} posts, {peak // 1024} MB\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
