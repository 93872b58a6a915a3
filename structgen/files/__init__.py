"""Files to text: the readers of PDF, HTML, DOCX, spreadsheets, mail and plain text, with pages and boxes."""

from structgen.files.limits import FileLimits
from structgen.files.read import read_file

__all__ = ["FileLimits", "read_file"]
