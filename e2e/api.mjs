// A caller of the REST API, by the words of its contract.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { deflateSync } from "node:zlib";
import { crc32 } from "./crc32.mjs";

/** A small PNG with a stroke in it: a drawn signature. */
export function drawnSignature(seed = 1) {
  const [width, height] = [120, 40];
  const rows = Buffer.alloc((width + 1) * height, 255);
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0;
  for (let x = 5; x < width - 5; x++) {
    const y = Math.round(20 + 12 * Math.sin((x * seed) / 9));
    rows[y * (width + 1) + 1 + x] = 0;
    rows[(y + 1) * (width + 1) + 1 + x] = 0;
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

export class Caller {
  constructor(base, username) {
    Object.assign(this, { base, username });
  }

  /** Logs in; the password is the demo's. */
  static async of(base, username, password = "demo-2026") {
    const caller = new Caller(base, username);
    const { status, body } = await caller.send("POST", "/tokens", { username, password });
    assert.equal(status, 201, `${username} gets a token`);
    caller.token = body.token;
    return caller;
  }

  async send(method, path, body, headers = {}) {
    const answer = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token && { Authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const type = answer.headers.get("content-type") ?? "";
    const read = type.includes("json") ? await answer.json() : Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, body: read };
  }

  async get(path) {
    const { status, body, headers } = await this.send("GET", path);
    assert.equal(status, 200, `GET ${path}: ${JSON.stringify(body)}`);
    return Object.assign(body, { etag: headers.get("etag") });
  }

  /** A command that must succeed; the version seen goes along, as signing and its like demand. */
  async command(id, command) {
    const { etag } = await this.get(`/cases/${id}`);
    const { status, body } = await this.send("POST", `/cases/${id}/commands`, command, {
      "If-Match": etag,
      "Idempotency-Key": randomUUID(),
    });
    assert.equal(status, 200, `${this.username} ${JSON.stringify(command)}: ${JSON.stringify(body)}`);
    return body;
  }

  /** A command that a rule must refuse; answers the problem. */
  async refused(id, command, code, clause) {
    const { etag } = await this.get(`/cases/${id}`);
    const { status, body, headers } = await this.send("POST", `/cases/${id}/commands`, command, { "If-Match": etag });
    assert.equal(status, 422, `${JSON.stringify(command)}: ${JSON.stringify(body)}`);
    assert.match(headers.get("content-type"), /application\/problem\+json/);
    assert.equal(body.code, code, JSON.stringify(body));
    if (clause) assert.equal(body.clause, clause);
    assert.ok(body.detail.length > 5, "a refusal says what to do");
    return body;
  }

  async upload(bytes = drawnSignature(), name = "sign.png", type = "image/png") {
    const form = new FormData();
    form.append("file", new Blob([bytes], { type }), name);
    const answer = await fetch(`${this.base}/api/v1/files`, {
      method: "POST",
      headers: { Authorization: `Bearer ${this.token}` },
      body: form,
    });
    const body = await answer.json();
    assert.equal(answer.status, 201, JSON.stringify(body));
    return body;
  }

  /** Signs the newest document of a kind, as one side. */
  async sign(id, type, kind, side, more = {}) {
    const seen = await this.get(`/cases/${id}`);
    const document = seen.documents.filter((d) => d.kind === kind).at(-1);
    assert.ok(document, `there is a ${kind} to sign`);
    const file = await this.upload(drawnSignature(side === "client" ? 1 : 2));
    return this.command(id, { type, side, method: "drawn", document: document.id, hash: document.hash, file: file.id, ...more });
  }
}
