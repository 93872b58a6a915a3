"""JSON Schemas as values: read, checked, hashed, lowered for a grammar, and validated against."""

from structgen.schema.document import Schema as Schema
from structgen.schema.limits import SchemaLimits as SchemaLimits
from structgen.schema.registry import Registry as Registry
