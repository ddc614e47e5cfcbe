#!/usr/bin/env python3
"""Draws what measure.py has measured: threads.svg, context.svg and batch.svg, each readable by itself.

    plot.py results.json FOLDER
"""

import argparse
import json
import math
import os
import sys
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

INK, QUIET, GRID = "#1a1a1a", "#595959", "#dddddd"
READING, WRITING = "#1f5fbf", "#b34700"  # both above 4.5 : 1 on white, and apart for every kind of colour vision
PANEL_HEIGHT, MARGIN_LEFT, MARGIN_RIGHT, GAP = 240, 62, 22, 74
TOP, BELOW = 84, 92       # title and legend; ticks, axis name and two lines of caption
WIDTH = 760               # of the picture
TEXT_ROOM = 36            # pixels that the label of a tick needs


@dataclass
class Point:
    x: float
    median: float
    least: float
    most: float


@dataclass
class Series:
    name: str
    colour: str
    points: list
    ideal: str = ""  # name of the dashed line in proportion to x, through the first point; empty: none


@dataclass
class Chart:
    title: str
    x_name: str
    x_unit: str                   # in the text that a point shows under the mouse
    panels: list = field(default_factory=list)  # one series each: their speeds differ too much for one axis
    log2: bool = False
    caption: tuple = ()


def nice_step(most, steps):
    """The smallest of 1, 2, 5, 10, 20, ... that divides `most` into at most `steps`."""
    power = 10.0 ** math.floor(math.log10(most / steps))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor * steps >= most * (1 - 1e-9))


def number(value):
    """As short as can be without losing what is read off."""
    return f"{value:.0f}" if value >= 100 or value == round(value) else f"{value:.3g}"


def text(x, y, words, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(words)}</text>'


def draw_panel(chart, series, left, width):
    """One pair of axes with its line; the parts of an SVG."""
    place = math.log2 if chart.log2 else float
    xs = [point.x for point in series.points]
    first, last = place(min(xs)), place(max(xs))
    proportional = series.points[0].median / series.points[0].x if series.ideal and series.points[0].x > 0 else 0
    greatest = max([point.most for point in series.points] + [proportional * max(xs)])
    step = nice_step(greatest, 6) if greatest > 0 else 1
    top = step * max(1, math.ceil(greatest / step - 1e-9))
    bottom = TOP + PANEL_HEIGHT

    def at_x(x):
        return left + (width * (place(x) - first) / (last - first) if last > first else width / 2)

    def at_y(y):
        return bottom - PANEL_HEIGHT * y / top

    parts = []
    for tick in range(round(top / step) + 1):
        y = at_y(tick * step)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{left + width}" y2="{y:.1f}" stroke="{GRID if tick else INK}"/>')
        parts.append(text(left - 8, y + 4, number(tick * step), 'text-anchor="end"'))
    parts.append(text(left - 40, TOP - 12, f"{series.name}, tokens/s"))
    labelled = -math.inf
    for x in sorted(set(xs)):  # ticks where something was measured, as many as can be told apart
        parts.append(f'<line x1="{at_x(x):.1f}" y1="{bottom}" x2="{at_x(x):.1f}" y2="{bottom + 5}" stroke="{INK}"/>')
        if at_x(x) - labelled >= TEXT_ROOM:
            labelled = at_x(x)
            parts.append(text(labelled, bottom + 19, number(x), 'text-anchor="middle"'))
    parts.append(text(left + width / 2, bottom + 39, chart.x_name, 'text-anchor="middle"'))

    if proportional > 0:
        parts.append(f'<line class="ideal" x1="{at_x(min(xs)):.1f}" y1="{at_y(proportional * min(xs)):.1f}" x2="{at_x(max(xs)):.1f}" '
                     f'y2="{at_y(proportional * max(xs)):.1f}" stroke="{QUIET}" stroke-width="1.5" stroke-dasharray="6 4"/>')
    parts.append(f'<g class="series" aria-label="{escape(series.name)}" stroke="{series.colour}" fill="{series.colour}">')
    line = " ".join(f"{at_x(point.x):.1f},{at_y(point.median):.1f}" for point in series.points)
    parts.append(f'<polyline points="{line}" fill="none" stroke-width="2"/>')
    for point in series.points:
        x, low, high = at_x(point.x), at_y(point.least), at_y(point.most)
        parts.append(f'<path class="whisker" d="M{x:.1f} {low:.1f}V{high:.1f}M{x - 4:.1f} {low:.1f}h8M{x - 4:.1f} {high:.1f}h8" fill="none"/>')
        told = f"{number(point.x)} {chart.x_unit}: {number(point.median)} tokens/s ({number(point.least)} to {number(point.most)})"
        parts.append(f'<circle class="point" cx="{x:.1f}" cy="{at_y(point.median):.1f}" r="3.5"><title>{escape(told)}</title></circle>')
    parts.append("</g>")
    return parts


