import type { z } from 'zod'

/**
 * A parser that checks each stored object once: the same input object gives the same output object, so a component
 * that reads a document on every render sees stable values. Bad or absent input gives undefined.
 */
export function memoParse<T>(schema: z.ZodType<T>): (value: unknown) => T | undefined {
  const seen = new WeakMap<object, { value: T | undefined }>()
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined
    const known = seen.get(value)
    if (known) return known.value
    const parsed = schema.safeParse(value)
    const result = { value: parsed.success ? parsed.data : undefined }
    seen.set(value, result)
    return result.value
  }
}
