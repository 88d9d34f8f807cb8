// The page without a server: answers from recorded runs that stand in the page itself.

/** Something that was not recorded. */
class NotRecorded extends Error {}

const kept = (async () => {
  const text = atob(document.getElementById("recorded-runs").textContent);
  const packed = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
})();

export const catalogue = async () => (await kept).catalogue;

export const lesson = async (name) => (await kept).lessons[name];

/** A session that plays what was recorded. */
export class Session {
  static async begin() {
    const session = new Session();
    session.all = await kept;
    return [session, session.start(session.plain[0])];
  }

  /** Names of the runs without a lesson: their settings. */
  get plain() {
    return Object.keys(this.all.runs).filter((key) => key.startsWith("{"));
  }

  /** Seeds with which a step of a lesson was recorded, the lesson's own first. */
  seeds(name, step) {
    return Object.keys(this.all.runs).filter((key) => key.startsWith(`${name}/${step}/`)).map((key) => Number(key.split("/")[2]));
  }

  /** A run from its first day; `at` says of which lesson, step and seed it is, if of any. */
  start(key, at = null) {
    const run = this.all.runs[key];
    if (!run) throw new NotRecorded(`This page plays recorded runs: ${at ? `of this step those with the seeds ${this.seeds(at.name, at.step).join(" and ")}` : "this one was not recorded"}. With simsvc demo anything can be tried.`);
    this.taken = new Set([...(at && at.name === this.at?.name ? this.taken : []), ...(run.whole.frame.lesson?.taken ?? [])]);
    this.taken.delete(at?.step);
    Object.assign(this, { key, at, run, day: run.whole.frame.day });
    return structuredClone({ said: run.said, ...run.whole, frame: { ...run.whole.frame, lesson: this.stands() } });
  }

  /** How the step on the stage stands today. */
  stands() {
    const begun = this.run.whole.frame.lesson;
    if (!begun) return null;
    if (this.day === this.last) this.taken.add(this.at.step);
    const frame = this.run.frames.find((one) => one.day >= this.day);
    const now = this.day > this.run.whole.frame.day ? frame.lessons.at(this.day - frame.day - 1) : begun;
    const checks = begun.checks.map((one, k) => ({ ...one, ...now.checks[k] }));
    return { ...begun, checks, means: now.means, taken: [...this.taken].sort((one, other) => one - other), done: this.taken.has(this.at.step) };
  }

  get last() {
    return this.run.frames.at(-1).day;
  }

  async ask(what, content = {}) {
    return this[what]?.(content) ?? this.refuse();
  }

  refuse() {
    throw new NotRecorded("This page plays recorded runs: nothing can be changed while they run. With simsvc demo it can.");
  }

  /** A step of a lesson, with the seed of the step on the stage if it is of the same lesson. */
  lesson({ lesson: name, step, seed }) {
    const wanted = seed ?? (this.at?.name === name ? this.at.seed : this.seeds(name, step)[0]);
    return this.start(`${name}/${step}/${wanted}`, { name, step, seed: wanted });
  }

  /** The same again; without a lesson with the nearest recorded settings. */
  reset({ seed, settings, keep }) {
    if (keep && this.at) return this.lesson({ lesson: this.at.name, step: this.at.step, seed });
    const wanted = JSON.parse(this.plain.includes(this.key) ? this.key : this.plain[0]);
    for (const [name, values] of Object.entries(this.all.grid)) {
      if (settings[name] === undefined) continue;
      wanted[name] = values.reduce((best, one) => (Math.abs(one - settings[name]) < Math.abs(best - settings[name]) ? one : best));
    }
    const found = this.plain.find((key) => Object.entries(JSON.parse(key)).every(([name, value]) => wanted[name] === value));
    const own = this.all.runs[found].whole.seed;
    if (seed !== own) throw new NotRecorded(`This page plays recorded runs: without a lesson those with the seed ${own}.`);
    return this.start(found);
  }

  /** The next seed with which the step on the stage was recorded; the first after the last. */
  otherSeed() {
    const seeds = this.seeds(this.at.name, this.at.step);
    return seeds[(seeds.indexOf(this.at.seed) + 1) % seeds.length];
  }

  /** Days go by; people are drawn as they were on the last recorded day. */
  step({ days }) {
    const from = this.day;
    this.day = Math.min(from + days, this.last);
    const seen = this.run.frames.findLast((one) => one.day <= this.day) ?? this.run.whole.frame;
    const points = this.run.frames.flatMap((one) => one.points).filter(([day]) => day > from && day <= this.day);
    const notes = this.run.frames.filter((one) => one.day > from && one.day <= this.day).flatMap((one) => one.notes);
    const sides = from < seen.day ? seen.sides : Object.fromEntries(Object.entries(seen.sides).map(([side, one]) => [side, { ...one, cases: [], left: [] }]));
    return { day: this.day, over: this.day >= this.last, ended: "the recorded run ends here", sides, points, notes, lesson: this.stands() };
  }

  /** The story of a person, or of another of the same kind if that was not recorded. */
  story({ side, kind, number }) {
    const own = this.run.stories[`${side}/${kind}/${number}`];
    const other = Object.keys(this.run.stories).find((key) => key.startsWith(`${side}/${kind}/`));
    if (!own && !other) throw new NotRecorded("No such stories were recorded of this run: they are of the lesson’s own seed.");
    const note = `Recorded at the end of the run, after ${this.last} days.${own ? "" : " Of whom you chose no story was recorded; this is somebody else’s."}`;
    return { ...(own ?? this.run.stories[other]), number: own ? number : Number(other.split("/")[2]), day: this.day, since: 0, note };
  }

  first_case() {
    return this.run.whole.first_case === undefined ? this.refuse() : { case: this.run.whole.first_case };
  }

  numbers() {
    if (this.day < this.last) throw new NotRecorded(`Recorded are the numbers of the whole run: play to its end, day ${this.last}.`);
    return { day: this.day, rows: this.run.numbers };
  }

  /** The same step with other luck; asked for as on the server, with one of the seeds after the one on the stage. */
  luck({ seed }) {
    const [own] = this.seeds(this.at.name, this.at.step);
    const found = this.all.runs[`${this.at.name}/${this.at.step}/${own}`].luck?.[seed - own - 1];
    return found ? { differences: found } : this.refuse();
  }

  async why() {
    return "";
  }

  end() {}
}
