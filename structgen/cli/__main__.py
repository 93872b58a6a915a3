"""Run the command line as `python -m structgen.cli`, if the command is not on the path."""

from structgen.cli import main

if __name__ == "__main__":
    main(prog_name="structgen")
