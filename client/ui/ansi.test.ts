import { expect, test } from 'vitest'
import { createAnsiReader, plainText, readAnsi } from './ansi.ts'

const esc = '\u001B'
const shape = (text: string) =>
  readAnsi(text).map((line) => line.parts.map((part) => (part.className ? `${part.className}(${part.text})` : part.text)).join(''))

test('colours and weights become classes, and text stays text', () => {
  expect(shape(`${esc}[1;31m1 failed${esc}[0m, ${esc}[32m5 passed${esc}[39m in 0.86s`)).toEqual([
    'ansi-red ansi-bold(1 failed), ansi-green(5 passed) in 0.86s',
  ])
  expect(shape(`<b>${esc}[7mx${esc}[27m</b>`)).toEqual(['<b>ansi-black ansi-on-white(x)</b>'])
})

test('any of the 256 colours, and any other, is one of the eight that are legible', () => {
  expect(shape(`${esc}[38;5;196ma${esc}[38;5;46mb${esc}[38;5;244mc${esc}[38;2;20;30;200md${esc}[91me`)).toEqual([
    'ansi-red(a)ansi-green(b)ansi-white(c)ansi-blue(d)ansi-red(e)',
  ])
})

test('a line written anew shows once, and codes that move or name windows are left out', () => {
  expect(shape(`10 %\r50 %\r100 %\ndone`)).toEqual(['100 %', 'done'])
  expect(shape(`${esc}]0;title\u0007${esc}[2J${esc}[Hclean${esc}(B\u0008`)).toEqual(['clean'])
  expect(shape('a\r\nb\r\n')).toEqual(['a', 'b'])
})

test('the same comes out however the text was cut', () => {
  const text = `start\n${esc}[33mwarn${esc}[0m: x\r\n1\r2\r${esc}[38;5;46mok${esc}[0m\n\n${esc}]8;;http://a.example${esc}\\link${esc}]8;;${esc}\\ end`
  const whole = readAnsi(text)
  const joined = (lines: typeof whole) => lines.map((line) => ({ ...line, parts: merge(line.parts) }))
  for (let size = 1; size < 9; size += 1) {
    const reader = createAnsiReader()
    for (let at = 0; at < text.length; at += size) reader.add(text.slice(at, at + size))
    expect(joined(reader.lines), `in pieces of ${size}`).toEqual(joined(whole))
  }
  expect(plainText(whole)).toBe('start\nwarn: x\nok\n\nlink end')
})

test('what is copied is what is read', () => {
  expect(plainText(readAnsi(`${esc}[1mbold${esc}[0m\n  kept  \n`))).toBe('bold\n  kept  \n')
})

const merge = (parts: { text: string; className: string }[]) => {
  const merged: { text: string; className: string }[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (last?.className === part.className) last.text += part.text
    else merged.push({ ...part })
  }
  return merged
}
