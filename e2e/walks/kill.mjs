// Nothing is lost and nothing done twice: the server is killed under load, again and again, and started again on the same data.
//
// What was answered as done is there, word for word; what got no answer is asked again with its key and is done once. Every
// event of every case then belongs to exactly one answer, so there is none too few and none too many.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { end, postgres, program, root, serve } from "../harness.mjs";
import { Callers, chance, isDone, isKnown, meddle, receptionDesk, walk } from "./kill-load.mjs";

const ROUNDS = 6;
const NAMES = ["clerk", "head", "agent", "agent2", "office", "office-d10", "office-d12", "office-d16", "archivist", "director"];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A hall that can be killed and started again. */
class Hall {
  constructor(database, seed) {
    Object.assign(this, { database, random: chance(seed) });
  }

  async open() {
    this.folder = await mkdtemp(join(tmpdir(), "bangban-kill-"));
    if (this.database === "postgres") this.cluster = await postgres();
    this.url = this.cluster?.url ?? `sqlite:${join(this.folder, "hall.db")}`;
    this.data = join(this.folder, "data");
    // The people of the demo and one case: what there is of quick beginnings.
    const made = await this.bangban("simulate", "--cases", "1", "--seed", "7");
    assert.equal(made.code, 0, made.said);
  }

  /** Runs a command of the program on this hall's data. */
  async bangban(...words) {
    const env = { ...process.env, BANGBAN_DATABASE: this.url, BANGBAN_DATA: this.data };
    const child = spawn(program, words, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => said.push(part));
    const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
    return { code, said: said.join("") };
  }

  async start() {
    this.server = await serve({ database: this.url, data: this.data, demo: false });
    return this.server.base;
  }

  /** SIGKILL: no handler runs, nothing is flushed. `sent` is called before anybody can notice. */
  async kill(sent) {
    const { child } = this.server;
    const gone = new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal)));
    child.kill("SIGKILL");
    sent();
    assert.equal(await gone, "SIGKILL", "the server ran until it was killed");
  }

  /** Kills one process of PostgreSQL, which then throws all of them out and recovers from its log. */
  killBackend() {
    const folder = new URL(this.url).searchParams.get("host");
    const postmaster = readFileSync(join(folder, "data/postmaster.pid"), "utf8").split("\n")[0];
    const backends = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
      try {
        const parent = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\) /s, "").split(" ")[1];
        return parent === postmaster && readFileSync(`/proc/${pid}/cmdline`, "latin1").startsWith("postgres: bangban");
      } catch {
        return false;
      }
    });
    // While it recovers nobody is connected.
    if (backends.length > 0) process.kill(Number(backends[Math.floor(this.random() * backends.length)]), "SIGKILL");
  }

  async close() {
    if (this.server) await end(this.server.child);
    await this.cluster?.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The whole test on one database. `say` takes a line for the report. */
export async function killedUnderLoad(database, say) {
  const seed = Number(process.env.BANGBAN_KILL_SEED ?? Date.now() % 1_000_000);
  say(`${database}: BANGBAN_KILL_SEED=${seed} repeats these moments`);
  const hall = new Hall(database, seed);
  try {
    await hall.open();
    const all = new Callers(await hall.start(), seed + 1);
    await all.logIn(NAMES);
    const places = [{}, {}, {}];
    let unanswered = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      // The last round on PostgreSQL takes the database away instead of the server, which has to come back by itself.
      const isBackend = database === "postgres" && round === ROUNDS;
      // By what was done and not by the clock, so that a slow machine proves as much as a quick one.
      const [doneFirst, moment] = [15 + Math.floor(hall.random() * 45), Math.floor(hall.random() * 150)];
      const before = all.entries.length;
      all.isOver = false;
      const load = Promise.all([
        ...places.map((place) => walk(all, place)), meddle(all), receptionDesk(all),
      ].map((worker) => worker.catch((error) => all.broken(error))));
      await reached(all, before, doneFirst);
      await wait(moment);
      if (isBackend) {
        for (let times = 0; times < 3; times++) {
          hall.killBackend();
          await wait(700);
        }
        await wait(1000);
        all.isOver = true;
      } else {
        await hall.kill(() => (all.isOver = true));
      }
      await load;
      const asked = all.entries.slice(before);
      const open = asked.filter((entry) => !isKnown(entry.answer));
      unanswered += open.length;
      say(`${database} ${round}: ${isBackend ? "a backend" : "the server"} killed ${moment} ms after ${doneFirst} were done; `
        + `${asked.filter((entry) => isDone(entry.answer)).length} done, ${open.length} without an answer of ${asked.length}`);
      if (!isBackend) all.base = await hall.start();
      await settle(all, open);
      await compare(all, round === ROUNDS ? all.entries : asked);
      assert.deepEqual(all.faults, []);
      const beside = await hall.bangban("check");
      assert.equal(beside.code, 0, beside.said);
    }
    await end(hall.server.child);
    const alone = await hall.bangban("check");
    assert.equal(alone.code, 0, alone.said);
    say(`${database}: ${alone.said.split("\n").find((line) => line.includes("cases"))}`);
    enough(all, unanswered, say);
  } finally {
    await hall.close();
  }
}

