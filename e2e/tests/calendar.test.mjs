// The holidays that the program brings along, beside a second source made by others: every day of the years that both know.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const { isWorkday } = createRequire(import.meta.url)("chinese-days");
const file = JSON.parse(readFileSync(new URL("../../reference/holidays.json", import.meta.url), "utf8"));
const years = Object.keys(file).filter((key) => !key.startsWith("_"));

/** The rule of the file: worked if listed so, or Monday to Friday and not off. */
function isWorking(year, day) {
  if (file[year].work.includes(day)) return true;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !file[year].off.includes(day);
}

// The notice of 2024 only encourages leave on the eve of the Spring Festival, so that limits run on; the other source counts it as off.
const KNOWN = new Set(["2024-02-09"]);

test("holidays and make-up days agree with a second source", () => {
  assert.ok(years.length >= 3, `${years}`);
  const apart = [];
  for (const year of years) {
    for (let time = Date.UTC(Number(year), 0, 1); time < Date.UTC(Number(year) + 1, 0, 1); time += 86_400_000) {
      const day = new Date(time).toISOString().slice(0, 10);
      if (isWorking(year, day) !== isWorkday(day)) apart.push(day);
    }
  }
  assert.deepEqual(apart, []);
});
