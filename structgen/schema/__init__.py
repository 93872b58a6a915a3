"""JSON Schemas as values: read, checked, hashed, lowered for a grammar, and validated against."""

from structgen.schema.limits import SchemaLimits as SchemaLimits
from structgen.schema.registry import Registry as Registry
from structgen.schema.schema import Schema as Schema
