// The charts: one small picture for each series, a line for each organisation, dashes besides colours.

import { html } from "./look.js";

const MOST_POINTS = 700;
const PAD = { left: 3, right: 3, top: 4 };
const LINES = { a: { colour: "#0a5a9c", ghost: "#a9c6dd", dash: [] }, b: { colour: "#a8440a", ghost: "#e3c0a8", dash: [5, 3] } };

/** The days of a run with the values of all charts; holds no more than a picture can show. */
export class Course {
  constructor(series) {
    this.series = series;
    this.clear();
  }

  clear() {
    this.points = [];
    this.marks = [];
    this.every = 1;
    this.ghost ??= [];
    this.means = null;
  }

  /** New days: number, values of A, values of B. */
  add(points) {
    for (const point of points) if (point[0] % this.every === 0 || point === points.at(-1)) this.keep(point);
  }

  keep(point) {
    const before = this.points.at(-1);
    if (before && before[0] % this.every !== 0) this.points.pop();
    this.points.push(point);
    if (this.points.length > MOST_POINTS) {
      this.every *= 2;
      this.points = this.points.filter(([day], k) => day % this.every === 0 || k === this.points.length - 1);
    }
  }

  /** Something was changed on this day. */
  mark(day) {
    if (!this.marks.includes(day)) this.marks.push(day);
    if (this.marks.length > 100) this.marks.shift();
  }
}

/** One chart. */
export class Chart {
  constructor(course, number) {
    const series = course.series[number];
    Object.assign(this, { course, number, series });
    this.canvas = html("canvas", { role: "img" });
    this.now = { a: html("span", { class: "a" }), b: html("span", { class: "b" }) };
    this.over = html("span", { class: "over-days" });
    this.what = html("span", { class: "what" });
    this.element = html("figure", { class: "chart", id: `chart-${series.name}` },
      html("figcaption", {},
        this.what,
        html("span", { class: "now" }, this.now.a, this.now.b), this.over),
      this.canvas);
    this.call(series);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** What it is called in this organisation. */
  call(series) {
    this.series = series;
    this.what.replaceChildren(series.label, html("span", { class: "unit" }, ` ${shortUnit(series.unit)}`));
    this.element.title = `${series.meaning}${series.days > 1 ? `, over the last ${series.days} days` : ""}`;
  }

  value(point, side) {
    return point[1 + this.number + (side === "b" ? this.course.series.length : 0)];
  }

  draw() {
    const { points, marks } = this.course;
    const last = points.at(-1);
    const means = this.course.means?.[this.series.name];
    const measured = means && means[0] !== "–";
    this.over.textContent = measured ? "mean of the shaded days" : this.course.means && last ? "today" : "";
    for (const [k, side] of ["a", "b"].entries()) this.now[side].textContent = measured ? `${side.toUpperCase()} ${means[k]}` : `${side.toUpperCase()} ${this.text(last && this.value(last, side)).replaceAll(",", "")}`;
    this.canvas.setAttribute("aria-label", `${this.series.label}: ${this.now.a.textContent}, ${this.now.b.textContent}`);
    const scale = devicePixelRatio || 1;
    const letter = 0.8 * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    Object.assign(this.canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    const pen = this.canvas.getContext("2d");
    pen.scale(scale, scale);
    const [low, high] = this.range();
    const days = Math.max(last?.[0] ?? 0, this.course.window?.[1] ?? 50);
    const x = (day) => PAD.left + (day / days) * (width - PAD.left - PAD.right);
    const bottom = 1.25 * letter;
    const y = (value) => height - bottom - ((value - low) / (high - low)) * (height - PAD.top - bottom);
    this.frame(pen, width, height - bottom, days, letter);
    if (this.course.window) {
      pen.fillStyle = "#f0e9cf";
      const [from, to] = this.course.window.map(x);
      pen.fillRect(from, PAD.top, to - from, height - bottom - PAD.top);
    }
    const drawn = this.settled(points);
    const ghost = this.settled(this.course.ghost);
    for (const side of ["b", "a"]) {
      pen.strokeStyle = LINES[side].ghost;
      pen.setLineDash(LINES[side].dash);
      pen.lineWidth = letter / 9;
      line(pen, this.valuesOf(ghost, side).filter(([day]) => day <= days).map(([day, value]) => [x(day), y(value)]));
    }
    if (!points.length) return;
    pen.lineWidth = 1;
    pen.strokeStyle = "#6b7684";
    pen.setLineDash([1, 2]);
    for (const day of marks) line(pen, [[x(day), PAD.top], [x(day), height - bottom]]);
    for (const side of ["b", "a"]) {
      pen.strokeStyle = LINES[side].colour;
      pen.setLineDash(LINES[side].dash);
      pen.lineWidth = letter / 6.5;
      line(pen, this.valuesOf(drawn, side).map(([day, value]) => [x(day), y(value)]));
    }
    pen.setLineDash([]);
    pen.strokeStyle = "#fff";
    pen.lineWidth = 3;
    pen.fillStyle = "#3d4855";
    for (const [value, at] of [[high, PAD.top + 0.8 * letter], [low, height - bottom - 2]]) {
      pen.strokeText(this.text(value, 0), PAD.left, at);
      pen.fillText(this.text(value, 0), PAD.left, at);
    }
  }

  frame(pen, width, floor, days, letter) {
    pen.strokeStyle = "#dfe4ea";
    pen.lineWidth = 1;
    for (const edge of [PAD.top, floor]) line(pen, [[PAD.left, edge], [width - PAD.right, edge]]);
    pen.fillStyle = "#4d5968";
    pen.font = `${letter}px system-ui, sans-serif`;
    pen.textAlign = "right";
    pen.fillText(`day ${days}`, width - PAD.right, floor + letter);
    pen.textAlign = "left";
  }

  /** Points without the first days, of which a mean of several days knows too little, once there are others. */
  settled(points) {
    const from = Math.min(this.series.days, 20);
    return (points.at(-1)?.[0] ?? 0) > 2 * from ? points.filter(([day]) => day >= from) : points;
  }

  /** Days and values of a side, where there are any. */
  valuesOf(points, side) {
    return points.map((point) => [point[0], this.value(point, side)]).filter(([, value]) => value !== null && value !== undefined);
  }

  range() {
    let [low, high] = [Infinity, -Infinity];
    for (const point of [...this.settled(this.course.points), ...this.settled(this.course.ghost)]) {
      for (const side of ["a", "b"]) {
        const value = this.value(point, side);
        if (value !== null) [low, high] = [Math.min(low, value), Math.max(high, value)];
      }
    }
    return low > high ? [0, 1] : axis(low, high);
  }

  text(value, decimals = this.series.decimals) {
    if (value === null || value === undefined) return "–";
    return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  }
}

function line(pen, points) {
  pen.beginPath();
  points.forEach(([x, y], k) => (k ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

/** Round ends around the values of a chart; small differences stay small: an axis spans 2, and a twentieth of its level, at least. */
export function axis(low, high) {
  const missing = Math.max(2, 0.05 * Math.max(Math.abs(low), Math.abs(high))) - (high - low);
  if (missing > 0) {
    const below = Math.min(missing / 2, low >= 0 ? low : Infinity);
    [low, high] = [low - below, high + missing - below];
  }
  const step = niceStep(high - low);
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
}

/** A round step of about half a span. */
function niceStep(span) {
  const rough = span / 2;
  const size = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((k) => k * size).find((step) => step >= rough * 0.999);
}

function shortUnit(unit) {
  return { "thousand a year": "1000/year", "of 100": "/100" }[unit] ?? unit;
}
