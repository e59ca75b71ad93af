"""The start in a blog: its settings file and its CI workflow, and what to paste into its theme."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shlex
import sys
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml

from jobs.options.config_file import NAME, ConfigFile, read_config
from jobs.options.errors import UsageError, refuse
from jobs.options.parser import Parser
from jobs.options.settings import OUTPUT, Settings, read_settings
from jobs.options.site import NAMES as SITES
from jobs.version import REPOSITORY
from transforms.generators.registry import COMMON, DATA_NAMES, GENERATORS
from transforms.plumbing.printable import printable
from transforms.plumbing.storage import is_remote
from transforms.site.data_file import PLAIN, DataFileError, find_data_file
from transforms.site.post_folders import PostFolder, find_post_folders
from transforms.site.site_model import Site, sites_in

WORKFLOW = ".github/workflows/postkin.yml"
GITLAB = ".gitlab-ci.yml"
CI = ("auto", "github", "gitlab", "none")
MAX_SITES = 200
"""In so many folders below one without a site's config a site is looked for."""
_ADDRESS = re.compile(r"https://[\w.-]+(?:/[\w.~-]+)+")
"""Of a repository, without anything that a shell or YAML reads, and without a password."""
_ON_GITHUB = re.compile(r"https://github\.com/([\w-]+/[\w.-]+?)(?:\.git)?")
_COMMIT = re.compile(r"[0-9a-f]{40}")
ACTION = "OWNER/postkin@COMMIT"
NO_COMMIT = "0" * 40
"""What the workflows have in place of what is not known."""


@dataclass(frozen=True)
class Config:
    """Where to start, for which generator and which CI; raises UsageError for what cannot be met."""

    folder: str = "."
    generator: str | None = None
    ci: str = "auto"
    dry_run: bool = False

    def __post_init__(self) -> None:
        if not self.folder or is_remote(self.folder) or not Path(self.folder).is_dir():
            raise UsageError(f"{self.folder!r} is no folder on this machine; give the one that your site is in")
        if self.generator is not None and self.generator not in (*SITES, PLAIN):
            raise UsageError(f"--generator {self.generator!r} is unknown; give one of {', '.join((*SITES, PLAIN))}")


@dataclass(frozen=True)
class Blog:
    """What was found: the site's folder, its generator's name, its posts and address, and `remarks` on them."""

    home: Path
    generator: str
    url: str | None
    posts: tuple[PostFolder, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Start:
    """What is to be done: the texts of new files by their paths, files that are `kept`, and what to say after that."""

    files: tuple[tuple[str, str], ...]
    kept: tuple[str, ...]
    steps: tuple[str, ...]


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin init",
        description=f"Write {NAME} and a CI workflow for a blog, and print what to paste into its theme. Files that"
        " are there are left as they are.",
    )
    add = parser.add_argument
    add("folder", nargs="?", default=".", metavar="DIR", help="the folder of the site (default: the working folder)")
    add("--dry-run", action="store_true", help="write nothing, and print what would be written")
    add(
        "--generator",
        metavar="NAME",
        help=f"what makes the site, one of {', '.join((*SITES, PLAIN))} (default: told from the site's config)",
    )
    add(
        "--ci",
        choices=CI,
        default="auto",
        help=f"whose workflow to make: github's is written, gitlab's is printed; auto is gitlab where {GITLAB} is, else"
        " github (default: %(default)s)",
    )
    return parser


def parse_config(argv: Sequence[str]) -> Config:
    """Turn flags into a Config; raises UsageError when they cannot be met."""
    flags = make_parser().parse_args(argv)
    return Config(flags.folder, flags.generator, flags.ci, flags.dry_run)


def find_blog(home: Path, generator: str | None = None) -> Blog:
    """Find what a folder's site is made by, and its posts; raises UsageError where there are none.

    `home` is absolute. A `generator` goes before the one that is found.
    """
    sites = sites_in(home)
    remarks: list[str] = []
    if generator is not None:
        of_name = [site for site in sites if site.generator.name == generator]
        site = of_name[0] if of_name else Site(GENERATORS.get(generator, COMMON))
    elif len(sites) == 1:
        site = _hexo_or(sites[0], home)
    else:
        site = Site(COMMON)
        remarks.append(_unclear(home, sites))
    posts = find_post_folders(home, site)
    if not posts:
        raise UsageError(f"no folder of posts was found in {str(home)!r}; give the folder of a site that has some")
    if others := ", ".join(f"{other.path} ({other.posts:,})" for other in posts[1:]):
        remarks.append(f"there are posts in {others} too; add what belongs to the blog to posts in {NAME}")
    name = generator or (site.generator.name if site.generator != COMMON else PLAIN)
    return Blog(home, name, site.url, tuple(posts), tuple(remarks))


