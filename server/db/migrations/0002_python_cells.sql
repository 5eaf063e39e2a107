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
ALTER TABLE "python_cells" ADD CONSTRAINT "python_cells_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "python_cells_status" ON "python_cells" USING btree ("status");