"""The shape of the shipped model, its tokenizer, and its checkpoint in Hugging Face layout."""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structgen.errors import MissingExtra
from training.chat_template import chat_template

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VOCABULARY = 1024
CONTEXT = 4096
WIDTH, HEAD, THETA = 128, 32, 500000.0
PAD, BEGIN, END_OF_TURN = "<|finetune_right_pad_id|>", "<|begin_of_text|>", "<|eot_id|>"
SPECIAL = (
    PAD, BEGIN, "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", END_OF_TURN, "<|eom_id|>",
    "<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>",
)  # fmt: skip

# Words stay apart from the spaces before them, and digits and punctuation stand alone: then a value
# is the same tokens in a document and between the quotes of JSON, and copying it is exact. What
# stands between the members of JSON may be one token: `","`, `":{"`. So may runs of spaces, and rules.
SPLIT = r"[{}\[\]\":,]+|\p{L}+|\p{N}| +|\s|-{3,}|={3,}|\*{3,}|_{3,}|[^\p{L}\p{N}\s]"


def train_tokenizer(texts: Iterable[str], vocabulary: int = VOCABULARY) -> Tokenizer:
    """Train a byte-level BPE tokenizer on the texts, with Hermes 4's special tokens."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def new_model(
    seed: int,
    *,
    vocabulary: int = VOCABULARY,
    layers: int = 6,
    width: int = WIDTH,
    intermediate: int = 2 * WIDTH,
    head: int = HEAD,
) -> Any:
    """Build an untrained `LlamaForCausalLM` with tied embeddings, a hidden size of `width`, and heads of size `head`.

    Its first two layers start as an induction circuit (Olsson et al. 2022) that compares one token and
    two, so that it can copy before it has learnt anything; the deeper layers start with keys equal to queries and outputs as transposed
    values (mimetic initialisation, Trockman and Kolter 2023).
    """
    try:
        import torch
        from transformers import LlamaConfig, LlamaForCausalLM
    except ImportError as error:
        raise MissingExtra("local", error) from error

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        intermediate_size=intermediate,
        num_hidden_layers=layers,
        num_attention_heads=width // head,
        num_key_value_heads=width // head,
        head_dim=head,
        tie_word_embeddings=True,
        max_position_embeddings=CONTEXT,
        initializer_range=0.02,
        rope_parameters={"rope_type": "default", "rope_theta": THETA},
        bos_token_id=SPECIAL.index(BEGIN),
        eos_token_id=SPECIAL.index(END_OF_TURN),
        pad_token_id=SPECIAL.index(PAD),
    )
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        _build_induction(model.model, width, head)
    return model


def _build_induction(body: Any, width: int, size: int) -> None:
    """Write the weights of an induction circuit into the first two layers.

    Layer 0 attends to the previous token and the one before it; layer 1 attends to the token after an earlier
    occurrence of the same context, and copies it.
    """
    import torch

    def orthogonal() -> torch.Tensor:
        factors: tuple[torch.Tensor, torch.Tensor] = torch.linalg.qr(torch.randn(width, width))
        return factors[0]

    identity, moved, further, copied = (orthogonal() for _ in range(4))
    scale, heads = 0.08, width // size
    half = heads // 2
    body.embed_tokens.weight.normal_(0, scale)
    body.embed_tokens.weight[:, 0] = 2 * scale  # a feature that every token has, for positions alone
    frequencies = THETA ** (-torch.arange(size // 2) / (size // 2))
    first, second, *deeper = (layer.self_attn for layer in body.layers)
    for head in range(heads):
        rows, back = slice(head * size, (head + 1) * size), 1 + head // half
        query, key = first.q_proj.weight[rows].zero_(), first.k_proj.weight[rows].zero_()
        query[: size // 2, 0] = 2.5 * torch.cos(back * frequencies)  # the angle of one or two steps back
        query[size // 2 :, 0] = -2.5 * torch.sin(back * frequencies)
        key[: size // 2, 0] = 2.5
        seen = identity[head % half * size : (head % half + 1) * size]
        first.v_proj.weight[rows] = seen
        first.o_proj.weight[:, rows] = scale * ((moved if back == 1 else further) @ seen.t())
    quick = 7 * size // 32  # the others rotate little over a whole context
    slow = torch.tensor([*range(quick, size // 2), *range(size // 2 + quick, size)])
    count = len(slow)
    for head in range(heads):
        rows = slice(head * size, (head + 1) * size)
        start = min(count * head, half * size - count)
        match = 2.5 * identity[start : start + count]
        queries, keys = match.clone(), match @ moved.t()
        if head >= half:  # half of the dimensions compare the token before as well
            queries[count // 2 :] = match[count // 2 :] @ moved.t()
            keys[count // 2 :] = match[count // 2 :] @ further.t()
        second.q_proj.weight[rows].zero_()[slow] = queries
        second.k_proj.weight[rows].zero_()[slow] = keys
        second.v_proj.weight[rows] = copied[rows]
        second.o_proj.weight[:, rows] = copied[rows].t()
    for attention in deeper:
        attention.q_proj.weight.normal_(0, scale)
        attention.k_proj.weight.copy_(attention.q_proj.weight)
        attention.v_proj.weight.normal_(0, scale / 4)
        attention.o_proj.weight.copy_(attention.v_proj.weight.t())


def grow(model: Any, intermediate: int, layers: int, width: int) -> Any:
    """Grow a model in width, heads, feed-forward units and layers without changing its function.

    New weights contribute zero until they are trained. Each of the deepest layers is followed by a copy of itself.
    """
    import torch

    with torch.no_grad():
        grown = _widen(model, intermediate, width)
        _deepen(grown, layers)
    return grown


def _widen(model: Any, intermediate: int, width: int) -> Any:
    """Widen a model: new input projections start at random, new output projections at zero."""
    import torch
    from transformers import LlamaForCausalLM

    config, thinner = deepcopy(model.config), model.config.hidden_size / width
    config.intermediate_size, config.hidden_size = intermediate, width
    config.num_attention_heads = config.num_key_value_heads = width // config.head_dim
    config.rms_norm_eps *= thinner
    wide = LlamaForCausalLM(config).to(torch.float32)
    old = model.state_dict()
    for name, weights in wide.state_dict().items():
        learnt = old[name].to(torch.float32)
        if name.endswith("norm.weight"):  # the mean of squares is over more of them now
            learnt = learnt * thinner**0.5
            weights.fill_(float(learnt.mean()))
        elif name.endswith(("down_proj.weight", "o_proj.weight", "embed_tokens.weight", "lm_head.weight")):
            weights.zero_()
        weights[tuple(slice(0, size) for size in learnt.shape)] = learnt
    return wide


def _deepen(model: Any, layers: int) -> None:
    body = model.model.layers
    before = len(body)
    for index in reversed(range(2 * before - layers, before)):
        twin = deepcopy(body[index])
        twin.self_attn.o_proj.weight.zero_()
        twin.mlp.down_proj.weight.zero_()
        body.insert(index + 1, twin)
    for index, layer in enumerate(body):
        layer.self_attn.layer_idx = index
    model.config.num_hidden_layers = layers


def save(model: Any, tokenizer: Tokenizer, folder: Path) -> None:
    """Save a Hugging Face checkpoint: bf16 weights, tokenizer, chat template and generation settings."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": BEGIN,
        "eos_token": END_OF_TURN,
        "pad_token": PAD,
        "clean_up_tokenization_spaces": False,
        "model_max_length": CONTEXT,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    (folder / "chat_template.jinja").write_text(chat_template())


def write_random(folder: Path, seed: int = 0) -> None:
    """Save a checkpoint of random weights, the hardest test of a grammar."""
    sample = ['{"name":"value","list":[1,2.5,true,false,null]}', "the quick brown fox, 0123456789"]
    tokenizer = train_tokenizer(sample * 2, 400)
    save(new_model(seed, vocabulary=tokenizer.get_vocab_size()), tokenizer, folder)
