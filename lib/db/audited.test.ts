import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { textsIn } from '../testing/texts.ts'

/*
 * Walks the code: rows are changed by the transaction of `change()`, which writes the audit row along with them. A
 * statement counts as such where it is seen to be sent by `tx`, itself or by the name that it has in its file.
 */

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Tables that are no record of what somebody did: sums, queues, marks, the text of a run while it arrives. */
const BOOKKEEPING =
  /^(usage_(?!note)\w+|spending_\w+|prompt_usage|upkeep|instance|outbox|outcome_day|idempotency_key|ai_spending|generation_chunk|webhook_delivery|alert_event|sign_in_count|person_verification)$/

/** Files and folders that change rows outside of it, and why no audit row of somebody's belongs there. */
const OUTSIDE: Readonly<Record<string, string>> = {
  'lib/access/identify.ts': 'the first workspace and the actors of the app itself, before anybody can act',
  'lib/audit/expire-audit.ts': 'the function that deletes old rows writes the row that says so',
  'lib/generations/runs/':
    'the app runs what somebody asked for: the generation says who, when and what came of it',
  'lib/generations/store/': 'a generation says itself who asked for it, with what, and when',
  'lib/generations/streaming/': 'signs of life of a run',
  'lib/generations/sweeps/': 'the app ends what nobody runs any more, and generations go by their age',
  'lib/keys/identify-key.ts': 'a key that was hashed with an earlier secret is hashed anew when it is used',
  'lib/keys/key-uses.ts': 'when a key was used last',
  'lib/oauth/clients/register.ts': 'a client registers itself, before anybody has let it in',
  'lib/oauth/expire-clients.ts': 'tokens, grants and registrations go when their time is over',
  'lib/outcomes/expire-outcomes.ts': 'outcomes go by their age',
  'lib/people/auth/identify-session.ts': 'when a session was seen last',
  'lib/people/auth/sessions.ts': 'sessions go when their time is over',
  'lib/people/expire-people.ts': 'what is kept of people goes when its time is over',
  'lib/people/mail/send-mail.ts': 'that a letter was sent',
  'lib/people/open/set-up-link.ts': 'the start makes the link, before anybody can act',
  'lib/people/resets.ts': 'links go when their time is over',
  'lib/secrets/known-secret.ts': 'the start notes by which secret it works',
  'lib/transfer/expire-imports.ts': 'what came of imports goes by its age',
  'lib/usage/spending/count-spending.ts': 'which generations are in the sums of spending',
  'lib/usage/sums/open-hours.ts': 'sums of uses',
  'lib/usage/sums/sum-up.ts': 'sums of uses',
}

const schema = readFileSync(path.join(ROOT, 'prisma/schema.prisma'), 'utf8')
const models = [...schema.matchAll(/^model (\w+) \{\n(.*?)\n\}/gms)]
  .map(([, name = '', body = '']) => ({ name, table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name }))
  .filter(({ table }) => !BOOKKEEPING.test(table))
const tables = models.map(({ table }) => table).join('|')
const clients = models.map(({ name }) => name.charAt(0).toLowerCase() + name.slice(1)).join('|')

/** Functions of the database that change rows. */
const FUNCTIONS = 'expire_audit|redact_prompt_version'
/** A table that is put in by the code may be any. */
const SQL = new RegExp(
  `\\b(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\\s+(?:ONLY\\s+)?(?:(?:${tables})\\b|\\$\\{)|SELECT (?:${FUNCTIONS})\\(`,
  'g',
)
const BY_CLIENT = new RegExp(
  `([\\w.]+)\\.(?:${clients})\\.(?:create|createMany|update|updateMany|upsert|delete|deleteMany)\\(`,
  'g',
)
const BY_TX = /\btx\.\$(?:execute|query)Raw(?:Unsafe)?(?:<[^(`]*>)?[(\s]*$/
const DECLARATION = /^(?:export )?(?:async )?(?:const|function) (\w+)/gm

interface File {
  file: string
  source: string
}

const files: File[] = ['lib', 'inngest', 'app']
  .flatMap((room) =>
    readdirSync(path.join(ROOT, room), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${room}/${file}`,
    ),
  )
  .filter((file) => /^(?!.*(\.test\.tsx?$|\/generated\/|\/testing\/)).*\.tsx?$/.test(file))
  .map((file) => ({ file, source: withoutComments(readFileSync(path.join(ROOT, file), 'utf8')) }))

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/^\s*\/\/.*$/gm, '')
}

