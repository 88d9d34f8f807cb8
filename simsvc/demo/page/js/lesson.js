// A lesson beside the running model: steps, questions, and what the lecturer should expect.

import { html } from "./look.js";

export class LessonPanel {
  /**
   * @param panel where to show it.
   * @param offer lessons there are.
   * @param read gives a lesson by its name.
   * @param take sets up a step and plays its days: lesson, number, days.
   */
  constructor(panel, offer, read, take) {
    Object.assign(this, { panel, offer, read, take });
    this.taken = new Set();
    this.choose();
  }

  /** The list of lessons. */
  choose() {
    this.lesson = null;
    this.panel.replaceChildren(
      html("h2", {}, "Lessons"),
      html("p", { class: "about" }, "A text beside the model. Every step says what it changes; you press the button when the class has made its guess."),
      ...this.offer.map((one) => html("button", { type: "button", class: "offered", onclick: () => this.open(one.name) },
        html("strong", {}, one.title), html("span", { class: "about" }, `${one.question} (${one.minutes} minutes)`))),
    );
  }

  /** Read a lesson. */
  async open(name) {
    this.lesson = await this.read(name);
    this.taken = new Set();
    this.show(0);
    this.panel.querySelector("h2").focus();
  }

  show(number) {
    const { lesson } = this;
    const step = lesson.steps[number];
    const last = lesson.steps.length - 1;
    const text = html("div", {});
    text.innerHTML = step.html; // made by the server, which lets no markup of the text's own through
    this.problem = html("p", { class: "wrong", role: "alert" });
    const parts = [
      html("p", {}, html("button", { type: "button", onclick: () => this.choose() }, "All lessons")),
      html("h2", { tabindex: -1 }, lesson.title),
      html("p", { class: "about" }, `${lesson.question}${lesson.claims.length ? ` (${lesson.claims.join(", ")})` : ""}`),
      html("ol", { class: "steps", "aria-label": "Steps" }, ...lesson.steps.map((one, k) => html("li", {},
        html("button", { type: "button", "aria-current": k === number && "step", "aria-label": `Step ${k + 1}: ${one.title}${this.taken.has(k) ? ", taken" : ""}`, onclick: () => this.go(k) }, this.mark(k))))),
      html("h3", { tabindex: -1, class: "step-title" }, `${number + 1}. ${step.title}`),
      text,
      ...step.questions.map((question) => {
        const box = html("div", { class: "question" });
        box.innerHTML = question; // as above
        return box;
      }),
      this.problem,
      html("div", { class: "row" },
        html("button", { type: "button", class: "main", id: "take-step", onclick: () => this.run(number) },
          step.restart ? `Begin a new run, ${step.run} days` : `${step.changes ? "Change it and go on" : "Go on"}, ${step.run} days`),
        number < last ? html("button", { type: "button", id: "next-step", onclick: () => this.go(number + 1) }, "Next step") : ""),
      this.lecturer(step),
    ];
    this.panel.replaceChildren(...parts);
  }

  /** A step's number, ticked once the organisations have taken it in this run. */
  mark(number) {
    return this.taken.has(number) ? `${number + 1} ✓` : `${number + 1}`;
  }

  go(number) {
    this.show(number);
    this.panel.querySelector(".step-title").focus();
    this.panel.scrollTop = 0;
  }

  lecturer(step) {
    const notes = html("div", {});
    notes.innerHTML = this.lesson.notes; // as above
    const expected = step.expect.length ? [html("p", {}, "This step should show:"), html("ul", {}, ...step.expect.map((one) => html("li", {}, one)))] : [];
    return html("details", { class: "lecturer" }, html("summary", {}, "For the lecturer: what to expect, and why"), ...expected, notes);
  }

  async run(number) {
    try {
      await this.take(this.lesson.name, number, this.lesson.steps[number].run);
      if (this.lesson.steps[number].restart) this.taken.clear();
      this.taken.add(number);
      this.panel.querySelectorAll(".steps button").forEach((one, k) => (one.textContent = this.mark(k)));
    } catch (error) {
      this.problem.textContent = error.message;
    }
  }
}
