import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { withClient } from '#lib/testing/database.ts'
import { type Accounts, join, memberOf, type Sender, startAccounts } from '../access/accounts.ts'
import type { RunningApp } from '../start-app.ts'
import type { Received, Sent } from './exchange.ts'

/** Calls an operation as somebody, and holds its answer against the document. */
type CallAs = (who: Sender, id: string, status: number, sent: Omit<Sent, 'method'>) => Promise<Received>

const NOBODY = '018f0000-0000-7000-8000-000000000000'
const MEMBERS = '/api/members'
const REDIRECT = 'http://127.0.0.1:9999/callback'

/** Every answer of people, keys, label rules and clients: those that need accounts. */
export async function callAccess(
  callAt: (app: RunningApp, ...call: Parameters<CallAs>) => Promise<Received>,
): Promise<void> {
  const accounts = await startAccounts({ config: { limits: { keys: 1 } } })
  const call: CallAs = (...args) => callAt(accounts.app, ...args)
  try {
    await callMe(call, accounts)
    await callMembers(call, accounts)
    await callInvitations(call, accounts.owner)
    await callKeys(call, accounts)
    await callLabelRules(call, accounts.owner)
    await callKeptContract(call, accounts.owner)
    await callSharedViews(call, accounts)
    await callSystem(call, accounts)
    await callClients(call, accounts)
  } finally {
    await accounts.stop()
  }
}

async function callMe(call: CallAs, accounts: Accounts): Promise<void> {
  const { owner } = accounts
  await call(owner, 'getMe', 200, { path: '/api/me' })
  await call(owner, 'patchMe', 200, { path: '/api/me', body: { name: 'Olga' } })
  await call(owner, 'exportMe', 200, { path: '/api/me/export' })
  await call(owner, 'leaveWorkspace', 409, { path: '/api/me' })
  const leaver = await join(accounts, { email: 'leaver@example.test', role: 'viewer' })
  await call(leaver, 'leaveWorkspace', 204, { path: '/api/me' })
}

async function callMembers(call: CallAs, accounts: Accounts): Promise<void> {
  const { owner } = accounts
  await join(accounts, { email: 'ed@example.test', role: 'editor' })
  await call(owner, 'listMembers', 200, { path: MEMBERS })
  const own = await memberOf(owner, 'owner@example.test')
  const lower = { body: { role: 'viewer' } }
  const last = { path: `${MEMBERS}/${own.id}`, headers: { 'if-match': own.etag } }
  await call(owner, 'patchMember', 409, { ...last, ...lower })
  await call(owner, 'removeMember', 409, last)
  await call(owner, 'eraseMember', 409, { path: `${last.path}/erase`, body: {} })
  await call(owner, 'createReset', 409, { path: `${last.path}/reset`, body: {} })

  const nobody = { path: `${MEMBERS}/${NOBODY}`, headers: { 'if-match': own.etag } }
  await call(owner, 'patchMember', 404, { ...nobody, ...lower })
  await call(owner, 'removeMember', 404, nobody)
  await call(owner, 'eraseMember', 404, { path: `${nobody.path}/erase`, body: {} })
  await call(owner, 'createReset', 404, { path: `${nobody.path}/reset`, body: {} })
  await call(owner, 'exportMember', 404, { path: `${nobody.path}/export` })

  const ed = await memberOf(owner, 'ed@example.test')
  const path = `${MEMBERS}/${ed.id}`
  await call(owner, 'patchMember', 428, { path, ...lower })
  await call(owner, 'patchMember', 412, { path, ...lower, headers: { 'if-match': '"00000000-9"' } })
  const match = { 'if-match': ed.etag }
  await call(owner, 'patchMember', 422, { path, headers: match, body: { categories: ['nowhere'] } })
  const patched = await call(owner, 'patchMember', 200, { path, headers: match, ...lower })
  await call(owner, 'createReset', 201, { path: `${path}/reset`, body: {} })
  await call(owner, 'exportMember', 200, { path: `${path}/export` })
  await call(owner, 'removeMember', 428, { path })
  await call(owner, 'removeMember', 412, { path, headers: match })
  await call(owner, 'removeMember', 204, { path, headers: { 'if-match': patched.headers.etag ?? '' } })
  await call(owner, 'listFormerMembers', 200, { path: '/api/former-members' })
  await call(owner, 'eraseMember', 204, { path: `${path}/erase`, body: {} })
}

