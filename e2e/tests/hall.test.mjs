// Every walk on both databases, in one hall each: the demo is made once for all of them.

import { after, before, describe } from "node:test";
import { start } from "../harness.mjs";
import { throughTheApi } from "../walks/api.mjs";
import { inTheBrowser } from "../walks/browser.mjs";
import { takePictures } from "../walks/pictures.mjs";
import { atFirstSight } from "../walks/smoke.mjs";
import { timeAndMap } from "../walks/time.mjs";
import { otherWays } from "../walks/turns.mjs";

for (const database of ["sqlite", "postgres"]) {
  describe(`on ${database}`, () => {
    let hall;
    before(async () => { hall = await start({ database }); });
    after(() => hall?.close());

    if (database === "sqlite") atFirstSight(() => hall);
    if (database === "sqlite") timeAndMap(() => hall);
    throughTheApi(() => hall);
    inTheBrowser(() => hall, database);
    otherWays(() => hall, database);
    if (database === "sqlite") takePictures(() => hall);
  });
}
