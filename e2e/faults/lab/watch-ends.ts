import type pg from "pg";

/** What people are told of an end. */
const END = ["status", "exitStatus", "exitWhy", "oomKills", "endCause", "reason", "startedAt", "endedAt"]
  .map((column) => `'${column}', r."${column}"`)
  .join(", ");

/**
 * Lets Postgres note every end that it is told, and everything that happens to one afterwards: whatever is committed,
 * also for an instant, is seen.
 */
export async function watchEnds(pool: pg.Pool): Promise<void> {
  await pool.query(`
    CREATE TABLE lab_end (id bigserial PRIMARY KEY, attempt uuid NOT NULL, act text NOT NULL, was jsonb, becomes jsonb);
    CREATE FUNCTION lab_end_of(r attempt) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object(${END}) $$;
    CREATE FUNCTION lab_note_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP <> 'INSERT' AND OLD."isTerminal" THEN
        INSERT INTO lab_end (attempt, act, was, becomes)
          VALUES (OLD."attemptId", 'event ' || TG_OP, to_jsonb(OLD), CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(NEW) END);
      ELSIF TG_OP <> 'DELETE' AND NEW."isTerminal" THEN
        INSERT INTO lab_end (attempt, act, becomes) VALUES (NEW."attemptId", 'event', to_jsonb(NEW));
      END IF;
      RETURN NULL;
    END $$;
    CREATE FUNCTION lab_note_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD."endedAt" IS NOT NULL OR OLD.status IN ('succeeded', 'failed', 'cancelled', 'interrupted') THEN
        IF TG_OP = 'DELETE' THEN
          INSERT INTO lab_end (attempt, act, was) VALUES (OLD.id, 'attempt DELETE', lab_end_of(OLD));
        ELSIF lab_end_of(OLD) IS DISTINCT FROM lab_end_of(NEW) THEN
          INSERT INTO lab_end (attempt, act, was, becomes)
            VALUES (OLD.id, 'attempt UPDATE', lab_end_of(OLD), lab_end_of(NEW));
        END IF;
      ELSIF TG_OP = 'UPDATE' AND NEW."endedAt" IS NOT NULL THEN
        INSERT INTO lab_end (attempt, act, becomes) VALUES (NEW.id, 'attempt', lab_end_of(NEW));
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER lab_note AFTER INSERT OR UPDATE OR DELETE ON attempt_event
      FOR EACH ROW EXECUTE FUNCTION lab_note_event();
    CREATE TRIGGER lab_note AFTER UPDATE OR DELETE ON attempt FOR EACH ROW EXECUTE FUNCTION lab_note_attempt()`);
}

export interface WatchedEnds {
  attemptId: string;
  /** Terminal events that are there now. */
  events: number;
  /** Times that an end was told, to the row and to the events. */
  told: number;
  toldEvents: number;
  /** What happened to it afterwards, for people. */
  changes: string[];
}

/** Every attempt, ended or not. */
export async function readEnds(pool: pg.Pool): Promise<WatchedEnds[]> {
  const { rows } = await pool.query<WatchedEnds>(
    `SELECT a.id AS "attemptId",
       (SELECT count(*)::int FROM attempt_event e WHERE e."attemptId" = a.id AND e."isTerminal") AS events,
       count(l.id) FILTER (WHERE l.act = 'attempt')::int AS told,
       count(l.id) FILTER (WHERE l.act = 'event')::int AS "toldEvents",
       coalesce(array_agg(concat_ws(' ', l.act, l.was, '->', l.becomes) ORDER BY l.id)
         FILTER (WHERE l.act NOT IN ('attempt', 'event')), '{}') AS changes
     FROM attempt a LEFT JOIN lab_end l ON l.attempt = a.id GROUP BY a.id`,
  );
  return rows;
}
