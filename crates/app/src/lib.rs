//! Use cases: load, may, decide, save and outbox in one transaction.
