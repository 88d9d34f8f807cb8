// How things look: elements, shapes and colours by mood, faces.

const SVG = "http://www.w3.org/2000/svg";

/** An element of the page. Text is set as text, never as markup. */
export function html(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** A box of the page with markup of the server, which lets none of a text's own through; nothing else may be put in so. */
export function rendered(markup, attributes = {}) {
  const box = html("div", attributes);
  box.innerHTML = markup;
  return box;
}

/** A list of texts. */
export function list(texts, attributes = {}) {
  return html("ul", attributes, ...texts.map((one) => html("li", {}, one)));
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

/** A line for something that is waited for; after a while it says how long already, and why if that is known. */
export function waited(text, why) {
  const line = html("p", { role: "status" }, text);
  const since = performance.now();
  const timer = setInterval(async () => {
    if (performance.now() - since > 3000 && !line.isConnected) clearInterval(timer);
    else if (performance.now() - since > 2000) line.textContent = `${text} ${await why().catch(() => "")}${Math.round((performance.now() - since) / 1000)} s so far.`;
  }, 1000);
  return line;
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

/** A name as it is spoken. */
export function spoken(name) {
  return name.replaceAll("_", " ");
}

/** With a capital first. */
export function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/** Name of a person in the market, as the server calls it (simsvc/demo/names.py). */
export function nameOf(number, { first, last }) {
  return `${first[number % first.length]} ${last[number % last.length]}`;
}

/** A small drawing within a line of text. */
function sign(...parts) {
  return svg("svg", { viewBox: "-9 -9 18 18", "aria-hidden": "true" }, ...parts);
}

/** What the shapes and colours mean. */
export function legend(each, words) {
  const classes = ["below 40", "40–49", "50–59", "60–69", "70 or more"];
  const scale = classes.map((word, kind) => html("span", {}, sign(svg("path", { d: dotOutline([30, 45, 55, 65, 75][kind], 6.5), class: `mood-${kind}` })), ` ${word}`));
  const ring = sign(svg("circle", { r: 6.5, class: "support-back" }), svg("path", { d: arcOutline(0.4, 6.5), class: "support" }));
  const box = (dash) => sign(svg("rect", { x: -6, y: -5, width: 12, height: 10, class: "token", "stroke-dasharray": dash }));
  const answer = (kind, cross) => sign(svg("circle", { r: 7, class: `token ${kind}` }), svg("path", { d: cross, class: "token-mark" }));
  return [
    html("p", {}, html("strong", {}, "People"), " satisfaction, morale of 100:", ...scale,
      html("span", {}, `1 dot for ${each} ${each > 1 ? words.customers : words.customer}`)),
    html("p", {}, html("strong", {}, "Cases"), " passed up:", html("span", {}, box(null), ` ${words.customer} waits`), html("span", {}, box("3 2"), " is told later"),
      html("span", {}, answer("granted", "M-3.2 .2L-.8 2.8L3.4 -2.6"), " granted"), html("span", {}, answer("refused", "M-2.7 -2.7L2.7 2.7M2.7 -2.7L-2.7 2.7"), " refused"),
      html("span", {}, ring, " managers’ time for coaching, floor, causes")),
  ];
}
