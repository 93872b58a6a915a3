# For GPUs: docker build -f docker/gpu.Dockerfile -t structgen-gpu .
# vLLM's own image brings CUDA, torch and vLLM; its tag is the version that pyproject.toml pins.
# A digest in its place holds every byte: --build-arg BASE=vllm/vllm-openai@sha256:…
ARG BASE=vllm/vllm-openai:v0.32.0
FROM ${BASE}

WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY structgen structgen
RUN PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --no-cache-dir . \
    && useradd --uid 10001 --create-home structgen \
    && install --directory --owner=structgen /models

WORKDIR /
ENV HF_HOME=/models VLLM_NO_USAGE_STATS=1 PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8000
# 405 GB of weights take up to 20 minutes: until the start period ends, a failing probe counts for nothing.
HEALTHCHECK --start-period=30m --interval=15s --timeout=5s --retries=4 \
    CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
ENTRYPOINT ["structgen", "serve", "--host", "0.0.0.0", "--engine", "vllm"]
CMD ["--model", "NousResearch/Hermes-4-405B-FP8"]
