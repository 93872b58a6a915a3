"""The loss of packs equals the loss of their examples one by one."""

import pytest

torch = pytest.importorskip("torch", reason="needs the extra `local`")

from training import packed  # noqa: E402
from training.architecture import new_model  # noqa: E402
from training.induction import IGNORE  # noqa: E402


def test_the_loss_of_packs_is_that_of_their_rows() -> None:
    """Packs with a prefix, without a prefix and of one row have the mean loss of their rows."""
    model = new_model(0, vocabulary=64, layers=2)
    shared = [5, 6, 7, 8]
    rows = [
        ([*shared, 9, 10, 11, 12, 13], [IGNORE] * 6 + [11, 12, 13]),
        ([*shared, 20, 21, 22], [IGNORE] * 5 + [21, 22]),
    ]
    alone = [([30, 31, 30, 31], [IGNORE, IGNORE, 30, 31])]
    packs = [packed.pack(rows), packed.Pack([], rows), packed.pack(alone)]
    assert packs[0].prefix == shared
    total, count = 0.0, 0
    with torch.no_grad():
        for ids, labels in (*rows, *rows, *alone):
            expected = torch.tensor(labels[1:])
            logits = model(torch.tensor([ids])).logits[0, :-1]
            total += float(torch.nn.functional.cross_entropy(logits, expected, reduction="sum"))
            count += sum(label != IGNORE for label in labels[1:])
        assert float(packed.loss(model, packs)) == pytest.approx(total / count, rel=1e-5)
