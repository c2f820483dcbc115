import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestContext } from '../access/actor.ts'
import { change } from '../db/change.ts'
import type { Tx } from '../db/client.ts'
import { onPrimary } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'
import { checkResource } from './authorization.ts'
import { oauthError } from './errors.ts'
import { actorOfGrant, endGrant, GRANT, type Grant, idleEnd } from './grants.ts'
import type { ClientScope } from './rules.ts'
import { canBe, hashOf, newSecret, type SecretKind } from './secrets.ts'

const MINUTE_MS = 60_000
const CODE_MS = MINUTE_MS

/** What a client sends to the token or revocation endpoint. */
export interface TokenRequest {
  readonly form: Map<string, string>
  /** Its id, and its secret where it has one; from the Authorization header or the form. */
  readonly client: { readonly id: string; readonly secret: string | undefined }
  readonly context: RequestContext
}

/** What the token endpoint answers. */
export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly scope: string
  readonly refresh_token?: string
}

/**
 * Gives tokens for a code, a refresh token, or the secret of a service.
 * @throws OAuthError, unavailable
 */
export async function giveTokens(request: TokenRequest): Promise<TokenAnswer> {
  checkResource(request.form)
  switch (request.form.get('grant_type')) {
    case 'authorization_code':
      return forToken('code', request, (tx, found) => exchangeCode(tx, found, request.form))
    case 'refresh_token':
      return forToken('refresh', request, (tx, found) => refresh(tx, found, request.form))
    case 'client_credentials':
      return giveToService(request)
    default:
      throw oauthError(
        'unsupported_grant_type',
        'grant_type can be authorization_code, refresh_token or client_credentials.',
      )
  }
}

/** Writes a code for a grant. @returns the code */
export async function writeCode(
  tx: Tx,
  grant: Pick<Grant, 'id' | 'workspaceId' | 'scopes'>,
  { redirectUri, challenge }: { redirectUri: string; challenge: string },
): Promise<string> {
  const code = newSecret('code')
  await tx.$executeRaw`INSERT INTO oauth_token
      (hash, workspace_id, grant_id, kind, scopes, redirect_uri, challenge, expires_at)
    VALUES (${hashOf(code)}, ${grant.workspaceId}::uuid, ${grant.id}::uuid, 'code', ${grant.scopes}::text[],
      ${redirectUri}, ${challenge}, ${new Date(Date.now() + CODE_MS)})`
  return code
}

/** A code or refresh token with its grant, locked. */
interface Found extends Grant {
  readonly redirectUri: string | null
  readonly challenge: string | null
  /** Milliseconds since its first use; null: this is it. */
  readonly usedForMs: number | null
  readonly isExpired: boolean
  /** Its person is a member still. */
  readonly isMember: boolean
}

type Outcome = TokenAnswer | { readonly misuse: string }

/** Does something for a code or refresh token in one transaction, which ends the grant if the token was misused. */
async function forToken(
  kind: 'code' | 'refresh',
  { form, client, context }: TokenRequest,
  work: (tx: Tx, found: Found) => Promise<Outcome>,
): Promise<TokenAnswer> {
  const secret = form.get(kind === 'code' ? 'code' : 'refresh_token') ?? ''
  const grant = await findGrant(kind, secret)
  // What belongs to another client stays as it is: this one cannot have it by mistake, and must not end it.
  if (grant === undefined || grant.clientId !== client.id) throw notGood()
  const answer = await change(actorOfGrant(grant, context), async (changing) => {
    const found = await lockToken(changing.tx, grant, secret)
    if (found === undefined || !found.isMember) return undefined
    // One that was used before gives itself away after its time as well.
    if (found.isExpired && found.usedForMs === null) return undefined
    const outcome = await work(changing.tx, found)
    if (!('misuse' in outcome)) return outcome
    await endGrant(changing, grant, outcome.misuse)
    return undefined
  })
  if (answer === undefined) throw notGood()
  return answer
}

/** One answer whatever is wrong: it tells nobody what they have found. */
function notGood() {
  return oauthError(
    'invalid_grant',
    'This code or token is unknown, expired, used, or was given to another client.',
  )
}

const FIND = `SELECT ${GRANT} FROM oauth_token t JOIN oauth_grant g ON g.workspace_id = t.workspace_id AND g.id = t.grant_id
  WHERE t.hash = $1 AND t.kind = $2`

async function findGrant(kind: SecretKind, secret: string): Promise<Grant | undefined> {
  if (!canBe(kind, secret)) return undefined
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<Grant>({ name: 'oauth.grant', text: FIND, values: [hashOf(secret), kind] }),
  )
  return rows[0]
}

/** Two who come with the same token take turns from here on. */
async function lockToken(tx: Tx, { workspaceId }: Grant, secret: string): Promise<Found | undefined> {
  const [found] = await tx.$queryRawUnsafe<Found[]>(
    `SELECT ${GRANT}, t.redirect_uri AS "redirectUri", t.challenge, t.expires_at <= now() AS "isExpired",
      (extract(epoch FROM clock_timestamp() - t.used_at) * 1000)::float8 AS "usedForMs",
      EXISTS (SELECT FROM member m JOIN person p ON p.id = m.person_id
        WHERE m.workspace_id = g.workspace_id AND m.actor_id = g.person_actor_id
        AND m.deactivated_at IS NULL AND p.deactivated_at IS NULL) AS "isMember"
    FROM oauth_token t JOIN oauth_grant g ON g.workspace_id = t.workspace_id AND g.id = t.grant_id
    WHERE t.workspace_id = $1::uuid AND t.hash = $2 FOR UPDATE OF g, t`,
    workspaceId,
    hashOf(secret),
  )
  if (found?.usedForMs === null)
    await tx.$executeRaw`UPDATE oauth_token SET used_at = clock_timestamp()
      WHERE workspace_id = ${workspaceId}::uuid AND hash = ${hashOf(secret)}`
  return found
}

