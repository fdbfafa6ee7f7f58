-- Every instant is milliseconds since 1970 UTC. Everything personal is sealed (BYTEA) under a key of its own row or
-- referral; dropping that key forgets it. Digests are keyed.

-- How far each mailbox was read.
CREATE TABLE mailbox (
    name        TEXT PRIMARY KEY,
    validity    BIGINT NOT NULL,
    next_uid    BIGINT NOT NULL,
    vanished    BIGINT NOT NULL DEFAULT 0,
    renumbered  BIGINT NOT NULL DEFAULT 0
);

-- One row a referral. While it is open it has one owner, a next action and a due time: the store refuses anything else.
CREATE TABLE referral (
    id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference       TEXT NOT NULL UNIQUE,
    version         BIGINT NOT NULL,
    facts           BIGINT NOT NULL,
    head            BYTEA NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('Received', 'Needs Info', 'Under Review', 'Accepted', 'Redirected', 'Closed')),
    contact         TEXT NOT NULL CHECK (contact IN ('not started', 'attempting', 'confirmed', 'bounced', 'do not contact')),
    tier            TEXT NOT NULL CHECK (tier IN ('standard', 'deadline', 'safety')),
    open            BIGINT NOT NULL CHECK (open IN (0, 1)),
    -- Whether its client said stop, where nobody can read the record any more.
    stopped         BIGINT NOT NULL CHECK (stopped IN (0, 1)),
    owner           TEXT NOT NULL CHECK (owner <> ''),
    partner         TEXT,
    policy          TEXT NOT NULL,
    next_action     TEXT NOT NULL CHECK (next_action <> ''),
    next_action_at  BIGINT NOT NULL,
    look_at         BIGINT,
    received_at     BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    confirmed_at    BIGINT,
    bounced_at      BIGINT,
    bounce_reason   TEXT,
    -- The code of the data owner's own reason, which counts as the one above.
    bounce_added    TEXT,
    data_key        BYTEA,
    record          BYTEA NOT NULL,
    CHECK (open = 0 OR next_action <> 'nothing'),
    CHECK (open = 1 OR status IN ('Redirected', 'Closed')),
    CHECK (bounced_at IS NULL OR bounce_reason IS NOT NULL),
    CHECK (bounce_added IS NULL OR bounce_reason IS NOT NULL)
);
CREATE INDEX referral_look ON referral (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX referral_open ON referral (owner, next_action_at) WHERE open = 1;
-- The newest link of every history in a narrow place: the audit head reads all of them every day.
CREATE INDEX referral_head ON referral (id, head);
CREATE INDEX referral_partner ON referral (partner, next_action_at) WHERE open = 1;
CREATE INDEX referral_received ON referral (received_at);
CREATE INDEX referral_confirmed ON referral (confirmed_at) WHERE confirmed_at IS NOT NULL;
-- What a purge may still forget: a row leaves it once it is forgotten.
CREATE INDEX referral_kept ON referral (changed_at) WHERE open = 0 AND data_key IS NOT NULL;
CREATE INDEX referral_bounced ON referral (bounced_at) WHERE bounced_at IS NOT NULL;

-- A referral has many people and lines of history, and a foreign key is proven row by row, each by a query of its own. Of
-- these two it is proven for all rows of a statement at once, planned anew each time, as the tables grow. No referral is
-- ever removed or renumbered: what was proven stays so.
CREATE FUNCTION referral_is_never_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a referral is never removed or renumbered';
END $$;
CREATE TRIGGER referral_is_never_removed BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON referral
    FOR EACH STATEMENT EXECUTE FUNCTION referral_is_never_removed();
CREATE FUNCTION is_of_a_referral() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    astray BOOLEAN;
BEGIN
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM added WHERE NOT EXISTS
        (SELECT 1 FROM referral WHERE referral.id = added.referral_id))' INTO astray;
    IF astray THEN
        RAISE foreign_key_violation USING MESSAGE = 'a row of ' || TG_TABLE_NAME || ' is of no referral';
    END IF;
    RETURN NULL;
END $$;

