// The page: puts the parts together and passes on what each has to tell.

import { Session, catalogue, lesson } from "./api.js";
import { Clock } from "./clock.js";
import { LessonPanel } from "./lesson.js";
import { html, legend } from "./look.js";
import { Chart, Course } from "./series.js";
import { Settings } from "./settings.js";
import { Stage } from "./stage.js";
import { StoryPanel } from "./story.js";
import { tabs } from "./tabs.js";
import { Teller } from "./teller.js";

const STORY_EVERY = 1500; // milliseconds between two looks at a story while the days pass
const find = (id) => document.getElementById(id);

class Demo {
  async begin() {
    this.offer = await catalogue();
    this.open = tabs((name) => name === "numbers" && this.numbers());
    this.teller = new Teller(find("telling"), find("log"));
    this.course = new Course(this.offer.series);
    this.charts = this.offer.series.map((_, number) => new Chart(this.course, number));
    find("charts").replaceChildren(...this.charts.map((chart) => chart.element));
    this.stages = Object.fromEntries(["a", "b"].map((side) => [side, new Stage(side, (...whom) => this.follow(...whom), (which) => this.flip(which))]));
    this.clock = new Clock((days) => this.step(days), () => this.showClock());
    this.settings = new Settings(find("settings"), this.offer, (side, settings) => this.change(side, settings), (forget) => this.reset(forget));
    this.story = new StoryPanel(find("story"), (whom) => this.session.ask("story", whom));
    this.lessons = new LessonPanel(find("lesson"), this.offer.lessons, lesson, (...step) => this.takeStep(...step));
    this.controls();
    await this.join();
    if (this.offer.lesson) {
      this.open("lesson");
      await this.lessons.open(this.offer.lesson);
    }
  }

  /** A session of this browser's own. */
  async join() {
    const [session, whole] = await Session.begin();
    this.session = session;
    session.onEnd = (message) => this.farewell(message);
    this.newRun(whole);
    find("seed").value = whole.seed;
    this.teller.say("Both organisations have the same customers and the same luck. Press Play, or turn a chart.");
  }

  /** A session again, after the last one ended or none was to be had. */
  async rejoin() {
    find("anew").disabled = true;
    try {
      await this.join();
      find("over").close();
    } catch (error) {
      this.farewell(error.message, "Try again");
    } finally {
      find("anew").disabled = false;
    }
  }

