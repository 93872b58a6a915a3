"""A model that grows computes what it did."""

import pytest

torch = pytest.importorskip("torch", reason="needs the extra `local`")

from structgen.embedded.architecture import grow, new_model  # noqa: E402


@pytest.mark.parametrize(("intermediate", "layers"), [(256, 4), (384, 4), (512, 6), (256, 8)])
def test_what_is_new_adds_nothing_yet(intermediate: int, layers: int) -> None:
    """Wider between the layers, deeper, or both; and every weight of it learns."""
    model = new_model(0, vocabulary=64, layers=4)
    grown = grow(model, intermediate, layers)
    ids = torch.randint(0, 64, (2, 40), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.allclose(grown(ids).logits, model(ids).logits, atol=1e-5)
    assert grown.config.num_hidden_layers == len(grown.model.layers) == layers
    loss = torch.nn.functional.cross_entropy(grown(ids).logits.flatten(0, 1), ids.roll(-1, 1).flatten())
    loss.backward()
    learns = [bool(layer.mlp.down_proj.weight.grad.any()) for layer in grown.model.layers]
    assert learns == [True] * layers
