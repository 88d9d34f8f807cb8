// A lesson beside the running model: the step that is on the stage, guesses, and what the runs show.

import { html, list, rendered } from "./look.js";
import { NotesWindow } from "./notes.js";

const RUNS = 10; // with other luck

/** The guesses of a lesson, which outlast a reload of this window's page. */
function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(`guesses ${name}`)) ?? {};
  } catch {
    return {}; // the browser keeps nothing
  }
}

function keep(name, guesses) {
  try {
    sessionStorage.setItem(`guesses ${name}`, JSON.stringify(guesses));
  } catch {
    // likewise
  }
}

export class LessonPanel {
  /**
   * @param panel where to show it.
   * @param offer lessons there are.
   * @param read gives a lesson by its name.
   * @param deeds what can be done: open a step (lesson, number), play its days, other luck, try a seed.
   */
  constructor(panel, offer, read, deeds) {
    Object.assign(this, { panel, offer, read, deeds });
    this.lesson = null;
    this.notes = new NotesWindow();
    this.guesses = {};
    this.choose();
  }

  /** The list of lessons; the one on the stage stays there. */
  choose() {
    this.listed = true;
    const back = this.lesson && html("button", { type: "button", class: "main", id: "back-to-step", onclick: () => this.build() },
      `Back to “${this.lesson.title}”, step ${this.number + 1}`);
    this.panel.replaceChildren(
      html("h2", { tabindex: -1 }, "Lessons"),
      html("p", { class: "about" }, "One thing changes at a time. Opening a lesson sets the stage; guess first, then press Play."),
      back || "",
      ...this.offer.map((one) => html("button", { type: "button", class: "offered", "data-lesson": one.name, onclick: () => this.open(one.name) },
        html("strong", {}, one.title), html("span", { class: "about" }, `${one.question} (${one.minutes} minutes)`))),
    );
  }

  /** Open a lesson at its first step, with its own seed and no guesses yet. */
  async open(name) {
    keep(name, {});
    this.guesses = {};
    await this.deeds.open(name, 0, this.offer.find((one) => one.name === name).seed);
    this.panel.querySelector("h2")?.focus();
    this.panel.scrollTop = 0;
  }

  /** What is on the stage now: the lesson's step, or none; from what the server tells of a run. */
  async show(whole, name = this.name) {
    const { lesson: on } = whole;
    this.on = on;
    if (on && (!this.lesson || this.name !== name || this.lesson.title !== on.title)) {
      this.lesson = await this.read(name);
      this.name = name;
      this.guesses = kept(name);
    }
    if (!on) {
      this.lesson = null;
      this.choose();
      return;
    }
    this.number = on.step;
    this.luck = null;
    this.state = whole.frame.lesson;
    this.day = whole.frame.day;
    this.build();
  }

  /** Days have gone by. */
  update(frame) {
    if (!this.on || !frame.lesson) return;
    this.state = frame.lesson;
    this.day = frame.day;
    if (!this.listed) this.fill();
    this.notes.update(this);
  }

  get step() {
    return this.lesson.steps[this.number];
  }

  build() {
    this.listed = false;
    const { lesson, number, step, on } = this;
    const last = lesson.steps.length - 1;
    this.problem = html("p", { class: "wrong", role: "alert" });
    this.checks = html("ul", { class: "checks", "aria-label": "What the runs show" });
    this.changed = html("p", { class: "about changed" });
    this.other = html("p", { class: "about other-luck", role: "status" });
    this.steps = html("ol", { class: "steps", "aria-label": "Steps" });
    this.play = html("button", { type: "button", class: "main", id: "take-step", onclick: () => this.deeds.play() });
    this.window = html("p", { class: "about window" });
    const [of, ...worlds] = step.worlds;
    this.worlds = html("div", { class: "about worlds", hidden: true }, of ?? "", list(worlds));
    this.panel.replaceChildren(
      html("h2", { tabindex: -1 }, lesson.title),
      html("p", { class: "about" }, lesson.question),
      this.steps,
      html("h3", { tabindex: -1, class: "step-title" }, `${number + 1}. ${step.title}`),
      rendered(step.html, { class: "text" }),
      on.set.length ? html("p", { class: "about set" }, html("strong", {}, "This step sets: "), `${on.set.join("; ")}.`) : html("p", { class: "about set" }, "This step changes nothing."),
      this.changed,
      ...step.questions.map((question) => rendered(question, { class: "question" })),
      this.checks, this.window, this.worlds, this.problem,
      html("div", { class: "row" }, this.play, number < last ? html("button", { type: "button", id: "next-step", onclick: () => this.go(number + 1) }, "Next step") : ""),
      html("div", { class: "row" },
        html("button", { type: "button", id: "other-luck", onclick: () => this.deeds.otherLuck() }, "Another seed"),
        step.expect.length ? html("button", { type: "button", id: "ten-runs", onclick: () => this.tenRuns() }, "Ten other runs") : ""),
      this.other,
      html("p", { class: "row" },
        html("button", { type: "button", id: "all-lessons", onclick: () => this.choose() }, "All lessons"),
        html("button", { type: "button", id: "notes", onclick: () => this.notes.open(this) }, "Lecturer’s notes ↗")),
    );
    this.fill();
  }

