// The program starts, shows its first page at both widths, and nothing on it is broken.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

/** The first look, in the hall that `hallOf` answers once it stands. */
export function atFirstSight(hallOf) {
  describe("at first sight", () => {
    test("it is healthy and ready", async () => {
      for (const path of ["/healthz", "/readyz"]) assert.equal((await fetch(hallOf().base + path)).status, 200, path);
    });

    for (const width of [1280, 360]) {
      test(`the first page stands at ${width} px`, async () => {
        const hall = hallOf();
        const page = await hall.page({ width });
        const answer = await page.goto("/");
        assert.equal(answer.status(), 200);
        assert.match(answer.headers()["content-security-policy"], /default-src 'self'/);
        assert.ok(await page.locator("h1").count() > 0, "a page begins with a sentence");
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wide <= 0, `${wide} px wider than the screen`);
        await hall.accessible(page);
        await hall.screenshot(page, "home");
      });
    }
  });
}
