// Cases on their way up the chart and back down, and the lines of the chart, on a canvas above the people.

import { wantsLittleMotion } from "./look.js";
import { HEIGHT, WIDTH } from "./places.js";

const LEG = 340; // milliseconds from one desk to the next
const DESK = 140; // milliseconds on a desk at least
const PER_MINUTE = 9; // longer by so much for every minute that the answer took, of an hour at most
const MOST = 22;
const STILL = 1500; // milliseconds that cases which do not fly lie there at least
const FRAME = 1000 / 30; // drawing is capped at 30 frames a second

export class Cases {
  /**
   * @param canvas above the picture.
   * @param stage knows where everybody is.
   */
  constructor(canvas, stage) {
    this.canvas = canvas;
    this.stage = stage;
    this.flying = [];
    this.still = []; // where nothing is to move: answers, lying beside the desks they came from
    this.stillSince = -Infinity;
    this.awake = false;
    this.begun = 0;
    new ResizeObserver(() => this.wake()).observe(canvas);
  }

  /** Let cases set out, spread over a span of milliseconds. */
  add(cases, span) {
    const now = performance.now();
    if (wantsLittleMotion() && cases.length && now - this.stillSince > STILL) {
      this.still = cases.map((one, k) => ({ ...one, pile: k % 6 }));
      this.stillSince = now;
    }
    const room = wantsLittleMotion() || this.stage.moving ? 0 : MOST - this.flying.length;
    cases.slice(0, Math.max(room, 0)).forEach((one, k) => {
      const desks = one.managers.length;
      const waits = (PER_MINUTE * Math.min(one.minutes, 60)) / Math.max(desks, 1);
      const begun = now + (span * k) / cases.length;
      this.flying.push({ ...one, begun, legs: legs(desks, DESK + waits), pile: this.begun++ % 6 });
    });
    this.wake();
  }

  /** Draw until nothing moves any more. */
  wake() {
    if (this.awake) return;
    this.awake = true;
    let last = -Infinity;
    const draw = (now) => {
      if (now - last < FRAME - 2) {
        requestAnimationFrame(draw);
        return;
      }
      last = now;
      if (this.draw(now)) requestAnimationFrame(draw);
      else this.awake = false;
    };
    requestAnimationFrame(draw);
  }

