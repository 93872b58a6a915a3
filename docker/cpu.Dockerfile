# The model that ships, on a CPU: docker build -f docker/cpu.Dockerfile -t structgen-cpu .
# An exact release; a digest in its place holds every byte: --build-arg BASE=python@sha256:…
ARG BASE=python:3.11.13-slim-bookworm
FROM ${BASE}

# An index with the CPU build of torch makes a small image; the usual one adds gigabytes of CUDA.
ARG TORCH_INDEX=""
RUN PIP_INDEX_URL="$TORCH_INDEX" pip install --no-cache-dir torch==2.13.0

WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY structgen structgen
RUN pip install --no-cache-dir '.[local]' \
    && useradd --uid 10001 --create-home structgen

WORKDIR /
ENV HF_HUB_OFFLINE=1 PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8000
HEALTHCHECK --start-period=2m --interval=15s --timeout=5s --retries=4 \
    CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
ENTRYPOINT ["structgen", "serve", "--host", "0.0.0.0"]
