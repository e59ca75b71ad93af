"""The script for a site's pages that shows a reader what to read next."""

from importlib.resources import files


def next_script() -> bytes:
    """Return the script, which is the same for every site; its first line says whose it is."""
    return files("templates").joinpath("site/next.js").read_bytes()