-- Every mail that was ever read, with exactly one disposition once it was handled.
CREATE TABLE mail (
    id                 BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    origin             TEXT NOT NULL UNIQUE,
    digest             BYTEA NOT NULL,
    message_id_digest  BYTEA,
    bytes              BIGINT NOT NULL,
    whole              BIGINT NOT NULL CHECK (whole IN (0, 1)),
    arrived_at         BIGINT NOT NULL,
    spooled_at         BIGINT NOT NULL,
    attempts           BIGINT NOT NULL DEFAULT 0,
    data_key           BYTEA,
    disposition        TEXT CHECK (disposition IN ('referral', 'reply', 'command', 'auto_reply', 'delivery_report', 'duplicate', 'parked', 'ignored')),
    cause              TEXT,
    referral_id        BIGINT REFERENCES referral (id),
    handled_at         BIGINT,
    CHECK (disposition IS NULL OR handled_at IS NOT NULL),
    CHECK (disposition IS NULL OR disposition NOT IN ('parked', 'ignored') OR cause IS NOT NULL)
);
CREATE INDEX mail_waiting ON mail (id) WHERE disposition IS NULL;
CREATE INDEX mail_parked ON mail (id) WHERE disposition = 'parked';
CREATE INDEX mail_digest ON mail (digest);
CREATE INDEX mail_message_id ON mail (message_id_digest) WHERE message_id_digest IS NOT NULL;
CREATE INDEX mail_spooled ON mail (spooled_at);
CREATE INDEX mail_referral ON mail (referral_id) WHERE referral_id IS NOT NULL;
-- What a purge may still empty: a row leaves it once it is empty.
CREATE INDEX mail_kept ON mail (handled_at) WHERE data_key IS NOT NULL;

-- The bytes of each mail, apart from what is noted about it: a note does not write them again. They go with their key.
CREATE TABLE mail_raw (
    mail_id  BIGINT PRIMARY KEY REFERENCES mail (id),
    raw      BYTEA NOT NULL
);
CREATE FUNCTION drop_mail_raw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM mail_raw WHERE mail_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER mail_without_key_has_no_bytes AFTER UPDATE OF data_key ON mail
    FOR EACH ROW WHEN (NEW.data_key IS NULL) EXECUTE FUNCTION drop_mail_raw();

-- The referrals of a mail that led to several: whoever forgets one of them forgets the mail.
CREATE TABLE mail_about (
    mail_id      BIGINT NOT NULL REFERENCES mail (id),
    referral_id  BIGINT NOT NULL REFERENCES referral (id),
    PRIMARY KEY (mail_id, referral_id)
);
CREATE INDEX mail_about_referral ON mail_about (referral_id);

-- What happened to a referral: append-only, refused by the store itself otherwise.
CREATE TABLE history (
    referral_id  BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    by_whom      TEXT NOT NULL,
    words        BYTEA NOT NULL,
    chain        BYTEA NOT NULL,
    PRIMARY KEY (referral_id, seq)
);
CREATE INDEX history_at ON history (at, kind);
CREATE TRIGGER history_is_of_a_referral AFTER INSERT ON history
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION is_of_a_referral();
CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only';
END $$;
CREATE TRIGGER history_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();

-- Rendered letters. The natural key is what makes a letter go out once: referral, kind, step, recipient.
CREATE TABLE outbox (
    id                BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    natural_key       TEXT NOT NULL UNIQUE,
    -- Keyed: a Message-ID may hold the token by which its letter is answered.
    message_id_digest BYTEA NOT NULL UNIQUE,
    referral_id       BIGINT REFERENCES referral (id),
    kind              TEXT NOT NULL,
    part              TEXT NOT NULL CHECK (part IN ('sender', 'client', 'receiver', 'staff', 'admin')),
    recipient_digest  BYTEA NOT NULL,
    data_key          BYTEA,
    -- Whether its words are there: sealed under the key above, or under that of its referral.
    kept              BIGINT NOT NULL DEFAULT 1 CHECK (kept IN (0, 1)),
    state             TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'in-doubt', 'sent', 'failed', 'held', 'withheld')),
    attempts          BIGINT NOT NULL DEFAULT 0,
    -- How often it was claimed, also when it was then put off: it never falls, as the witness needs it.
    claims            BIGINT NOT NULL DEFAULT 0,
    doubts            BIGINT NOT NULL DEFAULT 0,
    next_at           BIGINT NOT NULL,
    -- Until when somebody has it who claimed it, or it is in doubt: nobody else may take it before. It stands in no index,
    -- so that a letter on its way writes none until it is settled.
    leased_until      BIGINT NOT NULL DEFAULT 0,
    -- When it was to go: until then it waits on purpose, for its turn or for the hours that are safe.
    due_at            BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    settled_at        BIGINT,
    answer            TEXT,
    -- In a column of its own, as an index that asks for the state is written whenever the state changes.
    troubled          BIGINT GENERATED ALWAYS AS (CASE WHEN state IN ('failed', 'held') THEN 1 ELSE 0 END) STORED,
    -- One that is neither waiting nor settled would be in no figure.
    CHECK ((settled_at IS NULL) = (state IN ('queued', 'claimed', 'in-doubt')))
);
CREATE INDEX outbox_due ON outbox (next_at, id) WHERE settled_at IS NULL;
CREATE INDEX outbox_recipient ON outbox (recipient_digest, created_at);
CREATE INDEX outbox_referral ON outbox (referral_id, kind);
CREATE INDEX outbox_troubled ON outbox (settled_at) WHERE troubled = 1;
-- For the purge, which asks for what is kept, and for the newest of all. Nothing that waits is in it, as each letter would
-- move when it is sent.
CREATE INDEX outbox_settled ON outbox (kept, settled_at) WHERE settled_at IS NOT NULL;

