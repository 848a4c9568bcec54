"""From form 1 to form 2: links, time to live, garbage collection, cached cells, ordered run tags.

SQLite only: the first catalogs on PostgreSQL were made with form 2. A released
step is never edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WORDS = """
CREATE TABLE ordered_tag (
  run_key INTEGER NOT NULL, position INTEGER NOT NULL, tag TEXT NOT NULL,
  PRIMARY KEY (run_key, position),
  FOREIGN KEY(run_key) REFERENCES run ("key")) STRICT, WITHOUT ROWID;
INSERT INTO ordered_tag (run_key, position, tag)
  SELECT run_key, row_number() OVER (PARTITION BY run_key ORDER BY tag) - 1, tag FROM run_tag;
DROP TABLE run_tag;
ALTER TABLE ordered_tag RENAME TO run_tag;
CREATE INDEX run_tag_by_tag ON run_tag (tag);
ALTER TABLE run ADD COLUMN cache_key TEXT;
ALTER TABLE collection ADD COLUMN portfolio INTEGER DEFAULT '0' NOT NULL;
ALTER TABLE version ADD COLUMN ttl INTEGER;
CREATE INDEX run_by_cache_key ON run (cache_key);
CREATE INDEX run_by_cell ON run (notebook, cell_id);
CREATE INDEX run_by_state ON run (state);
CREATE TABLE collection_tag (
  collection_id INTEGER NOT NULL, tag TEXT NOT NULL,
  PRIMARY KEY (collection_id, tag),
  FOREIGN KEY(collection_id) REFERENCES collection (id)) STRICT, WITHOUT ROWID;
CREATE TABLE link (
  collection_id INTEGER NOT NULL, version_id INTEGER NOT NULL, number INTEGER NOT NULL, linked_at REAL NOT NULL,
  PRIMARY KEY (collection_id, version_id), UNIQUE (collection_id, number),
  FOREIGN KEY(collection_id) REFERENCES collection (id),
  FOREIGN KEY(version_id) REFERENCES version (id)) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_version ON link (version_id);
CREATE TABLE part (
  distributed_id TEXT NOT NULL, project_id INTEGER NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
  root BLOB NOT NULL, facts TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (distributed_id, project_id, name, number),
  FOREIGN KEY(project_id) REFERENCES project (id),
  FOREIGN KEY(root) REFERENCES blob (digest)) STRICT, WITHOUT ROWID;
CREATE TABLE blob_session (
  id TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, condemn_seq INTEGER NOT NULL, state TEXT NOT NULL,
  heartbeat_at REAL NOT NULL,
  PRIMARY KEY (id)) STRICT, WITHOUT ROWID;
CREATE TABLE condemned (
  digest BLOB NOT NULL, seq INTEGER NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (digest)) STRICT, WITHOUT ROWID;
CREATE TABLE trash (
  place TEXT NOT NULL, digest BLOB NOT NULL, size INTEGER NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (place)) STRICT, WITHOUT ROWID;
CREATE TABLE checked (
  place TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (place)) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('condemn', 0);
"""


def to_form_2(conn: Connection) -> None:
    """Add the new tables, columns and indexes."""
    for words in _WORDS.split(";"):
        if words.strip():
            conn.exec_driver_sql(words)
