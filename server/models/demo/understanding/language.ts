export type Language = 'en' | 'zh'

/** The language of a text, by what is left of it without names of files and quotations; undefined where nothing tells. */
export function languageOf(text: string): Language | undefined {
  const bare = text
    .replace(/`[^`]*`|“[^”]*”|"[^"]*"|「[^」]*」/g, ' ')
    .replace(/[\w./-]+\.\w{1,6}\b/g, ' ')
    .replace(/^\s*[\w ]{1,40}[:：]/, '')
  const chinese = (bare.match(/\p{Script=Han}/gu) ?? []).length
  const latin = (bare.match(/[a-z][a-z']+/gi) ?? []).length
  if (chinese === 0 && latin === 0) return /\p{Script=Han}/u.test(text) ? 'zh' : undefined
  return chinese >= latin ? 'zh' : 'en'
}
