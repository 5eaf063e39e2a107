import { expect, test } from 'vitest'
import { createWants } from './wants.ts'

test('what a model wants is guessed from its name and learned from refusals, each once', () => {
  const wants = createWants()
  expect(wants.of('gpt-5')).toEqual({ thoughts: false, signatures: false, details: true, textWithCalls: true })
  expect(wants.of('deepseek/deepseek-v4')).toMatchObject({ thoughts: true })
  expect(wants.of('google/gemini-3-pro')).toMatchObject({ signatures: true })
  const missing = 'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2'
  expect(wants.learn('glm-9', missing)).toBe(true)
  expect(wants.of('glm-9')).toMatchObject({ thoughts: true })
  expect(wants.learn('glm-9', missing)).toBe(false)
  expect(wants.of('glm-8')).toMatchObject({ thoughts: false })
  expect(wants.learn('my-deepseek', 'extra_forbidden: assistant.reasoning_content: Extra inputs are not permitted')).toBe(true)
  expect(wants.of('my-deepseek')).toMatchObject({ thoughts: false })
  expect(wants.learn('proxy-g', 'Function call is missing a thought_signature in functionCall parts.')).toBe(true)
  expect(wants.of('proxy-g')).toMatchObject({ signatures: true })
  expect(wants.learn('old', 'Assistant message must have either content or tool_calls, but not both.')).toBe(true)
  expect(wants.of('old')).toMatchObject({ textWithCalls: false })
  expect(wants.learn('proxy-g', 'messages.1.tool_calls.0.extra_content: Extra inputs are not permitted')).toBe(true)
  expect(wants.of('proxy-g')).toMatchObject({ details: false })
  expect(wants.learn('gpt-5', 'tools are wrong')).toBe(false)
})
