// Time: plays day after day, as fast as asked for and as the server answers.

const SHORTEST = 90; // milliseconds between two questions
const MOST_AT_ONCE = 25; // days

export class Clock {
  /**
   * @param ask asks for some days and draws them; gives the day it has come to and whether the run is over.
   * @param changed is told when playing begins, ends, or its rate is known.
   */
  constructor(ask, changed) {
    this.ask = ask;
    this.changed = changed;
    this.playing = false;
    this.speed = 10;
    this.day = 0;
    this.stopAt = Infinity;
    this.rate = 0;
    this.over = false;
    this.turn = 0;
  }

  /** Milliseconds that one question's days take on the screen. */
  get span() {
    return Math.max(1000 / this.speed, SHORTEST);
  }

  /** Play, until paused or until some day. */
  async play(stopAt = Infinity) {
    this.stopAt = stopAt;
    if (this.playing || this.over) return;
    this.playing = true;
    this.changed();
    const turn = ++this.turn;
    let since = performance.now();
    let from = this.day;
    let owed = 0;
    let last = since - this.span;
    while (this.playing && turn === this.turn) {
      const begun = performance.now();
      owed = Math.min(owed + (this.speed * (begun - last)) / 1000, MOST_AT_ONCE); // more where answers take longer
      last = begun;
      const days = Math.min(Math.floor(owed), this.stopAt - this.day);
      if (days > 0) {
        owed -= days;
        try {
          await this.advance(days);
        } catch {
          break;
        }
      }
      if (this.over || this.day >= this.stopAt) break;
      const now = performance.now();
      if (now - since > 1500) {
        this.rate = ((this.day - from) * 1000) / (now - since);
        since = now;
        from = this.day;
        this.changed();
      }
      await new Promise((resume) => setTimeout(resume, Math.max(this.span - (now - begun), 0)));
    }
    if (turn === this.turn) this.pause();
  }

  /** Some days at once. */
  async advance(days) {
    const { day, over } = await this.ask(days);
    this.day = day;
    this.over = over;
    this.changed();
  }

  /** Stop playing. */
  pause() {
    this.turn += 1;
    this.rate = 0;
    this.playing = false;
    this.changed();
  }

  /** A new run has begun. */
  restart(day) {
    this.pause();
    this.day = day;
    this.over = false;
    this.changed();
  }
}
