"""One module a job: flags, a frozen Config, a pipeline."""

import os

__version__ = "0.1.0"

# Sums must not depend on how many threads share them, and pools of idle threads cost more than they bring to blocks
# this small. The libraries read these when they are first imported, which is after this.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
