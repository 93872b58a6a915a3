"""Check the directory of a ZIP archive before anything is unpacked."""

from __future__ import annotations

import io
import zipfile

from structgen.errors import UnreadableFile
from structgen.files.limits import FileLimits, exceeded

_ENCRYPTED = 0x1


def checked_names(data: bytes, limits: FileLimits) -> list[str]:
    """Return the names of the members; `UnreadableFile` for too many, too large or encrypted ones."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        detail = f"the file is damaged ({error}): it was probably cut off. Send the whole file"
        raise UnreadableFile(detail, "damaged") from error
    if len(members) > limits.max_members:
        exceeded("max_members", limits, len(members))
    size = sum(member.file_size for member in members)
    if size > limits.max_unpacked:
        exceeded("max_unpacked", limits, size)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise UnreadableFile("the file is encrypted: remove its password, and send it again", "encrypted")
    return [member.filename for member in members]
