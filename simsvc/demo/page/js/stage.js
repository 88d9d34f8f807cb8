// One organisation on the stage: its people, coloured by satisfaction and morale, and the turning of its chart.

import { Cases } from "./cases.js";
import { arcOutline, capital, dotOutline, eyesOutline, html, moodClass, mouthOutline, nameOf, spoken, svg, wantsLittleMotion } from "./look.js";
import { CENTRE, COLUMNS, CROWD_FROM, HEIGHT, WIDTH, crowdDepth, places, seatPlace } from "./places.js";

const TITLES = { 1: "Team manager", 2: "Director", 3: "Executive" };
const SHORT = { "Team managers": "Managers", "Team manager": "Manager" };
const TURN = 1100; // milliseconds that one tier takes
const STAGGER = 320; // between two tiers
const DOT = 7.3;
const SWING = 0.14; // by how much a tier grows or shrinks as it passes in front of or behind the others

export class Stage {
  /**
   * @param side "a" or "b".
   * @param chosen is told whom somebody clicked: side, kind, number.
   * @param flip is told that this organisation is to be turned.
   */
  constructor(side, chosen, flip) {
    this.side = side;
    this.chosen = chosen;
    this.section = document.getElementById(side);
    this.name = html("h2", { id: `name-${side}` });
    this.turner = html("button", { type: "button", id: `flip-${side}`, onclick: () => flip(side) });
    this.picture = html("div", { class: "picture" });
    this.facts = html("p", { class: "facts" });
    this.section.replaceChildren(html("header", {}, this.name, this.turner), this.picture, this.facts);
    this.labels = new Map();
    // on the picture, because a group of a drawing that listens for focus would become a stop of the Tab key itself
    for (const what of ["focusin", "pointerover"]) this.picture.addEventListener(what, (event) => this.describe(event.target.closest(".person")));
    for (const what of ["focusout", "pointerleave"]) this.picture.addEventListener(what, () => (this.card.hidden = true));
    this.card = html("p", { class: "card", hidden: true, "aria-hidden": "true" }); // what it says is the person's name already
  }

  /** Draw an organisation anew. */
  build(layout, frame, words = this.words) {
    this.layout = layout;
    this.words = words;
    this.frame = frame;
    this.at = places(layout, frame.departments, frame.flat);
    this.flat = frame.flat;
    this.upside = frame.turned > 0.5 ? 1 : 0;
    this.target = this.upside;
    this.tiers = {};
    this.canvas = html("canvas", { "aria-hidden": "true" });
    this.drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": `People of organisation ${this.side.toUpperCase()}` });
    this.backdrop = svg("path", { class: "backdrop" });
    this.drawing.append(this.backdrop);
    this.crowd = this.tier("customers", capital(words.customers));
    this.staff = this.at.staff.map((place, j) => this.person("staff", j, place, this.at.staffRadius, this.tier("staff", capital(words.frontline))));
    this.staff.forEach((one, j) => { if (frame.departments[j] < 0) one.element.style.display = "none"; });
    this.managers = this.at.managers.map((place, m) => {
      const group = this.tier(place.level, TITLES[place.level] + (this.at.managers.filter((other) => other.level === place.level).length > 1 ? "s" : ""));
      return this.person("manager", m, place, this.at.managerRadius, group, true);
    });
    this.dots = [];
    this.picture.replaceChildren(this.drawing, this.canvas, this.card);
    this.cases = new Cases(this.canvas, this);
    this.place();
    this.show(frame, 0);
  }

  /** The group of a tier; its people are one stop of the Tab key, arrow keys go from one to the next. */
  tier(name, label) {
    if (!this.tiers[name]) {
      const group = svg("g", { class: `tier-${name}`, role: "group", "aria-label": `${label} of ${this.side.toUpperCase()}: arrow keys go from one to the next` });
      group.append(svg("text", { class: "tier-name", x: 6, "aria-hidden": "true" }, this.flat && name > 1 ? "" : SHORT[label] ?? label)); // a flat firm has one row of managers
      group.addEventListener("keydown", (event) => this.move(event, group));
      this.tiers[name] = group;
      this.drawing.append(group);
    }
    return this.tiers[name];
  }

