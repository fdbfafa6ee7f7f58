-- Whom a parked mail may be about that was parked since a record could not be read, as keyed digests of people and of
-- referrals: until it is read again no letter leaves to a client among them, since it may say stop.
CREATE TABLE unheard (
    digest   BYTEA NOT NULL,
    mail_id  BIGINT NOT NULL REFERENCES mail (id),
    PRIMARY KEY (digest, mail_id)
);
CREATE INDEX unheard_mail ON unheard (mail_id);