-- The words of each letter with their address, apart from what is noted about it.
CREATE TABLE outbox_parcel (
    outbox_id  BIGINT PRIMARY KEY REFERENCES outbox (id),
    parcel     BYTEA NOT NULL
);
CREATE FUNCTION drop_outbox_parcel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM outbox_parcel WHERE outbox_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_not_kept_has_no_words AFTER UPDATE OF kept ON outbox
    FOR EACH ROW WHEN (NEW.kept = 0) EXECUTE FUNCTION drop_outbox_parcel();

-- Whose final warning stands in a letter about many referrals: it counts as their own once that letter is sent.
CREATE TABLE told (
    referral_id  BIGINT NOT NULL REFERENCES referral (id),
    natural_key  TEXT NOT NULL,
    PRIMARY KEY (referral_id, natural_key)
);

-- Keyed digests of phone, email, name with birth date: how the same person is recognised. And of the names of clients
-- and of opposing parties, each apart from the other: how a conflict is seen.
CREATE TABLE person (
    digest       BYTEA NOT NULL,
    referral_id  BIGINT NOT NULL,
    PRIMARY KEY (digest, referral_id)
);
CREATE INDEX person_referral ON person (referral_id);
CREATE TRIGGER person_is_of_a_referral AFTER INSERT ON person
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION is_of_a_referral();
CREATE TRIGGER changed_person_is_of_a_referral AFTER UPDATE ON person
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION is_of_a_referral();

-- The addresses of forgotten referrals whose client had said stop, as keyed digests, of those who said it before anybody
-- referred them, and of those who said it after the backup of a store that was put back: a later referral of the same
-- person starts none of our letters anew.
CREATE TABLE stopped (
    digest  BYTEA PRIMARY KEY,
    at      BIGINT NOT NULL
);

-- When each loop last got through: the inbox read to its end, a mail accepted, the digest of a day written.
CREATE TABLE beat (
    name  TEXT PRIMARY KEY,
    at    BIGINT NOT NULL
);

-- What staff said by mail about being away: the newest row of each counts. An instant that is over means here.
CREATE TABLE absence (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff          TEXT NOT NULL,
    until          BIGINT NOT NULL,
    settings_said  BIGINT,
    -- Who said it: themselves, or "host" for an admin on this machine.
    said_by        TEXT NOT NULL,
    said_at        BIGINT NOT NULL
);
CREATE INDEX absence_staff ON absence (staff, id);

-- A legal hold beats every deletion. It is lifted by another operator than the one who placed it.
CREATE TABLE hold (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    referral_id  BIGINT NOT NULL REFERENCES referral (id),
    by_whom      TEXT NOT NULL,
    at           BIGINT NOT NULL,
    released_by  TEXT,
    released_at  BIGINT,
    CHECK ((released_by IS NULL) = (released_at IS NULL)),
    CHECK (released_by IS NULL OR released_by <> by_whom)
);
CREATE INDEX hold_referral ON hold (referral_id) WHERE released_at IS NULL;

-- Who on this host had something personal shown to them. Append-only, and a chain of its own.
CREATE TABLE disclosure (
    id       BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    by_whom  TEXT NOT NULL,
    what     TEXT NOT NULL,
    about    TEXT NOT NULL,
    chain    BYTEA NOT NULL
);
CREATE TRIGGER disclosure_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE INDEX disclosure_about ON disclosure (about, id);

-- Whom a parked mail may be about that was parked since a record could not be read, as keyed digests of people and of
-- referrals: until it is read again no letter leaves to a client among them, since it may say stop.
CREATE TABLE unheard (
    digest   BYTEA NOT NULL,
    mail_id  BIGINT NOT NULL REFERENCES mail (id),
    PRIMARY KEY (digest, mail_id)
);
CREATE INDEX unheard_mail ON unheard (mail_id);

-- A row that is changed in none of its indexed columns writes no index if its new version has room on the same page.
ALTER TABLE mail SET (fillfactor = 50);
ALTER TABLE outbox SET (fillfactor = 50);

-- What is sealed cannot be made smaller: it is not tried.
ALTER TABLE referral ALTER COLUMN record SET STORAGE EXTERNAL;
ALTER TABLE mail_raw ALTER COLUMN raw SET STORAGE EXTERNAL;
ALTER TABLE outbox_parcel ALTER COLUMN parcel SET STORAGE EXTERNAL;