async function callInvitations(call: CallAs, owner: Sender): Promise<void> {
  const path = '/api/invitations'
  const invited = { email: 'new@example.test', role: 'editor' }
  const made = await call(owner, 'createInvitation', 201, { path, body: invited })
  await call(owner, 'createInvitation', 409, { path, body: { ...invited, email: 'owner@example.test' } })
  await call(owner, 'createInvitation', 422, { path, body: { ...invited, categories: ['nowhere'] } })
  await call(owner, 'listInvitations', 200, { path })
  const { id } = made.json as { id: string }
  await call(owner, 'deleteInvitation', 204, { path: `${path}/${id}` })
  await call(owner, 'deleteInvitation', 404, { path: `${path}/${NOBODY}` })
}

async function callKeys(call: CallAs, { owner }: Accounts): Promise<void> {
  const path = '/api/keys'
  const body = { name: 'a key', preset: 'agent' }
  const made = await call(owner, 'createKey', 201, { path, body })
  const pinned = { name: 'a key', scopes: ['usage:read'], label: 'production' }
  await call(owner, 'createKey', 422, { path, body: pinned })
  await call(owner, 'listKeys', 200, { path })
  const { id } = made.json as { id: string }
  await call(owner, 'rotateKey', 201, { path: `${path}/${id}/rotate`, body: {} })
  await call(owner, 'rotateKey', 404, { path: `${path}/${NOBODY}/rotate`, body: {} })
  await call(owner, 'revokeKey', 204, { path: `${path}/${id}` })
  await call(owner, 'rotateKey', 409, { path: `${path}/${id}/rotate`, body: {} })
  await call(owner, 'revokeKey', 404, { path: `${path}/${NOBODY}` })
  // limits.keys is 1 in this app.
  await call(owner, 'createKey', 201, { path, body })
  await call(owner, 'createKey', 413, { path, body })
}

async function callLabelRules(call: CallAs, owner: Sender): Promise<void> {
  const path = '/api/label-rules/staging'
  await call(owner, 'listLabelRules', 200, { path: '/api/label-rules' })
  const read = await call(owner, 'getLabelRule', 200, { path })
  const body = { protected: true }
  await call(owner, 'setLabelRule', 428, { path, body })
  await call(owner, 'setLabelRule', 412, { path, body, headers: { 'if-match': '"00000000-9"' } })
  const match = { 'if-match': read.headers.etag ?? '' }
  await call(owner, 'setLabelRule', 200, { path, body, headers: match })
  const production = '/api/label-rules/production'
  const rule = await call(owner, 'getLabelRule', 200, { path: production })
  const headers = { 'if-match': rule.headers.etag ?? '' }
  await call(owner, 'setLabelRule', 422, { path: production, body: { protected: false }, headers })
}

