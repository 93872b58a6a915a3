"""Bodies of the REST interface, for server and client: one file for each route group."""

from structgen.api.base import BodyT, Problem, UsageBody, parse_body
from structgen.api.calibrate import CALIBRATE_EXAMPLE, CalibrateRequest, CalibrateResponse
from structgen.api.extract import (
    INVOICE_EXAMPLE,
    AttemptBody,
    ChosenStrategy,
    ExtractRequest,
    ExtractResponse,
)
from structgen.api.forms import parse_form
from structgen.api.ground import GROUND_EXAMPLE, GroundRequest, GroundResponse
from structgen.api.repair import ChangeBody, FixBody, RepairAccount, RepairRequest, RepairResponse
from structgen.api.schemas import (
    CheckRequest,
    CheckResponse,
    EnforcementBody,
    SchemaInfo,
    ValidateRequest,
    ValidateResponse,
)

__all__ = [
    "CALIBRATE_EXAMPLE",
    "GROUND_EXAMPLE",
    "INVOICE_EXAMPLE",
    "AttemptBody",
    "BodyT",
    "CalibrateRequest",
    "CalibrateResponse",
    "ChangeBody",
    "CheckRequest",
    "CheckResponse",
    "ChosenStrategy",
    "EnforcementBody",
    "ExtractRequest",
    "ExtractResponse",
    "FixBody",
    "GroundRequest",
    "GroundResponse",
    "Problem",
    "RepairAccount",
    "RepairRequest",
    "RepairResponse",
    "SchemaInfo",
    "UsageBody",
    "ValidateRequest",
    "ValidateResponse",
    "parse_body",
    "parse_form",
]
