// The panel of settings: what acts at once, what needs a new run, and whose it is.

import { html, spoken } from "./look.js";

export class Settings {
  /**
   * @param panel where to show it.
   * @param offer scenarios and structures there are.
   * @param change is told of a setting that is to act at once: side, settings.
   * @param reset is told that a new run is wanted.
   */
  constructor(panel, offer, change, reset) {
    Object.assign(this, { panel, offer, change, reset });
    this.side = "a";
    this.forget();
  }

  /** Begin with what the server tells of a run. */
  begin(whole) {
    if (this.offer.recorded || (this.whole && whole.scenario !== this.whole.scenario)) this.forget();
    this.whole = whole;
    this.values = whole.values;
    this.picked = {};
    this.build();
  }

  /** Values have changed, by a flip or by the server's own rounding. */
  update(values, flipped) {
    this.values = values;
    if (flipped) this.moved[flipped] = {};
    this.build();
  }

  /** What a new run should begin with; another scenario begins with values of its own. */
  wanted() {
    const scenario = this.picked.scenario ?? this.whole.scenario;
    const structures = ["a", "b"].map((side, k) => this.picked[`structure-${side}`] ?? this.whole.structures[k]);
    if (scenario !== this.whole.scenario) return { scenario, structures, settings: {}, own: {} };
    return { scenario, structures, settings: { ...this.moved.both, ...this.wishes }, own: { a: this.moved.a, b: this.moved.b } };
  }

  /** Forget what was moved. */
  forget() {
    this.moved = { both: {}, a: {}, b: {} };
    this.wishes = {};
  }

  build() {
    const held = this.panel.contains(document.activeElement) ? document.activeElement.id : "";
    const opened = [...this.panel.querySelectorAll("details[open]")].map((one) => one.id);
    const kinds = { world: [], own: [], later: [] };
    for (const control of this.whole.controls) kinds[control.live ? (control.scope === "own" ? "own" : "world") : "later"].push(control);
    this.problem = html("p", { class: "wrong", role: "alert" });
    const live = [
      html("fieldset", {}, html("legend", {}, "Both organisations"),
        html("p", { class: "when-acts" }, html("strong", {}, "Acts at once"), ", in A and in B, while they run."),
        ...kinds.world.map((control) => this.control(control, "both"))),
      html("fieldset", {}, html("legend", {}, "One organisation’s levers"),
        html("p", { class: "when-acts" }, html("strong", {}, "Acts at once"), ", in the organisation chosen here. Limits are in force the next morning, ways of working take weeks."),
        this.chooser(),
        ...kinds.own.slice(0, 6).map((control) => this.control(control, this.side)),
        html("details", { id: "more-levers", open: opened.includes("more-levers") }, html("summary", {}, "More levers"),
          ...kinds.own.slice(6).map((control) => this.control(control, this.side)))),
    ];
    const { recorded } = this.offer;
    const later = recorded ? `This page plays recorded runs; nothing can be changed while they run. ${kinds.later.length ? "Of the settings below the nearest recorded values are taken." : "In a lesson all settings are the lesson’s own; Another seed plays the next of the recorded runs."}`
      : "A new run begins on the first morning. Sliders that you moved keep their values; another scenario brings its own.";
    this.panel.replaceChildren(
      this.problem,
      ...(recorded ? [] : live),
      html("fieldset", {}, html("legend", {}, "New run"),
        html("p", { class: "when-acts" }, html("strong", {}, "Needs a reset."), ` ${later}`),
        this.choice("scenario", "Scenario", this.offer.scenarios, this.whole.scenario),
        this.choice("structure-a", "Chart of A", this.offer.structures, this.whole.structures[0]),
        this.choice("structure-b", "Chart of B", this.offer.structures, this.whole.structures[1]),
        ...kinds.later.map((control) => this.control(control, "later")),
        ...this.besides(),
        html("div", { class: "row" },
          html("button", { type: "button", class: "main", id: "reset-here", onclick: () => this.reset() }, "Reset with these"),
          html("button", { type: "button", id: "forget", onclick: () => this.reset(true) }, "Reset, sliders back"))),
    );
    if (held) document.getElementById(held)?.focus();
  }

