"""Rectangles of a page, in its own coordinates and as it is shown."""

from __future__ import annotations

from structgen.types.evidence import Box


def shown(box: Box, quarters: int, page: Box) -> Box:
    """Return a box from the upper left corner of a page that is turned clockwise by quarters of a circle.

    `box` and `page` are left, bottom, right and top in the coordinates of the page, which grow upwards.
    """
    left, bottom, right, top = box
    page_left, page_bottom, page_right, page_top = page
    match quarters % 4:
        case 0:
            return left - page_left, page_top - top, right - page_left, page_top - bottom
        case 1:
            return bottom - page_bottom, left - page_left, top - page_bottom, right - page_left
        case 2:
            return page_right - right, bottom - page_bottom, page_right - left, top - page_bottom
        case _:
            return page_top - top, page_right - right, page_top - bottom, page_right - left