/** Waits until so many of the requests from this one on are done. */
async function reached(all, from, count) {
  for (let waited = 0; waited < 20_000 && all.faults.length === 0; waited += 10) {
    if (all.entries.slice(from).filter((entry) => isDone(entry.answer)).length >= count) return;
    await wait(10);
  }
}

/** Asks again, with the same key, what got no answer; a command that another one has overtaken names the version that is there now. */
async function settle(all, open) {
  for (const entry of open) {
    for (let attempt = 0; !isKnown(entry.answer); attempt++) {
      assert.ok(attempt < 20, `no answer after the restart: ${JSON.stringify(entry)}`);
      entry.answer = await all.send(entry).catch(() => null);
      if (!isKnown(entry.answer)) await wait(200);
    }
    if (entry.answer.status === 412) {
      const { body } = await all.get("director", `/cases/${entry.case}`);
      entry.headers["If-Match"] = `"${body.version}"`;
      entry.answer = await all.send(entry);
    }
    assert.ok(entry.answer.status < 500, JSON.stringify(entry));
  }
}

/** Holds what is there against what was answered. */
async function compare(all, recent) {
  await inParallel(recent.filter((entry) => isDone(entry.answer)), async (entry) => {
    const again = await all.send(entry);
    assert.deepEqual([again.status, again.body, again.isAgain], [entry.answer.status, entry.answer.body, true], "the first answer again");
  });
  const created = all.entries.filter((entry) => entry.path === "/cases" && isDone(entry.answer));
  const listed = [];
  for (let cursor = ""; cursor !== null; ) {
    const { body } = await all.get("director", `/cases?limit=100&cursor=${encodeURIComponent(cursor)}`);
    listed.push(...body.items);
    cursor = body.next_cursor;
  }
  assert.equal(listed.length, created.length + 1, "as many cases as were answered, and the one from the beginning");
  assert.equal(new Set(listed.map((item) => item.number)).size, listed.length, "every number once");
  const touched = new Set(recent.map((entry) => entry.case ?? entry.answer.body.id));
  await inParallel(created.filter((entry) => touched.has(entry.answer.body.id)), (entry) => compareCase(all, entry));
}

async function compareCase(all, { answer: { body: { id, number } } }) {
  const [{ status, body: view }, { body: history }] = await Promise.all([all.get("director", `/cases/${id}`), all.get("director", `/cases/${id}/events`)]);
  assert.equal(status, 200, `case ${id}`);
  assert.equal(view.number, number);
  assert.deepEqual(history.items.map((event) => event.seq), history.items.map((_, index) => index + 1));
  assert.equal(view.version, history.items.length, "the row and the events are of one moment");
  const answers = all.entries.filter((entry) => entry.case === id && isDone(entry.answer)).map((entry) => entry.answer.body);
  for (const { version } of answers) assert.ok(version <= view.version, "no answered version is lost");
  // The application is the first event; every other one was answered once.
  const answered = answers.flatMap((answer) => answer.events).sort((one, other) => one.seq - other.seq);
  assert.deepEqual(answered, history.items.slice(1), `${number}: every event belongs to one answer`);
  for (const document of view.documents) {
    const { status, body: pdf } = await all.get("director", document.href.replace(/^\/api\/v1/, ""));
    assert.equal(status, 200, document.href);
    assert.equal(createHash("sha256").update(pdf).digest("hex"), document.hash, `${number} ${document.kind}`);
  }
}

async function inParallel(list, work) {
  const rest = [...list];
  const worker = async () => {
    while (rest.length > 0) await work(rest.pop());
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** A load that did little would prove little. */
function enough(all, unanswered, say) {
  const kinds = new Map();
  for (const { path, body, answer } of all.entries) {
    const kind = body?.type ?? path.slice(1);
    const count = kinds.get(kind) ?? { done: 0, refused: 0 };
    count[isDone(answer) ? "done" : "refused"] += 1;
    kinds.set(kind, count);
  }
  say([...kinds].map(([kind, { done, refused }]) => `${kind} ${done}${refused ? `(-${refused})` : ""}`).join(", "));
  assert.ok(unanswered > 0, "the kills met requests under way");
  for (const kind of ["cases", "consultations", "files", "accept", "assign_agent", "receive_materials", "sign_handover", "sign_agreement", "start"]) {
    assert.ok(kinds.get(kind)?.done > 0, `${kind} was never done`);
  }
}
