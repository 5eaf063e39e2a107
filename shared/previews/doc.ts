import type * as Y from 'yjs'
import { z } from 'zod'
import { memoParse } from '../base/memo-parse.ts'
import { PreviewPort } from './schema.ts'

const parse = memoParse(z.array(PreviewPort).max(200))

/** `meta.ports` of the project document, written by the server: ports that programs in the sandbox listen on, ascending. */
export const readPorts = (doc: Y.Doc): readonly number[] => parse(doc.getMap<unknown>('meta').get('ports')) ?? none
const none: readonly number[] = []