  person(kind, number, place, r, group, ring = false) {
    const face = svg("circle", { r, class: "face" });
    const parts = [svg("circle", { r: r + (ring ? 6 : 3), class: "ring-focus" })];
    const one = { kind, number, r, face, mouth: svg("path", { class: "mouth" }) };
    if (ring) {
      one.support = svg("path", { class: "support" });
      parts.push(svg("circle", { r: r + 3, class: "support-back" }), one.support);
    }
    one.element = svg("g", {
      class: "person", role: "button", tabindex: group.querySelector("[tabindex='0']") ? -1 : 0,
      transform: `translate(${place.x} ${place.y})`,
      onclick: () => this.choose(one),
    }, ...parts, face, svg("path", { d: eyesOutline(r), class: "eyes" }), one.mouth);
    this.introduce(one);
    group.append(one.element);
    return one;
  }

  dot(seat) {
    const one = { kind: "customer", number: -1, mood: null, shape: svg("path", {}) };
    one.element = svg("g", {
      class: "person", role: "button", tabindex: seat === 0 ? 0 : -1,
      onclick: () => this.choose(one),
    }, svg("circle", { r: DOT + 3, class: "ring-focus" }), svg("circle", { r: DOT + 2, fill: "transparent" }), one.shape);
    this.labels.set(one.element, one);
    this.crowd.append(one.element);
    return one;
  }

  /** Seats enough for the crowd; all move closer together if need be. */
  fill(wanted) {
    if (this.dots.length >= wanted) return;
    while (this.dots.length < wanted) this.dots.push(this.dot(this.dots.length));
    this.dots.forEach((one, seat) => {
      const { x, y } = seatPlace(seat, this.dots.length);
      one.element.setAttribute("transform", `translate(${x} ${y - CROWD_FROM})`);
    });
  }

  introduce(one) {
    this.labels.set(one.element, one);
    const places = one.kind === "staff" ? this.at.staff : this.at.managers;
    const place = places[one.number];
    const alike = places.filter(({ level }) => level === place.level); // the front line has none
    one.title = place.level ? TITLES[place.level] : capital(this.words.member);
    if (alike.length > 1) one.title += ` ${alike.indexOf(place) + 1}`; // the only director needs no number
    one.element.setAttribute("aria-label", `${one.title} of ${this.side.toUpperCase()}`);
  }

  /** Let whoever is reached by keyboard or pointer be described as it is now. */
  describe(element) {
    const one = this.labels.get(element);
    this.card.hidden = !one;
    if (!one) return;
    element.setAttribute("aria-label", this.told(one));
    this.card.textContent = this.told(one).replace(` of ${this.side.toUpperCase()}`, "");
    const [person, picture] = [element, this.picture].map((what) => what.getBoundingClientRect());
    const left = person.x + person.width / 2 - picture.x - this.card.offsetWidth / 2;
    this.card.style.left = `${Math.max(2, Math.min(left, picture.width - this.card.offsetWidth - 2))}px`;
    const above = person.y - picture.y - this.card.offsetHeight - 4;
    this.card.style.top = `${above > 0 ? above : person.bottom - picture.y + 4}px`;
  }

  told(one) {
    const whose = `of ${this.side.toUpperCase()}`;
    if (one.kind === "customer") return one.mood === -1 ? `Empty place ${whose}` : `${capital(this.words.customer)} ${one.number + 1} ${whose}: ${nameOf(one.number, this.words)}, satisfaction ${one.mood} of 100`;
    if (one.mood === -1) return `${one.title} ${whose}: vacant`;
    const name = one.kind === "staff" ? this.frame.names.staff[one.number] : this.frame.names.managers[one.number];
    const time = one.time ? `; time: approvals ${one.time[0]} %, control ${one.time[1]} %, coaching ${one.time[2]} %, on the floor ${one.time[3]} %, removing causes ${one.time[4]} %` : "";
    return `${one.title} ${whose}: ${name}, morale ${one.mood} of 100${one.training ? ", in training today" : ""}${time}`;
  }

