// The main job in a browser, as the people it takes, on both databases: from the first question at the desk to the sealed
// file and the enterprise's evaluation. Every step goes through the page that a person would use.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Caller } from "../api.mjs";
import { People } from "../people.mjs";

const matters = { "LX-02": "office-d02", "YY-13": "office-d21" };

/** The walk, in the hall that `hallOf` answers once it stands. */
export function inTheBrowser(hallOf, database) {
  describe("in the browser", () => {
    let hall, people, uscc, id;
    const as = (username) => people.as(username);
    const act = (username, kind, fill, query) => people.act(id, username, kind, fill, query);
    const sign = (username, kind, side) => people.sign(id, username, kind, side);
    const status = async () => (await people.seen(id)).status;

    before(async () => {
      hall = hallOf();
      people = new People(hall);
      const me = await (await Caller.of(hall.base, "enterprise")).get("/me");
      uscc = me.enterprises.find((enterprise) => enterprise.uscc).uscc;
    });

    test("S6.1 the clerk writes down a question and turns it into an application, nothing typed twice", async () => {
      const page = await as("clerk");
      await page.goto("/reception");
      await page.fill("#contact", "阿拉坦·其其格");
      await page.fill("#enterprise", "蓝马驹牧业有限公司");
      await page.fill("#uscc", uscc.toLowerCase());
      await page.fill("#phone", "13800000000");
      await page.fill("#question", "想备案新项目，顺便立一块户外广告牌，要跑哪些部门？");
      await page.fill("#answer", "备案找发改委，广告牌找城管局，两件一起替您办。");
      await Promise.all([page.waitForURL(/\/reception\/[0-9a-f-]{36}$/), page.click("form[data-guard] button.go")]);
      await Promise.all([page.waitForURL(/\/apply$/), page.click(".lead a.btn.go")]);
      assert.equal(await page.inputValue("#enterprise"), "蓝马驹牧业有限公司");
      assert.equal((await page.inputValue("#uscc")).toUpperCase(), uscc);
      await page.fill("#project", "肉牛育肥二期");
      for (const code of Object.keys(matters)) {
        await page.locator(`details:has(#t-${code})`).evaluate((details) => (details.open = true));
        await page.check(`#t-${code}`);
      }
      await page.click("button[value=look]");
      await page.waitForSelector("button[value=send]");
      assert.ok(await page.isChecked("#mode-agency"), "several offices: the program proposes agency");
      await Promise.all([page.waitForURL(/\/cases\/[0-9a-f-]{36}$/), page.click("button[value=send]")]);
      id = page.url().split("/").at(-1);
    });

    test("S5.3 the head names the lead office, accepts, names the agent and the stand-in", async () => {
      await act("head", "assign_lead_office", (page) => page.selectOption("#office", "B01").then(() => {}));
      await act("head", "accept");
      await act("head", "assign_agent", (page) => page.selectOption("#person", "agent").then(() => {}));
      await act("head", "set_stand_in", (page) => page.selectOption("#person", "agent2").then(() => {}));
      assert.equal(await status(), "preparing");
    });

    test("S6.2 the agent checks, gives one notice, and the enterprise sees what to bring", async () => {
      await act("agent", "check_materials", async (page) => {
        const results = await page.locator("input[type=radio][value=ok]").all();
        for (const radio of results) await radio.check();
        await page.locator("input[type=radio][value=missing]").first().check();
      });
      await act("agent", "issue_notice");
      const mine = await as("enterprise");
      await mine.goto(`/my/${id}`);
      assert.match(await mine.textContent("main"), /一次性告知书/);
      await hall.screenshot(mine, `enterprise-case-${database}`);
      await hall.screenshot(mine, `enterprise-case-${database}`, 360);
    });

    test("S3.2 materials, handover list, agreement, start", async () => {
      await act("agent", "receive_materials", async (page) => {
        for (const box of await page.locator("input[type=checkbox][name^='take.']").all()) await box.check();
      });
      const page = await as("agent");
      await page.goto(`/cases/${id}/do/start`);
      assert.match(await page.textContent("[role=alert]"), /清单/, "starting before signing is refused with what is missing");
      await sign("enterprise", "handover-list");
      await sign("agent", "handover-list");
      await sign("enterprise", "agreement");
      await sign("agent", "agreement");
      await act("agent", "start");
      assert.equal(await status(), "running");
      await hall.screenshot(await as("agent"), `staff-case-${database}`);
    });

    test("S5.3 the offices claim, the agent submits, a clock stops and runs again, results come in", async () => {
      for (const [code, office] of Object.entries(matters)) {
        const chosen = (page) => page.selectOption("#matter", code).then(() => {});
        await act(office, "claim_matter", chosen);
        await act("agent", "submit_matter", chosen);
        if (code === "YY-13") {
          const until = new Date(Date.now() + 5 * 86400_000).toISOString().slice(0, 10);
          await act(office, "stop_clock", async (page) => {
            await chosen(page);
            await page.fill("#reason", "效果图没有标尺寸");
            await page.fill("#until", until);
          });
          await act(office, "resume_clock", chosen);
        }
        await act(office, "finish_matter", chosen, `?matter=${code}`);
      }
      assert.equal(await status(), "delivering");
    });

    test("S6.3 the client signs the delivery notice and the service ends by itself", async () => {
      const page = await as("agent");
      await page.goto(`/cases/${id}/deliver`);
      for (const box of await page.locator("fieldset input[type=checkbox]").all()) await box.check();
      await page.fill("#collector", "阿拉坦·其其格");
      await people.write(page);
      await Promise.all([page.waitForURL(`**/cases/${id}`), page.click("button[data-sign]")]);
      assert.equal(await status(), "ended");
    });

    test("S6.5 the archivist seals the file", async () => {
      await act("archivist", "archive");
      assert.equal(await status(), "archived");
    });

    test("S8.m the enterprise evaluates in five grades", async () => {
      const page = await as("enterprise");
      await page.goto(`/my/${id}/evaluate`);
      await page.locator("input[type=radio][value='5']").check();
      await Promise.all([page.waitForURL(`**/my/${id}`), page.click("main form button.go")]);
      assert.match(await page.textContent("main"), /非常满意/);
    });
  });
}
