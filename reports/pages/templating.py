"""How templates are found and filled in."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from reports.words.language import ENGLISH, Language

PACKAGE = "templates"


def load_template(name: str, language: Language = ENGLISH, finalize: Callable[[Any], Any] | None = None) -> Template:
    """A template that escapes HTML and refuses names it does not know; `finalize` sees every value printed.

    It says its texts through `_`, in `language`, whose code is `lang`.
    """
    environment = Environment(
        loader=PackageLoader(PACKAGE, package_path=""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
    )
    environment.globals.update(_=language, lang=language.code)
    return environment.get_template(name)


def read_asset(name: str) -> str:
    """The text of a file that stands beside the templates."""
    return files(PACKAGE).joinpath(name).read_text(encoding="utf-8")
