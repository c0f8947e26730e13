"""What hands and programs draw: line drawings, cartoons, sketches, windows of programs."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .colours import Colour, Rng, any_colour, pale
from .paper import INK, SIDE, lines, words

Pen = ImageDraw.ImageDraw


def curve(rng: Rng, start: tuple[float, float], steps: int, length: float) -> list[tuple[float, float]]:
    """A wandering line."""
    x, y = start
    heading, turn = rng.uniform(0, math.tau), 0.0
    points = [(x, y)]
    for _ in range(steps):
        turn = 0.8 * turn + rng.normal(0, 0.15)
        heading += turn
        x, y = x + length * math.cos(heading), y + length * math.sin(heading)
        points.append((x, y))
    return points


def line_drawing(rng: Rng) -> Image.Image:
    """Outlines in one ink on paper: curves, circles, boxes."""
    image = Image.new("RGB", (SIDE, SIDE), pale(rng))
    pen = ImageDraw.Draw(image)
    ink = INK if rng.random() < 0.7 else any_colour(rng)
    width = int(rng.integers(1, 5))
    for _ in range(int(rng.integers(4, 16))):
        x, y, r = rng.uniform(20, SIDE - 20), rng.uniform(20, SIDE - 20), rng.uniform(8, 90)
        match rng.choice(["curve", "curve", "circle", "box", "polygon"]):
            case "curve":
                pen.line(curve(rng, (x, y), int(rng.integers(10, 50)), 7), fill=ink, width=width, joint="curve")
            case "circle":
                pen.ellipse((x - r, y - r * rng.uniform(0.4, 1), x + r, y + r * rng.uniform(0.4, 1)), outline=ink, width=width)
            case "box":
                pen.rectangle((x - r, y - r / 2, x + r, y + r / 2), outline=ink, width=width)
            case _:
                pen.regular_polygon((x, y, r), int(rng.integers(3, 8)), float(rng.uniform(0, 360)), outline=ink)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.8)))


def figure(rng: Rng, pen: Pen, x: float, foot: float, height: float) -> None:
    """A person of a round head and five strokes."""
    colour, r = any_colour(rng), height / 8
    hip, neck, width = foot - 0.45 * height, foot - 0.8 * height, max(2, int(height / 16))
    pen.ellipse((x - r, neck - 2 * r, x + r, neck), fill=(245, 205, 170), outline=INK)
    pen.line((x, neck, x, hip), fill=colour, width=2 * width)
    for side in (-1, 1):
        pen.line((x, neck + r, x + side * 2 * r, neck + rng.uniform(-1, 3) * r), fill=colour, width=width)
        pen.line((x, hip, x + side * r, foot), fill=INK, width=width)


def cartoon(rng: Rng) -> Image.Image:
    """Flat colours with outlines: sky, ground, sun, houses, trees, people."""
    image = Image.new("RGB", (SIDE, SIDE), any_colour(rng))
    pen = ImageDraw.Draw(image)
    ground = int(rng.uniform(0.5, 0.8) * SIDE)
    pen.rectangle((0, ground, SIDE, SIDE), fill=any_colour(rng))
    outline: Colour | None = INK if rng.random() < 0.7 else None
    x, r = rng.uniform(30, SIDE - 30), rng.uniform(15, 35)
    pen.ellipse((x - r, 20, x + r, 20 + 2 * r), fill=any_colour(rng), outline=outline)
    for _ in range(int(rng.integers(2, 7))):
        x, size = rng.uniform(0, SIDE), rng.uniform(25, 80)
        foot = ground + rng.uniform(-5, 60)
        match rng.choice(["house", "tree", "person", "blob"]):
            case "house":
                pen.rectangle((x - size, foot - size, x + size, foot), fill=any_colour(rng), outline=outline, width=2)
                roof = [(x - size, foot - size), (x, foot - 1.7 * size), (x + size, foot - size)]
                pen.polygon(roof, fill=any_colour(rng), outline=outline)
                pen.rectangle((x - size / 4, foot - size / 2, x + size / 4, foot), fill=any_colour(rng), outline=outline)
            case "tree":
                pen.rectangle((x - size / 8, foot - size, x + size / 8, foot), fill=(110, 70, 40))
                pen.ellipse((x - size / 2, foot - 2 * size, x + size / 2, foot - size / 1.5), fill=any_colour(rng), outline=outline)
            case "person":
                figure(rng, pen, x, foot, 1.5 * size)
            case _:
                points = [
                    (x + size * rng.uniform(0.5, 1) * math.cos(a), foot - size + size * rng.uniform(0.5, 1) * math.sin(a))
                    for a in np.linspace(0, math.tau, 9)[:-1]
                ]
                pen.polygon(points, fill=any_colour(rng), outline=outline)
    return image


def sketch(rng: Rng) -> Image.Image:
    """Pencil hatching on paper with grain."""
    image = Image.new("L", (SIDE, SIDE), int(rng.integers(220, 252)))
    pen = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(4, 12))):
        x, y, w, h = rng.uniform(0, SIDE), rng.uniform(0, SIDE), rng.uniform(20, 120), rng.uniform(20, 120)
        slant, tone = rng.uniform(-1, 1), int(rng.integers(60, 190))
        pen.ellipse((x, y, x + w, y + h), outline=tone)
        for offset in np.arange(0, w, rng.uniform(3, 7)):
            pen.line((x + offset, y + rng.normal(0, 3), x + offset + slant * h, y + h + rng.normal(0, 3)), fill=tone)
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.6)), np.float64) + rng.normal(0, rng.uniform(1, 6), (SIDE, SIDE))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).convert("RGB")


def screenshot(rng: Rng) -> Image.Image:
    """A window of a program, light or dark: bars, a list, text or code, buttons, tiles."""
    is_dark = rng.random() < 0.4
    ground, ink = ((30, 31, 36), (205, 208, 214)) if is_dark else ((250, 250, 251), (40, 42, 48))
    shade = tuple(v + (14 if is_dark else -18) for v in ground)
    accent = any_colour(rng)
    image = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIDE, 22), fill=accent if rng.random() < 0.4 else shade)
    for n, colour in enumerate(((255, 95, 86), (255, 189, 46), (39, 201, 63))):
        pen.ellipse((8 + 14 * n, 6, 18 + 14 * n, 16), fill=colour)
    left = int(rng.integers(60, 110)) if rng.random() < 0.7 else 0
    if left:
        pen.rectangle((0, 22, left, SIDE), fill=shade)
        for y in range(34, SIDE - 10, int(rng.integers(16, 26))):
            pen.text((8, y), words(rng, 2)[: left // 8], fill=ink)
    y = 34
    while y < SIDE - 20:
        height = int(rng.integers(30, 110))
        match rng.choice(["text", "code", "buttons", "tiles"]):
            case "text":
                lines(rng, pen, (left + 12, y, SIDE - 12, y + height), int(rng.integers(8, 13)), ink)
            case "code":
                for row in range(y, y + height, 13):
                    x = left + 12 + 12 * int(rng.integers(0, 4))
                    for _ in range(int(rng.integers(1, 4))):
                        text = words(rng, 1)
                        pen.text((x, row), text, fill=any_colour(rng) if rng.random() < 0.5 else ink)
                        x += 7 * len(text) + 6
            case "buttons":
                for n in range(int(rng.integers(1, 4))):
                    box = (left + 12 + 70 * n, y, left + 72 + 70 * n, y + 22)
                    pen.rounded_rectangle(box, 5, fill=accent if n == 0 else shade)
                    pen.text((box[0] + 8, y + 5), words(rng, 1)[:6], fill=ink)
            case _:
                for n in range(int(rng.integers(2, 5))):
                    pen.rectangle((left + 12 + 62 * n, y, left + 66 + 62 * n, y + height), fill=any_colour(rng) if n % 2 else shade)
        y += height + 12
    return image
