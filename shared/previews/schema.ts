import { z } from 'zod'

/** A TCP port that a program in the sandbox listens on. */
export const PreviewPort = z.number().int().min(1).max(65535)
export const NewPreview = z.object({ port: PreviewPort })

/** `url` is an origin of its own, for this person alone; it ends with their membership or sign-in. */
export const Preview = z.object({ port: PreviewPort, url: z.url() })
export type Preview = z.infer<typeof Preview>