  controls() {
    find("play").onclick = () => (this.clock.playing ? this.clock.pause() : this.clock.play());
    find("step").onclick = () => {
      this.clock.pause();
      this.clock.advance(1).catch(() => {});
    };
    find("speed").onchange = (event) => (this.clock.speed = Number(event.target.value));
    find("reset").onclick = () => this.reset();
    find("large").onclick = () => this.large(!document.body.classList.contains("large"));
    find("anew").onclick = () => this.rejoin();
    find("over").oncancel = (event) => event.preventDefault(); // without a session the page is of no use
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.clock.playing) {
        this.clock.pause();
        this.teller.say("Paused, because the page was out of sight.");
      }
    });
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    addEventListener("keydown", (event) => {
      if (event.key === " " && event.target === document.body) {
        event.preventDefault();
        find("play").click();
      }
    });
    setInterval(() => this.clock.playing && this.open.current === "story" && this.story.refresh(this.clock.day), STORY_EVERY);
  }

  // -- the run ------------------------------------------------------------------------------

  newRun(whole) {
    this.settings.begin(whole);
    this.course.clear();
    this.teller.clear();
    this.story.empty();
    for (const [side, stage] of Object.entries(this.stages)) {
      stage.marked = null;
      stage.build(whole.layout[side], whole.frame.sides[side]);
    }
    find("legend").replaceChildren(...legend(whole.layout.a.each));
    this.clock.restart(0);
    this.draw(whole.frame, 0);
  }

  async step(days) {
    const frame = await this.session.ask("step", { days }).catch((error) => {
      this.teller.say(error.message);
      throw error;
    });
    this.draw(frame, this.clock.playing ? this.clock.span : 0);
    if (frame.over) this.teller.say(`Day ${frame.day}: ten years are over, and the run ends here. Reset begins a new one.`);
    return frame;
  }

  draw(frame, span) {
    for (const [side, stage] of Object.entries(this.stages)) stage.show(frame.sides[side], span);
    this.course.add(frame.points);
    for (const chart of this.charts) chart.draw();
    this.teller.add(frame.notes);
  }

  showClock() {
    const { playing, day, rate, over } = this.clock;
    const button = find("play");
    if (button.getAttribute("aria-pressed") !== String(playing)) { // what is replaced while it is pressed misses the click
      button.setAttribute("aria-pressed", playing);
      button.replaceChildren(html("span", { "aria-hidden": "true" }, playing ? "❚❚" : "▶"), html("span", { class: "word" }, playing ? " Pause" : " Play"));
    }
    button.disabled = over;
    find("step").disabled = over;
    find("day").textContent = `Day ${day}`;
    find("rate").textContent = playing && rate ? `${rate.toFixed(0)} days/s` : `year ${Math.floor(day / 250) + 1}`;
    if (!playing) this.settle();
  }

  /** After the last of some days: what is only told when there is time for it. */
  settle() {
    find("day").textContent = `Day ${this.clock.day}`;
    if (!this.session) return;
    if (this.open.current === "story") this.story.refresh(this.clock.day);
    if (this.open.current === "numbers") this.numbers();
  }

  // -- what the class does --------------------------------------------------------------------

  async change(side, settings) {
    const told = await this.session.ask("change", { side, settings });
    this.changed(told, "");
  }

  async flip(side) {
    const told = await this.session.ask("flip", { side }).catch((error) => this.teller.say(error.message));
    if (told) this.changed(told, side);
  }

  changed({ said, values, frame }, flipped) {
    this.settings.update(values, flipped);
    this.course.mark(frame.day);
    this.draw(frame, 0);
    this.teller.say(said, true);
  }

  async reset(forget = false) {
    this.clock.pause();
    if (forget) this.settings.forget();
    const wanted = { ...this.settings.wanted(), seed: Number(find("seed").value), keep: this.lessons.lesson !== null };
    try {
      const whole = await this.session.ask("reset", wanted);
      this.newRun(whole);
      find("seed").value = whole.seed;
      this.teller.say("A new run begins: the same customers and the same luck on both sides.");
    } catch (error) {
      this.teller.say(`Not reset: ${error.message}`);
    }
  }

  async takeStep(name, step, days) {
    this.clock.pause();
    const whole = await this.session.ask("lesson", { lesson: name, step });
    if (whole.frame.day === 0) {
      this.settings.forget();
      this.newRun(whole);
      find("seed").value = whole.seed;
    } else {
      this.settings.begin(whole);
      this.course.mark(whole.frame.day);
      this.draw(whole.frame, 0);
    }
    this.teller.say(whole.said, true);
    const end = this.clock.day + days;
    await this.clock.play(end);
    if (this.clock.day === end) this.teller.add([`Day ${end}: the days of step ${step + 1} are over. What do you see, and what did you expect?`]);
  }

  /** The charts large in place of the panel, or the panel again. */
  large(wanted) {
    document.body.classList.toggle("large", wanted);
    find("large").setAttribute("aria-pressed", wanted);
  }

  async follow(side, kind, number) {
    for (const [other, stage] of Object.entries(this.stages)) stage.mark(other === side ? kind : null, number);
    this.large(false);
    this.open("story");
    const panel = find("story").parentElement;
    if (panel.getBoundingClientRect().top > innerHeight / 2) panel.scrollIntoView();
    await this.story.follow(side, kind, number);
  }

  async numbers() {
    if (!find("numbers").firstChild) find("numbers").append(html("p", { role: "status" }, "Adding up …"));
    const { day, rows } = await this.session.ask("numbers").catch(() => ({ rows: null }));
    if (!rows) return;
    const head = html("tr", {}, html("th", { scope: "col" }, "Metric"), html("th", { scope: "col" }, "A"), html("th", { scope: "col" }, "B"));
    const body = rows.map((row) => html("tr", { "data-metric": row.name, title: row.meaning }, html("th", { scope: "row" }, row.label, html("span", { class: "unit" }, row.unit && ` ${row.unit}`)), html("td", {}, row.a), html("td", {}, row.b)));
    find("numbers").replaceChildren(
      html("h2", {}, `After ${day} days`),
      html("p", { class: "about" }, `What simsvc run prints for ${day} days with these settings and this seed: the first third is left out.`),
      html("table", {}, html("thead", {}, head), html("tbody", {}, ...body)));
  }

  farewell(message, word = "Begin anew") {
    this.clock.pause();
    find("anew").textContent = word;
    find("over-text").textContent = message;
    if (!find("over").open) find("over").showModal();
  }
}

const demo = new Demo();
demo.begin().catch((error) => demo.clock ? demo.farewell(error.message, "Try again") : (find("telling").textContent = error.message));
