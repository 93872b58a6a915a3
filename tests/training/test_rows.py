"""The rows of a GPU batch have the loss of the packs in them."""

import pytest

torch = pytest.importorskip("torch", reason="needs the extra `local`")

from training import packed, rows  # noqa: E402
from training.architecture import new_model, train_tokenizer  # noqa: E402
from training.batches import Batches, batches  # noqa: E402
from training.config import TrainingConfig  # noqa: E402
from training.tasks import texts  # noqa: E402

CONFIG = TrainingConfig(
    seed=3, steps=12, steady=0.1, copying=2, easy=1, batch_tokens=3000, branches=3, decisions=3.0
)


@pytest.fixture(scope="module")
def batches_by_step() -> Batches:
    """Build batches with a small vocabulary."""
    return Batches(CONFIG, train_tokenizer(texts(0, 50), 400))


@pytest.mark.filterwarnings("ignore:flex_attention called without")  # compiled on a GPU alone
@pytest.mark.parametrize("step", [0, 2, 7], ids=["copies", "few fields", "everything"])
def test_the_loss_of_rows_is_that_of_the_packs(batches_by_step: Batches, step: int) -> None:
    """The weighted loss of padded rows equals the weighted loss of their packs."""
    model = new_model(0, vocabulary=400, layers=2)
    packs, weights = batches_by_step[step], 1 + torch.rand(2, 400, generator=torch.Generator().manual_seed(0))
    longest = max(one.tokens for one in packs)
    tensor = rows.lay(packs, len(packs), (longest // 128 + 1) * 128)
    assert rows.tokens(tensor) == sum(one.tokens for one in packs)
    with torch.no_grad():
        loss = float(rows.loss(model, tensor, weights))
        assert loss == pytest.approx(float(packed.loss(model, packs, weights)), rel=1e-4)


@pytest.mark.parametrize("step", [0, 2, 7], ids=["copies", "few fields", "everything"])
def test_the_block_mask_includes_every_visible_block(batches_by_step: Batches, step: int) -> None:
    """The block mask includes every visible block, and marks only fully visible blocks as full."""
    packs = batches_by_step[step]
    longest = max(one.tokens for one in packs)
    numbers, branches = rows.lay(packs, len(packs), (longest // 128 + 1) * 128).long()[3:]
    some, whole = rows._blocks(numbers, branches)
    for row in range(len(numbers)):
        one, part = numbers[row], branches[row]
        place = torch.arange(len(one))
        seen = (one[:, None] == one) & ((part == 0) | (part[:, None] == part)) & (place[:, None] >= place)
        blocks = seen.view(len(one) // 128, 128, -1, 128)
        used = one.view(-1, 128).amax(1) >= 0
        assert not (blocks.any(3).any(1) & ~some[row])[used].any()
        assert not (whole[row] & ~blocks.all(3).all(1))[used].any()


def test_a_pack_without_room_is_left_out(batches_by_step: Batches) -> None:
    """Of two packs for one row, only the larger is placed."""
    small, large = sorted(batches_by_step[5], key=lambda p: p.tokens)[:2]
    tensor = rows.lay([small, large], 1, large.tokens + small.tokens - 1)
    assert rows.tokens(tensor) == large.tokens


def test_workers_draw_the_same_batches(batches_by_step: Batches) -> None:
    """Two workers yield the same batches in the same order as the training process."""
    two = TrainingConfig(
        **{name: getattr(CONFIG, name) for name in CONFIG.__dataclass_fields__} | {"workers": 2}
    )
    assert list(batches(two, batches_by_step.tokenizer, 3)) == [
        batches_by_step[step] for step in range(3, 12)
    ]