def draw_legend(chart):
    entries = [(series.name, series.colour, "") for series in chart.panels]
    entries += [(name, QUIET, ' stroke-dasharray="6 4"') for name in dict.fromkeys(series.ideal for series in chart.panels if series.ideal)]
    parts, x = [], 22
    for name, colour, dashes in entries:
        parts.append(f'<line x1="{x}" y1="44" x2="{x + 24}" y2="44" stroke="{colour}" stroke-width="2"{dashes}/>')
        parts.append(text(x + 30, 48, name))
        x += 30 + 7 * len(name) + 24
    parts.append(f'<path d="M{x + 8} 37v14M{x + 4} 37h8M{x + 4} 51h8" stroke="{QUIET}" fill="none"/>')
    parts.append(text(x + 20, 48, "Least to most"))
    return parts


def draw(chart):
    """The chart as the text of an SVG file. White behind, so that it reads the same on a dark page."""
    height = TOP + PANEL_HEIGHT + BELOW
    width = (WIDTH - MARGIN_LEFT - MARGIN_RIGHT - GAP * (len(chart.panels) - 1)) / len(chart.panels)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img" '
             f'font-family="Inter, Helvetica, Arial, sans-serif" font-size="12" fill="{INK}">',
             f"<title>{escape(chart.title)}</title>",
             f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
             text(22, 26, chart.title, 'font-size="15" font-weight="600"')]
    parts += draw_legend(chart)
    for index, series in enumerate(chart.panels):
        parts += draw_panel(chart, series, MARGIN_LEFT + index * (width + GAP), width)
    for index, line in enumerate(chart.caption):
        parts.append(text(22, TOP + PANEL_HEIGHT + 64 + 18 * index, line, f'fill="{QUIET}"'))
    return "\n".join(parts + ["</svg>", ""])


def series_of(runs, place, speed):
    """The points of one line, in ascending order."""
    points = [Point(run[place], run[speed]["median"], run[speed]["min"], run[speed]["max"]) for run in runs]
    return sorted(points, key=lambda point: point.x)


def text_lengths(runs):
    least, most = min(run["prompt_tokens"] for run in runs), max(run["prompt_tokens"] for run in runs)
    return f"{least} tokens" if least == most else f"{least} to {most} tokens"


def charts(results):
    """File name and chart of all that was measured."""
    made = {}

    def caption(runs, *said):
        kernels = ", ".join(sorted({run["isa"] for run in runs}))
        return (f"{results['cpu']} · {results['model']} · {results['date'][:10]}",
                " · ".join([f"kernels {kernels}", *said, f"median of {results['repetitions']}"]))

    def threads_of(runs):
        counts = sorted({run["threads"] for run in runs})
        return "1 thread" if counts == [1] else f"{', '.join(map(str, counts))} threads"

    runs = {name: [run["bench"] for run in results["runs"] if run["chart"] == name] for name in ("threads", "context", "batch")}
    if of := runs["threads"]:
        ideal = "In proportion to the threads"
        made["threads.svg"] = Chart("Speed with more threads", "Threads", "threads",
                                    [Series("Reading", READING, series_of(of, "threads", "prefill_tokens_per_s"), ideal),
                                     Series("Writing", WRITING, series_of(of, "threads", "decode_tokens_per_s"), ideal)],
                                    caption=caption(of, f"reads {of[0]['prompt_tokens']} tokens, writes {of[0]['generated_tokens']}"))
    if of := runs["context"]:
        made["context.svg"] = Chart("Speed as the conversation grows", "Tokens already in the context", "tokens before",
                                    [Series("Reading", READING, series_of(of, "depth", "prefill_tokens_per_s")),
                                     Series("Writing", WRITING, series_of(of, "depth", "decode_tokens_per_s"))],
                                    caption=caption(of, threads_of(of), f"reads {of[0]['prompt_tokens']} tokens, writes {of[0]['generated_tokens']}"))
    if of := runs["batch"]:
        made["batch.svg"] = Chart("Reading speed by batch size", "Batch size in tokens (each step doubles)", "tokens in a batch",
                                  [Series("Reading", READING, series_of(of, "batch", "prefill_tokens_per_s"))], log2=True,
                                  caption=caption(of, threads_of(of), f"texts of {text_lengths(of)}"))
    return made


def main():
    parser = argparse.ArgumentParser(description="Draws the results of measure.py as SVG charts.")
    parser.add_argument("results", help="JSON file that measure.py wrote")
    parser.add_argument("folder", help="where threads.svg, context.svg and batch.svg go; made if missing")
    chosen = parser.parse_args()
    with open(chosen.results, encoding="utf-8") as file:
        made = charts(json.load(file))
    if not made:
        sys.exit("nothing was measured")
    os.makedirs(chosen.folder, exist_ok=True)
    for name, chart in made.items():
        path = os.path.join(chosen.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(draw(chart))
        print(path)


if __name__ == "__main__":
    main()
