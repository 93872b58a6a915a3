"""A grown model computes the same function as before."""

import pytest

torch = pytest.importorskip("torch", reason="needs the extra `local`")

from training.architecture import grow, new_model  # noqa: E402


@pytest.mark.parametrize(
    ("intermediate", "layers", "width"),
    [(256, 4, 128), (384, 4, 128), (512, 6, 128), (256, 8, 128), (256, 4, 192), (512, 6, 256)],
)
def test_a_grown_model_computes_the_same_logits(intermediate: int, layers: int, width: int) -> None:
    """A model grown in width or depth has the same logits, and every layer receives a gradient."""
    model = new_model(0, vocabulary=64, layers=4)
    grown = grow(model, intermediate, layers, width)
    ids = torch.randint(0, 64, (2, 40), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.allclose(grown(ids).logits, model(ids).logits, atol=1e-4)
    assert grown.config.num_hidden_layers == len(grown.model.layers) == layers
    loss = torch.nn.functional.cross_entropy(grown(ids).logits.flatten(0, 1), ids.roll(-1, 1).flatten())
    loss.backward()
    learns = [bool(layer.mlp.down_proj.weight.grad.any()) for layer in grown.model.layers]
    assert learns == [True] * layers
    stream = grown.model.embed_tokens.weight.grad[:, 128:]
    assert bool(stream.any()) == (width > 128)
