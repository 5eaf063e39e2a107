import { z } from 'zod'
import { KeyScope, scopeFor } from '#shared/auth/scopes.ts'
import { errorStatus } from '#shared/base/errors.ts'
import type { Call } from '#shared/wire/call.ts'

type Json = Record<string, unknown>

const toSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as Json
  return json
}

const openApiPath = (path: string) => path.replace(/\*$/, '{path}').replaceAll(/:(\w+)/g, '{$1}')
const pathNames = (path: string) => [...openApiPath(path).matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')

const error = {
  description: 'What went wrong.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['code', 'message', 'requestId'],
            properties: { code: { enum: Object.keys(errorStatus) }, message: { type: 'string' }, requestId: { type: 'string' } },
          },
        },
      },
    },
  },
}

/** OpenAPI 3.1 of the calls: generated, so that it cannot say anything else than the server does. */
export function openApi(calls: readonly Call[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const call of calls) {
    const path = openApiPath(call.path)
    paths[path] = { ...paths[path], [call.method.toLowerCase()]: describeCall(call) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Atrium', version, description: 'People and AI agents at work in one room.' },
    paths,
    components: {
      responses: { Error: error },
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: 'atrium_session', description: 'Under https it is named `__Host-atrium_session`.' },
        key: { type: 'http', scheme: 'bearer', description: `An API key, \`sk_…\`. Its scopes: ${KeyScope.options.join(', ')}.` },
      },
    },
  }
}

function describeCall(call: Call): Json {
  const names = pathNames(call.path)
  const params = call.params ? ((toSchema(call.params, 'input').properties ?? {}) as Record<string, unknown>) : {}
  const query = call.query ? toSchema(call.query, 'input') : {}
  const required = Array.isArray(query.required) ? (query.required as string[]) : []
  return {
    operationId: call.name,
    summary: call.summary,
    security: securityOf(call),
    ...(call.access.kind === 'member' ? { 'x-atrium-action': call.access.action } : {}),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: params[name] ?? { type: 'string' } })),
      ...Object.entries((query.properties ?? {}) as Record<string, unknown>).map(([name, schema]) => ({
        name,
        in: 'query',
        required: required.includes(name),
        schema,
      })),
    ],
    ...requestBody(call),
    responses: { [call.status]: success(call), default: { $ref: '#/components/responses/Error' } },
  }
}

/** OpenAPI 3.1 lets a bearer token name the scopes it needs. */
function securityOf(call: Call): Json[] {
  const scope = scopeFor(call)
  if (scope === undefined) return []
  return scope === 'person' ? [{ cookie: [] }] : [{ cookie: [] }, { key: [scope] }]
}

function requestBody({ method, body }: Call): Json {
  if (body) return { requestBody: { required: true, content: { 'application/json': { schema: toSchema(body, 'input') } } } }
  // What is put without a schema is bytes, or the same as text in JSON.
  if (method !== 'PUT') return {}
  const text = { type: 'object', required: ['content'], properties: { content: { type: 'string' } } }
  return { requestBody: { required: true, content: { 'application/octet-stream': {}, 'application/json': { schema: text } } } }
}

function success({ answer }: Call): Json {
  if (answer === 'empty') return { description: 'Done.' }
  if (answer === 'raw') return { description: 'The content.', content: { '*/*': {} } }
  return { description: 'Done.', content: { 'application/json': { schema: toSchema(answer, 'output') } } }
}

const scopeNote = (call: Call): string => {
  const scope = scopeFor(call)
  return scope === undefined ? '' : scope === 'person' ? ' (never with a key)' : ` (${scope})`
}

/** The same for a language model: short, as text. */
export function llmsText(calls: readonly Call[]): string {
  const line = (call: Call) => `- \`${call.method} ${call.path}\`${scopeNote(call)}: ${call.summary}`
  return `# Atrium

> A workspace where people and AI agents work together in one room, in real time: a conversation, a plan, files and a sandbox.

JSON in and out. Send \`Authorization: Bearer sk_…\`; keys are made under \`POST /api/keys\` by a signed-in person.
A key has scopes: \`read\` looks at everything, \`write\` changes things, \`decide\` approves and denies in its owner's name and changes rules and
members. A new key reads and writes unless \`scopes\` says otherwise. Behind each call stands the scope it needs. An error is
\`{"error":{"code","message","requestId"}}\`. Ids are a prefix and a UUIDv7; a retry with the same id is harmless. The whole
description is at /api/openapi.json. Documents are Yjs: \`/sync\` speaks Hocuspocus, \`/yjs/<document>\` y-websocket.

## Calls

${calls.map(line).join('\n')}
`
}
