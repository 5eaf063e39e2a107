CREATE TABLE "sandbox_places" (
	"process_id" text NOT NULL,
	"project_id" text NOT NULL,
	"person" text NOT NULL,
	"provider" text NOT NULL,
	"status" text NOT NULL,
	"memory_bytes" bigint NOT NULL,
	CONSTRAINT "sandbox_places_process_id_project_id_pk" PRIMARY KEY("process_id","project_id")
);
--> statement-breakpoint
ALTER TABLE "sandbox_places" ADD CONSTRAINT "sandbox_places_process_id_processes_id_fk" FOREIGN KEY ("process_id") REFERENCES "public"."processes"("id") ON DELETE cascade ON UPDATE no action;