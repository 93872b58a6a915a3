"""PDF: characters to words, words to lines in reading order."""

from structgen.files.pdf.reader import read_pdf

__all__ = ["read_pdf"]
