"""`postkin init`: what it finds in each generator's site, what it writes, and what it leaves alone."""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from jobs import init
from jobs.cli import main
from jobs.options.settings import find_settings
from jobs.report import config as report
from tests.jobs.results import ROOT

SITES = ROOT / "tests/data/sites"
FOUND = {
    "astro": ("astro", "src/content/blog", "https://clay.example/pots"),
    "docusaurus": ("docusaurus", "blog", "https://looms.example/weave"),
    "eleventy": ("eleventy", "src/posts", None),
    "hexo": ("hexo", "source/_posts", "https://kites.example/sky"),
    "hugo": ("hugo", "content/blog", "https://lamps.example/notes"),
    "jekyll": ("jekyll", "_posts", "https://rivers.example/walks"),
    "mkdocs": ("mkdocs", "docs/posts", "https://bees.example/hive"),
    "pelican": ("pelican", "content", "https://breads.example"),
    "qiita": ("qiita", "public", None),
    "quartz": ("quartz", "content", "https://garden.example"),
    "translated": ("jekyll", "_posts", "https://clocks.example"),
    "vitepress": ("vitepress", "posts", None),
    "zenn": ("zenn", "articles", None),
    "zola": ("zola", "content/blog", "https://seeds.example"),
}
WORKFLOW = ".github/workflows/postkin.yml"
COMMIT = "0123456789abcdef" * 2 + "01234567"
FROM_GIT = {"vcs": "git", "commit_id": COMMIT}


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Copies a generator's site into the working folder, the root of a git repository."""

    def copy(name, folder="site"):
        home = shutil.copytree(SITES / name, tmp_path / folder)
        (home / ".git").mkdir()
        monkeypatch.chdir(home)
        return home

    return copy


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with one post."""
    monkeypatch.chdir(tmp_path)
    write("posts/one.md", "Lamps.")
    return tmp_path


def write(path, text=""):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def settings():
    return tomllib.loads(Path("postkin.toml").read_text(encoding="utf-8"))


def refused(capsys, *flags):
    assert main(["init", *flags]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


@pytest.mark.parametrize("name", FOUND)
def test_each_generator(site, name, capsys):
    home = site(name)
    before = files_in(home)
    generator, posts, address = FOUND[name]
    assert main(["init"]) == 0
    assert settings() == {
        "posts": [posts],
        "site-generator": generator,
        "output": "build/postkin",
        **({"site": address} if address else {}),
    }
    config = report.parse_config([], find_settings())
    assert (config.source.input, config.output, config.site.site) == ((posts,), "build/postkin", address)
    assert config.site.find(config.source.input).generator.name == generator
    out = capsys.readouterr().out
    snippet = init.snippet(generator)
    assert (snippet is None) == (generator in ("qiita", "zenn"))
    assert "".join(line.strip() for line in (snippet or "").splitlines()) in "".join(map(str.strip, out.splitlines()))
    assert files_in(home).keys() - before.keys() == {"postkin.toml", WORKFLOW}
    assert before.items() <= files_in(home).items()


def test_a_dry_run_writes_nothing(site, capsys):
    home = site("hugo")
    before = {path: path.lstat().st_mtime_ns for path in home.rglob("*")}
    assert main(["init", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert {path: path.lstat().st_mtime_ns for path in home.rglob("*")} == before
    assert main(["init"]) == 0
    for path in ("postkin.toml", WORKFLOW):
        lines = (home / path).read_text(encoding="utf-8").splitlines()
        assert f"postkin: would write {path}:\n\n" + "\n".join(f"    {line}" for line in lines) in said


def test_files_that_are_there_stay_as_they_are(site, capsys):
    home = site("hugo")
    write("postkin.toml", 'posts = "content/post"\noutput = "out"\n[export]\noutput = "data/related.json"')
    write(WORKFLOW, "mine")
    before = files_in(home)
    assert main(["init"]) == 0
    assert files_in(home) == before
    said = capsys.readouterr().out
    for path in ("postkin.toml", WORKFLOW):
        assert f"postkin: {path} is there already and stays as it is\n" in said
    assert "out/report.html, and data/related.json for the site" in said
    assert "would write" not in said


def test_a_second_start_changes_nothing(site, capsys):
    home = site("jekyll")
    assert main(["init"]) == 0
    before = files_in(home)
    assert main(["init"]) == 0
    assert files_in(home) == before


def test_a_config_that_is_wrong_ends_it(site, capsys):
    site("hugo")
    write("postkin.toml", "postz = 'x'")
    assert refused(capsys) == "postkin init: postkin.toml: postz is unknown; did you mean posts?\n"


def test_a_name_with_spaces_and_in_japanese(site, monkeypatch, tmp_path):
    home = site("hugo", "私の ブログ")
    (home / "content/blog").rename(home / "content/記事 'と\" 話")
    shutil.rmtree(home / "content/post")
    (home / "content").rename(home / "中 身")
    write("hugo.toml", 'baseURL = "https://例え.example/"\ncontentDir = "中 身"')
    monkeypatch.chdir(tmp_path)
    assert main(["init", "私の ブログ"]) == 0
    monkeypatch.chdir(home)
    assert settings()["posts"] == ["中 身"]
    assert settings()["site"] == "https://例え.example"
    (home / "中 身/記事 'と\" 話").rename(home / "中 身/posts")
    (home / "postkin.toml").unlink()
    assert main(["init"]) == 0
    assert settings()["posts"] == ["中 身/posts"]


def test_a_site_below_the_root_of_its_repository(site, monkeypatch, capsys, tmp_path):
    home = site("hugo", "repo/my 'site'")
    (home / ".git").rename(home.parent / ".git")
    before = files_in(home.parent)
    assert main(["init"]) == 0
    assert files_in(home.parent).keys() - before.keys() == {"my 'site'/postkin.toml"}
    said = capsys.readouterr().out
    assert f"put this into {home.parent}/{WORKFLOW}:" in said
    (printed,) = yaml.safe_load_all(said.partition(f"{WORKFLOW}:\n\n")[2].partition("\n\nIn the workflow")[0])
    steps = printed["jobs"]["report"]["steps"]
    assert [step["working-directory"] for step in steps if "working-directory" in step] == ["my 'site'"]
    assert steps[-1]["with"]["path"] == "my 'site'/build/postkin"


def test_several_generators_or_none(folder, capsys):
    write("hugo.toml", 'baseURL = "https://a.example"')
    write("astro.config.mjs")
    assert main(["init"]) == 0
    assert settings()["site-generator"] == "json"
    assert "configs of astro and hugo are here" in capsys.readouterr().out
    Path("postkin.toml").unlink()
    assert main(["init", "--generator", "hugo", "--ci", "none"]) == 0
    assert settings() == {
        "posts": ["posts"],
        "site-generator": "hugo",
        "site": "https://a.example",
        "output": "build/postkin",
    }


def test_a_config_that_two_generators_read_is_of_one(site):
    home = site("hexo")
    (home / "_config.yml").write_text("title: Kites\nurl: https://kites.example")
    assert main(["init"]) == 0
    assert (settings()["site-generator"], settings()["posts"]) == ("hexo", ["source/_posts"])


def test_no_generator(folder, capsys):
    assert main(["init", "--ci", "none"]) == 0
    assert settings() == {"posts": ["posts"], "site-generator": "json", "output": "build/postkin"}
    assert "no config of a site generator is here" in capsys.readouterr().out
    assert set(files_in(folder)) == {"posts/one.md", "postkin.toml"}


def test_a_site_in_a_folder_below(folder, capsys):
    shutil.copytree(SITES / "hugo", folder / "www")
    assert "one is in 'www'; run postkin init there" in refused(capsys)
    assert set(files_in(folder)) >= {"posts/one.md"}
    assert not (folder / "postkin.toml").exists()


def test_no_posts(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "no folder of posts was found in" in refused(capsys)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("flags", [["nowhere"], ["posts/one.md"], ["gs://bucket"], ["--generator", "wordpress"], [""]])
def test_what_cannot_be_met(folder, capsys, flags):
    assert refused(capsys, *flags).startswith("postkin init: ")
    assert set(files_in(folder)) == {"posts/one.md"}


def test_the_fullest_folder_of_posts(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write("hugo.toml")
    for number in range(3):
        write(f"content/blog/{number}.md", "Lamps.")
    write("content/posts/one.md", "Lamps.")
    assert main(["init", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert 'posts = ["content/blog"]' in said
    assert "there are posts in content/posts (1) too" in said
    for number in range(9):
        write(f"content/20{number:02}/some.md", "Lamps.")
    assert main(["init", "--dry-run"]) == 0
    assert 'posts = ["content"]' in capsys.readouterr().out


@pytest.mark.parametrize("link", [".github", ".github/workflows", "postkin.toml", WORKFLOW])
def test_no_link_is_followed(site, tmp_path, capsys, link):
    home = site("hugo")
    outside = tmp_path / "outside"
    outside.mkdir()
    (home / link).parent.mkdir(parents=True, exist_ok=True)
    (home / link).symlink_to(outside / ("new" if "." in link[1:] else ""))
    main(["init"])
    assert list(outside.iterdir()) == []
    assert (home / link).is_symlink()
    if "." not in link[1:]:
        assert "which may lead anywhere" in capsys.readouterr().err
        assert not (home / "postkin.toml").exists()


def test_posts_behind_a_link_are_none_of_the_site(site, tmp_path, capsys):
    home = site("hugo")
    shutil.move(home / "content", tmp_path / "content")
    (home / "content").symlink_to(tmp_path / "content")
    assert "no folder of posts" in refused(capsys)


@pytest.mark.parametrize("name", ["../../outside", "/etc", "~", ".git", "a\tb", "{0}", "{srcDir}", "%s"])
def test_a_config_that_leads_elsewhere(site, tmp_path, name):
    home = site("hugo")
    write(str(tmp_path / "outside/blog/one.md"), "Lamps.")
    (home / "hugo.toml").write_text(f"contentDir = {json.dumps(name)}")
    before = files_in(tmp_path)
    main(["init", "--ci", "none"])
    new = files_in(tmp_path).keys() - before.keys()
    assert new <= {"site/postkin.toml"}
    if new:
        assert settings()["posts"] == ["content"]


@pytest.mark.parametrize("name", ["a${{ secrets.KEY }}b", "$HOME"])
def test_names_that_a_workflow_would_fill_in(site, capsys, name):
    home = site("hugo", f"repo/{name}")
    (home / ".git").rename(home.parent / ".git")
    assert "has a $, which a workflow would fill in" in refused(capsys)
    assert main(["init", "--ci", "none"]) == 0


def test_what_cannot_be_written(site, capsys, monkeypatch):
    site("hugo")
    write(".github")
    assert "'.github' is no folder" in refused(capsys)
    assert not Path("postkin.toml").exists()


def test_gitlab(site, capsys):
    home = site("hugo")
    write(".gitlab-ci.yml", "test: {script: [make]}")
    assert main(["init"]) == 0
    assert not (home / ".github").exists()
    said = capsys.readouterr().out
    (job,) = yaml.safe_load(said.partition(".gitlab-ci.yml:\n\n")[2].partition("\n\nIn the")[0]).values()
    assert job["script"] == [f"pip install -q '{init.requirement()}'", 'cd "$SITE" && postkin report --export']
    assert job["artifacts"] == {"paths": ["build/postkin"]}
    assert (home / ".gitlab-ci.yml").read_text() == "test: {script: [make]}"


def test_the_workflow_only_reads():
    text = init.ci_text("github", ".", "build/postkin")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert "permissions" not in job
    (checkout,) = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"] == {"fetch-depth": 2, "persist-credentials": False}
    assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []
    used = [line for line in text.splitlines() if "uses:" in line]
    assert len(used) == 3
    for line in used:
        assert re.fullmatch(r" +- uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


@pytest.mark.parametrize(("service", "schema"), [("github", "vendor.github-workflows"), ("gitlab", "vendor.gitlab-ci")])
def test_the_workflow_is_one(tmp_path, service, schema):
    (tmp_path / "ci.yml").write_text(init.ci_text(service, "my ブログ", "build/postkin"), encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(tmp_path / "ci.yml")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, init.REPOSITORY),
        ("[]", init.REPOSITORY),
        ("{", init.REPOSITORY),
        ({"url": "file:///home/me/postkin", "dir_info": {"editable": True}}, init.REPOSITORY),
        ({"url": 5, "vcs_info": FROM_GIT}, init.REPOSITORY),
        ({"url": "https://me:key@host.example/postkin", "vcs_info": FROM_GIT}, init.REPOSITORY),
        ({"url": "https://host.example/p'; x", "vcs_info": FROM_GIT}, init.REPOSITORY),
        ({"url": "https://host.example/me/postkin", "vcs_info": {"vcs": "git", "commit_id": "main"}}, init.REPOSITORY),
        ({"url": "https://host.example/me/postkin", "vcs_info": FROM_GIT}, f"https://host.example/me/postkin@{COMMIT}"),
    ],
)
def test_the_workflow_installs_what_is_installed(monkeypatch, said, expected):
    text = json.dumps(said) if isinstance(said, dict) else said
    monkeypatch.setattr(importlib.metadata, "distribution", lambda _: SimpleNamespace(read_text=lambda _: text))
    assert init.requirement() == f"postkin @ git+{expected}"


@pytest.mark.parametrize("line", ["build/", "/build", "build", "build/postkin/"])
def test_what_git_leaves_out_is_not_asked_for(site, capsys, line):
    site("hugo")
    assert main(["init", "--dry-run"]) == 0
    assert "Put build/ into .gitignore." in capsys.readouterr().out
    write(".gitignore", f"node_modules\n{line}\n")
    assert main(["init", "--dry-run"]) == 0
    assert ".gitignore" not in capsys.readouterr().out
