// Load for the test that kills the server: several people at once who take cases forward, meddle with them and bring files,
// each request under its own key, and a journal of what was asked and what was answered.

import { randomUUID } from "node:crypto";
import { drawnSignature } from "../api.mjs";

/** Numbers from a seed, in [0, 1): the same seed kills at the same moments. */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const isDone = (answer) => answer?.status >= 200 && answer?.status < 300;
/** Whether it is known what came of the request. A fault of the server (5xx) says nothing about that. */
export const isKnown = (answer) => answer !== null && answer.status < 500;

/** Everybody who calls, with what they asked and what they were answered. */
export class Callers {
  entries = [];
  faults = [];

  constructor(base, seed) {
    Object.assign(this, { base, tokens: {}, random: chance(seed), isOver: false });
  }

  async logIn(names, password = "demo-2026") {
    for (const username of names) {
      const answer = await this.send({ path: "/tokens", body: { username, password }, headers: {} });
      if (answer.status !== 201) throw new Error(`${username} gets no token: ${JSON.stringify(answer)}`);
      this.tokens[username] = answer.body.token;
    }
  }

  async get(who, path) {
    const headers = { Authorization: `Bearer ${this.tokens[who]}` };
    const answer = await fetch(`${this.base}/api/v1${path}`, { headers, signal: AbortSignal.timeout(30_000) });
    const isJson = answer.headers.get("content-type")?.includes("json");
    return { status: answer.status, body: isJson ? await answer.json() : Buffer.from(await answer.arrayBuffer()) };
  }

  /** A connection may break when the server is killed and at no other time. */
  broken(reason) {
    if (!this.isOver) this.faults.push(`${reason}: ${reason?.cause}`);
    this.isOver = true;
  }

