"""How much a report changes when a blog grows: a run on all but the newest posts, then runs that follow each other.

`python -m tests.benchmarks.growth POSTS [--newest N] [--steps S] [--fresh] [--keep DIR] [FLAGS]` runs on the posts but
the S times N newest, then S times with N more, each run following the last with `--previous` (not with --fresh), and
prints a row a step. FLAGS go to `postkin report`.
"""

import argparse
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import procrustes

from reports.words.markdown import markdown_table
from transforms.reading.files import list_posts
from transforms.reading.parse import read_article
from transforms.records import Article

AS_OF = "2100-01-01"
HEADS = ("posts", "theme kept", "number kept", "names kept", "objective", "anew", "t-SNE move", "PCA move")
RELATED_HEADS = ("related differ", "without a newer post")


class Run:
    """What is compared of a run's folder."""

    def __init__(self, folder):
        self.folder = folder
        self.themes = {row["id"]: row["cluster"] for row in self.rows("members")}
        self.related = {
            row["id"]: [other["id"] for other in row["related"] if other["kind"] == "similar"]
            for row in self.rows("related")
        }
        self.points = {(row["method"], row["id"]): (row["x"], row["y"]) for row in self.rows("map")}
        clusters = json.loads((folder / "data/clusters.json").read_text())["clusters"]
        self.names = {cluster["number"]: cluster["name"] for cluster in clusters}
        self.fit = json.loads((folder / "run.json").read_text()).get("themes", {})

    def rows(self, table):
        return [json.loads(line) for line in (self.folder / f"data/{table}.jsonl").read_text().splitlines()]


def by_age(folder):
    """The posts of a folder, the oldest first; those without a date come before all others."""
    found = [(file, read_article(file, as_of=AS_OF)) for file in list_posts(folder)]
    dated = [(post.date or "", file.path) for file, post in found if isinstance(post, Article)]
    return [path for _, path in sorted(dated)]


def matching(before, after, ids):
    """The share of posts whose theme is the one that matches their theme before best."""
    old, new = ([run.themes[id_] for id_ in ids] for run in (before, after))
    counts = np.zeros((max(old) + 1, max(new) + 1))
    np.add.at(counts, (old, new), 1)
    return counts[linear_sum_assignment(-counts)].sum() / len(ids)


def moves(before, after, method, ids):
    """How far posts moved on a map that is rotated, mirrored and scaled onto the earlier one: median and 90 %."""
    ids = [id_ for id_ in ids if (method, id_) in before.points and (method, id_) in after.points]
    if len(ids) < 3:
        return "–"
    old, new = (np.array([run.points[method, id_] for id_ in ids]) for run in (before, after))
    scale = np.linalg.norm(old - old.mean(axis=0))
    placed, moved, _ = procrustes(old, new)
    as_drawn = np.linalg.norm(old - new, axis=1)
    far = np.linalg.norm(placed - moved, axis=1) * scale
    return f"{np.median(far):.3f} (90 %: {np.quantile(far, 0.9):.2f}, as drawn: {np.median(as_drawn):.3f})"


def compared(before, after):
    """What became of the posts of a run in another."""
    ids = sorted(before.themes.keys() & after.themes.keys())
    fit = after.fit
    differ = [id_ for id_ in ids if set(before.related.get(id_, ())) != set(after.related.get(id_, ()))]
    alone = [id_ for id_ in differ if all(other in before.themes for other in after.related.get(id_, ()))]
    kept = sum(name == after.names.get(number) for number, name in before.names.items())
    return (
        f"{len(ids)} + {len(after.themes) - len(ids)}",
        f"{matching(before, after, ids):.1%}",
        f"{np.mean([before.themes[id_] == after.themes[id_] for id_ in ids]):.1%}",
        f"{kept} of {len(before.names)}",
        f"{fit.get('objective', 0):.4f}",
        "–" if fit.get("objective_anew") is None else f"{fit['objective_anew']:.4f}",
        moves(before, after, "tsne", ids),
        moves(before, after, "pca", ids),
        f"{len(differ)} ({len(differ) / len(ids):.1%})",
        f"{len(alone)} ({len(alone) / len(ids):.1%})",
    )


def report(posts, output, flags):
    command = [sys.executable, "-m", "jobs", "report", "--input", posts, "--output", output, "--quiet", *flags]
    subprocess.run([*command, "--as-of", AS_OF], check=True)
    return Run(Path(output))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", help="a blog's folder")
    parser.add_argument("--newest", type=int, default=14, help="posts that a step adds")
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="let no run follow another")
    parser.add_argument("--keep", metavar="DIR", help="an empty folder for the posts and the runs, which stay there")
    given, flags = parser.parse_known_args()
    paths = by_age(given.posts)
    with nullcontext(given.keep) if given.keep else tempfile.TemporaryDirectory() as folder:
        runs, at = [], 0
        for step in range(given.steps + 1):
            until = len(paths) - (given.steps - step) * given.newest
            for path in paths[at:until]:
                target = Path(folder, "posts", path)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(given.posts, path), target)
            at = until
            follow = [] if given.fresh or not step else ["--previous", f"{folder}/run{step - 1}"]
            runs.append(report(f"{folder}/posts", f"{folder}/run{step}", [*flags, *follow]))
        rows = [compared(*pair) for pair in itertools.pairwise(runs)]
        if given.steps > 1:
            first, *rest = compared(runs[0], runs[-1])
            rows.append((f"{first} in all", *rest))
        heads = [*HEADS, *RELATED_HEADS]
        sys.stdout.write(markdown_table(heads, rows, ["---"] + ["--:"] * (len(heads) - 1)))


if __name__ == "__main__":
    main()