def config_text(blog: Blog) -> str:
    """Write the settings of a blog."""
    lines = [
        "# The settings of Postkin for this blog. Flags of a command go before them.",
        f"posts = [{_quoted(blog.posts[0].path)}]",
        f"site-generator = {_quoted(blog.generator)}",
        f"site = {_quoted(blog.url)}" if blog.url else '# site = "https://blog.example/": where the site stands',
        f"output = {_quoted(OUTPUT)} # the report; keep it out of git",
    ]
    return "\n".join(lines) + "\n"


def find_origin() -> tuple[str, str] | None:
    """Find the address and the commit that this Postkin was installed from; None where pip knows of none in git."""
    with suppress(importlib.metadata.PackageNotFoundError, ValueError, AttributeError, KeyError, TypeError):
        said = json.loads(importlib.metadata.distribution("postkin").read_text("direct_url.json") or "{}")
        address, commit = said["url"], said["vcs_info"]["commit_id"]
        if said["vcs_info"]["vcs"] == "git" and _ADDRESS.fullmatch(address) and _COMMIT.fullmatch(commit):
            return address, commit
    return None


def ci_text(service: str, folder: str = ".") -> str:
    """Fill in the workflow of a service, for a site in a `folder` of the repository, where the service can be told.

    It has this Postkin, where it is known from where it was installed. Raises UsageError for a name in which a service
    would fill in its variables.
    """
    if "$" in folder:
        raise UsageError(f"{folder!r} has a $, which a workflow would fill in; give --ci none, or rename the folder")
    text = files("templates").joinpath(f"ci/{service}.yml").read_text(encoding="utf-8")
    if origin := find_origin():
        address, commit = origin
        text = text.replace(REPOSITORY, address).replace(NO_COMMIT, commit)
        if found := _ON_GITHUB.fullmatch(address):
            text = text.replace(ACTION, f"{found[1]}@{commit}")
    if service == "github" and folder != ".":
        text += f"        with:\n          config: {_as_yaml(f'{folder}/{NAME}')}\n"
    return text


def snippet(generator: str) -> str | None:
    """What docs/site.md says to paste for a generator; None for one whose sites have no templates of their own."""
    if generator in GENERATORS and GENERATORS[generator].hosts:
        return None
    name = generator if generator in DATA_NAMES else PLAIN
    return files("templates").joinpath(f"site/{name}.md").read_text(encoding="utf-8").strip()


def plan(config: Config) -> tuple[Blog, Start]:
    """Find out what is to be done, and that it can be; raises UsageError where it cannot."""
    home = Path(config.folder).resolve()
    there = os.path.lexists(home / NAME)
    settings = read_settings(read_config(home / NAME, found=True)) if there else Settings()
    said = settings.report.get("--site-generator") or settings.export.flags.get("--site-generator")
    blog = find_blog(home, config.generator or said)
    text = config_text(blog)
    settings = settings if there else read_settings(_unwritten(blog, text))
    workflow, ci_steps = _plan_ci(config, home)
    wanted = {NAME: text} | ({WORKFLOW: workflow} if workflow else {})
    kept = tuple(path for path in wanted if os.path.lexists(home / path))
    new = tuple((path, text) for path, text in wanted.items() if path not in kept)
    for path, _ in new:
        _check_place(home, path)
    return blog, Start(new, kept, (*_pasting(blog), _running(blog, settings), *ci_steps))


def _plan_ci(config: Config, home: Path) -> tuple[str | None, list[str]]:
    """The workflow to write, if any, and what to do by hand."""
    service = config.ci
    if service == "auto":
        service = "gitlab" if os.path.lexists(home / GITLAB) else "github"
    if service == "none":
        return None, []
    root = next((place for place in (home, *home.parents) if os.path.lexists(place / ".git")), home)
    folder = home.relative_to(root).as_posix()
    workflow = ci_text(service, folder)
    is_written = service == "github" and root == home
    steps = []
    if not is_written:
        place = root / (GITLAB if service == "gitlab" else WORKFLOW)
        steps.append(f"For CI, put this into {place}:\n\n{_indented(workflow)}")
        if service == "gitlab" and folder != ".":
            steps.append(f"Give both commands in it --config {shlex.quote(f'{folder}/{NAME}')}.")
    is_new = not (is_written and os.path.lexists(home / WORKFLOW))
    if is_new and (ACTION in workflow or REPOSITORY in workflow):
        commit = "COMMIT" if service == "github" else "the commit"
        steps.append(
            f"In the workflow, replace OWNER with the account that hosts Postkin, and {commit} with the full hash of"
            " one that you have read."
        )
    return workflow if is_written else None, steps


