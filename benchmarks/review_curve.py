"""Draws review curves as an SVG: the share that a person looks at, against how many of the rest are right."""

from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, TOP = 580, 320, 80, 30
COLOURS = ("#2f7fd1", "#d9722b")
GREY = "#808080"
"""Readable on white and on black."""


def curve(scores: Sequence[float], labels: Sequence[bool]) -> list[tuple[float, float]]:
    """Return points of the share reviewed, least sure first, and the share of the rest that is right."""
    ordered = [label for _, label in sorted(zip(scores, labels, strict=True), key=lambda pair: -pair[0])]
    points, right = [], 0
    for kept, label in enumerate(ordered, 1):
        right += label
        if kept >= 0.03 * len(ordered):
            points.append((1 - kept / len(ordered), right / kept))
    return points[::-1]


def plot(curves: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Return a standalone SVG with a line for each curve, and a text for those who do not see it."""
    low = min((right for points in curves.values() for _, right in points), default=0.0)
    bottom = int(low * 10) / 10 if low < 0.9 else 0.9

    def at(x: float, y: float) -> tuple[float, float]:
        high = TOP + (1 - y) / (1 - bottom) * (HEIGHT - TOP - 50)
        return LEFT + x * (WIDTH - LEFT - 20), high

    told = "; ".join(f"{n}: {p[0][1]:.0%} right without review" for n, p in curves.items() if p)
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title told" font-family="sans-serif" font-size="12">',
        f'<title id="title">Share reviewed against share of the rest that is right</title>'
        f'<desc id="told">{told}</desc>',
    ]
    for step in range(6):
        x, y = at(step / 5, bottom)
        body.append(
            f'<text x="{x:.0f}" y="{y + 18:.0f}" fill="{GREY}" text-anchor="middle">{step / 5:.0%}</text>'
        )
        level = bottom + (1 - bottom) * step / 5
        x, y = at(0, level)
        body.append(
            f'<text x="{x - 6:.0f}" y="{y + 4:.0f}" fill="{GREY}" text-anchor="end">{level:.0%}</text>'
        )
        body.append(f'<path d="M{x:.0f} {y:.1f}H{WIDTH - 20}" stroke="{GREY}" stroke-opacity="0.3"/>')
    for (name, points), colour, row in zip(curves.items(), COLOURS, (0, 1), strict=False):
        path = "L".join("{:.1f} {:.1f}".format(*at(x, y)) for x, y in points)
        dash = ' stroke-dasharray="6 4"' if row else ""
        body.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        body.append(
            f'<text x="{LEFT + row * 180}" y="16" fill="{colour}">{name} ({"- -" if row else "—"})</text>'
        )
    across, middle = (LEFT + WIDTH - 20) / 2, (TOP + HEIGHT - 50) / 2
    body.append(
        f'<text x="{across:.0f}" y="{HEIGHT - 8}" fill="{GREY}" text-anchor="middle">share of the values '
        "that a person reviews</text>"
        f'<text transform="translate(18 {middle:.0f}) rotate(-90)" fill="{GREY}" text-anchor="middle">'
        "share of the rest that is right</text>"
    )
    return "\n".join([*body, "</svg>"]) + "\n"
