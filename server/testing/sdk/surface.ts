import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'

/** E2B's packages, as they are pinned. */
export const sdkPackages = ['e2b', '@e2b/code-interpreter', '@e2b/desktop'] as const
export type SdkPackage = (typeof sdkPackages)[number]

/** Of the declarations: what the syntax tree of oxc says, read loosely. */
type Node = { type: string; start: number; end: number } & Record<string, unknown>

/**
 * Raw shapes of the wire, and of what is only configuration for somebody else's program: the option that takes them is
 * listed, what is in them is not.
 */
const opaque = new Set(['paths', 'components', 'components$1', 'components$2', 'paths$1', 'McpServer', 'McpServer$1', 'Message'])

/**
 * Everything a program can name of a package: functions, methods, getters, fields and options, as `Type.member`. An
 * option that is described where it is used is `Type.method(option.inner)`. Read from the package's own declarations.
 */
export function readSurface(sdk: SdkPackage): string[] {
  const file = new URL(`../../../node_modules/${sdk}/dist/index.d.ts`, import.meta.url)
  const text = readFileSync(file, 'utf8')
  const body = parseSync('index.d.ts', text).program.body as unknown as Node[]
  const declared = new Map<string, Node>()
  for (const statement of body) {
    const { id, declarations } = statement as { id?: Node; declarations?: Node[] }
    if (id) declared.set(String(id.name), statement)
    for (const each of declarations ?? []) declared.set(String((each.id as Node).name), each)
  }
  const found = new Set<string>()
  const seen = new Set<string>()
  const waiting: string[] = []
  for (const statement of body) {
    if (statement.type !== 'ExportNamedDeclaration') continue
    for (const { local } of statement.specifiers as { local: Node }[]) waiting.push(String(local.name))
  }
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const node = declared.get(name)
    if (!node || seen.has(name) || opaque.has(name)) continue
    seen.add(name)
    readDeclaration({ text, found, name: name.replace(/\$\d+$/, ''), more: (next) => waiting.push(next) }, node)
  }
  return [...found].sort()
}

type Reading = { text: string; found: Set<string>; name: string; more(name: string): void }

function readDeclaration(reading: Reading, node: Node): void {
  const { found, name } = reading
  if (node.type === 'TSDeclareFunction' || node.type === 'VariableDeclarator' || node.type === 'ClassDeclaration') found.add(name)
  if (node.type === 'TSDeclareFunction') {
    for (const each of node.params as Node[]) readInner(reading, each, `${name}(`)
  } else if (node.type === 'ClassDeclaration' || node.type === 'TSInterfaceDeclaration') {
    for (const part of [node.superClass, ...((node.extends as Node[]) ?? []), ...((node.implements as Node[]) ?? [])]) follow(reading, part)
    for (const member of (node.body as { body: Node[] }).body) readMember(reading, member, `${name}.`)
  } else if (node.type === 'TSEnumDeclaration') {
    for (const { id } of (node.body as { members: { id: Node }[] }).members) found.add(`${name}.${String(id.name)}`)
  } else if (node.type === 'TSTypeAliasDeclaration') {
    readInner(reading, node.typeAnnotation, `${name}.`)
  } else follow(reading, node)
}

/** What nobody outside may use, or should: told from the modifiers, and from the comment in front. */
function isInternal({ text }: Reading, member: Node): boolean {
  const { accessibility, key, type } = member as { accessibility?: string; key?: Node; type: string }
  if (accessibility === 'private' || accessibility === 'protected' || key?.type === 'PrivateIdentifier') return true
  const comment = /\/\*\*(?:(?!\*\/)[^])*\*\/\s*$/.exec(text.slice(Math.max(0, member.start - 4000), member.start))?.[0] ?? ''
  return /@(hidden|hide)\b/.test(comment) || type === 'TSIndexSignature'
}

function readMember(reading: Reading, member: Node, prefix: string): void {
  if (isInternal(reading, member)) return
  const { key, value } = member as { key?: Node; value?: Node }
  const name = key && String(key.name ?? key.value)
  // What makes a sandbox or a handle is another call; the arguments are the SDK's own affair.
  if (name === undefined || name === 'constructor') return
  reading.found.add(`${prefix}${name}${prefix.endsWith('(') ? ')' : ''}`)
  const params = (value?.params ?? member.params ?? []) as Node[]
  for (const param of params) readInner(reading, param, `${prefix}${name}(`)
  const isOption = params.length === 0 && member.type !== 'MethodDefinition' && member.type !== 'TSMethodSignature'
  if (isOption) readInner(reading, member.typeAnnotation, `${prefix}${name}.`)
  else for (const part of [value, member.returnType, member.typeAnnotation]) follow(reading, part)
}

/** A type in place: its members are listed under `prefix`. Of a function's own parameters only the types are followed. */
function readInner(reading: Reading, node: unknown, prefix: string): void {
  if (typeof node !== 'object' || node === null) return
  const { type, members } = node as Node
  if (type === 'TSTypeLiteral') for (const member of members as Node[]) readMember(reading, member, prefix)
  else if (type === 'TSFunctionType' || type === 'TSTypeReference' || type === 'TSMappedType') followEach(reading, node)
  else {
    for (const [name, each] of Object.entries(node)) {
      if (name === 'left' && type === 'AssignmentPattern') readInner(reading, each, prefix)
      else for (const one of Array.isArray(each) ? each : [each]) readInner(reading, one, prefix)
    }
  }
}

function follow(reading: Reading, node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  const { type, name } = node as Node
  if (type === 'Identifier') reading.more(String(name))
  else followEach(reading, node)
}

function followEach(reading: Reading, node: object): void {
  for (const each of Object.values(node)) for (const one of Array.isArray(each) ? each : [each]) follow(reading, one)
}
