CREATE TABLE "desktop_control" (
	"project_id" text PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"control" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "file_baselines" (
	"run_id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "file_conflicts" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"path" text NOT NULL,
	"data" jsonb NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "file_moves" (
	"document" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"to_path" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "file_texts" (
	"document" text NOT NULL,
	"n" integer NOT NULL,
	"project_id" text NOT NULL,
	"from" text NOT NULL,
	"whole" boolean NOT NULL,
	"data" "bytea" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "file_texts_document_n_pk" PRIMARY KEY("document","n")
);
--> statement-breakpoint
CREATE TABLE "python_cells" (
	"project_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"id" text NOT NULL,
	"status" text NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "python_cells_project_id_seq_pk" PRIMARY KEY("project_id","seq"),
	CONSTRAINT "python_cells_id" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "sandbox_settings" (
	"project_id" text PRIMARY KEY NOT NULL,
	"limits" jsonb NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_authors" (
	"document" text NOT NULL,
	"client" bigint NOT NULL,
	"from_clock" bigint NOT NULL,
	"to_clock" bigint NOT NULL,
	"project_id" text NOT NULL,
	"author" jsonb NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "document_authors_document_client_from_clock_pk" PRIMARY KEY("document","client","from_clock")
);
--> statement-breakpoint
CREATE TABLE "terminals" (
	"id" text NOT NULL,
	"project_id" text NOT NULL,
	"sandbox_id" text NOT NULL,
	"pid" integer NOT NULL,
	"title" text NOT NULL,
	"created_by" jsonb NOT NULL,
	"cols" integer NOT NULL,
	"rows" integer NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "terminals_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "last_seen_at" bigint;--> statement-breakpoint
ALTER TABLE "desktop_control" ADD CONSTRAINT "desktop_control_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_baselines" ADD CONSTRAINT "file_baselines_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_conflicts" ADD CONSTRAINT "file_conflicts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_moves" ADD CONSTRAINT "file_moves_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_texts" ADD CONSTRAINT "file_texts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "python_cells" ADD CONSTRAINT "python_cells_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sandbox_settings" ADD CONSTRAINT "sandbox_settings_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_authors" ADD CONSTRAINT "document_authors_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terminals" ADD CONSTRAINT "terminals_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "file_baselines_project" ON "file_baselines" USING btree ("project_id","at");--> statement-breakpoint
CREATE INDEX "file_conflicts_project" ON "file_conflicts" USING btree ("project_id","path");--> statement-breakpoint
CREATE INDEX "file_texts_project" ON "file_texts" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "python_cells_status" ON "python_cells" USING btree ("status");--> statement-breakpoint
CREATE INDEX "document_authors_project" ON "document_authors" USING btree ("project_id");