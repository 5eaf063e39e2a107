import type { WebSocket } from 'ws'
import type { UserId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { type Budget, createBudget } from '../base/budget.ts'
import type { Credential } from './document-access.ts'
import { limits } from './limits.ts'
import type { CloseCode } from './socket.ts'

export type SocketOwner = {
  /** Somebody signs in on it; it is theirs who does so first. False when they have as many as they may. */
  is(userId: UserId): boolean
  /** Another process knows who it is. */
  isKnown(): void
  left(): void
}

/** Whose each socket is, and how many everybody may have. @param openSockets of each person, of every kind */
export function createSocketOwners(openSockets: Budget) {
  const nameless = createBudget(limits.namelessPerAddress)
  return {
    /** Whose it is: at first perhaps nobody's, then of whoever signs in on it. Undefined when they have as many as they may. */
    of(ws: WebSocket, address: string, credential: Credential | undefined): SocketOwner | undefined {
      const person = credential?.principal.userId
      let taken = person === undefined ? nameless.take(address) : openSockets.take(person)
      if (!taken) return undefined
      let owner = person
      const late = setTimeout(() => owner === undefined && closeSoon(ws, closeCodes.unauthenticated), limits.namelessMs)
      late.unref()
      return {
        is(userId) {
          if (owner !== undefined) return true
          const theirs = openSockets.take(userId)
          if (!theirs) return false
          taken?.()
          ;[taken, owner] = [theirs, userId]
          clearTimeout(late)
          return true
        },
        isKnown: () => clearTimeout(late),
        left() {
          taken?.()
          clearTimeout(late)
        },
      }
    },
  }
}

/** Who does not answer is cut off. */
export function closeSoon(ws: WebSocket, { code, reason }: CloseCode): void {
  ws.close(code, reason)
  setTimeout(() => ws.terminate(), 1_000).unref()
}
