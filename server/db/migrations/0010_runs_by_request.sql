ALTER TABLE "runs" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "accepted_at" bigint;--> statement-breakpoint
ALTER TABLE "queued_messages" ADD COLUMN "request_id" text;--> statement-breakpoint
CREATE INDEX "approvals_pending" ON "approvals" USING btree ("created_at") WHERE "approvals"."status" = 'pending';