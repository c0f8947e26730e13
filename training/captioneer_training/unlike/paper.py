"""Text and figures on paper: pages, scans, charts."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .colours import Colour, Rng, any_colour, pale

SIDE = 320
LETTERS = np.array(list("eeeeaaaooiintttsshhrrdlcumwfgypbvk"))
INK = (20, 20, 24)


def words(rng: Rng, count: int) -> str:
    return " ".join("".join(rng.choice(LETTERS, int(rng.integers(1, 10)))) for _ in range(count))


def lines(rng: Rng, pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], size: int, ink: Colour = INK) -> None:
    """Lines of letters that fill a box (left, top, right, bottom)."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = box
    for y in range(top, bottom - size, round(size * 1.5)):
        most = int(1.7 * (right - left) / size)
        pen.text((left, y), words(rng, int(rng.integers(6, 12)))[: most if rng.random() < 0.8 else most // 2], fill=ink, font=font)


def page(rng: Rng) -> Image.Image:
    """Lines of dark letters on light paper."""
    image = Image.new("RGB", (SIDE, SIDE), pale(rng))
    lines(rng, ImageDraw.Draw(image), (16, 16, SIDE - 16, SIDE - 16), int(rng.integers(10, 18)))
    return image


def scan(rng: Rng) -> Image.Image:
    """A sheet as a scanner or a telephone sees it: turned a little, unevenly lit, columns, a heading, perhaps a figure or a table."""
    sheet = Image.new("RGB", (SIDE, SIDE), pale(rng))
    pen = ImageDraw.Draw(sheet)
    pen.text((24, 14), words(rng, 3)[:22], fill=INK, font=ImageFont.load_default(int(rng.integers(18, 28))))
    columns = int(rng.integers(1, 4))
    width = (SIDE - 40) // columns
    for column in range(columns):
        left = 20 + column * width
        top = 52
        if rng.random() < 0.4:
            height = int(rng.integers(40, 110))
            pen.rectangle((left, top, left + width - 12, top + height), outline=INK, fill=any_colour(rng) if rng.random() < 0.4 else None)
            for y in range(top + 14, top + height, 16):
                pen.line((left, y, left + width - 12, y), fill=INK)
            top += height + 10
        lines(rng, pen, (left, top, left + width - 12, SIDE - 20), int(rng.integers(7, 13)))
    turned = sheet.rotate(rng.normal(0, 2), Image.Resampling.BICUBIC, fillcolor=tuple(int(v) for v in rng.integers(120, 250, 3)))
    pixels = np.asarray(turned, np.float64) * rng.uniform(0.75, 1.0)
    pixels *= 1 - rng.uniform(0, 0.25) * np.linspace(0, 1, SIDE)[:, None, None]
    pixels += rng.normal(0, rng.uniform(0, 5), pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.9)))


def chart(rng: Rng) -> Image.Image:
    """Bars, lines, points or a pie, with axes and a title, on a light or dark ground."""
    is_dark = rng.random() < 0.2
    ground, ink = ((24, 26, 34), (210, 210, 215)) if is_dark else (pale(rng), INK)
    image = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(int(rng.integers(9, 14)))
    pen.text((60, 8), words(rng, 3)[:24], fill=ink, font=ImageFont.load_default(16))
    left, top, right, bottom = 46, 36, SIDE - 20, SIDE - 40
    kind = rng.choice(["bars", "lines", "points", "pie"])
    if kind == "pie":
        shares = rng.dirichlet(np.ones(int(rng.integers(3, 7)))) * 360
        for start, share in zip(np.cumsum(shares) - shares, shares, strict=True):
            pen.pieslice(
                (left + 20, top + 10, right - 20, bottom), float(start), float(start + share), fill=any_colour(rng), outline=ground
            )
        return image
    for step in range(6):
        y = top + (bottom - top) * step // 5
        if rng.random() < 0.7:
            pen.line((left, y, right, y), fill=tuple((a + b) // 2 for a, b in zip(ground, (150, 150, 150), strict=True)))
        pen.text((8, y - 6), str((5 - step) * 20), fill=ink, font=font)
    pen.line((left, top, left, bottom, right, bottom), fill=ink, width=2)
    for _ in range(int(rng.integers(1, 4))):
        colour = any_colour(rng)
        if kind == "bars":
            count = int(rng.integers(3, 9))
            width = (right - left) / count
            for bar in range(count):
                start = left + bar * width + rng.uniform(0, 0.3) * width
                pen.rectangle((start, rng.uniform(top, bottom), start + width * 0.4, bottom - 1), fill=colour)
        elif kind == "lines":
            heights = (rng.uniform(top, bottom) + np.cumsum(rng.normal(0, 18, 30))).clip(top, bottom)
            points = [(left + (right - left) * n / 29, height) for n, height in enumerate(heights.tolist())]
            pen.line(points, fill=colour, width=int(rng.integers(1, 4)))
        else:
            centre = rng.uniform((left, top), (right, bottom))
            for px, py in rng.normal(centre, 35, (60, 2)).clip((left, top), (right, bottom)).tolist():
                pen.ellipse((px - 3, py - 3, px + 3, py + 3), fill=colour)
    for label in range(4):
        pen.text((left + 10 + label * (right - left) // 4, bottom + 8), words(rng, 1)[:6], fill=ink, font=font)
    return image


def sheet_music(rng: Rng) -> Image.Image:
    """Staves with notes: a figure of lines and dots that is neither text nor chart."""
    image = Image.new("RGB", (SIDE, SIDE), pale(rng))
    pen = ImageDraw.Draw(image)
    for top in range(24, SIDE - 50, 62):
        for line in range(5):
            pen.line((12, top + 7 * line, SIDE - 12, top + 7 * line), fill=INK)
        x = 30.0
        while x < SIDE - 24:
            y = top + float(rng.integers(-1, 9)) * 3.5
            pen.ellipse((x - 4, y - 3, x + 4, y + 3), fill=INK)
            pen.line((x + 4, y, x + 4, y - 24 * math.copysign(1, y - top - 7)), fill=INK)
            x += rng.uniform(14, 34)
    return image