async function exchangeCode(tx: Tx, found: Found, form: Map<string, string>): Promise<Outcome> {
  if (found.usedForMs !== null) return { misuse: 'its code came twice' }
  if ((form.get('redirect_uri') ?? found.redirectUri) !== found.redirectUri)
    return { misuse: 'its code came with another redirect address' }
  if (!meets(found.challenge, form.get('code_verifier') ?? ''))
    return { misuse: 'its code came with a wrong verifier' }
  return issue(tx, found, found.scopes)
}

/** RFC 7636, 4.6, with S256. */
function meets(challenge: string | null, verifier: string): boolean {
  const made = createHash('sha256').update(verifier).digest('base64url')
  return challenge?.length === made.length && timingSafeEqual(Buffer.from(challenge), Buffer.from(made))
}

async function refresh(tx: Tx, found: Found, form: Map<string, string>): Promise<Outcome> {
  const { oauth_grace_ms: grace } = getRuntime().config.security
  if (found.isExpired || (found.usedForMs ?? 0) > grace)
    return { misuse: 'its refresh token came again after it was replaced' }
  const asked = form.get('scope')?.split(' ')
  const scopes = found.scopes.filter((scope) => asked?.includes(scope) ?? true)
  if (scopes.length === 0) throw oauthError('invalid_scope', `This grant is for ${found.scopes.join(' ')}.`)
  return issue(tx, found, scopes)
}

async function issue(tx: Tx, grant: Grant, scopes: readonly ClientScope[]): Promise<TokenAnswer> {
  const refreshToken = newSecret('refresh')
  const end = idleEnd()
  const access = await writeAccess(tx, grant, scopes)
  await tx.$executeRaw`INSERT INTO oauth_token (hash, workspace_id, grant_id, kind, scopes, expires_at)
    VALUES (${hashOf(refreshToken)}, ${grant.workspaceId}::uuid, ${grant.id}::uuid, 'refresh', ${grant.scopes}::text[],
      ${end})`
  await tx.$executeRaw`UPDATE oauth_grant SET last_used_at = now(), expires_at = ${end}
    WHERE workspace_id = ${grant.workspaceId}::uuid AND id = ${grant.id}::uuid`
  return { ...access, refresh_token: refreshToken }
}

async function writeAccess(tx: Tx, grant: Grant, scopes: readonly ClientScope[]): Promise<TokenAnswer> {
  const token = newSecret('access')
  const milliseconds = getRuntime().config.security.oauth_access_minutes * MINUTE_MS
  await tx.$executeRaw`INSERT INTO oauth_token (hash, workspace_id, grant_id, kind, scopes, expires_at)
    VALUES (${hashOf(token)}, ${grant.workspaceId}::uuid, ${grant.id}::uuid, 'access', ${scopes}::text[],
      ${new Date(Date.now() + milliseconds)})`
  const expires_in = milliseconds / 1000
  return { access_token: token, token_type: 'Bearer', expires_in, scope: scopes.join(' ') }
}

const SERVICE = `SELECT ${GRANT} FROM oauth_client c
  JOIN oauth_grant g ON g.workspace_id = c.workspace_id AND g.client_id = c.id::text AND g.person_actor_id IS NULL
  WHERE c.secret_hash = $1 AND c.id::text = $2`

/** @throws OAuthError invalid_client */
async function giveToService(request: TokenRequest): Promise<TokenAnswer> {
  const grant = await findService(request)
  const asked = request.form.get('scope')?.split(' ')
  const scopes = grant.scopes.filter((scope) => asked?.includes(scope) ?? true)
  if (scopes.length === 0) throw oauthError('invalid_scope', `This client is for ${grant.scopes.join(' ')}.`)
  return change(actorOfGrant(grant, request.context), async ({ tx }) => {
    await tx.$executeRaw`UPDATE oauth_grant SET last_used_at = now()
      WHERE workspace_id = ${grant.workspaceId}::uuid AND id = ${grant.id}::uuid`
    return writeAccess(tx, grant, scopes)
  })
}

async function findService({ client: { id, secret = '' } }: TokenRequest): Promise<Grant> {
  const values = [hashOf(secret), id]
  const rows = canBe('client', secret)
    ? (await onPrimary(({ pool }) => pool.query<Grant>({ name: 'oauth.service', text: SERVICE, values })))
        .rows
    : []
  const [grant] = rows
  if (grant === undefined) throw oauthError('invalid_client', 'The client or its secret is not known.')
  return grant
}

/**
 * Ends a token: a refresh token with its whole grant, an access token alone (RFC 7009). One that is unknown, or of
 * another client, is passed over in silence.
 * @throws OAuthError for a service whose secret is wrong; unavailable
 */
export async function revokeToken(request: TokenRequest): Promise<void> {
  const { form, client, context } = request
  const secret = form.get('token') ?? ''
  const kind = canBe('refresh', secret) ? 'refresh' : 'access'
  const grant = await findGrant(kind, secret)
  if (grant === undefined || grant.clientId !== client.id) return
  if (grant.personActorId === null) await findService(request)
  await change(actorOfGrant(grant, context), async (changing) => {
    if (kind === 'refresh') return endGrant(changing, grant)
    await changing.tx.$executeRaw`DELETE FROM oauth_token
      WHERE workspace_id = ${grant.workspaceId}::uuid AND hash = ${hashOf(secret)}`
    const target = { kind: 'actor', id: grant.actorId, name: grant.clientName }
    changing.record({ action: 'client.revoke_token', target, before: { grant: grant.id } })
  })
}
