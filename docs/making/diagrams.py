"""Mermaid's diagrams as pictures and tables, without the network or the scripts that Mermaid needs."""

from __future__ import annotations

import html
import re

import networkx as nx

from making.markup import table

LETTER, LINE, GAP, RISE = 7.2, 17, 24, 48
"""Width of a letter, height of a line, between boxes, and between rows, in pixels."""
_BOX = re.compile(r'(\w+)(?:\["?(.*?)"?\])?')
_ARROW = re.compile(r"\s+(?:-->(?:\|(.*?)\|)?|-\. (.*?) \.->)\s+")
_STEP = re.compile(r"\s*(\S+) --> ([^:\s]+)(?:: (.*))?")


def with_diagrams(text: str) -> str:
    """A text in which every flow chart is a picture, and every diagram of states a table of what leads where."""
    text = re.sub(r"(?ms)^```mermaid\nflowchart T[DB]\n(.*?)^```$", lambda found: _block(found[1]), text)
    return re.sub(r"(?ms)^```mermaid\nstateDiagram-v2\n(.*?)^```$", lambda found: _states(found[1]), text)


def _block(text: str) -> str:
    return f'<div class="diagram">{picture(read(text))}</div>\n'


def _states(text: str) -> str:
    steps = [list(_matched(_STEP, line).groups("")) for line in text.splitlines()]
    ends = {"[*]": ("*begin*", "*end*")}
    named = [[ends.get(a, (f"`{a}`",))[0], ends.get(b, (f"`{b}`",))[-1], said] for a, b, said in steps]
    return table(["from", "to", "when"], named)


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if not found:
        raise ValueError(f"a diagram has a line that is not understood: {text}")
    return found


def read(text: str) -> nx.DiGraph:
    """Boxes and arrows of a flow chart.

    Raises:
        ValueError: for a line that is neither boxes nor arrows.
    """
    graph = nx.DiGraph()
    for line in text.splitlines():
        boxes, *rest = _ARROW.split(line.strip())
        names = []
        for box in (boxes, *rest[2::3]):
            name, label = _matched(_BOX, box).groups()
            graph.add_node(name)
            if label or "lines" not in graph.nodes[name]:
                graph.nodes[name]["lines"] = re.sub(r"</?b>", "", label or name).split("<br>")
            names.append(name)
        for a, b, said, dotted in zip(names, names[1:], rest[0::3], rest[1::3], strict=False):
            graph.add_edge(a, b, said=said or dotted or "")
    return graph


def rows(graph: nx.DiGraph) -> list[list[str]]:
    """Boxes row by row, every arrow downwards but those that close a circle; near to what they are tied to."""
    down = nx.DiGraph(graph)
    while not nx.is_directed_acyclic_graph(down):
        down.remove_edge(*nx.find_cycle(down)[-1])
    across: dict[str, float] = {}
    found: list[list[str]] = []
    for layer in nx.topological_generations(down):
        above = {name: [across[one] for one in down.predecessors(name)] for name in layer}
        names = sorted(layer, key=lambda name: sum(above[name]) / len(above[name]) if above[name] else 0.5)
        across |= {name: (k + 0.5) / len(names) for k, name in enumerate(names)}
        found.append(names)
    return found


def picture(graph: nx.DiGraph) -> str:
    """A flow chart as SVG."""
    lines: dict[str, list[str]] = dict(graph.nodes(data="lines"))
    wide = {name: LETTER * max(map(len, said)) + 22 for name, said in lines.items()}
    tall = LINE * max(map(len, lines.values())) + 13
    layers = rows(graph)
    lengths = [sum(wide[name] for name in names) + GAP * (len(names) + 1) for names in layers]
    width, height = max(lengths) + 5 * GAP, (tall + RISE) * len(layers) - RISE + 2 * GAP
    middle: dict[str, tuple[float, float]] = {}
    for depth, (names, length) in enumerate(zip(layers, lengths, strict=True)):
        spare = (max(lengths) - length) / (len(names) + 1)
        x = 2.0 * GAP
        for name in names:
            x += spare + GAP
            middle[name] = (x + wide[name] / 2 - GAP / 2, GAP + tall / 2 + depth * (tall + RISE))
            x += wide[name]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'style="max-width: {width:.0f}px; min-width: {min(width, 640):.0f}px">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#777"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#fff" rx="8"/>',
    ]
    words = []
    side = width - GAP / 2
    for a, b, said in graph.edges(data="said"):
        (x, y), (u, v) = middle[a], middle[b]
        if v > y:
            y, v = y + tall / 2, v - tall / 2
            bend = max((v - y) / 2, 16)
            path = f"M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {u:.0f} {v - bend:.0f} {u:.0f} {v:.0f}"
        else:  # back up, beside the boxes
            x, u = x + wide[a] / 2, u + wide[b] / 2
            path = f"M{x:.0f} {y:.0f}C{side:.0f} {y:.0f} {side:.0f} {v:.0f} {u:.0f} {v:.0f}"
        parts.append(f'<path d="{path}" fill="none" stroke="#999" marker-end="url(#tip)"/>')
        words.append(_text((x + u) / 2 if v > y else (x + u) / 8 + side * 0.75, (y + v) / 2, [said], 11))
    for name, (x, y) in middle.items():
        corner = f'x="{x - wide[name] / 2:.0f}" y="{y - tall / 2:.0f}" width="{wide[name]:.0f}" height="{tall}"'
        parts.append(f'<rect {corner} rx="6" fill="#eef4fb" stroke="#5b8fc7"/>')
        parts.append(_text(x, y, lines[name], 13))
    return "".join([*parts, *words, "</svg>"])


def _text(x: float, y: float, lines: list[str], size: int) -> str:
    style = (
        f'font-family="sans-serif" font-size="{size}" text-anchor="middle" fill="#222" stroke="#fff" stroke-width="3"'
    )
    style += ' paint-order="stroke" stroke-opacity="0.8"'
    top = y + size / 3 - LINE * (len(lines) - 1) / 2
    return "".join(
        f'<text x="{x:.0f}" y="{top + LINE * k:.0f}" {style}>{html.escape(line)}</text>' for k, line in enumerate(lines)
    )
