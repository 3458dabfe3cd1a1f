"""`python -m cislens.cli` is the command line."""

import sys

from cislens.cli import main

sys.exit(main.main())