/** Whether all uses of a name, wherever it may have been imported, hand it to `tx`. */
function isSentByTx(name: string, { file, source }: File, all: readonly File[]): boolean {
  const isExported = new RegExp(`^export .*\\b${name}\\b`, 'm').test(source)
  const users = isExported
    ? all.filter((each) => new RegExp(`\\b${name}\\b`).test(each.source))
    : [{ file, source }]
  const uses = users.flatMap((user) =>
    [...user.source.matchAll(new RegExp(`\\b${name}\\b`, 'g'))]
      .filter(
        ({ index }) =>
          !/(?:const|function) $/.test(user.source.slice(0, index)) &&
          !/^import [^;'"]*$/m.test(user.source.slice(user.source.lastIndexOf('import ', index), index)),
      )
      .map(({ index }) => user.source.slice(0, index)),
  )
  return uses.length > 0 && uses.every((before) => BY_TX.test(before))
}

/** What a file sends outside of `change()`, as far as can be seen. */
function outside(each: File, all: readonly File[]): string[] {
  const { source } = each
  const found: string[] = []
  const texts = textsIn(source)
  for (const { index, 0: text } of source.matchAll(SQL)) {
    const start = texts.find((each) => each.start < index && index < each.end)?.start ?? index
    if (BY_TX.test(source.slice(0, start))) continue
    const owner = [...source.slice(0, index).matchAll(DECLARATION)].at(-1)?.[1]
    if (owner === undefined || !isSentByTx(owner, each, all)) found.push(`${owner}: ${text}`)
  }
  for (const [call, on = ''] of source.matchAll(BY_CLIENT)) if (!/(^|\.)tx$/.test(on)) found.push(call)
  if (source.includes('.$transaction(') && each.file !== 'lib/db/change.ts') found.push('.$transaction(')
  return found
}

const walked = files.map((each) => ({ file: each.file, found: outside(each, files) }))
const isListed = (file: string) => Object.keys(OUTSIDE).some((place) => file.startsWith(place))

describe('rows are changed within change()', () => {
  it('as far as the walk sees at all', () => {
    expect(models.length).toBeGreaterThan(20)
    const count = files.reduce((sum, { source }) => sum + [...source.matchAll(SQL)].length, 0)
    expect(count).toBeGreaterThan(40)
  })

  it('or the list says why not', () => {
    expect(walked.filter(({ file, found }) => found.length > 0 && !isListed(file))).toEqual([])
  })

  it.each(Object.entries(OUTSIDE).filter(([place]) => existsSync(path.join(ROOT, place))))(
    '%s: %s',
    (place) => {
      expect(walked.filter(({ file }) => file.startsWith(place)).flatMap(({ found }) => found)).not.toEqual(
        [],
      )
    },
  )

  it.each([
    ['await tx.$executeRaw`UPDATE category SET x = 1`', 0],
    ['await context.tx.$queryRaw<Row[]>`DELETE FROM category`', 0],
    ["const A = 'UPDATE category SET x = 1'\nawait tx.$executeRawUnsafe(A, 1)", 0],
    ["const A = 'UPDATE category SET x = 1'\nawait pool.query(A)", 1],
    ["const A = 'UPDATE category SET x = 1'\nawait tx.$executeRawUnsafe(A, 1)\nawait send(A)", 1],
    ["await pool.query('DELETE FROM category')", 1],
    ['const A = { text: `INSERT INTO category VALUES (1)` }\nawait tx.$executeRawUnsafe(B)', 1],
    ['const A = (t) => `UPDATE ${t} SET x = 1`\nawait pool.query(A(1))', 1],
    ['await prisma.category.create({})', 1],
    ['await tx.category.create({})', 0],
    ['await prisma.$transaction((tx) => tx.category.create({}))', 1],
    ["await pool.query('SELECT expire_audit($1)')", 1],
    ['await pool.query(`UPDATE usage_hour SET x = 1`)', 0],
  ])('is seen: %j', (source, count) => {
    const file = { file: 'lib/x.ts', source }
    expect(outside(file, [file])).toHaveLength(count)
  })
})
