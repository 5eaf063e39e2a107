import { expect, test } from 'vitest'
import { isNamedPicture, pictureType } from './picture-type.ts'
import { seesAsListed, seesByName } from './sees-pictures.ts'

test('models that see are known by their family', () => {
  for (const name of [
    'gpt-4o',
    'gpt-4o-mini-2024-07-18',
    'gpt-4.1-nano',
    'gpt-4-turbo',
    'gpt-5',
    'gpt-5.1-mini',
    'o1',
    'o3',
    'o4-mini',
    'chatgpt-4o-latest',
    'gpt-4-vision-preview',
    'claude-3-5-sonnet-latest',
    'anthropic/claude-sonnet-4.5',
    'gemini-2.5-flash',
    'gemma3:12b',
    'llama3.2-vision:11b',
    'meta-llama/Llama-4-Scout',
    'pixtral-12b',
    'mistral-small-2506',
    'qwen2.5-vl:7b',
    'Qwen/Qwen3-VL-8B',
    'glm-4.5v',
    'llava:13b',
    'atrium-demo',
    'atrium-demo-brief',
  ])
    expect(seesByName(name), name).toBe(true)
})

test('models that do not are known too, and of others nothing is said', () => {
  for (const name of [
    'gpt-3.5-turbo',
    'gpt-4',
    'gpt-4-0613',
    'o1-mini',
    'o3-mini',
    'gpt-oss-120b',
    'openai/gpt-oss-20b',
    'claude-2.1',
    'llama-3.3-70b-instruct',
    'mixtral-8x7b',
    'codestral-latest',
    'deepseek-chat',
    'deepseek-r1',
    'qwen2.5-coder:7b',
    'gemma3:1b',
    'kimi-k2',
  ])
    expect(seesByName(name), name).toBe(false)
  for (const name of ['scripted', 'my-model', 'acme-large', '']) expect(seesByName(name), name).toBeUndefined()
})

test('what a service says of its models is stronger than their names', () => {
  expect(seesAsListed({ id: 'x', architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] } })).toBe(true)
  expect(seesAsListed({ id: 'x', architecture: { input_modalities: ['text'] } })).toBe(false)
  expect(seesAsListed({ id: 'x', capabilities: { completion_chat: true, vision: true } })).toBe(true)
  for (const entry of [{ id: 'x' }, { id: 'x', architecture: 'transformer' }, null, 'x']) expect(seesAsListed(entry)).toBeUndefined()
})

test('a picture is what its bytes are, whatever its name', () => {
  const bytes = (...parts: (number | string)[]) =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : Array.from(part, (sign) => sign.charCodeAt(0)))))
  expect(pictureType(bytes(0x89, 'PNG\r\n', 0x1a, '\n'))).toBe('image/png')
  expect(pictureType(bytes(0xff, 0xd8, 0xff, 0xe0))).toBe('image/jpeg')
  expect(pictureType(bytes('GIF89a'))).toBe('image/gif')
  expect(pictureType(bytes('RIFF', 0, 0, 0, 0, 'WEBP'))).toBe('image/webp')
  for (const text of ['', 'RIFF0000WAVE', '<svg/>', '%PDF']) expect(pictureType(bytes(text)), text).toBeUndefined()
  expect(['a.png', 'b.JPG', 'c/d.webp', 'e.svg', 'f.csv'].map(isNamedPicture)).toEqual([true, true, true, false, false])
})
