ALTER TABLE "projects" ADD COLUMN "viewers_may_write" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "queued_messages" ADD COLUMN "attachments" jsonb;