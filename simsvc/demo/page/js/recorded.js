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
    return [session, session.start(Object.keys(session.all.runs).find((key) => key.startsWith("{")))];
  }

  start(key) {
    const run = this.all.runs[key];
    if (!run) throw new NotRecorded("This page plays recorded runs; this one was not recorded. With simsvc demo anything can be tried.");
    Object.assign(this, { key, run, day: run.whole.frame.day, first: run.whole.frame.day });
    this.taken = new Set(run.whole.frame.lesson?.taken);
    return structuredClone({ said: run.said, ...run.whole });
  }

  async ask(what, content = {}) {
    return this[what]?.(content) ?? this.refuse();
  }

  refuse() {
    throw new NotRecorded("This page plays recorded runs: nothing can be changed while they run. With simsvc demo it can.");
  }

  lesson({ lesson: name, step, seed }) {
    return this.start(`${name}/${step}/${seed ?? this.ownSeed(name, step)}`);
  }

  ownSeed(name, step) {
    return Object.keys(this.all.runs).find((key) => key.startsWith(`${name}/${step}/`))?.split("/")[2];
  }

  reset({ seed, settings, keep }) {
    if (keep && !this.key.startsWith("{")) return this.start(this.key.replace(/\d+$/, seed));
    const wanted = JSON.parse(this.key.startsWith("{") ? this.key : Object.keys(this.all.runs).find((key) => key.startsWith("{")));
    for (const [name, values] of Object.entries(this.all.grid)) {
      if (settings[name] === undefined) continue;
      wanted[name] = values.reduce((best, one) => (Math.abs(one - settings[name]) < Math.abs(best - settings[name]) ? one : best));
    }
    const found = Object.keys(this.all.runs).find((key) => key.startsWith("{") && Object.entries(JSON.parse(key)).every(([name, value]) => wanted[name] === value));
    return this.start(found);
  }

  /** Days go by; people are drawn as they were on the last recorded day. */
  step({ days }) {
    const last = this.run.frames.at(-1).day;
    const from = this.day;
    this.day = Math.min(from + days, last);
    const within = (frame) => frame.day >= this.day;
    const frame = this.run.frames.find(within);
    const seen = this.run.frames.findLast((one) => one.day <= this.day) ?? this.run.whole.frame;
    const points = this.run.frames.flatMap((one) => one.points).filter(([day]) => day > from && day <= this.day);
    const notes = this.run.frames.filter((one) => one.day > from && one.day <= this.day).flatMap((one) => one.notes);
    const lesson = seen.lesson && { ...seen.lesson };
    const sides = this.day === frame.day || from < seen.day ? seen.sides : Object.fromEntries(Object.entries(seen.sides).map(([side, one]) => [side, { ...one, cases: [], left: [] }]));
    return { day: this.day, over: this.day >= last, sides, points, notes, lesson };
  }

  story({ side, kind, number }) {
    const story = this.run.stories[`${side}/${kind}/${number}`];
    if (!story) throw new NotRecorded("Of this person no story was recorded: choose the first manager, the fourth of the front line, or the first customer, in a run with the lesson’s own seed.");
    return { ...story, since: 0 };
  }

  first_case() {
    return this.run.whole.first_case === undefined ? this.refuse() : { case: this.run.whole.first_case };
  }

  numbers() {
    return { day: this.run.frames.at(-1).day, rows: this.run.numbers };
  }

  luck({ seed }) {
    const own = this.all.runs[this.key.replace(/\d+$/, this.ownSeed(...this.key.split("/")))];
    const mine = Number(this.ownSeed(...this.key.split("/")));
    const found = own.luck?.[seed - mine - 1];
    return found ? { differences: found } : this.refuse();
  }

  end() {}
}
