"""`python -m structgen.cli`, for where the command itself is not on the path."""

from structgen.cli import main

if __name__ == "__main__":
    main(prog_name="structgen")
