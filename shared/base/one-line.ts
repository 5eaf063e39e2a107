import type { z } from 'zod'

/** Control characters, line breaks, and marks that turn the text around them the other way. */
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

/**
 * What people are called and call things stands beside words of others, in the room and in what a model reads: it must not
 * be able to look like more than one line, or like something else.
 */
export const oneLine = (schema: z.ZodString): z.ZodString =>
  schema.refine((text) => text.isWellFormed() && !unprintable.test(text), 'line breaks, control and direction characters are not possible here')
