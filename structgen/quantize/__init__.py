"""FP8 copies of Hugging Face models."""

from structgen.quantize.fp8 import Quantized as Quantized
from structgen.quantize.fp8 import quantization_config as quantization_config
from structgen.quantize.fp8 import quantize as quantize
from structgen.quantize.fp8 import to_fp8 as to_fp8
