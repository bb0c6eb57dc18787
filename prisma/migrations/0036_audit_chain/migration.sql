-- AlterTable
ALTER TABLE "audit_event" ADD COLUMN     "hash" BYTEA,
ADD COLUMN     "previousHash" BYTEA;

-- CreateIndex
CREATE INDEX "audit_event_actor_id_idx" ON "audit_event"("actor", "id");

-- CreateIndex
CREATE INDEX "audit_event_action_id_idx" ON "audit_event"("action", "id");

-- By hand from here. Each row carries the SHA-256 of the row before and of itself, so that none can be changed or taken out
-- unseen. The engine that applies migrations splits at every semicolon, also inside quotes: \073 is one.
CREATE FUNCTION audit_event_text(event "audit_event") RETURNS text LANGUAGE sql STABLE AS E'
  SELECT jsonb_build_array(event."id", floor(extract(epoch FROM event."at") * 1000)::bigint,
    event."actor", event."action", event."object", event."detail")::text
';
CREATE FUNCTION audit_event_hash(previous bytea, event "audit_event") RETURNS bytea LANGUAGE sql STABLE AS E'
  SELECT sha256(previous || convert_to(audit_event_text(event), ''UTF8''))
';

DO E'
DECLARE
  event "audit_event"\073
  previous bytea := ''''::bytea\073
BEGIN
  FOR event IN SELECT * FROM "audit_event" ORDER BY "id" LOOP
    UPDATE "audit_event" SET "previousHash" = previous, "hash" = audit_event_hash(previous, event) WHERE "id" = event."id"
      RETURNING "hash" INTO previous\073
  END LOOP\073
END\073
';

-- One writer at a time, from here to its commit: ids, and with them the chain, are in the order in which rows appear.
-- A restore brings hashes along; only who owns the table can say that it is one.
CREATE FUNCTION chain_audit_event() RETURNS trigger LANGUAGE plpgsql AS E'
DECLARE
  newest record\073
BEGIN
  IF current_setting(''trainyard.restoring'', true) = ''on'' AND has_table_privilege(TG_RELID, ''TRIGGER'') THEN
    RETURN NEW\073
  END IF\073
  IF current_setting(''transaction_isolation'') <> ''read committed'' THEN
    RAISE EXCEPTION ''an audit row is written in a READ COMMITTED transaction only'' USING ERRCODE = ''invalid_transaction_state''\073
  END IF\073
  PERFORM pg_advisory_xact_lock(7242004)\073
  SELECT "id", "hash" INTO newest FROM "audit_event" ORDER BY "id" DESC LIMIT 1\073
  IF NEW."id" <= newest."id" THEN
    NEW."id" := nextval(pg_get_serial_sequence(TG_RELID::regclass::text, ''id''))\073
  END IF\073
  NEW."previousHash" := coalesce(newest."hash", ''''::bytea)\073
  NEW."hash" := audit_event_hash(NEW."previousHash", NEW)\073
  RETURN NEW\073
END\073
';
CREATE TRIGGER "audit_event_chain" BEFORE INSERT ON "audit_event" FOR EACH ROW EXECUTE FUNCTION chain_audit_event();

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  RAISE EXCEPTION ''the audit trail is only ever added to'' USING ERRCODE = ''integrity_constraint_violation''\073
END\073
';
CREATE TRIGGER "audit_event_is_append_only" BEFORE UPDATE OR DELETE ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER "audit_event_is_not_emptied" BEFORE TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
