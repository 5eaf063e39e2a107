import type { z } from 'zod'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** One repair may bring the next one to light: an array that came as text, and in it a number that did. */
const mostRounds = 4

/**
 * What a model means by arguments that are not quite of a schema, and cannot be meant otherwise: a number, truth or list that is written as
 * text, null for what is left out, a single thing where a list of them is wanted, a choice with other capitals. Whatever else is wrong stays as it is.
 * @returns what the schema says of the repaired value
 */
export function parseAsMeant<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  let current = value
  let parsed = schema.safeParse(current)
  for (let round = 0; round < mostRounds && !parsed.success; round++) {
    const before = JSON.stringify(current)
    for (const issue of parsed.error.issues) current = repair(current, issue, issue.path)
    if (JSON.stringify(current) === before) break
    parsed = schema.safeParse(current)
  }
  return parsed
}

function repair(value: unknown, issue: Issue, path: Path): unknown {
  if (issue.code === 'invalid_union') {
    for (const branch of issue.errors) {
      for (const inner of branch) {
        const repaired = repair(value, inner, [...path, ...inner.path])
        if (repaired !== value) return repaired
      }
    }
    return value
  }
  const found = at(value, path)
  if (found === null && path.length > 0) return without(value, path)
  const meant =
    issue.code === 'invalid_type' ? ofType(found, issue.expected) : issue.code === 'invalid_value' ? ofChoices(found, issue.values) : found
  return meant === found ? value : replaced(value, path, meant)
}

function ofType(found: unknown, expected: string): unknown {
  if (expected === 'array' && typeof found === 'object' && found !== null) return [found]
  if (typeof found !== 'string') return found
  const text = found.trim()
  switch (expected) {
    case 'number':
    case 'int':
      return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : found
    case 'boolean':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : found
    case 'array':
    case 'object':
    case 'record':
      return ofJson(text, expected === 'array') ?? found
    default:
      return found
  }
}

function ofJson(text: string, isList: boolean): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && Array.isArray(value) === isList ? value : undefined
  } catch {
    return undefined
  }
}

function ofChoices(found: unknown, choices: readonly unknown[]): unknown {
  if (typeof found !== 'string') return found
  const plain = (one: unknown) => String(one).trim().toLowerCase()
  return choices.find((one) => plain(one) === plain(found)) ?? found
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, key) => (typeof here === 'object' && here !== null ? (here as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  )
}

/** A copy along the path; the rest is shared. */
function replaced(value: unknown, [key, ...rest]: Path, meant: unknown): unknown {
  if (key === undefined) return meant
  if (Array.isArray(value)) return value.with(Number(key), replaced(value[Number(key)], rest, meant))
  return { ...(value as object), [key]: replaced((value as Record<PropertyKey, unknown>)[key], rest, meant) }
}

function without(value: unknown, path: Path): unknown {
  const key = path.at(-1)
  const holder = at(value, path.slice(0, -1))
  if (key === undefined || typeof holder !== 'object' || holder === null || Array.isArray(holder)) return value
  return replaced(value, path.slice(0, -1), Object.fromEntries(Object.entries(holder).filter(([name]) => name !== key)))
}
