"""The version of Postkin, which setup.py reads too, and where its repository is."""

__version__ = "0.1.0"
REPOSITORY = "https://github.com/OWNER/postkin"
"""Until it has an address of its own; all pages name this one."""
