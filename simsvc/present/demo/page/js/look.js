// How things look: elements, shapes and colours by mood, faces.

const SVG = "http://www.w3.org/2000/svg";

/** An element of the page. Text is set as text, never as markup. */
export function html(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An element of a drawing. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Whether the person at the screen wants little motion. */
export function wantsLittleMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Bounds of the five classes of mood, in hundredths. */
export const BOUNDS = [40, 50, 60, 70];

/** Class of a mood in hundredths, 0 (lowest) to 4. */
export function moodClass(mood) {
  let found = 0;
  while (found < BOUNDS.length && mood >= BOUNDS[found]) found += 1;
  return found;
}

/** Outline of a customer: a triangle on its point if dissatisfied, a square in the middle, a circle if satisfied. */
export function dotOutline(mood, r) {
  const kind = moodClass(mood);
  if (kind < 2) return `M${-r * 1.12} ${-r * 0.8}H${r * 1.12}L0 ${r * 1.1}Z`;
  if (kind === 2) return `M${-r * 0.85} ${-r * 0.85}H${r * 0.85}V${r * 0.85}H${-r * 0.85}Z`;
  return `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;
}

/** The mouth of a face: the corners go up with the mood. */
export function mouthOutline(mood, r) {
  const bend = Math.max(-1, Math.min(1, (mood - 55) / 25)) * r * 0.5;
  const y = r * 0.38 - bend * 0.35;
  return `M${-r * 0.48} ${y}Q0 ${y + bend} ${r * 0.48} ${y}`;
}

/** The two eyes of a face. */
export function eyesOutline(r) {
  return `M${-r * 0.34} ${-r * 0.3}v0.1M${r * 0.34} ${-r * 0.3}v0.1`;
}

/** Part of a ring, clockwise from the top. */
export function arcOutline(share, r) {
  const part = Math.max(0, Math.min(share, 0.9999)) * 2 * Math.PI;
  const far = part > Math.PI ? 1 : 0;
  return `M0 ${-r}A${r} ${r} 0 ${far} 1 ${r * Math.sin(part)} ${-r * Math.cos(part)}`;
}

/** What the shapes and colours mean. */
export function legend(each) {
  const words = ["below 40", "40", "50", "60", "70 and more"];
  const scale = words.map((word, kind) => {
    const sample = [30, 45, 55, 65, 75][kind];
    return html("span", {}, svg("svg", { width: 15, height: 15, viewBox: "-7.5 -7.5 15 15", "aria-hidden": "true" },
      svg("path", { d: dotOutline(sample, 5.5), class: `mood-${kind}` })), ` ${word}`);
  });
  const ring = svg("svg", { width: 16, height: 16, viewBox: "-8 -8 16 16", "aria-hidden": "true" },
    svg("circle", { r: 6, class: "support-back" }), svg("path", { d: arcOutline(0.4, 6), class: "support" }));
  return [
    html("span", {}, "Satisfaction, morale of 100:"), ...scale,
    html("span", {}, ring, " manager’s time for coaching, floor, causes"),
    html("span", {}, "□ case on its way · ✓ granted · ✕ refused · dashed: called back"),
    html("span", {}, each > 1 ? `1 dot: a customer drawn for ${each}` : "1 dot: 1 customer"),
  ];
}
