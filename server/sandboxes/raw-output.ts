import { diskPath, textOfName } from './host/agent/names.ts'

/** Ends a pipeline inside: what it prints comes out byte for byte, as names that are no UTF-8 must. */
export const asBase64 = 'base64 -w0'

/** What came of `asBase64`: a character for each byte. */
export const printedBytes = (stdout: string): string => Buffer.from(stdout, 'base64').toString('latin1')

/** A name among such bytes. */
export const printedName = (bytes: string): string => textOfName(Buffer.from(bytes, 'latin1'))

/** A text among such bytes. */
export const printedText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()

/** A path for a variable of a command, which `decodedPath` reads. */
export function encodedPath(path: string): string {
  const raw = diskPath(path)
  return (typeof raw === 'string' ? Buffer.from(raw) : raw).toString('base64')
}

/** In bash: `variable` becomes the path that is in the environment variable `from`. A line break at its end stays. */
export const decodedPath = (variable: string, from: string): string =>
  `${variable}=$(printf %s "$${from}" | base64 -d; printf .); ${variable}=\${${variable}%.}`
