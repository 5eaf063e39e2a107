import { z } from 'zod'
import { ModelId } from '#shared/models/schema.ts'
import type { OfferedModel } from '#shared/models/schema.ts'

/** Models of one service that are offered; one that lists more is cut, never its default. */
export const maxOffered = 500
const maxNameChars = 120

const quiet = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)

/** One entry of a service's list. Only `id` is in the protocol; the others say in several services what a model is for. */
const Listed = z.object({
  id: ModelId,
  name: quiet(z.string()),
  /** Together and others: `chat`, `embedding`, `image`. */
  type: quiet(z.string()),
  /** Mistral. */
  capabilities: quiet(z.object({ completion_chat: z.boolean() })),
  /** OpenRouter. */
  architecture: quiet(z.object({ output_modalities: z.array(z.string()) })),
})
type Listed = z.infer<typeof Listed>

const chatTypes = new Set(['chat', 'language', 'code', 'llm', 'vlm', 'text-generation', 'model'])

/** Families whose names say that they do not chat in text. */
const otherKinds =
  /(?:^|[/:._-])(?:(?:text-)?embed(?:ding)?s?|rerank(?:er)?|whisper|tts|transcribe|moderation|dall-e|(?:chatgpt-)?image|sora|veo|imagen|realtime|audio|davinci|babbage)(?=$|[/:._-])|^gpt-3\.5-turbo-instruct/i

/** Whether a model answers Chat Completions in text: as the service says, else by its name; in doubt it does. */
function chats({ id, type, capabilities, architecture }: Listed): boolean {
  if (capabilities) return capabilities.completion_chat
  if (architecture) return architecture.output_modalities.includes('text')
  if (type !== undefined && type !== '') return chatTypes.has(type.toLowerCase())
  return !otherKinds.test(id)
}

/**
 * What a service's list offers, the default first and always among them, the others by name.
 * @param data the list as it came: entries that are none are left out
 */
export function offeredOf(data: readonly unknown[], defaultId: string): OfferedModel[] {
  const known = new Map<string, Listed>()
  for (const entry of data) {
    const listed = Listed.safeParse(entry)
    if (listed.success && !known.has(listed.data.id) && (listed.data.id === defaultId || chats(listed.data))) known.set(listed.data.id, listed.data)
  }
  const standard = known.get(defaultId) ?? { id: defaultId }
  known.delete(defaultId)
  const others = [...known.values()].sort((a, b) => byName.compare(a.id, b.id)).slice(0, maxOffered - 1)
  const all = [standard, ...others].map((listed) => ({ id: listed.id, name: nameOf(listed), isDefault: listed === standard }))
  // Two models that would look the same are told apart by what the service calls them.
  const counts = Map.groupBy(all, ({ name }) => name)
  return all.map((model) => ((counts.get(model.name)?.length ?? 0) > 1 ? { ...model, name: model.id } : model))
}

const byName = new Intl.Collator('en', { numeric: true })

function nameOf({ id, name }: { id: string; name?: string | undefined }): string {
  const clean = (name ?? '')
    .slice(0, 1000)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
  return clean === '' || clean.length > maxNameChars ? id : clean
}
