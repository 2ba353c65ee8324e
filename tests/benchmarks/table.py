"""What was measured as a table of text, and as a picture for the README."""

from __future__ import annotations

from html import escape

COLUMNS = ("bare fit", "tf.function loop", "scikit-learn", "our fit", "our loop")
ROW, LEFT, WIDTH = 26, 230, 132


def text(rows) -> str:
    """Rows `(name, {contestant: result})` as lines: steps per second, and the ratio to bare `fit`."""
    lines = [f"{'steps per second':34}" + "".join(f"{column:>22}" for column in COLUMNS)]
    for name, results in rows:
        lines.append(f"{name:34}" + "".join(f"{cell(results, column):>22}" for column in COLUMNS))
        losses = "".join(f"{loss(results, column):>22}" for column in COLUMNS)
        lines.append(f"{'  loss of epoch 3':34}{losses}")
        lines.append(f"  chosen: {results.get('our fit', {}).get('execution')} (fit), "
                     f"{results.get('our loop', {}).get('execution')} (loop)")  # fmt: skip
    return "\n".join(lines) + "\n"


def cell(results, column) -> str:
    if column not in results:
        return "–"
    rate, bare = results[column]["steps_per_second"], results["bare fit"]["steps_per_second"]
    return f"{rate:,.0f}" if column == "bare fit" else f"{rate:,.0f} ({rate / bare:.1f}x)"


def loss(results, column) -> str:
    return f"{results[column]['loss']:.4f}" if column in results else "–"


def svg(rows) -> str:
    """The same as a picture that reads on light and dark pages."""
    height = ROW * (len(rows) + 2)
    width = LEFT + WIDTH * len(COLUMNS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="system-ui,sans-serif"'
        ' font-size="12">',
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>',
    ]
    parts += [_words(LEFT + WIDTH * (place + 1) - 12, ROW, column, "#667085") for place, column in enumerate(COLUMNS)]
    parts.append(f'<text x="14" y="{ROW}" fill="#667085">steps per second (ratio to bare fit)</text>')
    for line, (name, results) in enumerate(rows, 2):
        y = ROW * line
        parts.append(f'<line x1="14" x2="{width - 12}" y1="{y - 17}" y2="{y - 17}" stroke="#e4e7ec"/>')
        parts.append(f'<text x="14" y="{y}" fill="#1d2433">{escape(name)}</text>')
        for place, column in enumerate(COLUMNS):
            colour = "#e4572e" if column.startswith("our") else "#1d2433"
            parts.append(_words(LEFT + WIDTH * (place + 1) - 12, y, cell(results, column), colour))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _words(x, y, words, colour) -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}" text-anchor="end">{escape(words)}</text>'
