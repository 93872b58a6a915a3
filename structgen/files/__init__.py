"""Files to text: the readers of PDF, HTML, DOCX, spreadsheets, mail and plain text, with pages and boxes."""

from structgen.files.isolated import read_file
from structgen.files.limits import FileLimits

__all__ = ["FileLimits", "read_file"]
