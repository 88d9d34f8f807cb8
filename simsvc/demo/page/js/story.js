// The story of a person: what happened, who decided what and why, and what it did.

import { html } from "./look.js";

export class StoryPanel {
  /**
   * @param panel where to show it.
   * @param ask asks the server for a story.
   */
  constructor(panel, ask) {
    Object.assign(this, { panel, ask });
    this.whom = null;
    this.toldAt = -1;
    this.empty();
  }

  empty() {
    this.whom = null;
    this.panel.replaceChildren(html("p", {}, "Choose a person on the stage: click, or go there with Tab and the arrow keys and press Enter. The story so far is told here, and goes on while the days pass."));
  }

  /** Tell somebody's story from now on. */
  async follow(side, kind, number) {
    this.whom = { side, kind, number, whole: false };
    this.panel.replaceChildren(html("p", { role: "status" }, "Looking back over the days so far …"));
    await this.tell();
  }

  /** Ask again, if days have passed since; `day` is today's. */
  async refresh(day) {
    if (this.whom && !this.busy && day !== this.toldAt) await this.tell();
  }

  async tell() {
    const whom = this.whom;
    this.busy = true;
    try {
      const story = await this.ask(whom);
      if (whom === this.whom) this.show(story);
    } catch (error) {
      if (whom === this.whom) this.panel.replaceChildren(html("p", { class: "wrong", role: "alert" }, error.message));
    } finally {
      this.busy = false;
    }
  }

  show(story) {
    this.toldAt = story.day;
    const { side } = this.whom;
    const parts = [
      html("h2", {}, html("span", { class: `badge ${side}` }, side.toUpperCase()), ` ${story.title}`),
      html("p", { class: "conclusion" }, story.conclusion),
      html("p", { class: "about" }, "The latest first. Satisfaction, morale and the like are told from 0 to 1."),
      html("ol", { class: "moments" }, ...story.moments.map(moment)),
    ];
    if (story.earlier) parts.push(html("p", { class: "about" }, `${story.earlier} earlier moments are not shown.`));
    if (story.since > 0) {
      parts.push(html("p", { class: "about" }, `The story begins on day ${story.since}. `,
        html("button", { type: "button", id: "whole-story", onclick: () => this.whole() }, "Tell it from the first day (takes longer)")));
    }
    const held = document.activeElement?.id === "whole-story";
    this.panel.replaceChildren(...parts);
    if (held) document.getElementById("whole-story")?.focus();
  }

  whole() {
    this.whom = { ...this.whom, whole: true };
    this.panel.replaceChildren(html("p", { role: "status" }, "Looking back to the first day …"));
    return this.tell();
  }
}

function moment({ day, when, text, effects }) {
  return html("li", {}, html("span", { class: "at" }, `Day ${day}, ${when}: `), text,
    effects.length ? html("ul", {}, ...effects.map((effect) => html("li", {}, effect))) : "");
}
