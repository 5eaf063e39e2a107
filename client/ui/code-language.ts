export type CodeLanguage = 'js' | 'jsx' | 'ts' | 'tsx' | 'py' | 'json' | 'css' | 'html' | 'md'
export type Token = { text: string; className: string }

const names: Record<string, CodeLanguage> = {
  js: 'js',
  mjs: 'js',
  cjs: 'js',
  javascript: 'js',
  jsx: 'jsx',
  ts: 'ts',
  mts: 'ts',
  typescript: 'ts',
  tsx: 'tsx',
  py: 'py',
  python: 'py',
  python3: 'py',
  json: 'json',
  jsonc: 'json',
  css: 'css',
  html: 'html',
  htm: 'html',
  svg: 'html',
  xml: 'html',
  md: 'md',
  markdown: 'md',
}

/** The language of a fence's first word or of a file's ending; undefined for what is shown without colours. */
export function languageNamed(name: string | undefined): CodeLanguage | undefined {
  const word =
    (name ?? '')
      .trim()
      .split(/[\s{,]/)[0]
      ?.toLowerCase() ?? ''
  return Object.hasOwn(names, word) ? names[word] : undefined
}

export const languageOfPath = (path: string) => (path.includes('.') ? languageNamed(path.slice(path.lastIndexOf('.') + 1)) : undefined)
