// The page: puts the parts together and passes on what each has to tell.

import { read, written } from "./address.js";
import { Session, catalogue, lesson } from "./api.js";
import { Clock } from "./clock.js";
import { LessonPanel } from "./lesson.js";
import { html, legend, svg } from "./look.js";
import { Chart, Course } from "./series.js";
import { Settings } from "./settings.js";
import { Stage } from "./stage.js";
import { StartPanel, differs } from "./start.js";
import { StoryPanel } from "./story.js";
import { tabs } from "./tabs.js";
import { Teller } from "./teller.js";

const STORY_EVERY = 1500; // milliseconds between two looks at a story while the days pass
const AT_ONCE = 25; // days
const find = (id) => document.getElementById(id);

class Demo {
  async begin() {
    this.offer = await catalogue();
    this.open = tabs((name) => {
      document.body.classList.toggle("twins", name === "story" && this.story.twin && Boolean(this.story.whom));
      if (name === "numbers") this.numbers();
    });
    this.teller = new Teller(find("telling"), find("log"));
    this.course = new Course(this.offer.series);
    this.charts = this.offer.series.map((_, number) => new Chart(this.course, number));
    find("charts").replaceChildren(...this.charts.map((chart) => chart.element));
    this.stages = Object.fromEntries(["a", "b"].map((side) => [side, new Stage(side, (...whom) => this.follow(...whom), (which) => this.flip(which))]));
    this.clock = new Clock((days) => this.step(days), () => this.showClock());
    this.settings = new Settings(find("settings"), this.offer, (side, settings) => this.change(side, settings), (forget) => this.reset(forget));
    this.story = new StoryPanel(find("story"), (whom) => this.session.ask("story", whom), () => this.session.why());
    this.lessons = new LessonPanel(find("lesson"), this.offer.lessons, lesson, {
      open: (...step) => this.openStep(...step), play: () => this.play(), otherLuck: () => this.otherLuck(), tryLuck: (k) => this.tryLuck(k),
    });
    this.start = new StartPanel(find("start"), find("case"), this.offer.info, {
      ask: () => this.session.ask("first_case"), why: () => this.session.why(), play: () => this.play(), hold: (side, ...what) => this.stages[side].hold(...what),
    });
    this.did = [];
    this.controls();
    await this.join(read());
  }

  /** A session of this browser's own, with the run that an address asks for, if it does. */
  async join(wanted = null) {
    const [session, whole] = await Session.begin();
    this.session = session;
    session.onEnd = (message, down) => this.farewell(message, down ? "Try again" : "Go on");
    await this.newRun(whole);
    this.teller.say(`A and B are the same firm, ${whole.words.firm}, with the same ${whole.words.customers} and the same luck; ${differs(whole)}. Press Play, follow one case, or open a lesson.`);
    try {
      if (wanted) await this.restore(wanted);
      else if (this.offer.lesson) {
        this.open("lesson");
        await this.lessons.open(this.offer.lesson);
      }
    } catch (error) {
      this.teller.say(`The address asks for a run that cannot be had: ${error.message}`);
    }
    this.remember();
  }

  /** The run that an address asks for, played again without being watched. */
  async restore({ lesson: name, step, scenario, structures, seed, day, set, did }) {
    this.restoring = true; // the address is what is asked for until all of it is there
    this.clock.pause();
    try {
      if (name) {
        this.open("lesson");
        await this.openStep(name, step, seed);
      }
      if (!name || set) {
        const kept = name ? this.settings.wanted() : { scenario, structures };
        const { both = {}, a = {}, b = {} } = set ?? {};
        await this.newRun(await this.session.ask("reset", { ...kept, seed: seed ?? this.whole.seed, settings: both, own: { a, b }, keep: Boolean(name) }));
        Object.assign(this.settings.moved, { both, a, b });
      }
      for (const [when, side, settings] of did) {
        await this.goTo(when);
        if (settings) {
          Object.assign(this.settings.moved[side], settings);
          await this.change(side, settings);
        } else await this.flip(side);
      }
      await this.goTo(day);
    } finally {
      this.restoring = false;
    }
  }

  async goTo(day) {
    while (this.clock.day < day && !this.clock.over) await this.clock.advance(Math.min(day - this.clock.day, AT_ONCE));
  }

  /** Keep the run in the address; a new run is a new place to go back to. */
  remember(anew = false) {
    if (this.restoring || this.holding || !this.whole) return;
    const at = this.whole.lesson;
    const address = written({
      lesson: at && this.lessons.name, step: at?.step, scenario: this.whole.scenario, structures: this.whole.structures,
      seed: this.whole.seed, day: this.clock.day, set: this.set, did: this.did,
    });
    if (address === location.hash) return;
    history[anew && location.hash ? "pushState" : "replaceState"](null, "", address);
  }

  /** A session again, after the last one ended or none was to be had. */
  async rejoin() {
    find("anew").disabled = true;
    try {
      await this.join(read());
      find("over").close();
    } catch (error) {
      this.farewell(error.message);
    } finally {
      find("anew").disabled = false;
    }
  }

