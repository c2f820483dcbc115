import { z } from 'zod'
import { onPrimary } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'
import { CLIENT_SCOPES, type ClientScope } from '../rules.ts'
import { documentClient } from './document.ts'

/** A client that people connect. */
export interface Client {
  readonly id: string
  readonly name: string
  /** Its home page. */
  readonly uri: string | null
  readonly redirectUris: readonly string[]
  /** document: its host vouches for it · configured: the operator or an admin does · registration: nobody does */
  readonly origin: 'document' | 'configured' | 'registration'
  /** Members of this workspace alone connect it; null: everybody. */
  readonly workspaceId: string | null
  /** The most that it is given. */
  readonly scopes: readonly ClientScope[]
}

const UUID = z.uuid()

interface Row {
  id: string
  name: string
  uri: string | null
  redirectUris: string[]
  origin: 'configured' | 'registration'
  workspaceId: string | null
  scopes: ClientScope[] | null
}

const FIND = `SELECT id, name, uri, redirect_uris AS "redirectUris", 'registration' AS origin,
    NULL::uuid AS "workspaceId", NULL::text[] AS scopes FROM oauth_registration WHERE id = $1::uuid
  UNION ALL SELECT id, name, NULL, redirect_uris, 'configured', workspace_id, scopes FROM oauth_client
    WHERE id = $1::uuid AND kind = 'public'`

/**
 * A client by its id: the address of its document, a name of the configuration, or what it was given here.
 * @returns undefined when there is none
 * @throws OAuthError when its document cannot be used; unavailable
 */
export async function findClient(id: string): Promise<Client | undefined> {
  if (id.startsWith('https://')) return documentClient(id)
  const named = getRuntime().config.security.oauth_clients.find((each) => each.client_id === id)
  if (named !== undefined)
    return {
      id,
      name: named.name,
      uri: null,
      redirectUris: named.redirect_uris,
      origin: 'configured',
      workspaceId: null,
      scopes: CLIENT_SCOPES,
    }
  if (!UUID.safeParse(id).success) return undefined
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<Row>({ name: 'oauth.client', text: FIND, values: [id] }),
  )
  const [row] = rows
  return row && { ...row, scopes: row.scopes ?? CLIENT_SCOPES }
}
