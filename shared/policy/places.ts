import type { ShellWord } from './shell.ts'

/** Where a path leads. `scratch`: /tmp and its like. `nothing`: a device that keeps nothing. `unknown`: it cannot be read. */
export type Place = 'workspace' | 'scratch' | 'nothing' | 'outside' | 'unknown'

/** The home of a sandbox is its workspace. */
export const workspace = '/home/user'

const harmless = /^\/dev\/(null|zero|stdout|stderr|stdin|tty|fd\/\d+)$/
const scratch = /^\/(tmp|var\/tmp|dev\/shm)(\/|$)/

/** A path without `.` and `..`; undefined for a relative one whose folder is not known. */
export function absolute(path: string, folder: string | undefined): string | undefined {
  const home = path === '~' || path.startsWith('~/') ? `${workspace}${path.slice(1)}` : path
  if (home.startsWith('~')) return home
  if (!home.startsWith('/') && folder === undefined) return undefined
  const steps: string[] = []
  for (const step of `${home.startsWith('/') ? '' : `${folder}/`}${home}`.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return `/${steps.join('/')}`
}

/** @param folder in which a relative path is meant; undefined when nobody knows */
export function placeOf(path: string, folder: string | undefined): Place {
  const full = absolute(path, folder)
  if (full === undefined) return 'unknown'
  if (full === workspace || full.startsWith(`${workspace}/`)) return 'workspace'
  if (harmless.test(full)) return 'nothing'
  return scratch.test(full) ? 'scratch' : 'outside'
}

export const placeOfWord = (word: ShellWord, folder: string | undefined): Place => (word.literal ? placeOf(word.text, folder) : 'unknown')

const secret =
  /(^|[/=@:,])(\.env(?!\.(example|sample|template|dist)\b)(\.[\w.-]+)?|\.ssh(\/.*)?|id_(rsa|dsa|ecdsa|ed25519)|\.npmrc|\.pypirc|\.netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.gnupg(\/.*)?|\.aws(\/.*)?|\.kube(\/.*)?|\.docker\/config\.json|\.bash_history|\.zsh_history|credentials(\.json)?|shadow|gshadow|environ|[\w.-]+\.(pem|p12|pfx|keystore))$/

/** Whether a path names what is kept from others: keys, passwords, tokens. */
export const isSecret = (path: string): boolean => secret.test(path)

const samples = [
  '.env',
  '.env.local',
  '.ssh',
  '.ssh/id_rsa',
  'id_rsa',
  'id_ed25519',
  '.npmrc',
  '.netrc',
  '.pgpass',
  '.git-credentials',
  '.aws/credentials',
]

/** As `isSecret`, of a word in which `*`, `?` and `[…]` stand for names that are there. */
export function namesSecret({ text, glob }: ShellWord): boolean {
  if (!glob) return isSecret(text)
  const base = text.split('/').slice(-2).join('/')
  return [text.split('/').at(-1) ?? '', base].some((pattern) => {
    // A star at the beginning leaves out names that begin with a dot.
    if (/^[*?[]/.test(pattern)) return samples.some((name) => !name.startsWith('.') && matches(pattern, name))
    return samples.some((name) => matches(pattern, name))
  })
}

function matches(pattern: string, name: string): boolean {
  if (/^\*+$/.test(pattern)) return false
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]')
  try {
    return new RegExp(`^${source}$`).test(name)
  } catch {
    return true
  }
}