  controls() {
    find("play").onclick = () => (this.clock.playing ? this.clock.pause() : this.play());
    find("step").onclick = () => {
      this.clock.pause();
      this.clock.advance(1).catch(() => {});
    };
    find("speed").onchange = (event) => {
      this.clock.speed = Number(event.target.value);
      this.teller.fast = this.clock.speed > 10;
    };
    find("reset").onclick = () => this.reset();
    find("large").onclick = () => this.large(!document.body.classList.contains("large"));
    find("down").onclick = () => find("tab-lesson").scrollIntoView();
    this.joining();
    find("anew").onclick = () => this.rejoin();
    find("over").oncancel = (event) => event.preventDefault(); // without a session the page is of no use
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.clock.playing) {
        this.clock.pause();
        this.teller.say("Paused, because the page was out of sight.");
      }
    });
    addEventListener("popstate", () => {
      const wanted = read();
      if (wanted) this.restore(wanted).catch((error) => this.teller.say(error.message));
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

  /** How others join: the address in large type and its code, if the page is open to the network. */
  joining() {
    const { address, code } = this.offer.join ?? {};
    find("join").hidden = !address;
    if (!address) return;
    find("join-address").textContent = address;
    if (code.length) {
      const dark = code.flatMap((row, y) => [...row].map((dot, x) => (dot === "1" ? `M${x} ${y}h1v1h-1z` : ""))).join("");
      find("join-code").replaceChildren(svg("svg", { viewBox: `-3 -3 ${code.length + 6} ${code.length + 6}`, role: "img", "aria-label": `QR code of ${address}`, "shape-rendering": "crispEdges" }, svg("path", { d: dark })));
    }
    find("join").onclick = () => find("joining").showModal();
    find("joined").onclick = () => find("joining").close();
  }

  // -- the run ------------------------------------------------------------------------------

  async newRun(whole, name = this.lessons.name) {
    const was = this.whole?.lesson && whole.lesson?.title === this.whole.lesson.title && whole.seed === this.whole.seed ? this.whole.lesson.step : NaN;
    const later = whole.lesson?.step - was; // steps of the same lesson with the same luck
    const goesOn = later && whole.frame.day > 0 && whole.frame.day === this.clock.day;
    const ghost = later === 1 ? this.course.points : later === 0 ? this.course.ghost : []; // of the step before
    this.holding = true; // the address goes on saying what was before, until all is there
    this.whole = whole;
    this.did = [];
    this.set = null;
    this.settings.begin(whole);
    whole.series.forEach((series, k) => this.charts[k].call(series));
    if (whole.lesson) this.large(false); // a lesson's text stays in sight
    this.course.clear();
    this.course.add(whole.course);
    this.course.ghost = whole.lesson && !goesOn ? ghost : [];
    find("charts").dataset.pale = this.course.ghost.at(-1)?.[0] ?? "";
    this.course.window = whole.lesson && [whole.lesson.measured, whole.lesson.last];
    if (whole.lesson?.first) this.course.mark(whole.lesson.first);
    if (!goesOn) {
      this.teller.clear();
      this.story.empty();
      for (const [side, stage] of Object.entries(this.stages)) {
        stage.marked = null;
        stage.build(whole.layout[side], whole.frame.sides[side], whole.words);
      }
      find("legend").replaceChildren(...legend(whole.layout.a.each, whole.words));
      this.clock.restart(whole.frame.day);
    }
    this.clock.over = whole.frame.over;
    this.showClock();
    this.showCharts();
    find("seed").value = whole.seed;
    await this.lessons.show(whole, name);
    this.start.show(whole);
    this.draw(whole.frame, 0);
    this.holding = false;
  }

  /** The charts of the lesson, or the usual ones. */
  showCharts() {
    const names = this.whole.lesson?.charts ?? this.offer.series.filter((one) => one.usual).map((one) => one.name);
    document.body.classList.toggle("in-lesson", Boolean(this.whole.lesson));
    find("charts").style.setProperty("--charts", names.length);
    find("charts").replaceChildren(...names.map((name) => this.charts.find((chart) => chart.series.name === name).element));
  }

  /** Play to the end of the step's days; on from there without an end. */
  async play() {
    const last = this.whole.lesson?.last ?? 0;
    const end = this.clock.day < last ? last : Infinity;
    const { whole } = this;
    if (this.start.steps) this.start.leave();
    if (find("a").getBoundingClientRect().bottom < 60 || find("a").getBoundingClientRect().top > innerHeight - 60) find("telling").scrollIntoView({ block: "start" });
    await this.clock.play(end);
    if (this.whole === whole && this.clock.day === end) this.teller.say(`Day ${end}: the days of step ${whole.lesson.step + 1} are over. What do you see, and what did you guess?`, true);
  }

  async step(days) {
    const frame = await this.session.ask("step", { days }).catch((error) => {
      this.teller.say(error.message);
      throw error;
    });
    this.draw(frame, this.clock.playing ? this.clock.span : 0);
    if (frame.over) this.teller.say(`Day ${frame.day}: ${frame.ended ?? "ten years are over, and the run ends here"}. Reset begins a new one.`);
    return frame;
  }

  draw(frame, span) {
    for (const [side, stage] of Object.entries(this.stages)) stage.show(frame.sides[side], span);
    this.course.add(frame.points);
    this.course.means = frame.lesson?.means;
    for (const chart of this.charts) if (chart.element.isConnected) chart.draw();
    this.lessons.update(frame);
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
    if (!this.session) return;
    this.remember();
    this.teller.catchUp();
    if (this.open.current === "story") this.story.refresh(this.clock.day);
    if (this.open.current === "numbers") this.numbers();
  }

  // -- what the class does --------------------------------------------------------------------

  async change(side, settings) {
    const told = await this.session.ask("change", { side, settings });
    this.did.push([told.frame.day, side, settings]);
    this.changed(told, "");
  }

  async flip(side) {
    const told = await this.session.ask("flip", { side }).catch((error) => this.teller.say(error.message));
    if (!told) return;
    this.did.push([told.frame.day, side, null]);
    this.changed(told, side);
  }

  changed({ said, values, frame }, flipped) {
    this.settings.update(values, flipped);
    this.course.mark(frame.day);
    this.draw(frame, 0);
    this.teller.say(said, true);
    this.remember();
  }

  async reset(forget = false) {
    this.clock.pause();
    if (forget) this.settings.forget();
    const seed = find("seed").value.trim();
    if (!/^\d+$/.test(seed) || Number(seed) > Number.MAX_SAFE_INTEGER) {
      this.teller.say(`Not reset: the seed should be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`);
      find("seed").value = this.whole.seed;
      return;
    }
    const wanted = { ...this.settings.wanted(), seed: Number(seed), keep: this.whole.lesson !== null };
    try {
      const whole = await this.session.ask("reset", wanted);
      await this.newRun(whole);
      const set = { both: wanted.settings, ...wanted.own };
      this.set = Object.values(set).some((one) => Object.keys(one).length) ? set : null;
      this.remember(true);
      this.teller.say(whole.lesson ? `Step ${whole.lesson.step + 1} begins anew, with what it sets${whole.frame.lesson.changed.length ? " and what you changed" : ""}.`
        : "A new run begins: the same customers and the same luck on both sides.");
    } catch (error) {
      this.teller.say(`Not reset: ${error.message}`);
      find("seed").value = this.whole.seed;
    }
  }

  /** Set the stage for a step of a lesson; nothing is played yet. */
  async openStep(name, step, seed = null) {
    this.clock.pause();
    const whole = await this.session.ask("lesson", { lesson: name, step, ...(seed === null ? {} : { seed }) });
    this.settings.forget();
    await this.newRun(whole, name);
    this.teller.say(whole.said, true);
    this.remember(true);
  }

  /** The same step with another seed. */
  otherLuck() {
    find("seed").value = this.session.otherSeed?.() ?? this.whole.seed + 1;
    return this.reset();
  }

  async tryLuck(k) {
    return (await this.session.ask("luck", { seed: this.whole.seed + k })).differences;
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
    const told = await this.story.follow(side, kind, number);
    if (told !== number) this.stages[side].mark(kind, told); // of whom a story was recorded
  }

  async numbers() {
    if (!find("numbers").firstChild) find("numbers").append(html("p", { role: "status" }, "Adding up …"));
    const { day, rows, problem } = await this.session.ask("numbers").catch((error) => ({ problem: error.message }));
    if (problem) return find("numbers").replaceChildren(html("p", { role: "status" }, problem));
    const head = html("tr", {}, html("th", { scope: "col" }, "Metric"), html("th", { scope: "col" }, "A"), html("th", { scope: "col" }, "B"));
    const body = rows.map((row) => html("tr", { "data-metric": row.name, title: row.meaning }, html("th", { scope: "row" }, row.label, html("span", { class: "unit" }, row.unit && ` ${row.unit}`)), html("td", {}, row.a), html("td", {}, row.b)));
    find("numbers").replaceChildren(
      html("h2", {}, `After ${day} days`),
      html("p", { class: "about" }, this.aboutNumbers(day)),
      html("table", {}, html("thead", {}, head), html("tbody", {}, ...body)));
  }

  /** Over which days the numbers are, and what else prints the same. */
  aboutNumbers(day) {
    const plain = !this.whole.lesson && !this.did.length && !this.set;
    const same = plain ? `What simsvc run prints for ${day} days with this seed: t` : "T";
    const lesson = this.whole.lesson ? ` The lesson’s own numbers are means of the step’s days from ${this.whole.lesson.measured + 1} on.` : "";
    return `${same}he first third of all days is left out.${lesson}`;
  }

  farewell(message, word = "Try again") {
    this.clock.pause();
    find("anew").textContent = word;
    find("over-text").textContent = message;
    if (!find("over").open) find("over").showModal();
  }
}

const demo = new Demo();
demo.begin().catch((error) => demo.clock ? demo.farewell(error.message) : (find("telling").textContent = error.message));
