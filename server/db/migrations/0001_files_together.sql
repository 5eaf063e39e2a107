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
ALTER TABLE "document_authors" ADD CONSTRAINT "document_authors_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_baselines" ADD CONSTRAINT "file_baselines_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_conflicts" ADD CONSTRAINT "file_conflicts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_moves" ADD CONSTRAINT "file_moves_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_texts" ADD CONSTRAINT "file_texts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "document_authors_project" ON "document_authors" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "file_baselines_project" ON "file_baselines" USING btree ("project_id","at");--> statement-breakpoint
CREATE INDEX "file_conflicts_project" ON "file_conflicts" USING btree ("project_id","path");--> statement-breakpoint
CREATE INDEX "file_texts_project" ON "file_texts" USING btree ("project_id");