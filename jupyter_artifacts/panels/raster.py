"""A scene painted as PNG, for places that show no SVG: code-hosting sites, LaTeX."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING

from jupyter_artifacts.panels.scene import LOOKS, Box, Curve, Polygon
from jupyter_artifacts.panels.typefaces import face

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

    from jupyter_artifacts.panels.layout import Point
    from jupyter_artifacts.panels.scene import Look, Mark, Scene, Text

MAX_PIXELS = 40_000_000
_FINE = 2  # drawn this much larger and scaled down: Pillow's own lines have hard edges
_STEPS = 16


def png(scene: Scene, scale: float = 1.0, *, colours: int = 0) -> bytes:
    """Return the scene as PNG bytes on a white ground.

    Parameters
    ----------
    scene : Scene
    scale : float, default 1.0
        Pixels for a pixel of the scene; lowered where there would be over 40 million.
    colours : int, default 0
        Keep at most so many colours (a smaller file); 0 keeps all.
    """
    from PIL import Image, ImageDraw

    area = scene.width * scene.height * _FINE * _FINE
    scale = min(scale, (MAX_PIXELS / area) ** 0.5)
    fine = scale * _FINE
    size = (max(round(scene.width * fine), 1), max(round(scene.height * fine), 1))
    image = Image.new("RGB", size, "#ffffff")
    pen = _Pen(ImageDraw.Draw(image), fine)
    for mark in scene.marks:
        pen.mark(mark)
    image = image.resize((max(size[0] // _FINE, 1), max(size[1] // _FINE, 1)), Image.Resampling.LANCZOS)
    if colours:
        image = image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()


class _Pen:
    """Pillow's drawing with marks instead of pixels."""

    def __init__(self, draw: ImageDraw, scale: float) -> None:
        self.draw = draw
        self.scale = scale

    def mark(self, mark: Mark) -> None:
        look = LOOKS[mark.look]
        if isinstance(mark, Box):
            s = self.scale
            box = (mark.x * s, mark.y * s, (mark.x + mark.width) * s, (mark.y + mark.height) * s)
            self.draw.rounded_rectangle(
                box, mark.radius * s, look.fill or None, look.line or None, max(round(look.width * s), 1)
            )
        elif isinstance(mark, Curve):
            self.curve(mark.points, look)
        elif isinstance(mark, Polygon):
            self.draw.polygon([(x * self.scale, y * self.scale) for x, y in mark.points], fill=look.fill)
        else:
            self.text(mark, look)

    def curve(self, points: tuple[Point, ...], look: Look) -> None:
        path = flattened(points)
        pieces = dashed(path, look.dash) if look.dash else [path]
        for piece in pieces:
            scaled = [(x * self.scale, y * self.scale) for x, y in piece]
            self.draw.line(scaled, fill=look.line, width=max(round(look.width * self.scale), 1), joint="curve")

    def text(self, mark: Text, look: Look) -> None:
        font = face(mark.text, look.size * self.scale)
        x, y = mark.x * self.scale, mark.y * self.scale
        anchor = "rs" if mark.at_end else "ls"
        stroke = 0.35 * self.scale if look.bold else 0
        self.draw.text((x, y), mark.text, look.fill, font, anchor, stroke_width=round(stroke), stroke_fill=look.fill)


def flattened(points: tuple[Point, ...]) -> list[Point]:
    """Return a path of cubics as short straight lines."""
    path = [points[0]]
    for i in range(1, len(points) - 2, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = path[-1], *points[i : i + 3]
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            u = 1 - t
            weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
            x = sum(w * v for w, v in zip(weights, (ax, bx, cx, dx), strict=True))
            y = sum(w * v for w, v in zip(weights, (ay, by, cy, dy), strict=True))
            path.append((x, y))
    return path


def dashed(path: list[Point], dash: tuple[float, float]) -> list[list[Point]]:
    """Return the drawn pieces of a dashed line."""
    pieces: list[list[Point]] = [[path[0]]]
    drawing, left = True, dash[0]
    for (ax, ay), (bx, by) in itertools.pairwise(path):
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        done = 0.0
        while length - done > left:
            done += left
            point = (ax + (bx - ax) * done / length, ay + (by - ay) * done / length)
            if drawing:
                pieces[-1].append(point)
            else:
                pieces.append([point])
            drawing = not drawing
            left = dash[0] if drawing else dash[1]
        left -= length - done
        if drawing:
            pieces[-1].append((bx, by))
    return [piece for piece in pieces if len(piece) > 1]
