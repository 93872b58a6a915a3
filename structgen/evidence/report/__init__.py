"""Show documents and their objects side by side in one HTML file."""

from structgen.evidence.report.documents import ShownDocument
from structgen.evidence.report.page import report_page

__all__ = ["ShownDocument", "report_page"]
