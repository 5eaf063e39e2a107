import type { AppError } from '#shared/base/errors.ts'
import type { ArtifactId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { OfferedModels } from '#shared/models/schema.ts'
import type { Speaker } from './boundary/marks.ts'

/** What the run loop asks of a model: one streamed answer. Shapes follow Chat Completions, without its wire names. */
export type ModelRequest = {
  model: string
  messages: ModelMessage[]
  tools: { name: string; description: string; /** JSON Schema */ parameters: Record<string, unknown> }[]
  maxOutputTokens?: number
}

export type ModelMessage =
  | { role: 'system'; text: string }
  | {
      role: 'user'
      /** The person, or other agent, whose words these are. Without one they are the server's, and stand outside of any marks. */
      by?: Speaker
      /** Said to the other people, or to another agent, by its name. */
      to?: string
      text: string
      /** Files of the workspace that came with it; the text names them. */
      files?: FilePath[]
      pictures?: SentPicture[]
    }
  | {
      role: 'assistant'
      text: string
      toolCalls: { id: string; name: string; /** As the model wrote it. */ args: string; details?: ProviderDetails }[]
      thoughts?: Thoughts
    }
  | {
      role: 'tool'
      callId: string
      /** What the tool gave. */
      text: string
      /** What the server has to say of it: no words of others. */
      note?: string
      /** A person's words that came of the call, as the reason of a denial. */
      said?: { by: Speaker; text: string }
      /** What the call looked like, for models that see. */
      pictures?: ModelPicture[]
    }

/** What a model thought before it answered; `model` is absent where nobody knows which. */
export type Thoughts = { model?: string; text: string }

/**
 * What a service sent with a call and wants back with it, as it sent it: `call` belongs to the call, `answer` to the whole
 * answer. Only the model and the service (its host) that sent it get it back.
 */
export type ProviderDetails = SentDetails & { model: string; service: string }
export type SentDetails = { call?: Record<string, unknown>; answer?: Record<string, unknown> }

/** A picture as it is sent: `data` is base64. */
export type SentPicture = { mime: string; data: string }

/** `data` is base64; without it the picture is only named and not sent. */
export type ModelPicture = { artifactId: ArtifactId; mime: string; data?: string }

export type ModelEvent =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  /** `index` tells parallel calls apart; `id` and `name` come with the first chunk and are empty in the others. */
  | { type: 'tool_call_chunk'; index: number; id: string; name: string; args: string }
  /** At the end, for a call of this `index`: what goes back with it. */
  | { type: 'details'; index: number; details: ProviderDetails }
  /** Once, before `done`; an estimate where the server does not count. */
  | {
      type: 'usage'
      inputTokens: number
      outputTokens: number
      /** Of those sent, kept by the service. */ cachedTokens?: number
      /** Of those that came, thought. */ reasoningTokens?: number
    }
  | { type: 'retry'; attempt: number; inMs: number; reason: string }
  /** `length`: as long as an answer may be, and cut off there. */
  | { type: 'done'; finish: 'stop' | 'tool_calls' | 'length' }

/**
 * Failures throw ModelError once retries (429, 5xx, broken connections; with backoff, honouring Retry-After) are used up
 * or make no sense. Nothing is retried after the first text, reasoning or tool chunk: then
 * it throws `cut_off`. Aborting `signal` throws its reason.
 */
export type Model = {
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>
}

/** The models that people may choose from. */
export type ModelList = {
  /** Never throws; asks the service at most once in a few minutes. */
  list(): Promise<OfferedModels>
  /** Why this model cannot be used, `invalid_input`; undefined when it can. */
  refuse(model: string): Promise<AppError | undefined>
  /** Whether it sees pictures: as the service's list says, else by its name; undefined when neither is known. */
  sees(model: string): boolean | undefined
}
