"""The Outlines engine."""

from structgen.engines.outlines.adapter import OutlinesEngine as OutlinesEngine
from structgen.engines.outlines.adapter import open_outlines as open_outlines
