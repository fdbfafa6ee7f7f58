-- SQLite's REPLACE removes the old row without asking the trigger against DELETE; this one comes before it.
CREATE TRIGGER history_is_never_replaced BEFORE INSERT ON history
WHEN EXISTS (SELECT 1 FROM history WHERE referral_id = NEW.referral_id AND seq = NEW.seq) BEGIN
    SELECT RAISE(ABORT, 'history is append-only');
END;
