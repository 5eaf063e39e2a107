import type { Extension } from '@codemirror/state'

type Load = () => Promise<Extension>

const script =
  (options: { typescript?: boolean; jsx?: boolean }): Load =>
  async () =>
    (await import('@codemirror/lang-javascript')).javascript(options)
const html: Load = async () => (await import('@codemirror/lang-html')).html()
const css: Load = async () => (await import('@codemirror/lang-css')).css()
const json: Load = async () => (await import('@codemirror/lang-json')).json()
const markdown: Load = async () => (await import('@codemirror/lang-markdown')).markdown()
const python: Load = async () => (await import('@codemirror/lang-python')).python()

const byExtension: Record<string, Load> = {
  ts: script({ typescript: true }),
  mts: script({ typescript: true }),
  cts: script({ typescript: true }),
  tsx: script({ typescript: true, jsx: true }),
  js: script({ jsx: true }),
  jsx: script({ jsx: true }),
  mjs: script({ jsx: true }),
  cjs: script({ jsx: true }),
  py: python,
  pyi: python,
  json,
  ipynb: json,
  webmanifest: json,
  md: markdown,
  markdown,
  css,
  html,
  htm: html,
  svg: html,
  xml: html,
  vue: html,
}

/** The grammar that colours a file, by the ending of its name; each is fetched when first needed. Undefined for plain text. */
export function languageOf(path: string): Load | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(byExtension, extension) ? byExtension[extension] : undefined
}
