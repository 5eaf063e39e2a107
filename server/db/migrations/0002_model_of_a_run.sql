ALTER TABLE "runs" ADD COLUMN "model" text;--> statement-breakpoint
ALTER TABLE "queued_messages" ADD COLUMN "model" text;