  chooser() {
    const option = (side) => html("label", {}, html("input", {
      type: "radio", name: "side", id: `side-${side}`, value: side, checked: this.side === side,
      onchange: () => {
        this.side = side;
        this.build();
      },
    }), ` ${side.toUpperCase()}`);
    return html("div", { class: "sides", role: "radiogroup", "aria-label": "Whose levers" }, option("a"), option("b"));
  }

  choice(id, label, options, value) {
    const known = options.some((one) => one.name === value) ? options.filter((one) => !this.offer.recorded || one.name === value) : [{ name: value, about: "" }, ...options];
    const chosen = this.picked[id] ?? value;
    const select = html("select", { id, onchange: () => (this.picked[id] = select.value) },
      ...known.map((one) => html("option", { value: one.name, selected: one.name === chosen, title: one.about }, one.title ?? spoken(one.name))));
    return html("label", { class: "choice" }, label, select);
  }

  besides() {
    if (!this.whole.besides.length) return [];
    return [html("p", { class: "about" }, `Set by the lesson besides: ${this.whole.besides.join(", ")}.`)];
  }

  control(control, place) {
    const side = place === "later" ? "both" : place;
    const id = `set-${place}-${control.setting}`;
    const value = place === "later" ? (this.wishes[control.setting] ?? this.values.both[control.setting]) : this.values[side][control.setting];
    const shown = html("output", { for: id });
    const show = (now) => shown.replaceChildren(text(control, now), html("span", { class: "unit" }, unit(control.unit)));
    const label = html("label", { for: id, title: control.meaning }, control.label);
    const meaning = html("p", { id: `${id}-meaning`, class: "meaning" }, control.meaning);
    const moved = control.setting in (place === "later" ? this.wishes : this.moved[side]);
    const send = (now) => (place === "later" ? (this.wishes[control.setting] = now) : this.send(side, control, now));
    let input;
    if (control.options.length) {
      input = html("select", { id, "aria-describedby": meaning.id, onchange: () => send(input.value) },
        ...control.options.map((one) => html("option", { value: one, selected: one === value }, one)));
      return html("div", { class: moved ? "slider moved" : "slider" }, label, input, meaning);
    }
    input = html("input", {
      type: "range", id, "aria-describedby": meaning.id, min: control.low, max: control.high, step: "any", value,
      oninput: () => show(rounded(control, input.value)),
      onchange: () => send(rounded(control, input.value)),
      onkeydown: (event) => nudge(event, input, control),
      onblur: () => settle(input),
    });
    input.setAttribute("aria-valuetext", `${text(control, value)}${unit(control.unit)}`);
    show(value);
    return html("div", { class: moved ? "slider moved" : "slider" }, label, shown, input, meaning);
  }

  async send(side, control, value) {
    const moved = this.moved[side]; // a reset that is asked for meanwhile begins with it
    const before = { ...moved };
    moved[control.setting] = value;
    try {
      await this.change(side, { [control.setting]: value });
    } catch (error) {
      if (control.setting in before) moved[control.setting] = before[control.setting];
      else delete moved[control.setting];
      this.build();
      this.problem.textContent = error.message;
    }
  }
}

/** Arrow keys move a slider by its step: its own would be too fine, because it takes any value. */
function nudge(event, input, control) {
  const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
  if (!steps) return;
  event.preventDefault();
  input.value = rounded(control, Number(input.value) + steps * control.step);
  input.dispatchEvent(new Event("input"));
  clearTimeout(nudging.get(input));
  nudging.set(input, setTimeout(() => settle(input), 400));
}

/** Who goes on to something else has made up their mind. */
function settle(input) {
  if (!nudging.has(input)) return;
  clearTimeout(nudging.get(input));
  nudging.delete(input);
  input.dispatchEvent(new Event("change"));
}

/** Changes by keys that wait for the next press: several presses are one change. */
const nudging = new WeakMap();

function rounded(control, value) {
  const step = control.step;
  const near = Number((Math.round(Number(value) / step) * step).toFixed(6));
  return Math.max(control.low, Math.min(near, control.high));
}

function text(control, value) {
  if (typeof value !== "number") return value;
  return Number((control.unit === "share" ? 100 * value : value).toFixed(2)).toLocaleString("en");
}

function unit(name) {
  return { "0-1": "", share: " %", strength: "" }[name] ?? (name && ` ${name}`);
}
