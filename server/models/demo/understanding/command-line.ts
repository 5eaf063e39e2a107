const programs = new Set(
  'ls git npm npx pnpm yarn pip pip3 python python3 df du ps pwd whoami uname echo printf curl wget mkdir rmdir rm cp mv chmod chown tar gzip unzip sed awk wc tree docker pytest cargo uptime bash sh env export cd cat head tail sort uniq diff grep rg find which date make go node touch kill free top seq exit sleep true false hostname id nproc stat file xargs tee cut tr jq ruby perl gcc cal history less man'.split(
    ' ',
  ),
)
/** Programs that are English words too: alone they say nothing, so that something else must. */
const alsoWords = new Set(
  'cat head tail sort diff find which date make go node touch kill free top exit sleep true false file cut history less man echo env cd export stat sh id cal tree'.split(
    ' ',
  ),
)
const aloneIsEnough = new Set('date tree env history free top'.split(' '))
const prose =
  /^(?:a|an|the|for|me|my|our|us|is|are|to|of|all|every|it|that|this|and|with|what|please|does|do|you|we|in|about|some|if|where|which|version|plot|code)$/i

/** Whether a text is a line for a shell and not a sentence: `git status`, `ls -la`, "npm test". */
export function looksLikeCommand(text: string): boolean {
  const line = text.trim().replace(/^\$\s+/, '')
  if (line === '' || line.includes('\n') || /\p{Script=Han}/u.test(line.replace(/(["'])[^"']*\1/g, ''))) return false
  const [first = '', ...rest] = line.split(/\s+/)
  if (/^\.{0,2}\/[\w./-]+$/.test(first)) return true
  if (!programs.has(first)) return false
  if (rest.length === 0) return !alsoWords.has(first) || aloneIsEnough.has(first)
  if (/[?!]$/.test(line) || rest.slice(0, 2).some((word) => prose.test(word) && first !== 'echo' && first !== 'git')) return false
  const isStrong = rest.some((word) => /^-{1,2}\w|^[|><;&]|[|><]$|\$\w/.test(word))
  const isPath = (word: string) => /^[\w./~*-]*[./*~][\w./~*-]*$/.test(word)
  if (first === 'python' || first === 'python3') return isStrong || isPath(rest[0] ?? '')
  if (!alsoWords.has(first)) return true
  if (first === 'make' || first === 'go') return isStrong || (rest.length === 1 && targets.test(rest[0] ?? ''))
  if (isStrong || rest.every(isPath)) return true
  return first === 'echo' || (rest.length === 1 && /^(?:which|touch|cd|sleep|exit|kill)$/.test(first))
}

const targets = /^(?:all|build|test|clean|install|check|dev|run|lint|version|vet)$/

/** What follows "run": looser, for the person said that it is a command. */
export function looksLikeRunnable(text: string): boolean {
  const [first = '', second = ''] = text.trim().split(/\s+/)
  if (looksLikeCommand(text)) return true
  if (/[^\p{L}\p{N}_-]/u.test(first) && !/[,.!?]$/.test(first) && /^[\x21-\x7e]+$/.test(first)) return true
  return programs.has(first) && !prose.test(second)
}
