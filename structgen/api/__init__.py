"""The bodies of the REST interface, as server and client both see them: a file for each route."""

from structgen.api.base import (
    B as B,
)
from structgen.api.base import (
    DiagnosticBody as DiagnosticBody,
)
from structgen.api.base import (
    Problem as Problem,
)
from structgen.api.base import (
    SchemaReference as SchemaReference,
)
from structgen.api.base import (
    UsageBody as UsageBody,
)
from structgen.api.base import (
    ViolationBody as ViolationBody,
)
from structgen.api.base import (
    read as read,
)
from structgen.api.extract import (
    INVOICE_EXAMPLE as INVOICE_EXAMPLE,
)
from structgen.api.extract import (
    AttemptBody as AttemptBody,
)
from structgen.api.extract import (
    ChosenStrategy as ChosenStrategy,
)
from structgen.api.extract import (
    ExampleBody as ExampleBody,
)
from structgen.api.extract import (
    ExtractRequest as ExtractRequest,
)
from structgen.api.extract import (
    ExtractResponse as ExtractResponse,
)
from structgen.api.extract import (
    LimitsBody as LimitsBody,
)
from structgen.api.extract import (
    MessageBody as MessageBody,
)
from structgen.api.extract import (
    SamplingBody as SamplingBody,
)
from structgen.api.repair import (
    ChangeBody as ChangeBody,
)
from structgen.api.repair import (
    FixBody as FixBody,
)
from structgen.api.repair import (
    RepairAccount as RepairAccount,
)
from structgen.api.repair import (
    RepairRequest as RepairRequest,
)
from structgen.api.repair import (
    RepairResponse as RepairResponse,
)
from structgen.api.validate import (
    CheckRequest as CheckRequest,
)
from structgen.api.validate import (
    CheckResponse as CheckResponse,
)
from structgen.api.validate import (
    EnforcementBody as EnforcementBody,
)
from structgen.api.validate import (
    SchemaInfo as SchemaInfo,
)
from structgen.api.validate import (
    ValidateRequest as ValidateRequest,
)
from structgen.api.validate import (
    ValidateResponse as ValidateResponse,
)
