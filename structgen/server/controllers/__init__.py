"""Route groups, one controller a file; `structgen.api` has bodies, `openapi_operations` the documentation."""

from structgen.server.controllers.calibrate import CalibrateController
from structgen.server.controllers.chat import ChatController
from structgen.server.controllers.documentation import DocumentationController
from structgen.server.controllers.extract import ExtractController
from structgen.server.controllers.ground import GroundController
from structgen.server.controllers.models import ModelsController
from structgen.server.controllers.probes import ProbesController
from structgen.server.controllers.repair import RepairController
from structgen.server.controllers.responses import ResponsesController
from structgen.server.controllers.schemas import SchemasController

CONTROLLERS = [
    ExtractController,
    ChatController,
    ResponsesController,
    RepairController,
    GroundController,
    CalibrateController,
    SchemasController,
    ModelsController,
    ProbesController,
    DocumentationController,
]
