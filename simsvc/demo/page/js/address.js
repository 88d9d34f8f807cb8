// The run in the page's address: scenario or lesson, charts, settings, seed, day, and what the class did.

/** What an address asks for; null if it asks for nothing. */
export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!given.has("lesson") && !given.has("scenario")) return null;
  const json = (name, otherwise) => {
    try {
      return given.has(name) ? JSON.parse(given.get(name)) : otherwise;
    } catch {
      return otherwise;
    }
  };
  const whole = (name) => Math.max(0, Math.floor(Number(given.get(name)) || 0));
  return {
    lesson: given.get("lesson"), step: Math.max(whole("step") - 1, 0), scenario: given.get("scenario"), structures: [given.get("a"), given.get("b")],
    seed: given.has("seed") ? whole("seed") : null, day: whole("day"), set: json("set", null), did: json("did", []),
  };
}

/** The address of a run. */
export function written({ lesson, step, scenario, structures, seed, day, set, did }) {
  const words = new URLSearchParams(lesson ? { lesson, step: step + 1 } : { scenario, a: structures[0], b: structures[1] });
  words.set("seed", seed);
  if (day) words.set("day", day);
  if (set) words.set("set", JSON.stringify(set));
  if (did.length) words.set("did", JSON.stringify(did));
  return `#${words}`;
}
