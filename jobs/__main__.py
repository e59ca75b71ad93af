"""`python -m jobs` is the postkin command."""

import sys

from jobs.cli import main

sys.exit(main())
