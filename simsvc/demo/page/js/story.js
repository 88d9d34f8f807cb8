// The story of a person: what happened, who decided what and why; beside it the same person in the other organisation.

import { html, list, waited } from "./look.js";

const SIDES = ["a", "b"];

export class StoryPanel {
  /**
   * @param panel where to show it.
   * @param ask asks the server for a story.
   * @param why tells why an answer takes its time.
   */
  constructor(panel, ask, why) {
    Object.assign(this, { panel, ask, why });
    this.toldAt = -1;
    this.twin = false;
    this.empty();
  }

  empty() {
    this.whom = null;
    document.body.classList.remove("twins");
    this.panel.replaceChildren(html("p", {}, "Choose a person on the stage: click, or go there with Tab and the arrow keys and press Enter. The story so far is told here, and goes on while the days pass."));
  }

  /** Tell somebody's story from now on; gives the number of whoever it is of. */
  async follow(side, kind, number) {
    this.whom = { side, kind, number, whole: false };
    this.told = undefined;
    this.panel.replaceChildren(waited("Looking back over the days so far …", this.why));
    await this.tell();
    return this.told ?? number;
  }

  /** Ask again, if days have passed since; `day` is today's. */
  async refresh(day) {
    if (this.whom && !this.busy && day !== this.toldAt) await this.tell();
  }

  async tell() {
    const { whom, twin } = this;
    const sides = twin ? SIDES : [whom.side];
    this.busy = true;
    try {
      const told = [];
      for (const side of sides) told.push(await this.ask({ ...whom, side }).catch((error) => ({ error: error.message })));
      if (whom === this.whom && twin === this.twin) this.show(sides, told);
    } finally {
      this.busy = false;
    }
  }

  show(sides, told) {
    const { side } = this.whom;
    const mine = told[sides.indexOf(side)];
    this.toldAt = mine.day;
    this.told = mine.number;
    document.body.classList.toggle("twins", sides.length > 1);
    if (mine.error) {
      this.panel.replaceChildren(html("p", { class: "wrong", role: "alert" }, mine.error));
      return;
    }
    const held = document.activeElement?.id;
    const open = [...this.panel.querySelectorAll("details[open]")].map((one) => one.dataset.of);
    const parts = [
      html("h2", {}, html("span", { class: `badge ${side}` }, side.toUpperCase()), ` ${mine.name}, ${mine.position}`),
      html("div", { class: "row" }, html("button", { type: "button", id: "twin", "aria-pressed": this.twin, onclick: () => this.beside() },
        "⇆ The same person in the other organisation")),
    ];
    if (mine.note) parts.push(html("p", { class: "about" }, mine.note));
    const heads = sides.map((one, k) => html("div", { class: one }, html("p", { class: "conclusion" },
      html("strong", {}, sides.length > 1 ? `${one.toUpperCase()}: ${told[k].name ?? ""} ` : ""), told[k].conclusion ?? told[k].error)));
    parts.push(html("div", { class: "pair" }, ...heads), html("p", { class: "about" }, "The latest first, what belongs to one case together; satisfaction and morale of 100."));
    const absent = this.whom.kind === "customer" ? "This need did not come up here." : "Here it went to somebody else, or did not come up.";
    parts.push(html("ol", { class: "moments" }, ...rows(sides, told, open, absent)));
    if (mine.earlier) parts.push(html("p", { class: "about" }, `${mine.earlier} earlier moments are not shown.`));
    if (mine.since > 0) {
      parts.push(html("p", { class: "about" }, `The story begins on day ${mine.since + 1}. `,
        html("button", { type: "button", id: "whole-story", onclick: () => this.whole() }, "Tell it from the first day (takes longer)")));
    }
    this.panel.replaceChildren(...parts);
    if (this.held ?? held) document.getElementById(this.held ?? held)?.focus();
    this.held = null;
  }

  /** The other organisation beside this one, or this one alone again. */
  beside() {
    this.twin = !this.twin;
    return this.again("Looking at both organisations …");
  }

  whole() {
    this.whom = { ...this.whom, whole: true };
    return this.again("Looking back to the first day …");
  }

  again(why) {
    this.held = "twin"; // where the focus goes when it is told
    this.panel.replaceChildren(waited(why, this.why));
    return this.tell();
  }
}

/** Moments, what belongs to the same case together, the sides beside each other; what is the same on both is told once. */
function rows(sides, told, open, absent) {
  const key = ({ about, day }) => about || `day ${day}`;
  const all = told.flatMap((one) => one.moments ?? []);
  const latest = new Map();
  for (const one of all) latest.set(key(one), Math.max(latest.get(key(one)) ?? 0, one.day));
  const order = [...latest].sort(([, one], [, other]) => other - one).map(([name]) => name);
  return order.map((name) => {
    const cells = told.map((one) => (one.moments ?? []).filter((moment) => key(moment) === name));
    const same = sides.length > 1 && JSON.stringify(cells[0]) === JSON.stringify(cells[1]);
    const nothing = html("span", { class: "about" }, name.startsWith("day") ? "–" : absent);
    const shown = same ? [html("div", { class: "same" }, html("span", { class: "about" }, "The same in A and in B: "), ...cells[0].map((one) => moment(one, "both", open)))]
      : cells.map((cell, k) => html("div", { class: sides[k] }, ...(cell.length ? cell.map((one) => moment(one, sides[k], open)) : [nothing.cloneNode(true)])));
    return html("li", {}, html("div", { class: "pair" }, ...shown));
  });
}

function moment({ from, day, when, text, numbers }, side, open) {
  const key = `${side} ${day} ${when} ${text}`;
  const at = from < day ? `Days ${from} to ${day}: ` : `Day ${day}, ${when}: `;
  const folded = numbers.length ? html("details", { "data-of": key, open: open.includes(key) }, html("summary", {}, "Numbers"), list(numbers)) : "";
  return html("div", { class: "moment" }, html("span", { class: "at" }, at), text, folded);
}