  draw(now) {
    const { canvas, stage } = this;
    if (!canvas.isConnected) return false;
    const turning = stage.place(now);
    const scale = devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * scale);
    const height = Math.round(canvas.clientHeight * scale);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    const fit = Math.min(width / WIDTH, height / HEIGHT);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.setTransform(fit, 0, 0, fit, (width - fit * WIDTH) / 2, (height - fit * HEIGHT) / 2);
    this.lines(pen);
    if (turning) this.flying = []; // desks are on the move
    this.flying = this.flying.filter((one) => now - one.begun < one.legs.at(-1).arrives);
    for (const one of this.still) this.sign(pen, this.stops(one)[one.managers.length + 1], one.granted ? "granted" : "refused", one.parked);
    if (this.held) this.sign(pen, this.beside(this.held), this.held.token, false, 1.6);
    for (const one of this.flying) if (now >= one.begun) this.token(pen, one, now - one.begun);
    return turning || this.flying.length > 0;
  }

  /** The lines of the chart: who reports to whom, or who supports whom. */
  lines(pen) {
    const { stage } = this;
    const { at } = stage;
    if (stage.flat) return; // nobody reports to anybody
    pen.strokeStyle = "#9aa4b0";
    pen.lineWidth = 1;
    pen.beginPath();
    const link = (from, to, gapFrom, gapTo) => {
      const way = Math.sign(to.y - from.y) || 1;
      pen.moveTo(from.x, from.y + way * gapFrom);
      pen.lineTo(to.x, to.y - way * gapTo);
    };
    at.managers.forEach((manager, m) => {
      const here = stage.position("manager", m);
      if (manager.level === 1) {
        at.staff.forEach((_, j) => {
          if (at.departments[j] >= 0 && at.departments[j] % at.pools === manager.pool) link(here, stage.position("staff", j), at.managerRadius + 6, at.staffRadius + 2);
        });
      }
      at.managers.forEach((other, k) => {
        if (other.level === manager.level + 1) link(here, stage.position("manager", k), at.managerRadius + 6, at.managerRadius + 6);
      });
    });
    pen.stroke();
  }

  /** Stops of a way: customer, front line, a pile beside each desk, back to the front line, back to the customer. */
  stops(one) {
    const { stage } = this;
    const { managerRadius, staffRadius } = stage.at;
    const customer = stage.customerPosition(one.customer);
    const asked = stage.position("staff", one.staff);
    const counter = { x: asked.x, y: asked.y + Math.sign(customer.y - asked.y) * (staffRadius + 6) };
    const desks = one.managers.map((m) => {
      const { x, y } = stage.position("manager", m);
      return { x: x + managerRadius + 17 + (one.pile % 2) * 11, y: y + 10 - Math.floor(one.pile / 2) * 8 };
    });
    return [customer, counter, ...desks, counter, customer];
  }

  token(pen, one, passed) {
    const stops = this.stops(one);
    const leg = one.legs.findIndex(({ arrives }) => passed < arrives);
    const part = Math.max(0, Math.min((passed - one.legs[leg].leaves) / LEG, 1));
    const smooth = part * part * (3 - 2 * part);
    const [from, to] = [stops[leg], stops[leg + 1]];
    const x = from.x + (to.x - from.x) * smooth;
    const y = from.y + (to.y - from.y) * smooth;
    const answered = leg > one.managers.length && passed >= one.legs[one.managers.length + 1].leaves;
    this.sign(pen, { x, y }, answered ? (one.granted ? "granted" : "refused") : "case", one.parked);
  }

  /** Place beside a person for a case that lies there. */
  beside({ kind, number }) {
    const { x, y } = kind === "customer" ? this.stage.customerPosition(number) : this.stage.position(kind, number);
    const away = kind === "customer" ? 13 : kind === "staff" ? this.stage.at.staffRadius : this.stage.at.managerRadius + 12;
    return { x: x + away, y: y - away / 2 };
  }

  /** A case, or its answer. */
  sign(pen, { x, y }, token, dashed, size = 1) {
    pen.save();
    pen.translate(x, y);
    pen.scale(size, size);
    pen.lineWidth = 1.6;
    pen.strokeStyle = "#10151b";
    pen.setLineDash(dashed ? [3, 2] : []);
    pen.fillStyle = { case: "#ffd54a", granted: "#0b7a45", refused: "#6a2383" }[token];
    pen.beginPath();
    if (token === "case") pen.rect(-6, -5, 12, 10);
    else pen.arc(0, 0, 7, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
    pen.setLineDash([]);
    pen.strokeStyle = "#fff";
    pen.lineWidth = 2;
    pen.beginPath();
    if (token === "granted") {
      pen.moveTo(-3.2, 0.2);
      pen.lineTo(-0.8, 2.8);
      pen.lineTo(3.4, -2.6);
    } else if (token === "refused") {
      pen.moveTo(-2.7, -2.7);
      pen.lineTo(2.7, 2.7);
      pen.moveTo(2.7, -2.7);
      pen.lineTo(-2.7, 2.7);
    }
    pen.stroke();
    pen.restore();
  }
}

/** When each leg of a way leaves and arrives, with a stay before it: none at the customer's, short at the front line. */
function legs(desks, stay) {
  let now = 0;
  return Array.from({ length: desks + 3 }, (_, k) => {
    const leaves = now + (k === 0 ? 0 : k > 1 && k < desks + 2 ? stay : DESK);
    now = leaves + LEG;
    return { leaves, arrives: now };
  });
}
