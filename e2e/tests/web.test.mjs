// The scripts of the pages, each on a page made for it, under the content policy that the program sends.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { Visitors } from "../browser.mjs";

const visitors = new Visitors();
const web = new URL("../../web/", import.meta.url);
const asked = [];
const posts = () => asked.filter((request) => request.method === "POST").length;
let body = "";
let draftStatus = 204;
let server;
let base;

function answer(request, response) {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    if (request.method !== "GET") {
      asked.push({ method: request.method, url: request.url, body: Buffer.concat(chunks).toString() });
      // A slow answer, so that a second click would come through if nothing held it.
      setTimeout(() => response.writeHead(request.method === "PUT" ? draftStatus : 200, { "Content-Type": "text/html" }).end(request.method === "PUT" ? undefined : "ok"), 600);
      return;
    }
    const own = /^\/(theme\.css|(app|keys|sign)\.js)$/.exec(request.url);
    if (own) {
      const type = request.url.endsWith("css") ? "text/css" : "text/javascript";
      response.writeHead(200, { "Content-Type": type }).end(readFileSync(new URL(own[1], web)));
    } else if (request.url === "/favicon.ico") {
      response.writeHead(204).end();
    } else {
      const head = `<meta charset="utf-8"><title>t</title><link rel="stylesheet" href="/theme.css">`;
      const scripts = ["app", "keys", "sign"].map((name) => `<script src="/${name}.js" defer></script>`).join("");
      response.writeHead(200, { "Content-Type": "text/html", "Content-Security-Policy": "default-src 'self'; img-src 'self' data:" });
      response.end(`<!DOCTYPE html><html lang="zh-CN"><head>${head}${scripts}</head><body class="desk">${body.includes("<main") ? body : `<main class="page">${body}</main>`}</body></html>`);
    }
  });
}

