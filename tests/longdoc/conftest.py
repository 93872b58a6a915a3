"""Schemas and values for Hypothesis come from the tests of schemas."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "schema"))
