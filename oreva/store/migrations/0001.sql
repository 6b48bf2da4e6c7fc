-- Schema version 1. Bodies are models as JSON (see oreva/store/records.py); the columns beside them are for finding rows.
-- Text columns that come from outside hold `records.to_key(text)`: plain text, with backslashes doubled.

CREATE TABLE finding (
  repository TEXT NOT NULL,
  id TEXT NOT NULL CHECK (id <> ''),
  revision INTEGER NOT NULL,
  status TEXT NOT NULL,
  severity TEXT NOT NULL,
  path TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (repository, id)
);
CREATE INDEX finding_by_status ON finding (repository, status, severity, id);
CREATE INDEX finding_by_path ON finding (repository, path);

CREATE TABLE finding_cwe (
  repository TEXT NOT NULL,
  cwe TEXT NOT NULL,
  finding_id TEXT NOT NULL,
  PRIMARY KEY (repository, cwe, finding_id),
  FOREIGN KEY (repository, finding_id) REFERENCES finding (repository, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX finding_cwe_by_finding ON finding_cwe (repository, finding_id);

CREATE TABLE event (
  finding_id TEXT NOT NULL,
  at INTEGER NOT NULL, -- microseconds since 1970
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (finding_id, at, id)
);

CREATE TABLE scan (
  repository TEXT NOT NULL,
  id TEXT NOT NULL,
  applied INTEGER NOT NULL, -- 1 once its changes are written: from then on the row is final
  body TEXT NOT NULL,
  PRIMARY KEY (repository, id)
);

CREATE TABLE baseline (
  repository TEXT NOT NULL,
  branch TEXT NOT NULL,
  scan_id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (repository, branch)
);

CREATE TABLE branch_scan (
  scan_id TEXT PRIMARY KEY,
  kept_since INTEGER NOT NULL -- microseconds since 1970
);
CREATE INDEX branch_scan_by_age ON branch_scan (kept_since);

CREATE TABLE branch_finding (
  scan_id TEXT NOT NULL REFERENCES branch_scan (scan_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (scan_id, position)
);

CREATE TABLE verdict (
  key TEXT PRIMARY KEY,
  body TEXT NOT NULL
);

CREATE TABLE memory (
  repository TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (repository, rule_id, id)
);
