-- What schema.prisma cannot say. Statuses are STATUSES of server/contracts/statuses.ts.

ALTER TABLE "run" ADD CONSTRAINT "run_status_check" CHECK ("status" IN ('queued', 'starting', 'running', 'stopping', 'succeeded', 'failed', 'cancelled', 'interrupted'));
ALTER TABLE "run" ADD CONSTRAINT "run_desired_check" CHECK ("desired" IN ('run', 'stop'));
ALTER TABLE "stage" ADD CONSTRAINT "stage_status_check" CHECK ("status" IN ('queued', 'starting', 'running', 'stopping', 'succeeded', 'failed', 'cancelled', 'interrupted'));
ALTER TABLE "stage" ADD CONSTRAINT "stage_desired_check" CHECK ("desired" IN ('run', 'stop'));
ALTER TABLE "stage" ADD CONSTRAINT "stage_kind_check" CHECK ("kind" IN ('sft', 'reward', 'ppo'));
ALTER TABLE "stage" ADD CONSTRAINT "stage_gpu_count_check" CHECK ("gpuCount" > 0);
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_status_check" CHECK ("status" IN ('queued', 'starting', 'running', 'stopping', 'succeeded', 'failed', 'cancelled', 'interrupted'));
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_desired_check" CHECK ("desired" IN ('run', 'stop'));
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_status_check" CHECK ("status" IN ('queued', 'starting', 'running', 'stopping', 'succeeded', 'failed', 'cancelled', 'interrupted'));
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_desired_check" CHECK ("desired" IN ('run', 'stop'));
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_owner_check" CHECK (num_nonnulls("stageId", "evaluationId") = 1);
ALTER TABLE "attempt_event" ADD CONSTRAINT "attempt_event_status_check" CHECK ("status" IN ('queued', 'starting', 'running', 'stopping', 'succeeded', 'failed', 'cancelled', 'interrupted'));
ALTER TABLE "attempt_event" ADD CONSTRAINT "attempt_event_terminal_check" CHECK ("isTerminal" = ("status" IN ('succeeded', 'failed', 'cancelled', 'interrupted')));

-- An attempt ends once.
CREATE UNIQUE INDEX "attempt_event_one_terminal" ON "attempt_event" ("attemptId") WHERE "isTerminal";

-- A stage or an evaluation has at most one attempt under way.
CREATE UNIQUE INDEX "attempt_one_open_of_stage" ON "attempt" ("stageId") WHERE "status" IN ('queued', 'starting', 'running', 'stopping');
CREATE UNIQUE INDEX "attempt_one_open_of_evaluation" ON "attempt" ("evaluationId") WHERE "status" IN ('queued', 'starting', 'running', 'stopping');

-- What has ended stays as it ended, whoever asks.
-- The engine that applies migrations splits at every semicolon, also inside quotes: \073 is one.
CREATE FUNCTION refuse_change_of_ended_attempt() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  RAISE EXCEPTION ''attempt % has ended (%) and cannot become %'', OLD."id", OLD."status", NEW."status"
    USING ERRCODE = ''integrity_constraint_violation''\073
END\073
';
CREATE TRIGGER "attempt_stays_ended" BEFORE UPDATE OF "status" ON "attempt"
  FOR EACH ROW
  WHEN (OLD."status" IN ('succeeded', 'failed', 'cancelled', 'interrupted') AND NEW."status" IS DISTINCT FROM OLD."status")
  EXECUTE FUNCTION refuse_change_of_ended_attempt();
