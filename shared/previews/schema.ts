import { z } from 'zod'
import { FilePath } from '../files/path.ts'

/** A TCP port that a program in the sandbox listens on. */
export const PreviewPort = z.number().int().min(1).max(65535)

/** What is to be shown: a web app on a port, or a page (or picture, or any file) of the workspace. Exactly one of them. */
export const NewPreview = z
  .object({ port: PreviewPort.optional(), path: FilePath.optional() })
  .refine(({ port, path }) => (port === undefined) !== (path === undefined), 'give either a port or a path')

/** `url` is on an origin of its own, for this person alone; it ends with their membership or sign-in. */
export const Preview = z.object({ port: PreviewPort.optional(), path: FilePath.optional(), url: z.url() })
export type Preview = z.infer<typeof Preview>
