// The people of the hall at their pages, each logged in once, on one case after another.

import { Caller } from "./api.mjs";

export class People {
  pages = {};

  constructor(hall) {
    this.hall = hall;
  }

  /** The page of one person. */
  async as(username) {
    if (!this.pages[username]) {
      const page = await this.hall.page();
      await this.hall.login(page, username);
      this.pages[username] = page;
    }
    return this.pages[username];
  }

  /** The same by the API. */
  caller(username) {
    return Caller.of(this.hall.base, username);
  }

  /** What the case is now, as supervision sees it. */
  async seen(id) {
    return (await this.caller("supervisor")).get(`/cases/${id}`);
  }

  /** A person does one thing on the case's form and is back on the case. */
  async act(id, username, kind, fill = async () => {}, query = "") {
    const page = await this.as(username);
    await page.goto(`/cases/${id}/do/${kind}${query}`);
    await fill(page);
    await Promise.all([page.waitForURL(`**/cases/${id}`), this.send(page)]);
    return page;
  }

  /** Sends the form; what cannot be undone asks once more in a dialog. */
  async send(page) {
    const asks = await page.locator("form[data-guard][data-confirm]").count();
    await page.click("form[data-guard] .end button.go");
    if (asks) await page.click("dialog button.go");
  }

  /** Says how the signer's identity was checked, where the page asks, and writes a name on the pad with the mouse. */
  async write(page) {
    const card = page.locator('input[name="proof"][value="id_card"]');
    if (await card.count()) await card.check();
    await page.locator(".pad").scrollIntoViewIfNeeded();
    const box = await page.locator(".pad").boundingBox();
    await page.mouse.move(box.x + 30, box.y + 60);
    await page.mouse.down();
    for (let x = 0; x <= 120; x += 12) await page.mouse.move(box.x + 30 + x, box.y + 60 + 25 * Math.sin(x / 15));
    await page.mouse.up();
  }

  /** Signs the newest paper of a kind on its page. */
  async sign(id, username, kind, side) {
    const paper = (await this.seen(id)).documents.filter((document) => document.kind === kind).at(-1);
    const page = await this.as(username);
    await page.goto(`/cases/${id}/sign/${paper.id}${side ? `?side=${side}` : ""}`);
    await this.write(page);
    await Promise.all([
      page.waitForURL((url) => !url.pathname.includes("/sign/")),
      page.click("button[data-sign]"),
    ]);
  }
}
