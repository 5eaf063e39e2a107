import { z } from 'zod'
import { ModelError } from './errors.ts'

/** Bytes of a list of models. Large services send half a megabyte, with descriptions and prices. */
const maxListBytes = 8 * 1024 * 1024

const List = z.object({ data: z.array(z.unknown()) })

/**
 * A fetch for `/models`: reads the whole answer, bounded, and hands on `{data: […]}` and nothing else of it. Some services send the
 * list bare.
 * @throws ModelError `bad_answer` for what is no list
 */
export const readListed: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  if (!response.ok || !response.body) return response
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > maxListBytes) throw new ModelError('bad_answer', 'The model service sent a list of models that never ends.')
    chunks.push(chunk)
  }
  const list = List.safeParse(parse(Buffer.concat(chunks).toString()))
  if (!list.success) {
    const { host } = new URL(response.url)
    throw new ModelError('bad_answer', `${host} did not send a list of models. Check OPENAI_BASE_URL; it usually ends in /v1.`)
  }
  return Response.json({ data: list.data.data })
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? { data: value } : value
  } catch {
    return undefined
  }
}