  /** All that changes as the days pass. */
  fill() {
    const { state, on, day } = this;
    this.play.textContent = day >= on.last ? "Days have run" : `${day > on.first ? "Go on to" : "Play to"} day ${on.last}`;
    this.play.disabled = day >= on.last;
    this.changed.textContent = state.changed.length ? `Changed since: ${state.changed.join("; ")}.` : "";
    const from = on.measured + 1;
    const until = day < from ? `will be means of days ${from} to ${on.last}` : `are means of days ${from} to ${Math.min(day, on.last)}${day >= on.last ? "" : ", so far"}`;
    this.window.textContent = state.checks.length ? `Numbers ${until}. Differences are taken before rounding.` : "";
    this.worlds.hidden = day < on.last || !this.step.worlds.length; // guess first
    const steps = `${this.number} ${state.taken}`;
    if (this.steps.dataset.state !== steps) {
      this.steps.dataset.state = steps;
      const held = this.steps.contains(document.activeElement);
      this.steps.replaceChildren(...this.lesson.steps.map((one, k) => html("li", {}, html("button", {
        type: "button", "aria-current": k === this.number && "step",
        "aria-label": `Step ${k + 1}: ${one.title}${state.taken.includes(k) ? ", taken" : ""}`, onclick: () => this.go(k),
      }, state.taken.includes(k) ? `${k + 1} ✓` : `${k + 1}`))));
      if (held) this.steps.children[this.number].firstChild.focus();
    }
    if (this.checks.childElementCount !== state.checks.length) this.checks.replaceChildren(...state.checks.map((one, k) => this.check(one, k)));
    state.checks.forEach((one, k) => this.fillCheck(this.checks.children[k], one, k));
  }

  check(one, k) {
    const subject = one.of === "b-a" ? "in B, against A" : `in ${one.of.toUpperCase()}, against the step before`;
    const id = `guess-${k}`;
    const key = `${this.number}:${k}`;
    const options = [["", "guess first"], ["higher", "higher"], ["same", "about the same"], ["lower", "lower"]];
    const select = html("select", { id, onchange: () => {
      this.guesses[key] = select.value;
      keep(this.name, this.guesses);
    } },
      ...options.map(([value, word]) => html("option", { value, selected: (this.guesses[key] ?? "") === value }, word)));
    return html("li", { "data-metric": one.metric },
      html("span", { class: "ask" }, html("label", { for: id }, html("strong", {}, one.label), ` ${subject}: `), select),
      html("span", { class: "said" }), html("span", { class: "verdict" }));
  }

  fillCheck(row, one, k) {
    const guess = this.guesses[`${this.number}:${k}`];
    const began = this.day > this.on.first;
    const select = row.querySelector("select");
    select.disabled = began;
    select.options[0].textContent = began ? "no guess" : "guess first";
    const known = one.holds !== null;
    row.querySelector(".said").textContent = known
      ? `${one.names[0]} ${one.values[0]}, ${one.names[1]} ${one.values[1]} ${one.unit}: ${one.difference} ${one.points}` : "";
    row.dataset.holds = known ? one.holds : "";
    row.querySelector(".verdict").textContent = known
      ? `${one.holds ? "✓" : "✕"} expected: ${one.is}${guess ? `; you guessed: ${guess === "same" ? "about the same" : guess}` : ""}` : "";
  }

  async go(number) {
    this.problem.textContent = "";
    try {
      await this.deeds.open(this.name, number);
      this.panel.querySelector(".step-title").focus();
      this.panel.scrollTop = 0;
    } catch (error) {
      this.problem.textContent = error.message;
    }
  }

  /** The same step with other luck, several times: how often does each expectation hold? */
  async tenRuns() {
    const { other, number } = this;
    const button = this.panel.querySelector("#ten-runs");
    button.disabled = true;
    const runs = [];
    try {
      for (let k = 1; k <= RUNS; k += 1) {
        other.textContent = `Run ${k} of ${RUNS} with other luck …`;
        runs.push(await this.deeds.tryLuck(k));
        if (this.other !== other) return; // another step is on the stage
      }
    } catch (error) {
      this.problem.textContent = error.message;
      return;
    } finally {
      button.disabled = false;
    }
    this.luck = this.lesson.steps[number].expect.map((words, k) => {
      const values = runs.map((one) => one[k].value);
      const digits = Math.max(...runs.map((one) => (one[k].text.split(".")[1] ?? "").length)); // as beside the step
      const shown = (value) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "exceptZero" });
      const mean = shown(values.reduce((sum, value) => sum + value, 0) / values.length);
      return `${words}: in ${runs.filter((one) => one[k].holds).length} of ${runs.length} runs, ${mean} ${this.state.checks[k].points} in the mean, from ${shown(Math.min(...values))} to ${shown(Math.max(...values))}`;
    });
    other.replaceChildren("The step as it is written, ten runs with other seeds:", list(this.luck));
    this.notes.update(this);
  }
}
