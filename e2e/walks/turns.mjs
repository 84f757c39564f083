// The other ways a case can go, in a browser: assistance to the last window, assistance that becomes agency, another agent,
// and a withdrawal with originals out. What is not the point of a walk is done beforehand through the API.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { People } from "../people.mjs";

const matters = ["LX-02", "YY-13"];

/** The walk, in the hall that `hallOf` answers once it stands. */
export function otherWays(hallOf, database) {
  describe("the other ways", () => {
    let hall, people, applicant;
    const as = {};

    before(async () => {
      hall = hallOf();
      people = new People(hall);
      for (const name of ["enterprise", "clerk", "head", "agent"]) as[name] = await people.caller(name);
      const { name, uscc } = (await as.enterprise.get("/me")).enterprises.find((enterprise) => enterprise.uscc);
      applicant = { name, uscc, contact: { name: "阿拉坦·其其格", phone: "13800000000" } };
    });

    /** A case with an agent. */
    const begun = async (mode) => {
      const body = { applicant, project: { name: "肉牛育肥三期" }, matters, mode, channel: "walk_in", delivery: "in_person" };
      const made = await as.clerk.send("POST", "/cases", body);
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const { id } = made.body;
      await as.head.command(id, { type: "assign_lead_office", office: "B01" });
      await as.head.command(id, { type: "accept" });
      await as.head.command(id, { type: "assign_agent", person: "agent" });
      return id;
    };

    /** Everything that may begin now is handed in, signed for, agreed and started. */
    const started = async (id) => {
      const { materials } = await as.agent.get(`/cases/${id}`);
      const owed = materials.filter((m) => ["unchecked", "ok"].includes(m.status));
      const items = owed.map((m) => ({ material: m.id, form: "original", pages: 2, copies: 1, return: true }));
      await as.agent.command(id, { type: "receive_materials", items });
      for (const [type, kind] of [["sign_handover", "handover-list"], ["sign_agreement", "agreement"]]) {
        for (const side of ["client", "agent"]) await as.agent.sign(id, type, kind, side);
      }
      await as.agent.command(id, { type: "start" });
    };

    /** The agent takes the client to a window by the page. */
    const escort = (id, matter, outcome) =>
      people.act(id, "agent", "record_escort", async (page) => {
        await page.selectOption("#matter", matter);
        await page.fill("#window", "3 号窗口");
        await page.fill("#ticket", "A018");
        await page.locator(`input[type=radio][value=${outcome}]`).check();
      });

    const text = async (username, path) => {
      const page = await people.as(username);
      await page.goto(path);
      return page.textContent("main");
    };

    test("S3.1 assistance goes from window to window and ends when the last has accepted", async () => {
      const id = await begun("assistance");
      await people.act(id, "agent", "check_materials", async (page) => {
        for (const radio of await page.locator("input[type=radio][value=ok]").all()) await radio.check();
      });
      await escort(id, "LX-02", "refused");
      await escort(id, "LX-02", "accepted");
      const early = await people.as("agent");
      await early.goto(`/cases/${id}/do/close_assistance`);
      assert.match(await early.textContent("[role=alert]"), /窗口|受理/, "one window is still open");
      await escort(id, "YY-13", "accepted");
      await people.act(id, "agent", "close_assistance");
      const seen = await people.seen(id);
      assert.equal(seen.status, "ended");
      assert.match(await text("enterprise", `/my/${id}`), /窗口都收下了/);
      await hall.screenshot(await people.as("enterprise"), `assistance-${database}`, 360);
    });

    test("S3.1 assistance becomes agency with nothing typed again; the window's acceptance stands", async () => {
      const id = await begun("assistance");
      await escort(id, "LX-02", "accepted");
      const before = await people.seen(id);
      await people.act(id, "agent", "choose_mode", async (page) => {
        await page.locator("input[type=radio][value=agency]").check();
      });
      const after = await people.seen(id);
      assert.equal(after.mode, "agency");
      assert.deepEqual(after.materials, before.materials);
      await started(id);
      const running = await people.seen(id);
      const of = (code) => running.matters.find((matter) => matter.code === code);
      assert.equal(of("LX-02").status, "submitted", JSON.stringify(of("LX-02")));
      assert.notEqual(of("YY-13").status, "submitted");
    });

    test("S5.3 another agent: the client is told, the pieces go over against both signatures", async () => {
      const id = await begun("agency");
      await started(id);
      await people.act(id, "head", "assign_agent", async (page) => {
        await page.selectOption("#person", "agent2");
        await page.fill("#reason", "工作岗位调整");
      });
      const mine = await text("enterprise", `/my/${id}`);
      assert.match(mine, /更换代办员告知书/, "the client finds the notice among its papers");
      const case2 = await text("agent2", `/cases/${id}`);
      assert.match(case2, /没有交接/, "the page says what is not handed over");
      await people.sign(id, "agent", "takeover-list");
      await people.sign(id, "agent2", "takeover-list");
      const seen = await people.seen(id);
      assert.equal(seen.agent, "agent2");
      assert.ok(seen.items.every((item) => JSON.stringify(item.holder).includes("agent2")), JSON.stringify(seen.items));
      assert.doesNotMatch(await text("agent2", `/cases/${id}`), /没有交接/);
      await hall.screenshot(await people.as("agent2"), `another-agent-${database}`);
      const gone = await as.agent.send("GET", `/cases/${id}`);
      assert.equal(gone.status, 404, "the former agent has nothing to do with it any more");
    });

    test("S2.1 the enterprise withdraws on its page and gets every original back against its signature", async () => {
      const id = await begun("agency");
      await started(id);
      const page = await people.as("enterprise");
      await page.goto(`/my/${id}/withdraw`);
      await hall.screenshot(page, `withdraw-${database}`, 360);
      await Promise.all([page.waitForURL(`**/my/${id}`), withdraw(page)]);
      const left = await people.seen(id);
      assert.equal(left.status, "withdrawn");
      assert.ok(left.items.some((item) => JSON.stringify(item.holder) !== '"client"'), "originals are still out");
      assert.match(await text("enterprise", `/my/${id}`), /终止单/);
      await people.sign(id, "agent", "return-list");
      const done = await people.seen(id);
      assert.ok(done.items.every((item) => JSON.stringify(item.holder).includes("client")), JSON.stringify(done.items));
      await people.act(id, "archivist", "archive");
      assert.equal((await people.seen(id)).status, "archived");
    });

    /** Withdrawing asks once more. */
    const withdraw = async (page) => {
      await page.click("main form button[type=submit]");
      if (await page.locator("dialog[open]").count()) await page.click("dialog button.go");
    };
  });
}
