// The main pages as people see them first, at the width of a desk and of a phone: nothing is wider than the screen, axe finds
// nothing, and with BANGBAN_PICTURES=1 the pictures in docs/pictures are taken anew.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Caller } from "../api.mjs";
import { root } from "../harness.mjs";

/** Whose page, its name, and its address; `{own}` is the enterprise's first case under way, `{case}` the agent's. */
const PAGES = [
  [null, "home", "/"],
  [null, "guide", "/matters/LX-02"],
  ["enterprise", "enterprise-cases", "/my"],
  ["enterprise", "enterprise-case", "/my/{own}"],
  ["clerk", "reception", "/reception"],
  ["agent", "work", "/work"],
  ["agent", "staff-case", "/cases/{case}"],
  ["head", "cases", "/cases"],
  ["head", "people", "/people"],
];

/** The pictures, in the hall that `hallOf` answers once it stands. */
export function takePictures(hallOf) {
  describe("the main pages", () => {
    const folder = join(root, process.env.BANGBAN_PICTURES ? "docs/pictures" : "e2e/output");

    for (const width of [1280, 360]) {
      test(`at ${width} px`, async () => {
        const hall = hallOf();
        await mkdir(folder, { recursive: true });
        const running = async (username) => {
          const { items } = await (await Caller.of(hall.base, username)).get("/cases?status=running&limit=50");
          return items.sort((a, b) => a.number.localeCompare(b.number))[0].id;
        };
        const ids = { own: await running("enterprise"), case: await running("agent") };
        const pages = {};
        for (const [who, name, address] of PAGES) {
          if (!pages[who]) {
            pages[who] = await hall.page({ width });
            if (who) await hall.login(pages[who], who);
          }
          const page = pages[who];
          const answer = await page.goto(address.replace(/\{(\w+)\}/, (_, key) => ids[key]));
          assert.equal(answer.status(), 200, address);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(wide <= 0, `${name}: ${wide} px wider than ${width}`);
          await hall.accessible(page);
          await page.screenshot({ path: join(folder, `${name}-${width}.png`) });
        }
      });
    }
  });
}
