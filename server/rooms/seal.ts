import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** Where a process says for whom it forwards a request. Believed only with a seal that needs the secret of all processes. */
export const forwardedHeader = 'x-atrium-forwarded'

/** A message of one process is believed this long, in ms: their clocks may differ. */
const validMs = 60_000

const Forwarded = z.strictObject({
  address: z.string().max(64),
  origin: z.string().max(2_048),
  secure: z.boolean(),
  method: z.string().max(16),
  url: z.string().max(16_384),
  at: z.number(),
})
/** Whose request is forwarded, and which one. */
export type Forwarded = z.infer<typeof Forwarded>

export type Seal = {
  /** For a header. */
  close(forwarded: Forwarded): string
  /** Undefined for what no process of ours made, or not for this request, or not now. */
  open(header: string | undefined, request: { method: string; url: string; now: number }): Forwarded | undefined
}

export function createSeal(secret: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'atrium: forwarded requests', 32))
  const sign = (body: string) => createHmac('sha256', key).update(body).digest('base64url')
  return {
    close(forwarded) {
      const body = Buffer.from(JSON.stringify(forwarded)).toString('base64url')
      return `${body}.${sign(body)}`
    },
    open(header, { method, url, now }) {
      const [body, signature, ...rest] = header?.split('.') ?? []
      if (body === undefined || signature === undefined || rest.length > 0) return undefined
      const wanted = Buffer.from(sign(body))
      const given = Buffer.from(signature)
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined
      const parsed = Forwarded.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()))
      if (!parsed.success || parsed.data.method !== method || parsed.data.url !== url) return undefined
      return Math.abs(now - parsed.data.at) <= validMs ? parsed.data : undefined
    },
  }
}
