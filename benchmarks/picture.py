"""Draw the medians as bars, in plain SVG that reads on a light page as on a dark one."""

from __future__ import annotations

from html import escape

from benchmarks.bench import IMPORTS
from benchmarks.contest import Contest

_BAR, _GAP, _LEFT, _WIDTH, _HEAD = 16, 6, 290, 380, 34


def picture(contests: list[Contest]) -> str:
    """Return one SVG with a group of bars for each contest, each group on a scale of its own."""
    parts: list[str] = []
    top = 10
    for contest in contests:
        parts += _group(contest, top)
        top += _HEAD + len(contest.ways) * (_BAR + _GAP) + 14
    width = _LEFT + _WIDTH + 120
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}" viewBox="0 0 {width} {top}"'
    style = "text{font:12px sans-serif;fill:#6b7280}.h{font-weight:bold}.o{fill:#2563eb}.t{fill:#9ca3af}"
    title = "<title>Seconds up to the first import; shorter is better</title>"
    return "\n".join([f'{head} role="img">', title, f"<style>{style}</style>", *parts, "</svg>"]) + "\n"


def _group(contest: Contest, top: int) -> list[str]:
    medians = {way.key: contest.median(way.key).wall for way in contest.ways}
    longest = max(medians.values())
    lines = [f'<text class="h" x="10" y="{top + 18}">{escape(_named(contest.work))}: seconds, shorter is better</text>']
    for number, way in enumerate(contest.ways):
        y = top + _HEAD + number * (_BAR + _GAP)
        length = max(1, round(medians[way.key] / longest * _WIDTH))
        kind = "o" if way.key.startswith("ours") else "t"
        # Ours are told by their names as well as by their colour.
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(way.name)}</text>')
        lines.append(f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{length}" height="{_BAR}" rx="2"/>')
        lines.append(f'<text x="{_LEFT + length + 6}" y="{y + 12}">{medians[way.key]:.3f}</text>')
    return lines


def _named(work: str) -> str:
    """Return the work with what is installed, where its name is that of a size."""
    size = work.partition(",")[0]
    return f"{work} ({', '.join(IMPORTS[size])})" if size in IMPORTS else work
