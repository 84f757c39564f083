// Time and the map: plan, lists, boards and configuration at both widths and in both languages; the plan and the work board by
// keys alone; what is printed; a workbook that goes out, comes back with wrong and right cells, and is withdrawn again.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Caller } from "../api.mjs";
import { changed } from "../xlsx.mjs";

/** Whose page, and its address: `{green}` is the case on the green channel, `{own}` the enterprise's project under way. */
const PAGES = [
  ["head", "/cases/{green}/plan"],
  ["head", "/cases/{green}/plan?view=map"],
  ["head", "/cases/{green}/chase"],
  ["head", "/leads"],
  ["head", "/leads/{lead}"],
  ["head", "/meetings"],
  ["head", "/meetings/{meeting}"],
  ["head", "/decisions"],
  ["head", "/ledger"],
  ["head", "/board"],
  ["head", "/green"],
  ["head", "/warnings"],
  ["enterprise", "/my/{own}/plan"],
  ["enterprise", "/my/{own}/chase"],
  ["admin", "/admin"],
  ["admin", "/admin/t/matters"],
  ["admin", "/admin/t/offices"],
  ["admin", "/admin/import"],
  ["admin", "/admin/year"],
  ["admin", "/admin/changes"],
];

/** The walk, in the hall that `hallOf` answers once it stands. */
export function timeAndMap(hallOf) {
  describe("time and the map", () => {
    let hall;
    const ids = {};

    before(async () => {
      hall = hallOf();
      const [head, enterprise] = [await Caller.of(hall.base, "head"), await Caller.of(hall.base, "enterprise")];
      const running = (items) => items.filter((item) => item.status === "running").sort((a, b) => a.number.localeCompare(b.number));
      ids.green = running((await head.get("/cases?status=running&limit=50")).items).find((item) => item.green).id;
      ids.own = running((await enterprise.get("/cases?status=running&limit=50")).items)[0].id;
      ids.lead = (await head.get("/leads")).items[0].id;
      ids.meeting = (await head.get("/meetings")).items[0].id;
    });

    const address = (path) => path.replace(/\{(\w+)\}/g, (_, key) => ids[key]);

    /** A fresh page of somebody, logged in. */
    const as = async (username, options) => {
      const page = await hall.page(options);
      await hall.login(page, username);
      return page;
    };

    // The language goes with the person: Chinese comes last, as it is found.
    for (const [width, other, language] of [[1280, 360, "en"], [360, 1280, "zh"]]) {
      test(`every page stands in ${language}, and axe finds nothing at ${width} px`, async () => {
        const pages = {};
        for (const [who, path] of PAGES) {
          if (!pages[who]) {
            pages[who] = await as(who, { width });
            await pages[who].goto(`/language?to=${language}&next=/account`);
          }
          const page = pages[who];
          const answer = await page.goto(address(path));
          assert.equal(answer.status(), 200, path);
          assert.match(await page.getAttribute("html", "lang"), new RegExp(`^${language}`), path);
          await hall.accessible(page);
          for (const across of [other, width]) {
            await page.setViewportSize({ width: across, height: 800 });
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            assert.ok(wide <= 0, `${path}: ${wide} px wider than ${across}`);
            const meets = await page.evaluate(() => {
              const [brand, nav] = [".brand", ".top nav"].map((part) => document.querySelector(part).getBoundingClientRect());
              return brand.right > nav.left && brand.bottom > nav.top;
            });
            assert.ok(!meets, `${path}: the head's name lies under its links at ${across} px`);
          }
        }
      });
    }

    test("nothing is overdue without being listed: the demo's hall has warnings", async () => {
      const page = await as("head");
      await page.goto("/warnings");
      assert.ok(await page.locator("main table tbody tr").count() >= 4);
      assert.ok(await page.locator("main .late").count() >= 2, "what is overdue is marked as such");
    });

    test("the plan is worked by keys: each matter is a link with a name, seen to have the focus, and leads to its line", async () => {
      const page = await as("head");
      await page.goto(address("/cases/{green}/plan"));
      const links = page.locator(".plan .sheet a");
      const count = await links.count();
      assert.ok(count >= 20, `${count} matters`);
      // Tab goes on from the last thing before the picture.
      await page.locator(".tabs a").nth(3).focus();
      const names = [];
      for (let nth = 0; nth < count + 8 && names.length < count; nth++) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
          const link = document.activeElement.closest(".plan a");
          if (!link) return null;
          const drawn = getComputedStyle(link.querySelector(".hit"));
          return { name: link.textContent.trim(), seen: drawn.stroke !== "none" && parseFloat(drawn.strokeWidth) >= 3 };
        });
        if (!at) continue;
        assert.ok(at.seen, `the focus on “${at.name}” cannot be seen`);
        assert.match(at.name, /\S{3,}\s+\S+/, "a name, and where it stands");
        names.push(at.name);
      }
      assert.equal(names.length, count, "Tab reaches every matter of the picture");
      await page.keyboard.press("Enter");
      await page.waitForURL(/#m-|\/matters\//);
      assert.ok(await page.locator(":target").count() === 1 || page.url().includes("/matters/"));
    });

    test("更多 opens by keys on a phone and is not there where all rooms have place", async () => {
      const page = await as("head", { width: 360 });
      const more = page.locator(".top .more summary");
      assert.equal((await more.boundingBox()).height >= 44 && (await more.innerText()).includes("\n"), false, "one line, a finger high");
      await more.focus();
      await page.keyboard.press("Enter");
      const first = page.locator(".top .more a").first();
      assert.ok(await first.isVisible());
      await page.keyboard.press("Tab");
      assert.ok(await first.evaluate((link) => link === document.activeElement));
      const box = await page.locator(".top .more > div").boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
      const to = await first.getAttribute("href");
      await Promise.all([page.waitForURL(`**${to}`), page.keyboard.press("Enter")]);
      await page.setViewportSize({ width: 1280, height: 900 });
      await more.waitFor({ state: "hidden" });
    });

    /** The pages of a PDF that Chromium wrote, as [width, height] in points. */
    const sizes = (pdf) => [...pdf.toString("latin1").matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map((box) => box.slice(1).map(Number));

    test("printed: the plan lies across A4 and is no wider than a page, the board is one sheet", async () => {
      const page = await as("head");
      await page.goto(address("/cases/{green}/plan"));
      const plan = sizes(await page.pdf({ preferCSSPageSize: true }));
      const across = plan.filter(([width, height]) => width > height);
      assert.ok(across.length >= 1 && across.every(([width]) => Math.abs(width - 842) < 2), JSON.stringify(plan));
      // A4 across without its margins is 273 mm wide.
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize({ width: Math.floor((273 / 25.4) * 96), height: 700 });
      const wide = await page.evaluate(() => [...document.querySelectorAll(".plan .sheet svg")]
        .map((svg) => svg.getBoundingClientRect().right - document.documentElement.clientWidth));
      assert.ok(wide.length > 0 && wide.every((over) => over <= 1), JSON.stringify(wide));
      const board = await as("head");
      await board.goto("/board");
      assert.equal(sizes(await board.pdf({ preferCSSPageSize: true })).length, 1);
    });

    test("the work board is driven by keys alone", async () => {
      const page = await as("agent");
      await page.goto("/work");
      const rows = await page.locator(".work tbody tr").count();
      assert.ok(rows >= 5, `${rows} rows`);
      const at = () => page.locator(".work tbody tr").evaluateAll((all) => all.findIndex((row) => row.classList.contains("at")));
      const first = await at();
      await page.keyboard.press("j");
      assert.equal(await at(), first + 1);
      await page.keyboard.press("k");
      assert.equal(await at(), Math.max(first, 0));
      await page.keyboard.press("?");
      assert.ok(await page.locator("dialog#keys[open]").count() === 1, "? tells the keys");
      await page.keyboard.press("Escape");
      await page.keyboard.press("/");
      assert.equal(await page.evaluate(() => document.activeElement.type), "search");
      await page.goto("/work");
      await page.keyboard.press("j");
      await Promise.all([page.waitForURL(/\/cases\/[0-9a-f-]+/), page.keyboard.press("o")]);
      await page.goto("/work");
      await page.keyboard.press("j");
      await Promise.all([page.waitForURL((url) => url.pathname !== "/work"), page.keyboard.press("Enter")]);
    });

    test("a workbook goes out, comes back with a wrong cell and then two right ones, is taken over and withdrawn", async () => {
      const page = await as("admin");
      await page.goto("/admin/import");
      const workbook = Buffer.from(await (await page.request.get("/admin/export/catalogue")).body());
      const send = async (cells) => {
        await page.goto("/admin/import");
        await page.setInputFiles("#file", { name: "目录.xlsx", mimeType: "application/octet-stream", buffer: changed(workbook, 2, cells) });
        await page.click("main form button.go");
        await page.waitForSelector("main table");
        return page.textContent("main");
      };
      const wrong = await send({ K3: "三天", B4: "" });
      assert.match(wrong, /K3/, "what is wrong is told by its cell");
      assert.match(wrong, /B4/);
      await hall.accessible(page);
      await hall.screenshot(page, "import-wrong");
      const right = await send({ K3: "3", K4: "2" });
      assert.match(right, /QY-02/);
      assert.match(right, /QY-03/);
      assert.equal(await page.locator("main tbody tr").count(), 2, "two cells, two lines");
      await hall.accessible(page);
      await hall.screenshot(page, "import-right");
      const ahead = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
      await page.fill("#effective_on", ahead);
      await page.fill("#reason", "承诺时限调整");
      await Promise.all([page.waitForURL((url) => !url.pathname.endsWith("/import")), page.click("main form button.go")]);
      await page.goto("/admin/changes");
      const withdrawal = page.locator("details:has(form[action='/admin/changes/withdraw'])").first();
      await hall.screenshot(page, "changes");
      await withdrawal.locator("summary").click();
      await withdrawal.locator("input[name=reason]").fill("填错了");
      await withdrawal.locator("button[type=submit]").click();
      await page.waitForLoadState();
      assert.equal(await page.locator("form[action='/admin/changes/withdraw']").count(), 0, "nothing planned is left");
      assert.match(await page.textContent("main"), /填错了/);
    });
  });
}
