"""The command line. Only this package reads the environment."""

from structgen.cli.main import main as main
