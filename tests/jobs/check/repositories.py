"""Repositories as hosts of pull requests have them, and the checkouts that are made of them."""

import os
import subprocess
from pathlib import Path

ODD = ("posts/日本 語.md", "posts/-rf.md", "posts/line\nend.md", 'posts/"quoted"\t.md', "posts/café.MD")
"""Names that git quotes where it may, or takes for flags where it can."""
POST = "---\ntitle: {title}\ndate: 2024-01-{day:02}\ntags: [{tags}]\n---\n{text}\n"


def git(folder, *arguments, check=True):
    settings = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *settings, "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env={**environment, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        check=False,
    )
    if check and done.returncode:
        raise AssertionError(done.stderr.decode())
    return done.stdout.decode().strip()


def write(root, files):
    for name, text in files.items():
        Path(root, name).parent.mkdir(parents=True, exist_ok=True)
        Path(root, name).write_text(text, encoding="utf-8")


def commit(root, files=None, message="a change"):
    write(root, files or {})
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def post(title="A post", day=1, tags="", text="Some words of a post."):
    return POST.format(title=title, day=day, tags=tags, text=text)


def long_text(number):
    return "\n".join(f"Line {line} of the post {number}, which says something." for line in range(20))


class Host:
    """A bare repository with `main`, a branch and the commit that merges both, as refs/pull/1/merge."""

    def __init__(self, folder):
        self.bare, self.work = folder / "host.git", folder / "work"
        git(folder, "init", "-q", "--bare", str(self.bare))
        git(self.bare, "config", "uploadpack.allowAnySHA1InWant", "true")
        git(folder, "init", "-q", str(self.work))
        git(self.work, "remote", "add", "origin", self.bare.as_uri())

    def publish(self, before, main, branch):
        """Commit posts, then others on main and on the branch (None: deleted), and merge the two."""
        self.start = commit(self.work, before)
        git(self.work, "checkout", "-q", "-b", "topic")
        self.topic = self._change(branch)
        git(self.work, "checkout", "-q", "main")
        self.main = self._change(main)
        git(self.work, "checkout", "-q", "--detach", "main")
        git(self.work, "merge", "-q", "--no-ff", "-m", "merge", "topic")
        self.merge = git(self.work, "rev-parse", "HEAD")
        git(self.work, "push", "-q", "origin", "main", "topic:refs/pull/1/head", "HEAD:refs/pull/1/merge")

    def _change(self, files):
        for name, text in files.items():
            if text is None:
                git(self.work, "rm", "-q", "--", name)
        return commit(self.work, {name: text for name, text in files.items() if text is not None})

    def check_out(self, folder, ref="refs/pull/1/merge", depth=1):
        """A checkout as actions/checkout makes it."""
        git(folder.parent, "init", "-q", str(folder))
        git(folder, "remote", "add", "origin", self.bare.as_uri())
        target = "refs/remotes/pull/1/merge" if ref.startswith("refs/pull") else f"refs/remotes/origin/{ref}"
        git(folder, "fetch", "-q", "--no-tags", *([f"--depth={depth}"] if depth else []), "origin", f"+{ref}:{target}")
        git(folder, "checkout", "-q", "--detach", target)
        return folder
