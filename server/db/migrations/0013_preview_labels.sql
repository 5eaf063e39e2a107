CREATE TABLE "preview_labels" (
	"hash" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"user_id" text NOT NULL,
	"credential_id" text NOT NULL,
	"target" jsonb NOT NULL,
	"used_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "preview_labels" ADD CONSTRAINT "preview_labels_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "preview_labels" ADD CONSTRAINT "preview_labels_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "preview_labels_project" ON "preview_labels" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "preview_labels_credential" ON "preview_labels" USING btree ("credential_id");