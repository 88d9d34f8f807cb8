"""Flow charts in Mermaid's notation as pictures, without the network or the scripts that Mermaid needs."""

from __future__ import annotations

import html
import re

import networkx as nx

WIDTH, HEIGHT, GAP, RISE = 8, 30, 24, 78
"""Of a letter, of a box, between boxes and from one row to the next, in pixels."""
_EDGE = re.compile(
    r"\s*(\w+)(?:[\[({]+\"?(.*?)\"?[\])}]+)?\s*(?:-->(?:\|(.*?)\|)?\s*(\w+)(?:[\[({]+\"?(.*?)\"?[\])}]+)?)?\s*;?"
)


def with_diagrams(text: str) -> str:
    """A text in which every flow chart is a picture."""
    return re.sub(r"(?ms)^```mermaid\n(flowchart T[DB]\n.*?)^```$", lambda found: _block(found[1]), text)


def _block(text: str) -> str:
    return f'<div class="diagram">{picture(text)}</div>\n'


def read(text: str) -> nx.DiGraph:
    """Boxes and arrows of a flow chart.

    Raises:
        ValueError: for a line that is neither a box nor an arrow.
    """
    graph = nx.DiGraph()
    for line in text.splitlines()[1:]:
        found = _EDGE.fullmatch(line)
        if not found:
            raise ValueError(f"a diagram has a line that is not understood: {line}")
        a, a_label, said, b, b_label = found.groups()
        for name, label in ((a, a_label), (b, b_label)):
            if name:
                graph.add_node(name)
                graph.nodes[name]["label"] = label or graph.nodes[name].get("label", name)
        if b:
            graph.add_edge(a, b, said=said or "")
    return graph


def rows(graph: nx.DiGraph) -> list[list[str]]:
    """Boxes row by row, every arrow downwards but those that close a circle; near to what they are tied to."""
    down = nx.DiGraph(graph)
    while not nx.is_directed_acyclic_graph(down):
        down.remove_edge(*nx.find_cycle(down)[-1])
    place: dict[str, tuple[int, float]] = {}
    found: list[list[str]] = []
    for depth, names in enumerate(nx.topological_generations(down)):
        above = {name: [place[one][1] for one in down.predecessors(name)] for name in names}
        names = sorted(names, key=lambda name: sum(above[name]) / len(above[name]) if above[name] else 0.5)
        place |= {name: (depth, (k + 0.5) / len(names)) for k, name in enumerate(names)}
        found.append(names)
    return found


def picture(text: str) -> str:
    """A flow chart as SVG."""
    graph = read(text)
    wide = {name: WIDTH * len(graph.nodes[name]["label"]) + 20 for name in graph}
    layers = rows(graph)
    lengths = [sum(wide[name] for name in names) + GAP * (len(names) + 1) for names in layers]
    width, height = max(lengths), RISE * len(layers)
    middle: dict[str, tuple[float, float]] = {}
    for depth, (names, length) in enumerate(zip(layers, lengths, strict=True)):
        spare = (width - length) / (len(names) + 1)
        x = GAP + spare
        for name in names:
            middle[name] = (x + wide[name] / 2, depth * RISE + HEIGHT / 2 + 8)
            x += wide[name] + GAP + spare
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" style="max-width: {width}px">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#777"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#fff" rx="8"/>',
    ]
    for a, b, said in graph.edges(data="said"):
        (x, y), (u, v) = middle[a], middle[b]
        side = 1 if v > y else -1
        y, v = y + side * HEIGHT / 2, v - side * HEIGHT / 2
        bend = side * max(abs(v - y) / 2, 20)
        path = f"M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {u:.0f} {v - bend:.0f} {u:.0f} {v:.0f}"
        parts.append(f'<path d="{path}" fill="none" stroke="#999" marker-end="url(#tip)"/>')
        if said:
            parts.append(_text((x + u) / 2, (y + v) / 2, said, 11))
    for name, (x, y) in middle.items():
        corner = f'x="{x - wide[name] / 2:.0f}" y="{y - HEIGHT / 2:.0f}" width="{wide[name]}" height="{HEIGHT}"'
        parts.append(f'<rect {corner} rx="6" fill="#eef4fb" stroke="#5b8fc7"/>')
        parts.append(_text(x, y, graph.nodes[name]["label"], 13))
    return "".join([*parts, "</svg>"])


def _text(x: float, y: float, said: str, size: int) -> str:
    style = f'font-family="sans-serif" font-size="{size}" text-anchor="middle" fill="#222"'
    return f'<text x="{x:.0f}" y="{y + size / 3:.0f}" {style}>{html.escape(said)}</text>'
