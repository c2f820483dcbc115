import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Actor } from '#lib/access/actor.ts'
import { exportUsage } from '#lib/usage/operations/export-usage.ts'
import { UsageExportQuery } from '#lib/usage/schema.ts'
import { refuseNpmsLines } from '../database/arguments.ts'
import { type Answer, type Commands, type Invocation, UsageError } from './command.ts'

export const usageCommands = {
  'usage export': {
    as: 'operator',
    options: {
      from: { value: 'TIME', does: 'uses from this day or time on (2026-11-28 is its start, UTC)' },
      to: { value: 'TIME', does: 'uses before it; by default whole days that nothing is added to any more' },
      after: { value: 'PLACE', does: 'goes on after a line: its occurred_at, a /, its id' },
    },
    does: 'writes single uses to stdout, a JSON object a line, oldest first, while instances run',
    more: 'How many there were, and the place of the last, is told on stderr. Broken off, go on with --after and the last whole line that was kept.',
    example:
      'npm run --silent admin -- usage export --from 2026-11-01 --to 2026-12-01 | gzip > uses.jsonl.gz',
    takesStdout: () => true,
    run: writeUses,
  },
} satisfies Commands

const DAY = /^\d{4}-\d\d-\d\d$/

async function writeUses(actor: Actor, given: Invocation): Promise<Answer> {
  refuseNpmsLines('admin -- usage export')
  const query = queryOf(given)
  const progress = { uses: 0, last: query.after ?? null, to: '' }
  await pipeline(Readable.from(parts(actor, query, progress)), process.stdout)
  const { uses, last, to } = progress
  const place = last === null ? '' : ` To go on from here: --after ${last}`
  return { text: `${uses} uses before ${to} were written.${place}`, data: progress }
}

/** One part is held at a time: the next is read when stdout has taken the one before. */
async function* parts(
  actor: Actor,
  query: UsageExportQuery,
  progress: { uses: number; last: string | null; to: string },
): AsyncGenerator<string> {
  for (;;) {
    const { lines, last, hasMore, to } = await exportUsage(actor, {
      ...query,
      ...(progress.last !== null && { after: progress.last }),
      // The first part says where it ends, whatever the time is when the last is read.
      ...(progress.to !== '' && { to: progress.to }),
    })
    progress.to = to
    if (lines.length > 0) yield `${lines.join('\n')}\n`
    progress.uses += lines.length
    progress.last = last ?? progress.last
    if (!hasMore) return
  }
}

function queryOf({ options }: Invocation): UsageExportQuery {
  const given = Object.entries(options).filter(([, value]) => typeof value === 'string')
  const times = given.map(([name, value]) => [
    name,
    DAY.test(String(value)) ? `${String(value)}T00:00:00Z` : value,
  ])
  const parsed = UsageExportQuery.safeParse(Object.fromEntries(times))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(`--${issue?.path.join('.')}: ${issue?.message}`)
}