def write_new(home: Path, path: str, text: str) -> None:
    """Write a file that is not there, and no link; raises UsageError when that cannot be done."""
    try:
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        with (home / path).open("x", encoding="utf-8") as stream:  # which opens no link either
            stream.write(text)
    except OSError as error:
        raise UsageError(f"{path!r} cannot be written: {error.strerror}") from None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    try:
        config = parse_config(sys.argv[1:] if argv is None else argv)
        blog, start = plan(config)
        for remark in (_summary(blog), *blog.remarks):
            sys.stdout.write(f"postkin: {printable(remark)}\n")
        for path in start.kept:
            sys.stdout.write(f"postkin: {path} is there already and stays as it is\n")
        for path, text in start.files:
            if config.dry_run:
                sys.stdout.write(f"postkin: would write {path}:\n\n{_indented(text)}\n")
            else:
                write_new(blog.home, path, text)
                sys.stdout.write(f"postkin: wrote {path}\n")
    except (UsageError, OSError) as error:
        return refuse(error, "postkin init")
    sys.stdout.write("".join(f"\n{step}\n" for step in start.steps))
    return 0


def _summary(blog: Blog) -> str:
    count = blog.posts[0].posts
    made_by = f" of a site made by {blog.generator}" if blog.generator in GENERATORS else ""
    return f"found {count:,} post{'s' if count != 1 else ''} in {blog.posts[0].path}{made_by}"


def _hexo_or(site: Site, home: Path) -> Site:
    """The same site, unless its config may be Hexo's as well and its posts are where Hexo has them."""
    is_hexo = site.generator.name == "jekyll" and (home / "source/_posts").is_dir() and not (home / "_posts").is_dir()
    return Site(GENERATORS["hexo"], site.url) if is_hexo else site


def _unclear(home: Path, sites: Sequence[Site]) -> str:
    """Say that no one generator was found, and what to do; raises UsageError where the site is in a folder below."""
    if sites:
        names = " and ".join(site.generator.name for site in sites)
        return f"configs of {names} are here, so the related posts are plain JSON; name yours with --generator"
    with os.scandir(home) as entries:
        folders = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    visible = [name for name in folders if name[0] != "." and name != "node_modules"][:MAX_SITES]
    below = [name for name in visible if sites_in(home / name)]
    if below:
        raise UsageError(
            f"no config of a site generator is in {str(home)!r}, but one is in {below[0]!r}; run postkin init there, or"
            " give --generator"
        )
    return "no config of a site generator is here, so the related posts are plain JSON; name yours with --generator"


def _unwritten(blog: Blog, text: str) -> ConfigFile:
    """The config that is to be written, read as if it was."""
    return ConfigFile(NAME, str(blog.home), str(blog.home), tomllib.loads(text))


def _pasting(blog: Blog) -> list[str]:
    pasted = snippet(blog.generator)
    return [] if pasted is None else [f"To show related posts on the site:\n\n{_indented(pasted)}"]


def _running(blog: Blog, settings: Settings) -> str:
    output = _below(blog.home, settings.report["--output"])
    generator = blog.generator if blog.generator in DATA_NAMES else PLAIN
    said = settings.export.flags.get
    posts = settings.report.get("--input", [str(blog.home / blog.posts[0].path)])
    try:
        file = find_data_file(posts, generator, said("--root"), said("--output"), str(blog.home)).file
    except DataFileError as error:
        return f"Related posts cannot be exported yet: {error}"
    step = "Then run this in the site's folder, each time before the site is built:\n\n    postkin report --export\n\n"
    step += f"It writes the report, {output}/report.html, and {_below(blog.home, file)} for the site."
    return step if _is_ignored(blog.home, output) else f"{step}\nPut {output.split('/')[0]}/ into .gitignore."


def _is_ignored(home: Path, output: str) -> bool:
    """Tell whether git is told to leave an output folder out, as far as that is simple to see."""
    try:
        with (home / ".gitignore").open("rb") as stream:
            lines = stream.read(64 << 10).decode(errors="replace").split("\n")
    except OSError:
        return False
    parts = output.split("/")
    above = {"/".join(parts[: depth + 1]) for depth in range(len(parts))}
    return any(line.strip().strip("/") in above for line in lines)


def _check_place(home: Path, path: str) -> None:
    """Raise UsageError where a new file would be behind a link or a file."""
    for depth in range(1, len(Path(path).parts)):
        place = Path(*Path(path).parts[:depth])
        if (home / place).is_symlink():
            raise UsageError(f"{str(place)!r} is a link, which may lead anywhere; delete it, or give --ci none")
        if (home / place).exists() and not (home / place).is_dir():
            raise UsageError(f"{str(place)!r} is no folder; delete it, or give --ci none")


def _below(home: Path, path: str) -> str:
    """A path of the working folder as it is called in the site's."""
    return Path(os.path.relpath(path, home)).as_posix()


def _quoted(text: str) -> str:
    """A text as TOML has it."""
    return json.dumps(text, ensure_ascii=False)


def _as_yaml(text: str) -> str:
    return str(yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10_000)).strip()


def _indented(text: str) -> str:
    return "".join(f"    {line}".rstrip() + "\n" for line in text.rstrip("\n").split("\n")).rstrip("\n")