before(async () => {
  server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${server.address().port}`;
  await visitors.open();
});
after(async () => {
  await visitors.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  assert.deepEqual(visitors.problems, []);
});
beforeEach(() => {
  asked.length = 0;
  draftStatus = 204;
});

async function open(html, options) {
  body = html;
  const page = await visitors.page({ baseURL: base, ...options });
  await page.goto("/");
  return page;
}
const form = (inside, attributes = "") => `<h1>题</h1><form method="post" action="/send" ${attributes}>${inside}<button class="go" type="submit">发出</button></form>`;
const waitFor = async (is, what) => {
  for (let i = 0; i < 80; i++) {
    if (is()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`never came: ${what}`);
};

const SIGN = `<h1>签</h1><form method="post" action="/send">
  <p id="who">交出人签字：</p><div class="pad" role="group" tabindex="0" aria-labelledby="who"><span>用手指或笔在线上写名字</span></div>
  <input type="hidden" name="strokes" data-strokes><input type="hidden" name="image" data-image>
  <label for="scan">手签后的扫描件</label><input id="scan" type="file" name="scan" data-scan>
  <button class="go" type="submit" data-sign aria-disabled="true">签字</button><button type="button" data-clear>重写</button></form>`;

async function write(page) {
  const box = await page.locator(".pad").boundingBox();
  await page.mouse.move(box.x + 40, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 90, { steps: 8 });
  await page.mouse.move(box.x + 160, box.y + 50, { steps: 8 });
  await page.mouse.up();
}

test("sign: nothing written, nothing sent; written, strokes and picture go along", async () => {
  const page = await open(SIGN);
  const button = page.locator("[data-sign]");
  await button.click({ force: true });
  assert.equal(asked.length, 0);
  assert.equal(await page.evaluate(() => document.activeElement.className), "pad");
  await write(page);
  assert.equal(await button.getAttribute("aria-disabled"), "false");
  const strokes = JSON.parse(await page.inputValue("[data-strokes]"));
  assert.equal(strokes.strokes.length, 1);
  assert.ok(strokes.strokes[0].length > 5 && strokes.strokes[0].every((point) => point.length === 4));
  assert.ok(strokes.width > 200 && strokes.height === 196, JSON.stringify([strokes.width, strokes.height]));
  const image = Buffer.from((await page.inputValue("[data-image]")).split(",")[1], "base64");
  assert.equal(image.subarray(1, 4).toString(), "PNG");
  assert.ok(image.readUInt32BE(16) > 360 && image.readUInt32BE(16) < 440, "cut to the ink, three pixels to one");
  await button.click();
  await waitFor(() => asked.length === 1, "the form");
  assert.match(asked[0].body, /strokes=/);
});

test("sign: a slip is no name, 重写 begins again, and a scan is the other way", async () => {
  const page = await open(SIGN);
  const box = await page.locator(".pad").boundingBox();
  await page.mouse.click(box.x + 50, box.y + 50);
  assert.equal(await page.getAttribute("[data-sign]", "aria-disabled"), "true");
  assert.equal(await page.inputValue("[data-strokes]"), "");
  await write(page);
  await page.click("[data-clear]");
  assert.equal(await page.inputValue("[data-image]"), "");
  assert.equal(await page.getAttribute("[data-sign]", "aria-disabled"), "true");
  await page.setInputFiles("#scan", { name: "签字页.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(12_000) });
  assert.equal(await page.getAttribute("[data-sign]", "aria-disabled"), "false");
  assert.match(await page.textContent("ul.names"), /签字页\.pdf\s*12 KB/);
});

test("sign: a finger on a phone writes, and turning the phone keeps it", async () => {
  const page = await open(SIGN, { width: 360 });
  const box = await page.locator(".pad").boundingBox();
  const touch = await page.context().newCDPSession(page);
  const at = (x, y) => [{ x: box.x + x, y: box.y + y }];
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(30, 40) });
  for (let i = 1; i <= 10; i++) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(30 + 12 * i, 40 + 6 * i) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  const before = await page.inputValue("[data-strokes]");
  assert.ok(JSON.parse(before).strokes[0].length > 4);
  await page.setViewportSize({ width: 740, height: 360 });
  assert.equal(await page.inputValue("[data-strokes]"), before);
  const inked = await page.evaluate(() => {
    const canvas = document.querySelector(".pad canvas");
    return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
  });
  assert.ok(inked, "drawn again after the turn");
});

const ROWS = (name) => [1, 2].map((i) => `<tr><td><a href="#${name}${i}">${name}${i}</a></td><td class="k"><button type="button" id="${name}${i}b">办</button> <button type="button" data-key="c" id="${name}${i}c">催</button></td></tr>`).join("");
const WORK = `<h1>我的工作</h1><input type="search" aria-label="找"><div class="work"><table><tbody>${ROWS("a")}</tbody></table></div>
  <div class="work"><table><tbody>${ROWS("b")}</tbody></table></div><button type="button" data-key="F2" id="next">下一位</button>
  <dialog id="keys"><h2>按键</h2><button type="button" data-close>关上</button></dialog>`;

test("keys: J and K walk through all lists, O opens, Enter and letters do the row's things", async () => {
  const page = await open(WORK);
  await page.evaluate(() => {
    window.pressed = [];
    document.addEventListener("click", (event) => event.target.id && window.pressed.push(event.target.id));
  });
  for (const key of ["k", "j", "k", "k", "k", "k", "j", "j", "k"]) await page.keyboard.press(key);
  assert.equal(await page.textContent("tr.at a"), "a2");
  assert.equal(await page.locator("[aria-current=true]").count(), 1);
  for (const key of ["Enter", "c", "F2"]) await page.keyboard.press(key);
  assert.deepEqual(await page.evaluate(() => window.pressed), ["a2b", "a2c", "next"]);
  await page.keyboard.press("o");
  await page.waitForURL(/#a2$/, { timeout: 15_000 });
});

test("keys: / seeks, ? helps, and who types is left alone", async () => {
  const page = await open(WORK);
  await page.keyboard.press("/");
  await page.keyboard.type("jk?o");
  assert.equal(await page.inputValue("[type=search]"), "jk?o");
  assert.equal(await page.locator("tr.at").count(), 0);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("?");
  assert.ok(await page.locator("dialog#keys").isVisible());
  await page.keyboard.press("j");
  assert.equal(await page.locator("tr.at").count(), 0, "a dialog has the keys for itself");
  await page.click("[data-close]");
  assert.ok(await page.locator("dialog#keys").isHidden());
});

test("app: it asks first, and sends once", async () => {
  const page = await open(form("", `data-confirm="撤回以后不能恢复，撤回吗？" data-yes="撤回"`));
  await page.click("text=发出");
  assert.match(await page.textContent("dialog"), /撤回以后不能恢复/);
  await page.click("dialog >> text=先不做");
  assert.equal(asked.length, 0);
  await page.click("text=发出");
  // The answer takes a while; an impatient second click in the meantime neither sends nor asks again. The page does both
  // by itself, for it is already on its way out.
  await page.evaluate(() => {
    const sent = document.querySelector("form");
    setTimeout(() => {
      sent.requestSubmit();
      sessionStorage.setItem("dialogs", String(document.querySelectorAll("dialog").length));
    }, 250);
    document.querySelector("dialog .go").click();
  });
  await page.waitForURL(/send/);
  assert.equal(await page.evaluate(() => sessionStorage.getItem("dialogs")), "0");
  assert.equal(posts(), 1);
});

test("app: a draft is kept after a pause, without the password, and says so", async () => {
  const page = await open(form(`<textarea name="ask" aria-label="问"></textarea><input type="password" name="secret" aria-label="密码"><span data-draft-state></span>`, `data-draft="/drafts/7"`));
  await page.fill("[name=secret]", "s3");
  await page.locator("[name=ask]").pressSequentially("冷库用地");
  await waitFor(() => asked.length === 1, "the draft");
  assert.deepEqual({ ...asked[0], body: decodeURIComponent(asked[0].body) }, { method: "PUT", url: "/drafts/7", body: "ask=冷库用地" });
  await page.waitForFunction(() => document.querySelector("[data-draft-state]").textContent.includes("已自动保存"));
  draftStatus = 500;
  await page.locator("[name=ask]").pressSequentially("！");
  await page.waitForFunction(() => document.querySelector("[data-draft-state]").textContent.includes("没有保存上"));
  await page.context().close();
  visitors.problems.splice(0, visitors.problems.length, ...visitors.problems.filter((p) => !p.includes("status of 500")));
});

test("app: leaving with unsaved changes is asked about, after sending not", async () => {
  const page = await open(form(`<input name="a" aria-label="甲">`, "data-guard"));
  const questions = [];
  page.on("dialog", (dialog) => {
    questions.push(dialog.type());
    return dialog.accept();
  });
  await page.goto("/");
  assert.deepEqual(questions, []);
  await page.locator("[name=a]").pressSequentially("x");
  await page.goto("/");
  assert.deepEqual(questions, ["beforeunload"]);
  await page.locator("[name=a]").pressSequentially("x");
  await page.click("text=发出");
  await page.waitForURL(/send/);
  assert.deepEqual(questions, ["beforeunload"]);
});

test("app: a credit code becomes upper case where it is typed", async () => {
  const page = await open(form(`<input name="code" data-upper aria-label="统一社会信用代码">`));
  const field = page.locator("[name=code]");
  await field.pressSequentially("9115 ma0y");
  assert.equal(await field.inputValue(), "9115MA0Y");
  await field.evaluate((input) => input.setSelectionRange(4, 4));
  await field.pressSequentially("x1");
  assert.equal(await field.inputValue(), "9115X1MA0Y");
});

test("app: what is not allowed now is not sent", async () => {
  const page = await open(`<h1>题</h1><form method="post" action="/send"><button type="submit" aria-disabled="true">归档</button></form>`);
  await page.click("text=归档", { force: true });
  await page.waitForTimeout(300);
  assert.equal(posts(), 0);
});

for (const width of [1280, 360]) {
  test(`theme: every part on one sheet is accessible and fits at ${width} px`, async () => {
    const page = await open(readFileSync(new URL("../specimen.html", import.meta.url), "utf8"), { width });
    await page.setInputFiles("#file", [1, 2].map((i) => ({ name: `营业执照 ${i}.jpg`, mimeType: "image/jpeg", buffer: Buffer.alloc(1_200_000 * i) })));
    assert.equal(await page.locator("ul.names li").count(), 2);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${wide} px wider than the screen`);
    const short = await page.evaluate(() => [...document.querySelectorAll(".btn, button, select, input:not([type=radio], [type=checkbox])")]
      .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44).map((e) => e.outerHTML.slice(0, 60)));
    assert.deepEqual(short, [], "targets are at least 44 px high");
    await visitors.accessible(page);
    await page.screenshot({ path: new URL(`../output/specimen-${width}.png`, import.meta.url).pathname, fullPage: true });
    await page.click("[data-dialog]");
    await visitors.accessible(page);
  });
}
