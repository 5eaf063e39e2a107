import { z } from 'zod'

/** How a service names a model: 1 to 200 printable characters; blanks only inside. */
export const ModelId = z
  .string()
  .max(200, "a model's name has at most 200 characters")
  .regex(/^[^\p{C}\p{Z}]+(?: [^\p{C}\p{Z}]+)*$/u, "a model's name is 1 to 200 printable characters")

/** A model that one may choose. `name` is for people, and the same as `id` where the service gives none. */
export const OfferedModel = z.object({ id: z.string(), name: z.string(), isDefault: z.boolean() })
export type OfferedModel = z.infer<typeof OfferedModel>

/** The default first. `problem`: why more cannot be listed now, for people; absent when the list is whole. */
export const OfferedModels = z.object({ models: z.array(OfferedModel), problem: z.string().optional() })
export type OfferedModels = z.infer<typeof OfferedModels>
