import { createCipheriv } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { createByteReader } from './byte-reader.ts'
import { checkScreenSize, longestName } from './screen-size.ts'
import { BadRfb } from './stream-parser.ts'

export type ServerInit = { width: number; height: number; /** 16 bytes. */ format: Buffer; name: string }

const longestReason = 4096

/**
 * Signs in to a VNC server as one of many: always shared. Speaks 3.3, 3.7 and 3.8, with no security or a password.
 * @param rest what the server said after ServerInit
 * @throws BadRfb with a sentence that holds neither address nor password
 */
export async function openUpstream(stream: Duplex, password: string | undefined, withinMs = 10_000): Promise<{ init: ServerInit; rest: Buffer }> {
  const reader = createByteReader(stream, withinMs)
  try {
    const version = /^RFB (\d{3})\.(\d{3})\n$/.exec((await reader.read(12)).toString('latin1'))
    if (!version) throw new BadRfb('the desktop does not speak RFB')
    const minor = Number(version[1]) > 3 || Number(version[2]) >= 8 ? 8 : Number(version[2]) === 7 ? 7 : 3
    stream.write(`RFB 003.00${minor}\n`)
    const type = await agree(minor)
    if (type === 2) stream.write(answerChallenge(await reader.read(16), password ?? ''))
    // Before 3.8 nothing follows when there is no security.
    if (minor === 8 || type === 2) {
      const result = (await reader.read(4)).readUInt32BE(0)
      if (result !== 0) throw new BadRfb(`the desktop refused: ${minor === 8 ? await reason() : 'wrong password'}`)
    }
    stream.write(Buffer.from([1]))
    const head = await reader.read(24)
    checkScreenSize(head.readUInt16BE(0), head.readUInt16BE(2))
    const nameLength = head.readUInt32BE(20)
    if (nameLength > longestName) throw new BadRfb('the name of the desktop is endless')
    const name = (await reader.read(nameLength)).toString('utf8')
    const init = { width: head.readUInt16BE(0), height: head.readUInt16BE(2), format: Buffer.from(head.subarray(4, 20)), name }
    return { init, rest: reader.rest() }
  } catch (error) {
    reader.rest()
    throw error
  }

  async function reason(): Promise<string> {
    const length = (await reader.read(4)).readUInt32BE(0)
    if (length > longestReason) return 'without a reason'
    return (await reader.read(length)).toString('utf8').replace(/[^\x20-\x7e]/g, ' ')
  }

  async function agree(minor: number): Promise<1 | 2> {
    let offered: number[]
    if (minor === 3) {
      const type = (await reader.read(4)).readUInt32BE(0)
      if (type === 0) throw new BadRfb(`the desktop refused: ${await reason()}`)
      offered = [type]
    } else {
      const count = (await reader.read(1)).readUInt8(0)
      if (count === 0) throw new BadRfb(`the desktop refused: ${await reason()}`)
      offered = [...(await reader.read(count))]
    }
    const type = offered.includes(1) ? 1 : offered.includes(2) && password !== undefined ? 2 : undefined
    if (!type) throw new BadRfb('the desktop asks for a kind of security that is not known here')
    if (minor > 3) stream.write(Buffer.from([type]))
    return type
  }
}

/** VNC's own way: DES with each byte of the password mirrored. Three equal keys make the triple form do what the single one did. */
export function answerChallenge(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(8)
  Buffer.from(password, 'latin1').copy(key, 0, 0, 8)
  for (const [at, byte] of key.entries()) {
    let mirrored = 0
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) mirrored |= 0x80 >> bit
    key[at] = mirrored
  }
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null)
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(challenge), cipher.final()])
}
