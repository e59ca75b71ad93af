"""The process that a command runs in, as it must be before NumPy and Beam are imported."""

import gc
import logging
import os

# Sums must not depend on how many threads share them, and pools of idle threads cost more than they bring to blocks
# this small. The libraries read these when they are first imported, which is after this.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

gc.set_threshold(200_000, 20, 20)  # garbage is looked for rarely, since what a command makes lives to its end


def prepare_for_beam() -> None:
    """Drop what Beam says on every import: that it came without the gcp extra."""
    logging.getLogger().addFilter(lambda record: "apitools not found" not in record.getMessage())
