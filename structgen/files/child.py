"""Read one file: a pickled job on standard input, the pickled source or error on standard output."""

from __future__ import annotations

import os
import pickle
import sys

from structgen.errors import StructgenError
from structgen.files.isolated import OUT_OF_MEMORY
from structgen.files.read import read_file
from structgen.resource_limits import limit_cpu, limit_memory


def main() -> None:
    """Read the file within its limits; the exit code tells of memory that ran out."""
    answer = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not mix with the answer
    data, name, media_type, limits = pickle.load(sys.stdin.buffer)
    limit_cpu(limits.max_cpu_seconds)
    limit_memory(limits.max_memory)
    try:
        result: object = read_file(data, name, media_type, limits)
    except StructgenError as error:
        result = error
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    with os.fdopen(answer, "wb") as out:
        pickle.dump(result, out)


if __name__ == "__main__":
    main()
