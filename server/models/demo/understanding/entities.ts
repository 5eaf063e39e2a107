import { looksLikeCommand } from './command-line.ts'

/** What a request names literally. */
export type Entities = {
  /** Paths with an ending, in order, each once. */ files: string[]
  folder: string | undefined
  quoted: string[]
  /** In back-ticks. */ commands: string[]
  /** The whole request is a command line. */ commandLine: string | undefined
  url: string | undefined
  numbers: number[]
}

const fileName = /(?<![\w@./-])(?:[\w-]+\/)*[\w-][\w.-]*\.(?=[a-z]*[a-z])[a-z0-9]{1,6}(?![\w/])/gi
const quotation = /“([^”]+)”|"([^"]+)"|「([^」]+)」|(?<![\p{L}\p{N}])['‘]([^'’]+)['’](?![\p{L}\p{N}])/gu

export function entitiesIn(text: string): Entities {
  const commands = [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
  const url =
    /https?:\/\/[^\s<>"'`“”，。）)]+/i.exec(text)?.[0] ??
    /(?<![\w/.@-])(?:www\.)?[a-z0-9-]+\.(?:com|org|net|io|dev)(?:\/\S*)?(?![\w])/i.exec(text)?.[0]
  const bare = text.replace(/https?:\/\/\S+/gi, ' ')
  const named = [...bare.matchAll(fileName)].map((match) => match[0]).filter((name) => name !== url && !/^(e\.g|i\.e|y\.o|a\.m|p\.m)$/i.test(name))
  const folder = /(?:\bin|\bof|\bunder)\s+[`"']?([\w-]+(?:\/[\w-]+)+|[\w.-]+(?=\/)|[\w-]+(?=\s+(?:folder|directory)))/i.exec(text)?.[1]
  return {
    files: [...new Set(named)],
    folder:
      folder === 'the' || folder === 'this' || folder === 'workspace'
        ? undefined
        : (folder ?? /\b(?:the|my)\s+([\w-]+)\s+(?:folder|directory)\b/i.exec(text)?.[1]),
    quoted: [...text.matchAll(quotation)].map((match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? ''),
    commands: commands.filter((command) => !/^[\w./-]+\.\w{1,6}$/.test(command) || looksLikeCommand(command)),
    commandLine: looksLikeCommand(text) ? text.trim() : undefined,
    url: url && !/^https?:/i.test(url) ? `https://${url}` : url,
    numbers: numbersIn(text),
  }
}

const spelled = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
const chineseNumbers = '零一二三四五六七八九十'

/** Numbers in order, also those in words up to twelve. */
const numbersIn = (text: string): number[] =>
  [
    ...text.matchAll(
      /(?<![\w.])(\d{1,7}(?:\.\d+)?)(?!\w)|\b(zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|fifty|hundred)\b|([二两三四五六七八九十])(?=\s*[个步次行条张句点])/giu,
    ),
  ].map(([, digits, word, sign]) => {
    if (digits !== undefined) return Number(digits)
    if (sign !== undefined) return sign === '两' ? 2 : chineseNumbers.indexOf(sign)
    const large: Record<string, number> = { twenty: 20, fifty: 50, hundred: 100 }
    const name = word?.toLowerCase() ?? ''
    return large[name] ?? spelled.indexOf(name)
  })

/** The text with what it quotes and names left out, so that nothing in there is taken for a wish. */
export const withoutEntities = (text: string): string =>
  text
    .replace(/`[^`]*`/g, ' ')
    .replace(quotation, ' ')
    .replace(/https?:\/\/\S+/gi, ' ')
    .replace(fileName, ' ')
