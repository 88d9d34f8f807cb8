// The start: what firm this is, what both charts mean, what a case is; one case followed by hand; what to try and to doubt.

import { capital, html, list, waited } from "./look.js";

const LEVELS = [["team manager", "team managers"], ["director", "directors"], ["executive", "executives"]];

/** What A and B do not have in common as the run begins, in words. */
export function differs({ differs: factors, lesson }) {
  const found = [factors.includes("power") && "who decides", factors.includes("management") && "how people are led"].filter(Boolean).join(", and ");
  const step = lesson ? "; see the lesson for what its step changes" : "";
  return found ? `what differs is ${found}${step}` : `nothing differs${lesson ? " in their charts" : ""}${step}`;
}

export class StartPanel {
  /**
   * @param panel where to show it.
   * @param card where a case is followed, in place of the line that tells.
   * @param info what the page says of itself: how it works, what to try, what not to believe.
   * @param deeds what can be done: ask for a case, tell why that takes its time, show where it lies (side, kind, number, token), play.
   */
  constructor(panel, card, info, deeds) {
    Object.assign(this, { panel, card, info, deeds });
  }

  /** A run has begun. */
  show(whole) {
    if (this.steps) this.leave();
    this.whole = whole;
    const { words, frame } = whole;
    const staff = frame.sides.a.departments.filter((one) => one >= 0).length;
    const above = LEVELS.map(([one, more], k) => [whole.layout.a.levels.filter((level) => level === k + 1).length, one, more]).filter(([count]) => count);
    const managers = above.map(([count, one, more]) => `${count} ${count === 1 ? one : more}`).join(" and ");
    this.case = html("div", {}, this.offer());
    this.panel.replaceChildren(
      html("h2", {}, "What you see"),
      html("p", {}, `${capital(words.firm)}, twice. On each side ${staff} in the ${words.frontline}${managers && `, with ${managers},`} serve ${frame.sides.a.customers.toLocaleString("en")} ${words.customers}. Same people, same ${words.customers}, same luck: ${differs(whole)}.`),
      ...["a", "b"].map((side) => html("p", {}, html("span", { class: `badge ${side}` }, side.toUpperCase()), ` ${this.meaning(frame.sides[side])}`)),
      html("p", {}, html("strong", {}, "A case "), `is what the ${words.frontline} may not decide alone. It is passed up to a manager, and comes back granted or refused; the ${words.customer} waits meanwhile, or is told later.`),
      this.case,
      ...this.info.map(({ title, lines }) => html("details", {}, html("summary", {}, title), list(lines))),
    );
  }

  meaning({ turned, flat, chart }) {
    const { frontline, customers } = this.whole.words;
    const name = `${capital(chart.replaceAll("_", " "))}: `;
    if (flat) return `${name}flat. The ${frontline} decides everything; nothing is passed up, and managers work beside it.`;
    if (turned > 0.5) return `${name}upside down. ${capital(customers)} are on top; the ${frontline} may decide most cases, managers stand below and support.`;
    return `${name}upright. The director is on top; the ${frontline} may decide little, and managers decide the rest.`;
  }

  offer() {
    return html("button", { type: "button", class: "main", id: "follow-case", onclick: () => this.begin() }, "Follow one case through A and B");
  }

  async begin() {
    const { case: place } = this;
    place.replaceChildren(waited("Looking for the first case that only one of the charts passes up …", this.deeds.why));
    let found;
    try {
      found = (await this.deeds.ask()).case;
    } catch (error) {
      place.replaceChildren(html("p", { class: "wrong", role: "alert" }, error.message));
      return;
    }
    if (place !== this.case) return; // another run has begun
    if (!found) {
      place.replaceChildren(html("p", { role: "status" }, "In the first days of this run nothing is passed up on either side."));
      return;
    }
    this.steps = found.steps;
    this.title = found.title;
    this.at = 0;
    this.build();
  }

  build() {
    const { steps, at } = this;
    const step = steps[at];
    const last = at === steps.length - 1;
    const where = step.side === "both" ? "In both" : `In ${step.side.toUpperCase()}`;
    const held = document.activeElement?.id;
    this.case.replaceChildren(html("p", { class: "about" }, "Step by step, beside the charts."));
    document.body.classList.add("following");
    this.card.className = `case ${step.side}`;
    this.card.replaceChildren(
      html("p", { class: "about" }, html("strong", {}, this.title), ` · step ${at + 1} of ${steps.length}`),
      html("p", { class: "case-step", role: "status" }, html("strong", {}, last ? "In the end. " : `${where}: `), step.text),
      html("div", { class: "row" },
        html("button", { type: "button", id: "case-back", disabled: at === 0, onclick: () => this.go(at - 1) }, "Back"),
        html("button", { type: "button", class: "main", id: "case-next", onclick: () => (last ? this.deeds.play() : this.go(at + 1)) }, last ? "Now play" : "Next"),
        html("button", { type: "button", id: "case-leave", onclick: () => this.leave() }, "Leave")),
    );
    const to = document.getElementById(held === "case-back" && at > 0 ? held : "case-next");
    to.focus({ preventScroll: true });
    if (at === 0 || step.side !== "both") document.getElementById(step.side === "both" ? "a" : step.side).scrollIntoView({ block: "nearest" });
    for (const side of ["a", "b"]) {
      if (step.side === "both" || step.side === side) this.deeds.hold(side, step.kind, step.number, step.token);
      else this.deeds.hold(side);
    }
  }

  go(at) {
    this.at = at;
    this.build();
  }

  /** Back to the stage as it was. */
  leave() {
    this.steps = null;
    document.body.classList.remove("following");
    this.card.replaceChildren();
    for (const side of ["a", "b"]) this.deeds.hold(side);
    this.case.replaceChildren(this.offer());
  }
}
