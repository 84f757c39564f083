// The main job through the API, by the payloads of its contract, on both databases: one enterprise that is being founded,
// three matters of three offices, from the first question to the sealed file.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { before, describe, test } from "node:test";
import { Caller } from "../api.mjs";

const program = fileURLToPath(new URL("../../target/debug/bangban", import.meta.url));
const matters = ["QY-01", "QY-02", "QY-04"];
const applicant = {
  name: "阿拉坦·其其格𬭚业（筹）",
  founder: { name: "阿拉坦·其其格", id_number: "11010519491231002X" },
  contact: { name: "欧阳𠮷", phone: "0476-7800000" },
};

/** The walk, in the hall that `hallOf` answers once it stands. */
export function throughTheApi(hallOf) {
  describe("through the API", () => {
    let hall;
    const as = {};
    let id;

    before(async () => {
      hall = hallOf();
      const accounts = ["enterprise", "clerk", "head", "agent", "agent2", "office", "office-d16", "archivist", "supervisor", "director", "admin"];
      for (const name of accounts) as[name] = await Caller.of(hall.base, name);
    });

    const view = () => as.agent.get(`/cases/${id}`);
    const items = async (wanted) =>
      (await view()).materials
        .filter(wanted)
        .map((m) => ({ material: m.id, form: "original", pages: 2, copies: 1, return: true }));

    test("S6.1 a consultation becomes an application, nothing typed twice", async () => {
      const asked = await as.clerk.send("POST", "/consultations", {
        applicant, channel: "walk_in", question: "开公司要办哪些手续？", answer: "名称、设立登记、公章，一起替您办。", matters,
      });
      assert.equal(asked.status, 201, JSON.stringify(asked.body));
      const key = randomUUID();
      const body = { consultation: asked.body.id, applicant, project: { name: "杂粮加工" }, matters, channel: "walk_in", delivery: "in_person" };
      const made = await as.clerk.send("POST", "/cases", body, { "Idempotency-Key": key });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const again = await as.clerk.send("POST", "/cases", body, { "Idempotency-Key": key });
      assert.deepEqual(again.body, made.body, "the same request gets the first answer");
      const other = await as.clerk.send("POST", "/cases", { ...body, delivery: "courier" }, { "Idempotency-Key": key });
      assert.equal(other.status, 409);
      id = made.body.id;
      assert.match(made.headers.get("location"), new RegExp(id));
      const seen = await as.clerk.get(`/cases/${id}`);
      assert.equal(seen.status, "submitted");
      assert.equal(seen.mode, "agency");
      assert.equal(seen.proposal.mode, "agency");
      assert.ok(!JSON.stringify(seen).includes("11010519491231002X"), "the identity number is masked");
    });

    test("S2.3 the lead office is named, its head accepts and names the agent", async () => {
      await as.head.command(id, { type: "assign_lead_office", office: "B01" });
      await as.head.command(id, { type: "accept" });
      await as.head.refused(id, { type: "assign_agent", person: "clerk" }, "not_qualified", "S7");
      await as.head.command(id, { type: "assign_agent", person: "agent" });
      await as.head.command(id, { type: "set_stand_in", person: "agent2" });
      assert.equal((await view()).status, "preparing");
      assert.equal((await as.enterprise.send("GET", `/cases/${id}`)).status, 404, "someone else's case is not known of");
      assert.equal((await as.admin.send("GET", `/cases/${id}`)).status, 404);
    });

    test("S6.2 one notice names everything; a second one needs a reason and is a breach", async () => {
      const asked = (await view()).materials.filter((m) => m.status === "unchecked");
      const one = asked.find((m) => m.matters.includes("QY-02"));
      await as.agent.refused(id, { type: "issue_notice", matters }, "not_all_checked", "S6.2");
      const checks = asked.map((m) => ({ material: m.id, result: m.id === one.id ? "missing" : "ok" }));
      await as.agent.command(id, { type: "check_materials", checks });
      await as.agent.command(id, { type: "issue_notice", matters });
      const late = asked.find((m) => m.id !== one.id && m.matters.includes("QY-02"));
      await as.agent.command(id, { type: "check_materials", checks: [{ material: late.id, result: "wrong", why: "没有签字" }] });
      await as.agent.refused(id, { type: "issue_notice", matters }, "second_notice_needs_reason", "S6.2");
      await as.agent.command(id, { type: "issue_notice", matters, reason_code: "overlooked" });
      const events = await as.supervisor.get(`/cases/${id}/events`);
      assert.ok(JSON.stringify(events).includes("breach_recorded"));
    });

    test("S3.2 materials, handover, agreement, start: in this order and no other", async () => {
      const file = await as.agent.upload();
      const nothing = { side: "client", method: "drawn", document: "D1", hash: "00", file: file.id };
      await as.agent.refused(id, { type: "sign_handover", ...nothing }, "materials_incomplete", "S3.2");
      await as.agent.command(id, { type: "receive_materials", items: await items((m) => m.matters.includes("QY-01") && ["unchecked", "ok", "missing", "wrong"].includes(m.status)) });
      await as.agent.refused(id, { type: "sign_agreement", ...nothing }, "handover_not_signed", "S3.2");
      await as.agent.refused(id, { type: "start" }, "handover_not_signed", "S3.2");
      await as.agent.sign(id, "sign_handover", "handover-list", "client");
      await as.agent.sign(id, "sign_handover", "handover-list", "agent");
      await as.agent.refused(id, { type: "start" }, "agreement_not_signed", "S3.2");
      await as.agent.sign(id, "sign_agreement", "agreement", "client");
      await as.agent.sign(id, "sign_agreement", "agreement", "agent");
      const stale = await as.agent.send("POST", `/cases/${id}/commands`, { type: "start" }, { "If-Match": '"1"' });
      assert.equal(stale.status, 412);
      assert.equal((await as.agent.send("POST", `/cases/${id}/commands`, { type: "start" })).status, 428);
      await as.agent.command(id, { type: "start" });
      assert.equal((await view()).status, "running");
    });

    test("S5.3 offices claim and finish, later matters get their supplementary handover", async () => {
      const offices = { "QY-01": as.office, "QY-02": as.office, "QY-04": as["office-d16"] };
      await as.agent.refused(id, { type: "submit_matter", matter: "QY-02" }, "prerequisite_open", "S5.3");
      for (const matter of matters) {
        await offices[matter].command(id, { type: "claim_matter", matter });
        const missing = await items((m) => m.matters.includes(matter) && ["unchecked", "ok", "missing", "wrong"].includes(m.status));
        if (missing.length > 0) {
          await as.agent.command(id, { type: "receive_materials", items: missing });
          await as.agent.refused(id, { type: "submit_matter", matter }, "handover_not_signed", "S3.2");
          await as.agent.sign(id, "sign_handover", "handover-list", "client");
          await as.agent.sign(id, "sign_handover", "handover-list", "agent");
        }
        await as.agent.command(id, { type: "submit_matter", matter, number: `左市监受${matter}` });
        if (matter === "QY-02") {
          const until = new Date(Date.now() + 5 * 86400_000).toISOString().slice(0, 10);
          await offices[matter].command(id, { type: "stop_clock", matter, kind: "correction", reason: "住所证明不清楚", until });
          await offices[matter].command(id, { type: "resume_clock", matter });
          const seen = await view();
          assert.match(seen.matters.find((m) => m.code === matter).due_on, /^\d{4}-\d\d-\d\d$/);
          const out = seen.items.find((item) => JSON.stringify(item.holder).includes("D15"));
          await offices[matter].command(id, {
            type: "finish_matter", matter, outcome: "granted", results: [{ name: "营业执照", form: "original" }],
            kept: [{ item: out.id, reason: "《市场主体登记管理条例》，登记机关存档" }],
          });
        } else {
          await offices[matter].command(id, { type: "finish_matter", matter, outcome: "granted", results: [{ name: `${matter}结果`, form: "original" }] });
        }
      }
      assert.equal((await view()).status, "delivering");
    });

    test("S6.3 delivery against signature ends the case, every original accounted for", async () => {
      const seen = await view();
      const results = seen.results.map((result) => result.id);
      const out = seen.items.filter((item) => JSON.stringify(item.holder).includes("person")).map((item) => item.id);
      const notice = seen.documents.filter((d) => d.kind === "delivery-notice").at(-1);
      const file = await as.agent.upload();
      const sig = { side: "client", method: "drawn", document: notice.id, hash: notice.hash, file: file.id };
      await as.agent.refused(id, { type: "hand_over_result", results, items: [], collector: "欧阳𠮷", ...sig }, "originals_outstanding", "S6.3");
      await as.agent.refused(id, { type: "hand_over_result", results, items: out, collector: "欧阳𠮷", ...sig, hash: "0".repeat(64) }, "hash_mismatch", "S3.2");
      await as.agent.command(id, { type: "hand_over_result", results, items: out, collector: "欧阳𠮷", ...sig });
      const ended = await view();
      assert.equal(ended.status, "ended");
      for (const item of ended.items) assert.match(JSON.stringify(item.holder), /client|kept/);
    });

    test("S6.5 the file is sealed; verify accepts it and finds a changed byte", async () => {
      await as.archivist.command(id, { type: "archive" });
      const { body: zip } = await as.archivist.send("GET", `/cases/${id}/archive.zip`);
      const path = join(hall.folder, "archive.zip");
      await writeFile(path, zip);
      const whole = spawnSync(program, ["verify", path], { encoding: "utf8" });
      assert.equal(whole.status, 0, whole.stdout + whole.stderr);
      zip[Math.floor(zip.length / 2)] ^= 1;
      await writeFile(path, zip);
      const broken = spawnSync(program, ["verify", path], { encoding: "utf8" });
      assert.equal(broken.status, 1, broken.stdout + broken.stderr);
      for (const kind of ["agreement", "delivery-notice", "one-time-notice", "handover-list"]) {
        const { status, body } = await as.supervisor.send("GET", `/cases/${id}/documents/${kind}.pdf`);
        assert.equal(status, 200, kind);
        assert.equal(body.subarray(0, 5).toString(), "%PDF-");
      }
    });

    test("what may be read is in the lists, and what is wrong is refused with what to do", async () => {
      const found = await as.supervisor.get(`/cases?q=${encodeURIComponent("其其格")}&limit=50`);
      assert.ok(found.items.some((item) => item.id === id));
      const unknown = await as.clerk.send("POST", "/cases", { matters, nonsense: 1 });
      assert.equal(unknown.status, 400, JSON.stringify(unknown.body));
      const wrong = { name: "某某有限公司", uscc: "91150422XTEXTEXT5E", contact: { name: "王小明", phone: "13800000000" } };
      const refused = await as.clerk.send("POST", "/cases", { applicant: wrong, matters, channel: "phone", delivery: "courier" });
      assert.equal(refused.status, 422);
      assert.ok(refused.body.errors.some((e) => e.pointer === "/applicant/uscc" && e.detail.includes("18")), JSON.stringify(refused.body));
      assert.equal((await fetch(`${hall.base}/api/v1/cases`)).status, 401);
    });
  });
}