  move(event, group) {
    const people = [...group.querySelectorAll(".person")].filter((one) => !one.hasAttribute("hidden"));
    const now = people.indexOf(event.target);
    const last = people.length - 1;
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, ArrowDown: now + COLUMNS, ArrowUp: now - COLUMNS, Home: 0, End: last }[event.key];
    if (event.key === "Enter" || event.key === " ") this.choose(this.labels.get(event.target));
    else if (next === undefined || now < 0) return;
    else {
      const to = people[Math.max(0, Math.min(next, last))];
      event.target.setAttribute("tabindex", -1);
      to.setAttribute("tabindex", 0);
      to.focus();
    }
    event.preventDefault();
  }

  choose(one) {
    if (one.number < 0) return;
    this.chosen(this.side, one.kind, one.number);
  }

  /** Let a case lie with somebody, for all to see; nowhere if left out. */
  hold(kind, number, token) {
    this.section.classList.toggle("spot", Boolean(kind));
    this.cases.held = kind && { kind, number, token };
    this.mark(kind, number);
    this.cases.wake();
  }

  /** Mark whose story is told; nobody's if left out. */
  mark(kind, number) {
    for (const one of this.labels.values()) one.element.classList.toggle("chosen", one.kind === kind && one.number === number);
    this.marked = [kind, number];
  }

  /** Show how everybody is, and let the day's cases be passed up. */
  show(frame, span) {
    if (`${frame.departments}` !== `${this.at.departments}` || frame.flat !== this.flat) {
      this.build(this.layout, frame); // positions have come or gone
      return;
    }
    this.frame = frame;
    this.name.replaceChildren(html("span", { class: "badge" }, this.side.toUpperCase()), ` ${spoken(frame.chart)}`);
    const words = frame.turned > 0.5 ? "Turn upright" : "Turn upside down";
    this.turner.textContent = `⇅ ${words}`;
    this.turner.setAttribute("aria-label", `${words}: the chart of ${this.side.toUpperCase()}`);
    this.facts.textContent = this.today(frame);
    this.fill(frame.moods.length);
    this.dots.forEach((one, seat) => this.seat(one, frame.who[seat] ?? -1, frame.moods[seat] ?? -1));
    frame.staff.forEach((mood, j) => this.mood(this.staff[j], mood, frame.training.includes(j)));
    frame.managers.forEach((mood, m) => {
      this.mood(this.managers[m], mood);
      this.managers[m].time = frame.time[m];
      const [, , coaching, floor, causes] = frame.time[m];
      this.managers[m].support.setAttribute("d", arcOutline((coaching + floor + causes) / 100, this.managers[m].r + 3));
    });
    if (this.marked) this.mark(...this.marked);
    this.turn(frame.turned > 0.5 ? 1 : 0);
    this.cases.add(frame.cases, span);
  }

  today(frame) {
    const people = `${frame.customers.toLocaleString("en")} ${this.words.customers}`;
    if (!frame.today) return people;
    const { contacts, asked, abandoned } = frame.today;
    return `${people} · today ${contacts} contacts, ${asked} passed up, ${abandoned} gave up`;
  }

  seat(one, number, mood) {
    if (one.number !== number) {
      one.number = number;
      one.element.setAttribute("aria-label", number < 0 ? "Empty place" : `${capital(this.words.customer)} ${number + 1} of ${this.side.toUpperCase()}`);
    }
    if (one.mood === mood) return;
    one.mood = mood;
    one.shape.setAttribute("class", mood < 0 ? "gone" : `mood-${moodClass(mood)}`);
    one.shape.setAttribute("d", dotOutline(mood < 0 ? 100 : mood, mood < 0 ? DOT * 0.7 : DOT));
  }

  mood(one, mood, training = false) {
    one.training = training;
    if (one.mood === mood) return;
    one.mood = mood;
    one.element.classList.toggle("absent", mood < 0);
    one.face.setAttribute("class", mood < 0 ? "face" : `face mood-${moodClass(mood)}`);
    one.mouth.setAttribute("d", mouthOutline(Math.max(mood, 0), one.r));
  }

  // -- turning ------------------------------------------------------------------------------

  /** Turn the chart, tier after tier from the top, if it stands the other way. */
  turn(target) {
    if (target === this.target) return;
    this.target = target;
    this.turnBegun = performance.now();
    this.from = { ...this.share };
    if (wantsLittleMotion()) this.turnBegun = -Infinity;
    this.cases.wake();
  }

  /** Where the tiers are now; gives whether any is still on its way. */
  place(now = performance.now()) {
    const order = this.order();
    this.moving = false;
    this.share = {};
    this.size = {};
    order.forEach((name, k) => {
      const passed = this.turnBegun === undefined ? 1 : (now - this.turnBegun - k * STAGGER) / TURN;
      const part = Math.max(0, Math.min(passed, 1));
      if (part < 1) this.moving = true;
      const smooth = part * part * (3 - 2 * part);
      const from = this.from?.[name] ?? this.upside;
      this.share[name] = from + (this.target - from) * smooth;
      const swing = SWING * Math.sin(Math.PI * part);
      this.size[name] = name === "customers" ? 1 - swing : 1 + swing;
      this.tiers[name].firstChild.setAttribute("x", (6 - CENTRE * (1 - this.size[name])) / this.size[name]);
      this.tiers[name].setAttribute("transform", `translate(${CENTRE * (1 - this.size[name])} ${this.height(name)}) scale(${this.size[name]})`);
    });
    this.drawing.classList.toggle("turning", this.moving);
    const bottom = this.depth() - CROWD_FROM;
    this.crowd.firstChild.setAttribute("y", -17 + (bottom + 46) * this.share.customers);
    for (const name of order.slice(0, -1)) this.tiers[name].firstChild.setAttribute("y", 6);
    const tip = 2 + (HEIGHT - 4) * this.share[order[0]];
    const edge = this.height("customers") + (this.share.customers < 0.5 ? -14 : bottom + 14);
    if (this.flat) {
      const [from, to] = [this.height("staff") - 108, this.height("staff") + 44].map((y) => (this.share.staff < 0.5 ? y : 2 * this.height("staff") - y));
      this.backdrop.setAttribute("d", `M${2 * CENTRE - WIDTH + 16} ${from}H${WIDTH - 16}V${to}H${2 * CENTRE - WIDTH + 16}Z`);
    } else this.backdrop.setAttribute("d", `M${CENTRE} ${tip}L${WIDTH - 16} ${edge}H${2 * CENTRE - WIDTH + 16}Z`);
    return this.moving;
  }

  order() {
    return [3, 2, 1].filter((level) => this.tiers[level]).concat(["staff", "customers"]);
  }

  depth() {
    return crowdDepth(this.dots?.length ?? 0);
  }

  /** Height of a tier now, between its places in the upright and in the turned chart. */
  height(name) {
    const up = name === "customers" ? CROWD_FROM : this.at.tiers[name];
    const down = name === "customers" ? HEIGHT - this.depth() : HEIGHT - up; // as in a mirror
    return up + (down - up) * this.share[name];
  }

  /** Where a person is in the picture now. */
  position(kind, number) {
    const { x, y } = kind === "staff" ? this.at.staff[number] : this.at.managers[number];
    const tier = kind === "staff" ? "staff" : this.at.managers[number].level;
    return { x: CENTRE + (x - CENTRE) * this.size[tier], y: this.height(tier) + y * this.size[tier] };
  }

  /** Where a customer is, or, if not drawn, a place at the near edge of the crowd. */
  customerPosition(number) {
    const seat = this.frame.who.indexOf(number);
    if (seat >= 0) {
      const { x, y } = seatPlace(seat, this.dots.length);
      return { x, y: this.height("customers") + y - CROWD_FROM };
    }
    const edge = this.share.customers < 0.5 ? -10 : this.depth() - CROWD_FROM + 10;
    return { x: 40 + ((number * 61.8) % (WIDTH - 80)), y: this.height("customers") + edge };
  }
}
