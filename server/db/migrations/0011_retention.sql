CREATE TABLE "retention_settings" (
	"project_id" text PRIMARY KEY NOT NULL,
	"days" integer,
	"chosen_at" bigint,
	"cleaned_at" bigint
);
--> statement-breakpoint
ALTER TABLE "retention_settings" ADD CONSTRAINT "retention_settings_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "artifacts_project" ON "artifacts" USING btree ("project_id","created_at");