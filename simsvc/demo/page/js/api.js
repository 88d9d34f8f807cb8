// What the page asks of the server. The page asks, nothing is pushed.

const HEARTBEAT = 20000;

/** A request that was answered with an error, in the server's words. */
export class Refused extends Error {
  constructor(message, answer) {
    super(message);
    this.answer = answer;
  }
}

async function ask(path, content) {
  let response;
  try {
    response = await fetch(path, content === undefined ? {} : {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
    });
  } catch {
    throw new Refused("The server does not answer. Is simsvc demo still running?", { gone: true, down: true });
  }
  const answer = await response.json().catch(() => ({ error: `The server failed (${response.status}).` }));
  if (!response.ok) throw new Refused(answer.error, answer);
  return answer;
}

/** What there is to choose from. */
export const catalogue = () => ask("api/catalogue");

/** A lesson, to be read. */
export const lesson = (name) => ask(`api/lessons/${encodeURIComponent(name)}`);

/** This browser's session on the server. */
export class Session {
  constructor(name) {
    this.name = name;
    this.ended = false;
    this.last = Promise.resolve();
    this.heartbeat = setInterval(() => this.askNow("alive", {}).catch(() => {}), HEARTBEAT);
    this.leave = () => this.end();
    addEventListener("pagehide", this.leave);
  }

  /** Begin a session: gives it, and what it begins with. */
  static async begin() {
    const { session, ...whole } = await ask("api/sessions", {});
    return [new Session(session), whole];
  }

  /** Ask for something in this session; questions are answered one after the other. */
  ask(what, content = {}) {
    const answer = this.last.then(() => this.askNow(what, content));
    this.last = answer.catch(() => {});
    return answer;
  }

  async askNow(what, content) {
    try {
      return await ask(`api/sessions/${this.name}/${what}`, content);
    } catch (error) {
      if (error.answer?.gone && !this.ended) {
        this.ended = true;
        clearInterval(this.heartbeat);
        this.onEnd?.(error.message, error.answer.down);
      }
      throw error;
    }
  }

  /** Why an answer takes its time, in words. */
  async why() {
    const { compiling } = await this.askNow("alive", {});
    return compiling ? "The rules that stories need are compiled once after every start; " : "";
  }

  /** Tell the server that the browser leaves. */
  end() {
    this.ended = true;
    clearInterval(this.heartbeat);
    removeEventListener("pagehide", this.leave);
    navigator.sendBeacon(`api/sessions/${this.name}/leave`);
  }
}
