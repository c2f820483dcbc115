import type { Actor } from '#lib/access/actor.ts'
import { plainMessage } from '#lib/door/plain-words.ts'
import { listKeys } from '#lib/keys/operations/list-keys.ts'
import { revokeKey } from '#lib/keys/operations/revoke-key.ts'
import { rotateKey } from '#lib/keys/operations/rotate-key.ts'
import { OVERLAP_HOURS } from '#lib/keys/rules.ts'
import { type ApiKey, KeyPath, RotateKeyInput } from '#lib/keys/schema.ts'
import { type Answer, type Commands, UsageError } from './command.ts'
import { columns } from './print.ts'

export const keyCommands = {
  'keys list': {
    as: 'operator',
    options: { revoked: { does: 'those that were revoked, in place of those that work' } },
    does: 'lists the API keys, without their texts',
    example: 'npm run admin -- keys list',
    run: (actor, { options }) => list(actor, options.revoked === true),
  },
  'keys revoke': {
    as: 'operator',
    args: ['ID'],
    does: 'revokes a key: every instance refuses it within two seconds',
    example: 'npm run admin -- keys revoke 019a2f6e-0000-7000-8000-000000000000',
    async run(actor, { values: [id = ''] }) {
      await revokeKey(actor, { id: idOf(id) })
      return { text: `The key ${id} is revoked.`, data: { id, status: 'revoked' } }
    },
  },
  'keys rotate': {
    as: 'operator',
    args: ['ID'],
    options: {
      overlap: {
        value: 'HOURS',
        does: `time for which the old text goes on working; ${OVERLAP_HOURS.usual} when left out`,
      },
    },
    does: 'gives a service key a new text and prints it, this once',
    more: 'A personal key is rotated by its person alone; the operator may revoke it.',
    example: 'npm run admin -- keys rotate 019a2f6e-0000-7000-8000-000000000000 --overlap 24',
    run: (actor, { values: [id = ''], options }) => rotate(actor, id, options.overlap),
  },
} satisfies Commands

async function list(actor: Actor, isRevoked: boolean): Promise<Answer> {
  const items: ApiKey[] = []
  let cursor: string | undefined
  do {
    const page = await listKeys(actor, {
      limit: 200,
      ...(isRevoked && { revoked: 'true' }),
      ...(cursor && { cursor }),
    })
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  const rows = items.map(({ id, prefix, name, kind, person, status, expires_at, last_used_at }) => [
    id,
    `${prefix}…`,
    status,
    person?.display ?? kind,
    expires_at === null ? 'never expires' : `expires ${expires_at}`,
    last_used_at === null ? 'not used' : `used ${last_used_at}`,
    name,
  ])
  return { text: rows.length === 0 ? 'There are no such keys.' : columns(rows), data: { items } }
}

async function rotate(actor: Actor, id: string, overlap: string | boolean | undefined): Promise<Answer> {
  const hours = overlap === '' ? Number.NaN : Number(overlap)
  const input = RotateKeyInput.safeParse(overlap === undefined ? {} : { overlap_hours: hours })
  if (!input.success)
    throw new UsageError(`--overlap ${overlap}: ${plainMessage(input.error.issues[0]?.message ?? '')}`)
  const key = await rotateKey(actor, { ...input.data, id: idOf(id) })
  return {
    text: `${key.key}\n\nThis is the new text of "${key.name}", shown this once. The old one works until ${key.previous_until ?? 'now'}.`,
    data: key,
  }
}

function idOf(text: string): string {
  const parsed = KeyPath.safeParse({ id: text })
  if (!parsed.success) throw new UsageError(`"${text}" is no id of a key. See: npm run admin -- keys list`)
  return parsed.data.id
}
