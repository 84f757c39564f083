// One Chromium, and pages in it that remember everything that went wrong.

import assert from "node:assert/strict";
import { accessSync, constants, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Without a network of its own: no updates, no field trials, no look-ups of names. */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-sync",
  "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication",
  "--no-first-run",
  "--no-pings",
  "--disable-dev-shm-usage",
];

/** The system's browser: `BANGBAN_CHROMIUM`, else the first of the usual names on the path. */
function executable() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const wanted = process.env.BANGBAN_CHROMIUM ? [process.env.BANGBAN_CHROMIUM] : places;
  const found = wanted.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  assert.ok(found, "no Chromium: scripts/bootstrap.sh test installs it");
  return found;
}

export class Visitors {
  /** Errors of scripts, refused content, failed or foreign requests: a test that closes with any has failed. */
  problems = [];

  async open() {
    const root = process.getuid?.() === 0;
    this.browser = await chromium.launch({ executablePath: executable(), args: [...QUIET, ...(root ? ["--no-sandbox"] : [])] });
  }

  /** A page of a fresh visitor. `scripts: false` turns JavaScript off; `width` 360 is a phone with a finger. */
  async page({ baseURL, width = 1280, height = 900, scripts = true, ...more } = {}) {
    const phone = width < 760;
    const context = await this.browser.newContext({
      baseURL,
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
      viewport: { width, height: phone ? 740 : height },
      hasTouch: phone,
      javaScriptEnabled: scripts,
      reducedMotion: "reduce",
      ...more,
    });
    context.setDefaultTimeout(15_000);
    // Tests talk to loopback only, and so must the pages.
    await context.route((url) => !["127.0.0.1", "localhost"].includes(url.hostname) && url.protocol.startsWith("http"), (route) => {
      this.problems.push(`asked for ${route.request().url()}`);
      return route.abort();
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => this.problems.push(`${page.url()}: ${error}`));
    page.on("console", (message) => {
      // A refusal (4xx) that a test provokes is no error of the page; the browser reports it by this sentence.
      const refusal = /^Failed to load resource: the server responded with a status of 4/.test(message.text());
      if (message.type() === "error" && !refusal) this.problems.push(`${page.url()}: ${message.text()}`);
    });
    return page;
  }

  /** Fails with what axe finds (WCAG 2.2 AA), naming the places. Works under any content policy. */
  async accessible(page) {
    await page.evaluate(axe);
    const result = await page.evaluate(() => window.axe.run(document, {
      runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    }));
    const found = result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 5).join(", ")}`);
    assert.deepEqual(found, [], `axe on ${page.url()}`);
  }

  async close() {
    await this.browser?.close();
  }
}
