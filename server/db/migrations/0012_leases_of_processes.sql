CREATE TABLE "leases" (
	"project_id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"epoch" bigint NOT NULL,
	"people" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"id" text PRIMARY KEY NOT NULL,
	"machine" text NOT NULL,
	"pid" integer NOT NULL,
	"url" text NOT NULL,
	"host_id" text,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
INSERT INTO "leases" ("project_id", "owner", "epoch") SELECT "project_id", '', "epoch" FROM "rooms";--> statement-breakpoint
DROP TABLE "rooms" CASCADE;--> statement-breakpoint
ALTER TABLE "runs" RENAME COLUMN "lease_epoch" TO "epoch";--> statement-breakpoint
ALTER TABLE "leases" ADD CONSTRAINT "leases_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "leases_owner" ON "leases" USING btree ("owner");--> statement-breakpoint
ALTER TABLE "runs" DROP COLUMN "lease_owner";--> statement-breakpoint
ALTER TABLE "runs" DROP COLUMN "lease_expires_at";