"""Models of the Hugging Face hub by their names: from the local cache, or downloaded once."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from structgen.errors import ConfigError

log = logging.getLogger("structgen.engine")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_FILES = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]
"""Files of a checkpoint: weights in one format, configuration, tokenizer and chat template."""


def is_hub_name(source: str | Path) -> bool:
    """Return whether the source is a name like `Qwen/Qwen3-0.6B`, and no file or folder here."""
    return _NAME.fullmatch(str(source)) is not None and not Path(source).exists()


def local_folder(source: str | Path) -> Path:
    """Return the folder of a model; one of the hub is downloaded where the cache lacks it.

    Blocks, for minutes with large weights. `ConfigError` says what to do where there is no network, no such
    model, or no access to it.
    """
    if not is_hub_name(source):
        return Path(source)
    name = str(source)
    try:
        import huggingface_hub
        from huggingface_hub import errors
    except ImportError as error:
        raise ConfigError(f"no model in {name}: give a folder with --model") from error
    try:
        return Path(huggingface_hub.snapshot_download(name, allow_patterns=_FILES, local_files_only=True))
    except (errors.LocalEntryNotFoundError, OSError, ValueError) as error:
        if huggingface_hub.constants.HF_HUB_OFFLINE:
            forbidden = f"{_not_here(name)} HF_HUB_OFFLINE forbids a download"
            raise ConfigError(f"{forbidden}: unset it, or {_elsewhere(name)}") from error
        log.info("%s is not in the cache: downloading it from the Hugging Face hub", name)
    try:
        return Path(huggingface_hub.snapshot_download(name, allow_patterns=_FILES))
    except errors.GatedRepoError as error:
        raise ConfigError(
            f"--model {name}: accept the model's terms at https://huggingface.co/{name}, "
            "then set HF_TOKEN to a token of your account"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ConfigError(
            f"--model {name}: neither a folder here, nor a public model of the Hugging Face hub: "
            "check the name, or set HF_TOKEN for a private one"
        ) from error
    except Exception as error:  # of many kinds, most of them about the network
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise ConfigError(
            f"{_not_here(name)} the Hugging Face hub cannot be reached ({reason}): {_elsewhere(name)}"
        ) from error


def _not_here(name: str) -> str:
    return f"--model {name}: not a folder here, not in the cache, and"


def _elsewhere(name: str) -> str:
    folder = name.rpartition("/")[2]
    return (
        f"run `hf download {name} --local-dir {folder}` on a machine with network, copy the folder here, and "
        f"give --model {folder}"
    )
