ALTER TABLE "approval_votes" ADD COLUMN "key_name" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "scopes" jsonb DEFAULT '["read","write"]'::jsonb NOT NULL;