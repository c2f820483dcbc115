import { queryOptions } from '@tanstack/react-query'
import { call, send } from '#lib/rest/client.ts'

export const ME = ['me']

/** The person of the page, with what they can sign in with. */
export const meQuery = queryOptions({
  queryKey: ME,
  queryFn: ({ signal }) => call('GET /api/me', { signal }),
})

/** A session of one's own. */
export interface OwnSession {
  id: string
  /** Names it when it is ended. */
  token: string
  createdAt: string
  updatedAt: string
  expiresAt: string
  ipAddress: string | null
  userAgent: string | null
  current: boolean
}

/** A passkey of one's own. */
export interface OwnPasskey {
  id: string
  name: string
  /** It is kept by an account, such as that of a phone's maker, and not by one device alone. */
  backedUp: boolean
  createdAt: string
  lastUsedAt: string | null
}

export const SESSIONS = ['sessions']
export const PASSKEYS = ['passkeys']
export const LOGINS = ['logins']

export const sessionsQuery = queryOptions({
  queryKey: SESSIONS,
  queryFn: ({ signal }) => send<OwnSession[]>('GET /api/auth/list-sessions', { signal }),
})

export const passkeysQuery = queryOptions({
  queryKey: PASSKEYS,
  queryFn: ({ signal }) => send<OwnPasskey[]>('GET /api/auth/passkey/list-user-passkeys', { signal }),
})

/** The accounts that one signs in with: the own one, and that of the provider. */
export const loginsQuery = queryOptions({
  queryKey: LOGINS,
  queryFn: ({ signal }) =>
    send<{ id: string; providerId: 'credential' | 'sso' }[]>('GET /api/auth/list-accounts', { signal }),
})
