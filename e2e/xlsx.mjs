// Changes cells of a workbook as a person would: the parts of the ZIP are read, one sheet is rewritten, and all is stored again.

import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import { crc32 } from "./crc32.mjs";

/** Name and content of each part, in the order of the central directory. */
function parts(zip) {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const found = [];
  for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(from, from + packed);
    found.push([zip.toString("utf8", at + 46, at + 46 + name), method === 8 ? inflateRawSync(bytes) : bytes]);
    at += 46 + name + extra + comment;
  }
  return found;
}

function stored(all) {
  const [files, directory] = [[], []];
  let offset = 0;
  for (const [name, bytes] of all) {
    const title = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(bytes.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(title.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    files.push(Buffer.from("PK\x03\x04", "latin1"), head, title, bytes);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), head, place, title);
    offset += 30 + title.length + bytes.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(all.length, 4);
  end.writeUInt16LE(all.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, list, Buffer.from("PK\x05\x06", "latin1"), end]);
}

/** The workbook with other words in some cells of one sheet (counted from one): `{ K3: "2" }`. */
export function changed(workbook, sheet, cells) {
  const path = `xl/worksheets/sheet${sheet}.xml`;
  return stored(parts(workbook).map(([name, bytes]) => {
    if (name !== path) return [name, bytes];
    let xml = bytes.toString("utf8");
    for (const [cell, words] of Object.entries(cells)) {
      const old = new RegExp(`<c r="${cell}"( s="\\d+")?(?: t="\\w+")?(?:/>|>.*?</c>)`);
      assert.match(xml, old, `the sheet has ${cell}`);
      xml = xml.replace(old, `<c r="${cell}"$1 t="inlineStr"><is><t>${words}</t></is></c>`);
    }
    return [name, Buffer.from(xml)];
  }));
}
