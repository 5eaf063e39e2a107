CREATE TABLE "waits" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"step_id" text NOT NULL,
	"subject" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"due_at" bigint,
	"resolved_at" bigint,
	"outcome" text
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "agent_name" text;--> statement-breakpoint
UPDATE "runs" SET "agent_name" = initcap("agent_id");--> statement-breakpoint
ALTER TABLE "runs" ALTER COLUMN "agent_name" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "agent_version" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "parent_run_id" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "trigger" jsonb DEFAULT '{"kind":"message"}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "caused_by" text;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "input_tokens" integer;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "cached_tokens" integer;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "output_tokens" integer;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "reasoning_tokens" integer;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "cost_micro_usd" bigint;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "context_window" integer;--> statement-breakpoint
ALTER TABLE "queued_messages" ADD COLUMN "agent_id" text;--> statement-breakpoint
UPDATE "queued_messages" SET "agent_id" = coalesce((SELECT r."agent_id" FROM "sessions" s JOIN "runs" r ON r."id" = s."run_id" WHERE s."id" = "queued_messages"."session_id"), 'builder');--> statement-breakpoint
ALTER TABLE "queued_messages" ALTER COLUMN "agent_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "waits" ADD CONSTRAINT "waits_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waits" ADD CONSTRAINT "waits_step_id_steps_id_fk" FOREIGN KEY ("step_id") REFERENCES "public"."steps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "waits_run" ON "waits" USING btree ("run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "waits_open" ON "waits" USING btree ("step_id") WHERE "waits"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "waits_due" ON "waits" USING btree ("due_at") WHERE "waits"."resolved_at" is null and "waits"."due_at" is not null;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_parent_run_id_runs_id_fk" FOREIGN KEY ("parent_run_id") REFERENCES "public"."runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "runs_parent" ON "runs" USING btree ("parent_run_id");--> statement-breakpoint
CREATE INDEX "runs_active" ON "runs" USING btree ("session_id") WHERE "runs"."ended_at" is null;--> statement-breakpoint
UPDATE "runs" SET "status" = 'cancelled', "ended_at" = "created_at" WHERE "ended_at" IS NULL AND NOT EXISTS (SELECT 1 FROM "sessions" s WHERE s."run_id" = "runs"."id");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_an_agent" ON "runs" USING btree ("session_id","agent_id") WHERE "runs"."ended_at" is null and "runs"."parent_run_id" is null;--> statement-breakpoint
INSERT INTO "waits" ("id", "run_id", "step_id", "subject", "created_at")
SELECT 'wai_' || gen_random_uuid(), "run_id", "id",
	CASE WHEN "result"->>'questionItemId' IS NOT NULL THEN jsonb_build_object('kind', 'question', 'itemId', "result"->>'questionItemId')
	WHEN "result"->>'waitsFor' = 'control' THEN '{"kind":"control"}'::jsonb
	ELSE jsonb_build_object('kind', 'approval', 'approvalId', "approval_id") END, "created_at"
FROM "steps" WHERE "kind" = 'tool' AND "status" = 'waiting' AND "finished_at" IS NULL
	AND ("approval_id" IS NOT NULL OR "result"->>'questionItemId' IS NOT NULL OR "result"->>'waitsFor' = 'control');--> statement-breakpoint
UPDATE "steps" SET "result" = NULL WHERE "kind" = 'tool' AND "status" = 'waiting' AND "finished_at" IS NULL;--> statement-breakpoint
UPDATE "steps" SET "caused_by" = r."caused_by" FROM "runs" r WHERE r."id" = "steps"."run_id";--> statement-breakpoint
UPDATE "steps" SET
	"input_tokens" = CASE WHEN c."back" = 1 THEN c."context" ELSE 0 END + CASE WHEN c."n" = 1 THEN greatest(0, c."input" - c."context") ELSE 0 END,
	"output_tokens" = CASE WHEN c."n" = 1 THEN c."output" ELSE 0 END,
	"context_window" = CASE WHEN c."back" = 1 AND c."pct" > 0 THEN round(c."context" * 100 / c."pct") END
FROM (
	SELECT s."id", row_number() OVER (PARTITION BY s."run_id" ORDER BY s."turn", s."index") AS "n",
		row_number() OVER (PARTITION BY s."run_id" ORDER BY s."turn" DESC, s."index" DESC) AS "back",
		(r."usage"->>'inputTokens')::int AS "input", (r."usage"->>'outputTokens')::int AS "output",
		(r."usage"->>'contextTokens')::int AS "context", (r."usage"->>'budgetUsedPct')::numeric AS "pct"
	FROM "steps" s JOIN "runs" r ON r."id" = s."run_id" WHERE s."kind" = 'model' AND s."status" = 'ok'
) c WHERE c."id" = "steps"."id";--> statement-breakpoint
ALTER TABLE "runs" DROP COLUMN "waiting_for";--> statement-breakpoint
ALTER TABLE "runs" DROP COLUMN "usage";