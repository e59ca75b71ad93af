"""Vega, the library that draws the map, as it was packed when this package was built."""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

BUNDLE = "vega.js.gz"


@dataclass(frozen=True)
class Bundle:
    """A script, and the same compressed as a page holds it: gzip in base64."""

    source: str
    packed: str


@cache
def vega_bundle() -> Bundle:
    """Vega with its embedding; raises FileNotFoundError where the package was not built."""
    file = files("templates").joinpath(BUNDLE)
    if not file.is_file():
        raise FileNotFoundError(f"templates/{BUNDLE} is made when postkin is installed; run: pip install .")
    packed = file.read_bytes()
    return Bundle(gzip.decompress(packed).decode(), base64.b64encode(packed).decode())