  /** One request on the wire; fails if the connection breaks before the whole answer is there. */
  async send({ who, path, body, picture, headers }) {
    let content;
    if (picture !== undefined) {
      content = new FormData();
      content.append("file", new Blob([drawnSignature(picture)], { type: "image/png" }), "签字.png");
    } else {
      content = JSON.stringify(body);
    }
    const answer = await fetch(`${this.base}/api/v1${path}`, {
      method: "POST",
      headers: {
        ...(this.tokens[who] && { Authorization: `Bearer ${this.tokens[who]}` }),
        ...(picture === undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      body: content,
      signal: AbortSignal.timeout(30_000),
    });
    return { status: answer.status, body: await answer.json(), isAgain: answer.headers.get("idempotency-replayed") === "true" };
  }

  /** Asks under a new key and writes the answer down; sometimes twice at the very same moment. Answers nothing when the server is gone. */
  async ask(request) {
    const entry = { headers: {}, answer: null, ...request };
    entry.headers["Idempotency-Key"] = randomUUID();
    this.entries.push(entry);
    const twins = this.random() < 0.25 ? [entry, entry] : [entry];
    const results = await Promise.allSettled(twins.map((one) => this.send(one)));
    for (const { reason } of results.filter((result) => result.status === "rejected")) this.broken(reason);
    const answers = results.filter((result) => result.status === "fulfilled").map((result) => result.value).filter(isKnown);
    entry.answer = answers.find(isDone) ?? (answers.length === twins.length ? answers[0] : null);
    if (entry.answer && isDone(entry.answer)) {
      for (const other of answers) {
        if (JSON.stringify(other.body) !== JSON.stringify(entry.answer.body)) {
          this.faults.push(`twins were answered differently: ${JSON.stringify([entry, other])}`);
        }
      }
    }
    return entry.answer;
  }

  /** A command on a case as it was seen; signing and its like name the version. */
  async command(who, view, command) {
    const answer = await this.ask({
      who, path: `/cases/${view.id}/commands`, body: command, case: view.id, headers: { "If-Match": `"${view.version}"` },
    });
    return isDone(answer);
  }

  async picture(who) {
    const answer = await this.ask({ who, path: "/files", picture: 1 + Math.floor(this.random() * 1e6) });
    return isDone(answer) ? answer.body.id : null;
  }

  get cases() {
    return this.entries.filter((entry) => entry.path === "/cases" && isDone(entry.answer)).map((entry) => entry.answer.body.id);
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  async create(consultation) {
    const n = this.entries.length;
    const founder = { name: "阿拉坦·其其格", id_number: "11010519491231002X" };
    const applicant = { name: `㛃河牧业第${n}号（筹）`, founder, contact: { name: "欧阳𠮷", phone: "0476-7800000" } };
    const matters = this.pick([["QY-01"], ["QY-01", "QY-02"], ["YY-16", "YY-07"], ["YY-16"]]);
    const answer = await this.ask({
      who: "clerk", path: "/cases",
      body: { ...(consultation && { consultation }), applicant, matters, mode: "agency", channel: "walk_in", delivery: "in_person" },
    });
    return isDone(answer) ? answer.body.id : null;
  }
}

/** Takes a case of its own from the application to the sealed file, then another one, until the server is gone. */
export async function walk(all, place) {
  let refusals = 0;
  while (!all.isOver) {
    place.case ??= await all.create();
    if (!place.case) continue;
    const { status, body: view } = await all.get("director", `/cases/${place.case}`);
    if (status !== 200) continue;
    const step = await next(all, view);
    if (step === null || refusals > 4) {
      place.case = null;
      refusals = 0;
    } else {
      refusals = (await all.command(...step)) ? 0 : refusals + 1;
    }
  }
}

const window = (office) => (office === "D15" ? "office" : `office-${office.toLowerCase()}`);
const isOwed = (material) => material.required && ["unchecked", "missing", "wrong"].includes(material.status);

/** The next command of the case's usual way: who gives it, on what, what. */
async function next(all, view) {
  const give = (who, command) => [who, view, command];
  switch (view.status) {
    case "submitted":
      return view.lead_office ? give("head", { type: "accept" }) : give("head", { type: "assign_lead_office", office: "B01" });
    case "accepted":
      return give("head", { type: "assign_agent", person: "agent" });
    case "preparing":
      if (!view.stand_in) return give("head", { type: "set_stand_in", person: "agent2" });
      return (await signed(all, view, "handover-list", "sign_handover")) ?? (await receive(all, view, isOwed))
        ?? (await signed(all, view, "agreement", "sign_agreement")) ?? give("agent", { type: "start" });
    case "running":
      return run(all, view, give);
    case "suspended":
      return give("agent", { type: "resume" });
    case "delivering":
      return deliver(all, view);
    case "ended":
      return give("archivist", { type: "archive" });
    default:
      return null;
  }
}

async function receive(all, view, wanted) {
  const owed = view.materials.filter(wanted);
  if (owed.length === 0) return null;
  const file = await all.picture("agent");
  const items = owed.map(({ id }) => ({ material: id, form: "original", pages: 2, copies: 1, return: true, ...(file && { file }) }));
  return ["agent", view, { type: "receive_materials", items }];
}

/** The signature that the newest paper of a kind still lacks. */
async function signed(all, view, kind, type, more = {}) {
  const paper = view.documents.filter((document) => document.kind === kind).at(-1);
  const side = ["client", "agent"].find((side) => paper && !paper.signatures.some((signature) => signature.side === side));
  if (!side || (type === "hand_over_result" && side === "agent")) return null;
  const file = await all.picture("agent");
  return ["agent", view, { type, side, method: "drawn", document: paper.id, hash: paper.hash, file: file ?? "", ...more }];
}

async function run(all, view, give) {
  const open = view.matters.find((matter) => matter.status !== "finished");
  if (!open) return null;
  const { code, office, status } = open;
  if (status === "offered" && !open.outside) return give(window(office), { type: "claim_matter", matter: code });
  if (status === "stopped") return give(window(office), { type: "resume_clock", matter: code });
  if (status === "submitted") {
    const results = [{ name: `${code}结果`, form: "original" }];
    return give(open.outside ? "agent" : window(office), { type: "finish_matter", matter: code, outcome: "granted", results });
  }
  return (await signed(all, view, "handover-list", "sign_handover"))
    ?? (await receive(all, view, (material) => isOwed(material) && material.matters.includes(code)))
    ?? give("agent", { type: "submit_matter", matter: code });
}

async function deliver(all, view) {
  const results = view.results.map((result) => result.id);
  const items = view.items.filter((item) => JSON.stringify(item.holder).includes("person")).map((item) => item.id);
  return signed(all, view, "delivery-notice", "hand_over_result", { results, items, collector: "欧阳𠮷" });
}

/** Gives whatever command to whatever case, often at the same moment as somebody else; the rules refuse what does not fit. */
export async function meddle(all) {
  while (!all.isOver) {
    const id = all.pick(all.cases);
    if (!id) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    const { status, body: view } = await all.get("director", `/cases/${id}`);
    if (status !== 200) continue;
    await all.command(...all.pick(meddlings(all, view)));
  }
}

function meddlings(all, view) {
  const n = all.entries.length;
  const item = all.pick(view.items);
  const matter = all.pick(view.matters);
  const office = window(matter.office);
  const call = {
    type: "record_remote_session", channel: "phone", topic: `第 ${n} 次通话`, started_at: new Date().toISOString(), minutes: 5, outcome: "说清楚了",
  };
  const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const commands = [
    ["agent", call],
    ["agent", { ...call, topic: `又第 ${n} 次` }],
    ["head", { type: "set_stand_in", person: "agent2", reason: `第 ${n} 次` }],
    ["head", { type: "open_green_channel", reason: `重点项目 ${n}`, person: "agent" }],
    ["agent", { type: "change_matters", add: ["QY-04"], remove: [], reason: `第 ${n} 次` }],
  ];
  if (view.status === "suspended") commands.push(["agent", { type: "resume" }]);
  if (view.status === "running") {
    commands.push(
      ["agent", { type: "suspend", reason_code: "client_request", reason: `第 ${n} 次` }],
      [office, { type: "claim_matter", matter: matter.code }],
      [office, { type: "stop_clock", matter: matter.code, kind: "correction", reason: `第 ${n} 次`, until }],
      [office, { type: "resume_clock", matter: matter.code }],
      ["agent", { type: "submit_matter", matter: matter.code }],
    );
  }
  if (item) {
    const to = all.pick([{ window: "3 号窗口" }, { person: "agent" }, { office: matter.office }]);
    commands.push(["agent", { type: "move_material", item: item.id, to }]);
  }
  if (n % 8 === 0) commands.push(["clerk", { type: "withdraw", reason_code: "other", reason: `第 ${n} 次` }]);
  if (n % 8 === 4) commands.push(["head", { type: "terminate", reason_code: "project_abandoned", reason: `第 ${n} 次` }]);
  return commands.map(([who, command]) => [who, view, command]);
}

/** Writes consultations down, turns some into applications, and takes files in that nobody uses. */
export async function receptionDesk(all) {
  while (!all.isOver) {
    const n = all.entries.length;
    const asked = await all.ask({
      who: "clerk", path: "/consultations",
      body: { applicant: { name: "张三", phone: "13800000000" }, channel: "phone", question: `第 ${n} 问：怎么开店？`, answer: "先核名。", matters: ["QY-01"] },
    });
    await all.picture("clerk");
    if (isDone(asked) && all.random() < 0.3) await all.create(asked.body.id);
  }
}
