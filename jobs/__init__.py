"""One module a job: flags, a frozen Config, a pipeline."""

__version__ = "0.1.0"
