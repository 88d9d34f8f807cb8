// The line that says what just happened, not faster than it can be read, and the diary of all of it.

import { html } from "./look.js";

const READING = 4000; // milliseconds that a line stays
const HURRIED = 2500; // where days pass so fast that it would speak of another month
const MOST = 200; // lines of the diary
const LONG = 165; // letters from which on a line is set smaller

export class Teller {
  constructor(line, diary) {
    Object.assign(this, { line, diary });
    this.saidAt = -Infinity;
    this.clear();
  }

  clear() {
    this.list = html("ol", { class: "moments" });
    this.diary.replaceChildren(html("h2", {}, "What happened"), html("p", { class: "about" }, "The latest first."), this.list);
    this.next = null;
  }

  /** Notes of the days: all go into the diary; the line takes the last that there is time for. */
  add(notes) {
    for (const note of notes) {
      this.write(note);
      this.next = note;
    }
    this.turnOver();
  }

  /** Something that has to be said now, and kept if it belongs to the run. */
  say(text, keep = false) {
    if (keep) this.write(text);
    this.next = text;
    this.saidAt = -Infinity;
    this.turnOver();
  }

  /** Nothing is played any more: there is time for the last that happened. */
  catchUp() {
    if (!this.next) return;
    this.saidAt = -Infinity;
    this.turnOver();
  }

  write(text) {
    this.list.prepend(html("li", {}, text));
    while (this.list.children.length > MOST) this.list.lastChild.remove();
  }

  turnOver() {
    const now = performance.now();
    if (!this.next) return;
    const stays = this.fast ? HURRIED : READING;
    if (now - this.saidAt < stays) {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.turnOver(), stays - (now - this.saidAt) + 5);
      return;
    }
    this.line.textContent = this.next;
    this.line.classList.toggle("long", this.next.length > LONG);
    this.saidAt = now;
    this.next = null;
  }
}
