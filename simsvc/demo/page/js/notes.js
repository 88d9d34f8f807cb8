// The lecturer's notes in a window of their own, so that the projected page does not show them: the same run, live.

import { html, list, rendered } from "./look.js";

export class NotesWindow {
  /** Open it, or bring it to the front. */
  open(lesson) {
    this.window = window.open("", "simsvc-notes", "width=620,height=760");
    if (!this.window) return;
    const { document: page } = this.window;
    page.documentElement.lang = "en";
    page.head.replaceChildren(...[...document.querySelectorAll("link[rel='stylesheet'], style")].map((one) => {
      const copy = page.createElement(one.tagName);
      if (one.href) Object.assign(copy, { rel: "stylesheet", href: one.href });
      else copy.textContent = one.textContent;
      return copy;
    }));
    this.shown = "";
    this.update(lesson);
    this.window.focus();
  }

  update(lesson) {
    if (!this.window || this.window.closed || !lesson.lesson) return;
    const { document: page } = this.window;
    page.title = `Notes: ${lesson.lesson.title}`;
    const key = `${lesson.name} ${lesson.number} ${lesson.luck}`;
    if (this.shown !== key) {
      this.shown = key;
      const { steps, title, question, minutes, claims, notes } = lesson.lesson;
      const next = steps[lesson.number + 1];
      page.body.className = "sheet";
      page.body.replaceChildren(html("main", {},
        html("h1", {}, title), html("p", {}, `${question} (${minutes} minutes${claims.length ? `; claims ${claims.join(", ")}` : ""})`),
        html("button", { type: "button", class: "noprint", onclick: () => this.window.print() }, "Print this sheet"),
        html("h2", {}, `Now: step ${lesson.number + 1}, ${steps[lesson.number].title}`),
        html("p", { id: "now" }), html("ul", { id: "now-checks" }),
        ...(lesson.luck ? [html("h3", {}, "Ten other runs"), list(lesson.luck)] : []),
        html("p", {}, html("strong", {}, "Next: "), next ? `step ${lesson.number + 2}, ${next.title} (${next.restart ? "a new run" : "the run goes on"}, ${next.run} days). ` : "this is the last step.",
          next ? html("button", { type: "button", class: "noprint", id: "take-next", onclick: () => lesson.go(lesson.number + 1) }, "Next step") : ""),
        html("h2", {}, "What to expect, and why"), rendered(notes),
        html("h2", {}, "The steps"),
        ...steps.flatMap((step, k) => [html("h3", {}, `${k + 1}. ${step.title} (${step.run} days)`), rendered(step.html), ...step.questions.map((one) => rendered(one)),
          ...(step.expect.length ? [html("p", {}, "It should show:"), list(step.expect)] : [])])));
    }
    page.getElementById("now").textContent = `Day ${lesson.day} of ${lesson.on.last}; the run of this step began on day ${lesson.on.first}. ${lesson.state.changed.length ? `Changed since: ${lesson.state.changed.join("; ")}.` : ""}`;
    page.getElementById("now-checks").replaceChildren(...lesson.state.checks.map((one) => html("li", {},
      `${one.holds === null ? "·" : one.holds ? "✓" : "✕"} ${one.label}: expected ${one.is}; ${one.names[0]} ${one.values[0]}, ${one.names[1]} ${one.values[1]}, ${one.difference} ${one.points}`)));
  }
}