/** A label that keeps its contract is not moved to what refuses its callers. */
async function callKeptContract(call: CallAs, owner: Sender): Promise<void> {
  const rule = await call(owner, 'getLabelRule', 200, { path: '/api/label-rules/kept' })
  await call(owner, 'setLabelRule', 200, {
    path: '/api/label-rules/kept',
    body: { protected: false, contract: 'required' },
    headers: { 'if-match': rule.headers.etag ?? '' },
  })
  const prompt = { name: 'kept', template_content: 'Hello {{ who }}', labels: ['kept'] }
  const made = await call(owner, 'createPrompt', 201, { path: '/api/prompts', body: prompt })
  const path = '/api/prompts/kept/versions'
  const body = { template_content: 'Hello {{ whom }}' }
  const headers = { 'if-match': made.headers.etag ?? '' }
  await call(owner, 'createVersion', 409, { path, body: { ...body, labels: ['kept'] }, headers })
  const second = await call(owner, 'createVersion', 201, { path, body, headers })
  const move = { path: '/api/prompts/kept/labels/kept', headers: { 'if-match': second.headers.etag ?? '' } }
  await call(owner, 'setLabel', 409, { ...move, body: { version: 2 } })
  await call(owner, 'setLabel', 200, { ...move, body: { version: 2, accept_breaking: true } })
}

async function callSharedViews(call: CallAs, accounts: Accounts): Promise<void> {
  const editor = await join(accounts, { email: 'views@example.test', role: 'editor' })
  const view = { page: 'usage', name: 'Ours', query: 'range=7d', shared: true }
  await call(accounts.owner, 'saveView', 201, { path: '/api/views', body: view })
  await call(editor, 'saveView', 409, { path: '/api/views', body: view })
}

async function callSystem(call: CallAs, { app, owner }: Accounts): Promise<void> {
  await call(owner, 'readSystem', 200, { path: '/api/system' })
  await withClient(app.databaseUrl ?? '', (client) =>
    client.query(
      `INSERT INTO outbox (workspace_id, id, target, subject, name, data, tries, written_at, due_at)
       SELECT w.id, m, 'mail', 's', 'mail/nothing', '{}', 1000, now(), now()
       FROM workspace w, unnest(ARRAY['refused', 'hopeless']) AS m WHERE w.slug = 'default'`,
    ),
  )
  const path = '/api/system/outbox/refused/resend'
  await call(owner, 'resendMessage', 204, { path, body: {} })
  await call(owner, 'resendMessage', 404, { path: '/api/system/outbox/no-such/resend', body: {} })
  await call(owner, 'dropMessage', 204, { path: '/api/system/outbox/hopeless' })
  await call(owner, 'dropMessage', 404, { path: '/api/system/outbox/hopeless' })
}

async function callClients(call: CallAs, { owner }: Accounts): Promise<void> {
  const path = '/api/clients'
  const client = { name: 'A program', kind: 'public', scopes: ['prompts:read'], redirect_uris: [REDIRECT] }
  const made = await call(owner, 'createClient', 201, { path, body: client })
  await call(owner, 'createClient', 422, {
    path,
    body: { ...client, redirect_uris: ['javascript:alert(1)'] },
  })
  await call(owner, 'listClients', 200, { path })
  const me = await call(owner, 'getMe', 200, { path: '/api/me' })
  const { actor } = me.json as { actor: { id: string } }
  const { client_id } = made.json as { client_id: string }
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: REDIRECT,
    scope: 'prompts:read',
    state: 'x',
    code_challenge: createHash('sha256').update('a verifier').digest('base64url'),
    code_challenge_method: 'S256',
  })
  const consent = { query: String(query), person: actor.id, scopes: ['prompts:read'] }
  await call(owner, 'giveConsent', 409, { path: `${path}/consent`, body: { ...consent, person: NOBODY } })
  query.set('redirect_uri', 'https://elsewhere.example/')
  const foreign = { ...consent, query: String(query) }
  await call(owner, 'giveConsent', 422, { path: `${path}/consent`, body: foreign })
  const given = await call(owner, 'giveConsent', 200, { path: `${path}/consent`, body: consent })
  expect((given.json as { location: string }).location).toMatch(/[?&]code=/)
  const listed = await call(owner, 'listClients', 200, { path })
  const [connected] = (listed.json as { items: { id: string }[] }).items
  await call(owner, 'deleteClient', 204, { path: `${path}/${connected?.id}` })
  await call(owner, 'deleteClient', 404, { path: `${path}/${NOBODY}` })
}
