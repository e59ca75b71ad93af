"""`postkin init`: what it finds in each generator's site, what it writes, and what it leaves alone."""

import importlib.metadata
import json
import re
import shutil
import textwrap
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from jobs import init
from jobs.cli import main
from jobs.options.settings import find_settings
from jobs.report import config as report
from tests.jobs.pages import DOCS, code
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
    assert printed["jobs"]["postkin"]["steps"][-1]["with"] == {"config": "my 'site'/postkin.toml"}
    assert main(["init", "--ci", "gitlab"]) == 0
    assert "Give both commands in it --config 'my '\"'\"'site'\"'\"'/postkin.toml'." in capsys.readouterr().out


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
    printed = said.partition(".gitlab-ci.yml:\n\n")[2].partition("\n\nIn the workflow")[0]
    assert textwrap.dedent(printed).strip() == init.ci_text("gitlab").strip()
    assert "Give both" not in said
    assert (home / ".gitlab-ci.yml").read_text() == "test: {script: [make]}"


def test_the_workflow_is_that_of_the_page():
    (shown,) = [text for _, text in code(DOCS["docs/ci.md"]) if "runs-on:" in text]
    assert init.ci_text("github") == shown
    assert yaml.safe_load(init.ci_text("github", "my ブログ: #1"))["jobs"]["postkin"]["steps"][-1] == {
        "uses": init.ACTION,
        "with": {"config": "my ブログ: #1/postkin.toml"},
    }


def test_the_workflow_only_reads():
    workflow = yaml.safe_load(init.ci_text("github"))
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert "permissions" not in job
    checkout, action = job["steps"]
    assert re.fullmatch(r"actions/checkout@[0-9a-f]{40}", checkout["uses"])
    assert checkout["with"] == {"fetch-depth": 2, "persist-credentials": False}
    assert action == {"uses": init.ACTION}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, None),
        ("[]", None),
        ("{", None),
        ({"url": "file:///home/me/postkin", "dir_info": {"editable": True}}, None),
        ({"url": 5, "vcs_info": FROM_GIT}, None),
        ({"url": "https://me:key@host.example/postkin", "vcs_info": FROM_GIT}, None),
        ({"url": "https://host.example/p'; x", "vcs_info": FROM_GIT}, None),
        ({"url": "https://github.com/me/postkin", "vcs_info": {"vcs": "git", "commit_id": "main"}}, None),
        ({"url": "https://github.com/me/postkin.git", "vcs_info": FROM_GIT}, f"me/postkin@{COMMIT}"),
        ({"url": "https://github.com/me/postkin", "vcs_info": FROM_GIT}, f"me/postkin@{COMMIT}"),
        ({"url": "https://host.example/me/postkin", "vcs_info": FROM_GIT}, init.ACTION),
    ],
)
def test_the_workflow_has_what_is_installed(monkeypatch, said, expected):
    text = json.dumps(said) if isinstance(said, dict) else said
    monkeypatch.setattr(importlib.metadata, "distribution", lambda _: SimpleNamespace(read_text=lambda _: text))
    assert init.find_origin() == ((said["url"], COMMIT) if expected else None)
    assert f"uses: {expected or init.ACTION}\n" in init.ci_text("github")
    variables = yaml.safe_load(init.ci_text("gitlab"))[".postkin"]["variables"]
    known = (said["url"], COMMIT) if expected else (init.REPOSITORY, init.NO_COMMIT)
    assert (variables["POSTKIN_URL"], variables["POSTKIN_COMMIT"]) == known


@pytest.mark.parametrize("line", ["build/", "/build", "build", "build/postkin/"])
def test_what_git_leaves_out_is_not_asked_for(site, capsys, line):
    site("hugo")
    assert main(["init", "--dry-run"]) == 0
    assert "Put build/ into .gitignore." in capsys.readouterr().out
    write(".gitignore", f"node_modules\n{line}\n")
    assert main(["init", "--dry-run"]) == 0
    assert ".gitignore" not in capsys.readouterr().out
