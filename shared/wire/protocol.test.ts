import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Approval, ApprovalState } from '../approvals/schema.ts'
import { Todo } from '../board/schema.ts'
import { FolderListing } from '../files/schema.ts'
import { AgentAwareness, ClientAuthor, FileConflict, FileEditing, FileState } from '../files/state.ts'
import { PresenceState } from '../presence/schema.ts'
import { RoomAgent, RoomPerson, RoomProject } from '../projects/doc.ts'
import { SessionEvent } from '../runs/events.ts'
import { RunState } from '../runs/schema.ts'
import { SandboxState } from '../sandboxes/schema.ts'
import { QuestionState } from '../sessions/doc.ts'
import { Item } from '../sessions/items.ts'
import { QueuedMessage, SessionSummary } from '../sessions/schema.ts'
import { apiCalls } from './api.ts'
import { closeCodes } from './close-codes.ts'
import { protocolVersion } from './protocol.ts'
import { ClientStateless, ServerStateless } from './stateless.ts'

const documents = {
  Approval,
  ApprovalState,
  Todo,
  FolderListing,
  FileState,
  FileConflict,
  FileEditing,
  ClientAuthor,
  AgentAwareness,
  PresenceState,
  RoomAgent,
  RoomPerson,
  RoomProject,
  SessionEvent,
  RunState,
  SandboxState,
  QuestionState,
  Item,
  QueuedMessage,
  SessionSummary,
  ClientStateless,
  ServerStateless,
}

const jsonSchema = (schema: unknown) =>
  schema instanceof z.ZodType ? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) : (schema ?? null)

test('the wire has not changed without a look at its version', () => {
  const wire = {
    documents: Object.entries(documents).map(([name, schema]) => [name, jsonSchema(schema)]),
    calls: apiCalls.map(({ summary: _, ...call }) => ({
      ...call,
      params: jsonSchema(call.params),
      query: jsonSchema(call.query),
      body: jsonSchema(call.body),
      answer: jsonSchema(call.answer),
    })),
    closeCodes,
  }
  const hash = createHash('sha256').update(JSON.stringify(wire)).digest('hex').slice(0, 16)
  expect({ version: protocolVersion, hash }).toMatchInlineSnapshot(`
    {
      "hash": "55a40da75da286bd",
      "version": 1,
    }
  `)
})

test('no two calls share a name or a place', () => {
  const names = apiCalls.map((call) => call.name)
  const places = apiCalls.map((call) => `${call.method} ${call.path}`)
  expect(new Set(names).size).toBe(names.length)
  expect(new Set(places).size).toBe(places.length)
})
