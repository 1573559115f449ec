CREATE TABLE IF NOT EXISTS settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS users (
    id            INTEGER PRIMARY KEY,
    username      TEXT NOT NULL UNIQUE,
    email         TEXT NOT NULL COLLATE NOCASE UNIQUE,
    password_hash TEXT NOT NULL,
    bio           TEXT,
    image         TEXT
) STRICT;

CREATE TABLE IF NOT EXISTS follows (
    follower_id INTEGER NOT NULL REFERENCES users,
    followed_id INTEGER NOT NULL REFERENCES users,
    PRIMARY KEY (follower_id, followed_id)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: a later article has a larger id than all before it, deleted ones included.
CREATE TABLE IF NOT EXISTS articles (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    slug        TEXT NOT NULL UNIQUE,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    body        TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    updated_at  TEXT NOT NULL,
    author_id   INTEGER NOT NULL REFERENCES users
) STRICT;

CREATE INDEX IF NOT EXISTS articles_by_author ON articles (author_id);

CREATE TABLE IF NOT EXISTS article_tags (
    article_id INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    tag        TEXT NOT NULL,
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS article_tags_by_tag ON article_tags (tag);

CREATE TABLE IF NOT EXISTS favorites (
    article_id INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users,
    PRIMARY KEY (article_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS favorites_by_user ON favorites (user_id);

CREATE TABLE IF NOT EXISTS comments (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    author_id  INTEGER NOT NULL REFERENCES users,
    body       TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS comments_by_article ON comments (article_id);
