// The running program and a browser before it, for tests with Node's own runner.
//
//   const hall = await start();                     // the demo, on SQLite; { database: "postgres" } for the other one
//   const page = await hall.page({ width: 360 });   // a fresh visitor: no cookies
//   await hall.login(page, "clerk");
//   await hall.screenshot(page, "reception");       // e2e/output/reception-360.png
//   await hall.accessible(page);                    // axe, WCAG 2.2 AA
//   await hall.close();                             // ends everything; fails if a page had an error
//
// Every process is ended by its own handle, and everything written lies in a folder that goes at the end.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Visitors } from "./browser.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
const built = (name) => join(root, "target/debug", name);
/** The program under test; BANGBAN_PROGRAM names another build of it. */
export const program = process.env.BANGBAN_PROGRAM ?? built("bangban");
/** A loaded machine needs a while for the demo; nothing waits longer than it must. */
const PATIENCE = 300_000;

/** A port that is free now, on loopback. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Ends a child by its handle: first kindly, after ten seconds not. */
export async function end(child, kindly = () => child.kill("SIGTERM")) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  kindly();
  const hard = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(hard);
}

/** A private PostgreSQL: `pg-cluster` prints its URL and lives until its standard input is closed. */
export async function postgres() {
  const child = spawn(built("pg-cluster"), [], { stdio: ["pipe", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`pg-cluster ended (${code}) before it told its URL`)));
    child.stdout.setEncoding("utf8").on("data", (part) => {
      said += part;
      if (said.includes("\n")) resolve(said.split("\n")[0].trim());
    });
  });
  return { url, close: () => end(child, () => child.stdin.end()) };
}

/** Starts `bangban serve` on a free port and waits until it is ready. */
export async function serve({ database, data, demo }) {
  assert.ok(existsSync(program), `${program} is not built: cargo build --workspace`);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const child = spawn(program, ["serve", ...(demo ? ["--demo"] : [])], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, BANGBAN_LISTEN: `127.0.0.1:${port}`, BANGBAN_DATABASE: database, BANGBAN_DATA: data },
  });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => log.push(part));
  let broken = null;
  child.once("error", (error) => (broken = error));

  const until = Date.now() + PATIENCE;
  for (;;) {
    if (broken || child.exitCode !== null) throw new Error(`bangban serve ended: ${broken ?? child.exitCode}\n${log.join("")}`);
    const ready = await fetch(`${base}/readyz`).then((answer) => answer.ok, () => false);
    if (ready && /the demo was not loaded/.test(log.join(""))) {
      await end(child);
      throw new Error(`half a demo\n${log.join("")}`);
    }
    if (ready) return { base, log, child, close: () => end(child) };
    if (Date.now() > until) {
      await end(child);
      throw new Error(`not ready after ${PATIENCE / 1000} s\n${log.join("")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

class Hall {
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** A page of a fresh visitor; addresses may be given relative to the hall. */
  page(options = {}) {
    return this.visitors.page({ baseURL: this.base, ...options });
  }

  /** Logs in by the form, as a person does, and waits for the page after it. */
  async login(page, username, password = "demo-2026") {
    await page.goto("/login");
    await page.fill("input[name=username]", username);
    await page.fill("input[name=password]", password);
    await Promise.all([
      page.waitForURL((url) => url.pathname !== "/login"),
      page.click("form:has(input[name=password]) [type=submit]"),
    ]);
  }

  /** A picture of the whole page under e2e/output/, at the page's width or at another. */
  async screenshot(page, name, width = page.viewportSize().width) {
    const before = page.viewportSize();
    await mkdir(join(root, "e2e/output"), { recursive: true });
    if (width !== before.width) await page.setViewportSize({ ...before, width });
    const path = join(root, "e2e/output", `${name}-${width}.png`);
    await page.screenshot({ path, fullPage: true });
    if (width !== before.width) await page.setViewportSize(before);
    return path;
  }

  accessible(page) {
    return this.visitors.accessible(page);
  }

  /** Ends browser, program, database and folder, in this order, whatever fails on the way. */
  async close() {
    const problems = this.visitors.problems;
    for (const part of [this.visitors, this.server, this.cluster]) await part?.close();
    await rm(this.folder, { recursive: true, force: true });
    assert.deepEqual(problems, [], "the pages had errors");
  }
}

/** Starts all of it. `database` is "sqlite" or "postgres"; `demo: false` begins with an empty hall. */
export async function start({ database = "sqlite", demo = true } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "bangban-e2e-"));
  const parts = { folder, visitors: new Visitors() };
  const hall = new Hall(parts);
  try {
    if (database === "postgres") hall.cluster = await postgres();
    const url = hall.cluster?.url ?? `sqlite:${join(folder, "hall.db")}`;
    hall.server = await serve({ database: url, data: join(folder, "data"), demo });
    hall.base = hall.server.base;
    await hall.visitors.open();
    return hall;
  } catch (error) {
    await hall.close();
    throw error;
  }
}
