import { createHash, randomBytes } from 'node:crypto'

/** What is stored of a secret that is random enough not to need a slow hash. Hex. */
export const sha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** 256 random bits as text that fits into an address, a cookie and a header. */
export const randomToken = (): string => randomBytes(32).toString('base64url')
