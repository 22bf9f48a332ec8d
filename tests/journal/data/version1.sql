CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    provider TEXT NOT NULL,
    tool TEXT NOT NULL,
    target TEXT NOT NULL,
    step INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL,
    names TEXT NOT NULL,
    step_name TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'claimed' CHECK (state IN ('claimed', 'sent', 'done')),
    "values" TEXT NOT NULL DEFAULT '{}',
    known TEXT NOT NULL DEFAULT '[]',
    owner TEXT,
    lease REAL NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 1,
    sent_attempt INTEGER NOT NULL DEFAULT 0,
    refused TEXT NOT NULL DEFAULT '',
    settled TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL,
    updated REAL NOT NULL
);
CREATE TABLE previews (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'used')),
    until REAL NOT NULL,
    port INTEGER NOT NULL DEFAULT 0,
    path TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE hosted (
    host TEXT NOT NULL,
    key TEXT NOT NULL,
    asked TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    PRIMARY KEY (host, key)
) WITHOUT ROWID;
CREATE TABLE agreed (mark TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
