"""The command line. The environment is read in this room alone."""

from structgen.cli.main import main as main
