import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { endOf, textsIn } from './testing/texts.ts'

/* Walks the statements of lib: one that touches a table of a workspace names the workspace. */

const ROOT = path.resolve(import.meta.dirname, '..')

/** Statements that look at all workspaces together, and why. */
const OVER_ALL: Readonly<Record<string, string>> = {
  'lib/generations/metrics.ts': '/metrics has one figure for the whole queue',
  'lib/generations/store/signs-of-life.ts':
    'one look at the attempts of every workspace that an upkeep found',
  'lib/health/read-work.ts': 'one runner and one outbox serve all workspaces',
  'lib/keys/key-metrics.ts': '/metrics has one figure for all keys',
  'lib/oauth/expire-clients.ts': 'a client that registered itself belongs to no workspace',
  'lib/outbox/outbox.ts': '/metrics has one figure for the whole outbox',
  'lib/people/expire-people.ts': 'what is kept of a person is forgotten when it is a member of none',
  'lib/webhooks/webhook-metrics.ts': '/metrics has one figure for all webhooks and alerts',
  'lib/generations/streaming/heartbeat.ts': 'one sign of life for all attempts that this process runs',
}

const schema = readFileSync(path.join(ROOT, 'prisma/schema.prisma'), 'utf8')
const models = [...schema.matchAll(/^model (\w+) \{\n(.*?)\n\}/gms)].flatMap(([, name = '', body = '']) =>
  body.includes('workspace_id') ? [{ name, table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name }] : [],
)
const TABLE = new RegExp(
  `\\b(?:FROM|JOIN|INTO|UPDATE|USING|ONLY|TABLE)\\s+"?(?:${models.map(({ table }) => table).join('|')})\\b`,
)
const CLIENT = new RegExp(
  `\\.(?:${models.map(({ name }) => name.charAt(0).toLowerCase() + name.slice(1)).join('|')})\\.\\w+\\(`,
  'g',
)
/** Conditions that are put together elsewhere in the file, which names the workspace there. */
const COMPOSED = /\$\{(?:where|conditions)\b|^`FROM \w+ \w`$|\.\.\.\w|\bwhere(?:: \w+)?\s*[,}]/

const files = readdirSync(path.join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
  .map((file) => `lib/${file}`)
  .filter((file) => /^(?!.*(\.test\.ts|\/generated\/|\/testing\/)).*\.ts$/.test(file))

/** The statements of a file: texts that touch a table of a workspace, and calls of the client for one. */
function statements(source: string): string[] {
  const found = textsIn(source)
    .map(({ start, end }) => source.slice(start, end))
    .filter((text) => TABLE.test(text))
  for (const call of source.matchAll(CLIENT)) {
    const open = call.index + call[0].length - 1
    found.push(source.slice(call.index, endOf(source, open)))
  }
  return found
}

const CHANGE = new RegExp(
  `\\b(?:UPDATE|DELETE FROM)\\s+(?:ONLY\\s+)?(?:${models.map(({ table }) => table).join('|')})\\b`,
)

/** The conditions of a statement's changes, and of a call of the client: to answer the workspace is not to look for it. */
function conditions(statement: string): string[] {
  if (/^\.\w+\.\w+\(/.test(statement)) {
    const open = /\bwhere: \{/.exec(statement)
    if (open === null) return []
    const start = open.index + open[0].length - 1
    return [statement.slice(start, endOf(statement, start))]
  }
  return statement.split(/(?=\b(?:UPDATE|DELETE FROM|INSERT INTO)\s)/).flatMap((part) => {
    if (!CHANGE.test(part)) return []
    return [part.replaceAll(/RETURNING\b[^)]*/g, '')]
  })
}

function isBound(statement: string, source: string): boolean {
  if (conditions(statement).some((each) => !isNamed(each, source))) return false
  return isNamed(statement, source)
}

function isNamed(statement: string, source: string): boolean {
  return statement.includes('workspace_id') || (COMPOSED.test(statement) && source.includes('workspace_id'))
}

const walked = files.map((file) => {
  const source = readFileSync(path.join(ROOT, file), 'utf8')
  return {
    file,
    found: statements(source),
    unbound: statements(source).filter((each) => !isBound(each, source)),
  }
})

describe('a statement', () => {
  it('is found at all', () => {
    expect(models.length).toBeGreaterThan(25)
    expect(walked.reduce((sum, { found }) => sum + found.length, 0)).toBeGreaterThan(120)
  })

  it('of a table that has a workspace names it', () => {
    const unbound = walked.filter(({ file, unbound }) => unbound.length > 0 && !(file in OVER_ALL))
    expect(unbound.map(({ file, unbound }) => ({ file, unbound }))).toEqual([])
  })

  it.each(Object.entries(OVER_ALL))('%s looks at all workspaces: %s', (file) => {
    expect(walked.find((each) => each.file === file)?.unbound).not.toHaveLength(0)
  })

  it.each([
    ["query('DELETE FROM category WHERE id = $1')", 1],
    ['`SELECT * FROM category c WHERE c.id = ${id}`', 1],
    ["`SELECT * FROM category c WHERE ${where.join(' AND ')}`", 0],
    ['`SELECT FROM category WHERE workspace_id = $1 AND id = ${`${id}`}`', 0],
    ['tx.promptExample.delete({ where: { id }, select: { id: true } })', 1],
    ['tx.promptExample.delete({ where: { id, workspace_id: workspaceId } })', 0],
    ['`UPDATE category SET name = $1 WHERE id = $2 RETURNING workspace_id`', 1],
    [
      '`WITH a AS (UPDATE category SET name = $1 WHERE id = $2) UPDATE category SET x = 1 WHERE workspace_id = $3`',
      1,
    ],
    ['tx.promptExample.update({ where: { id }, data: { workspace_id: workspaceId } })', 1],
  ])('without one is seen: %s', (source, count) => {
    const file = `${source} // workspace_id`
    expect(statements(file).filter((each) => !isBound(each, file))).toHaveLength(count)
  })
})
