import type { Scope } from '#lib/access/rules.ts'
import { call as plain } from '#lib/rest/client.ts'

export interface ConnectedClient {
  id: string
  client_id: string
  name: string
  uri: string | null
  redirect_hosts: string[]
  origin: 'document' | 'configured' | 'registration'
  person: { id: string; display: string } | null
  scopes: Scope[]
  created_at: string
  last_used_at: string | null
  expires_at: string | null
}
export interface NewClient {
  client_id: string
  client_secret?: string
}
export const call = plain as unknown as <T>(route: string, parts: object) => Promise<T>
