import { z } from 'zod'

/** Families by name, the first that fits decides. Names of services and folders may stand before (`org/name`, `name:tag`). */
const families: readonly [sees: boolean, name: RegExp][] = [
  [true, /vision|(?:^|[\W_])(?:vl|vlm|multimodal|omni)(?:$|[\W_\d])|\d-?v(?:$|[\W_])|[a-z\d]vl(?:$|[\W_])/],
  [true, /^atrium-demo/],
  // OpenAI
  [false, /^(?:gpt-3|gpt-4-(?:0\d|1106)|gpt-4$|gpt-4-32k|o1-(?:mini|preview)|o3-mini|gpt-oss)|gpt-oss|codex-mini|search-api/],
  [true, /^(?:chatgpt-4o|gpt-4o|gpt-4\.\d|gpt-4-turbo|gpt-[5-9]|o1|o3|o4)(?:$|[\W_])/],
  // Anthropic, Google
  [false, /claude-(?:instant|1|2)/],
  [true, /claude-|^gemini-(?!pro$|1\.0-pro$)|gemma-?3(?!.*(?:270m|1b))|gemma-?3n/],
  // Meta, Mistral, Alibaba
  [true, /llama-?4|pixtral|mistral-(?:small-?3\.[1-9]|small-25|small-latest|medium-?3|medium-25|medium-latest|large-3|large-25)|ministral-3/],
  [
    true,
    /qvq|qwen-?3\.5|internvl|minicpm-v|llava|bakllava|moondream|cogvlm|idefics|molmo|smolvlm|paligemma|phi-4-multimodal|grok-[4-9]|nova-(?:lite|pro|premier)/,
  ],
  [
    false,
    /llama|mixtral|mistral|codestral|devstral|magistral|ministral|qwen|qwq|deepseek|gemma|phi-|command-r|yi-|glm-|grok-|kimi-|starcoder|granite|falcon|dbrx|jamba|nova-micro|hermes|wizard|vicuna/,
  ],
]

/**
 * Whether a model sees pictures, by its name; undefined for a family that is not known. Services that are strict refuse
 * a whole request for one picture that they cannot take.
 */
export function seesByName(model: string): boolean | undefined {
  const name = model.toLowerCase().split('/').at(-1) ?? ''
  return families.find(([, family]) => family.test(name))?.[0]
}

/** What some services say of a model in their list. */
const Listed = z.object({
  /** OpenRouter. */
  architecture: z
    .object({ input_modalities: z.array(z.string()) })
    .optional()
    .catch(undefined),
  /** Mistral. */
  capabilities: z.object({ vision: z.boolean() }).optional().catch(undefined),
})

/** As the service's list says; undefined where it says nothing. */
export function seesAsListed(entry: unknown): boolean | undefined {
  const listed = Listed.safeParse(entry).data
  return listed?.architecture?.input_modalities.includes('image') ?? listed?.capabilities?.vision
}
