DROP INDEX "terminals_project";--> statement-breakpoint
ALTER TABLE "terminals" DROP CONSTRAINT "terminals_pkey";--> statement-breakpoint
ALTER TABLE "terminals" ADD CONSTRAINT "terminals_project_id_id_pk" PRIMARY KEY("project_id","id");
