"""The remote engine."""

from structgen.engines.remote.adapter import RemoteEngine as RemoteEngine
