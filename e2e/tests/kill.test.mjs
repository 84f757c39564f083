// SIGKILL under load, on both databases, one after the other: two cores are shared by server, database and callers.

import { test } from "node:test";
import { killedUnderLoad } from "../walks/kill.mjs";

for (const database of ["sqlite", "postgres"]) {
  test(`nothing is lost and nothing done twice on ${database}`, { timeout: 300_000 }, (t) =>
    killedUnderLoad(database, (line) => t.diagnostic(line)));
}
