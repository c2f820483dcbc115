import { open } from 'node:fs/promises'

/** The end of a log that is looked at. */
const TAIL_BYTES = 2_000_000
const LINES = 2_000

/** Members of a line that are sentences, names and figures of our own; nobody's words. */
const KEPT = [
  'level',
  'time',
  'pid',
  'host',
  'version',
  'msg',
  'request_id',
  'method',
  'route',
  'status',
  'duration_ms',
  'outcome',
  'step',
  'target',
  'tries',
  'database',
  'replica',
  'lag_ms',
  'reason',
  'part',
  'trace_id',
] as const

/** The last lines of a log of the app, of which the messages of errors are left out: they may quote a prompt. */
export async function readAppLog(file: string): Promise<string> {
  const lines = await lastLines(file)
  const kept = lines.flatMap((line) => keptOf(line) ?? [])
  const dropped = lines.length - kept.length
  return [
    ...kept,
    ...(dropped > 0 ? [`(${dropped} lines that are no JSON of ours were left out)`] : []),
  ].join('\n')
}

function keptOf(line: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed !== 'object' || parsed === null || !('level' in parsed)) return undefined
    const all = new Map(Object.entries(parsed))
    const kept: Record<string, unknown> = {}
    for (const name of KEPT) {
      const value: unknown = all.get(name)
      if (typeof value === 'string' || typeof value === 'number') kept[name] = value
    }
    const error: unknown = all.get('err')
    if (typeof error === 'object' && error !== null) kept.err = errorOf(new Map(Object.entries(error)))
    return JSON.stringify(kept)
  } catch {
    return undefined
  }
}

function errorOf(error: ReadonlyMap<string, unknown>) {
  const text = (name: string) => {
    const value = error.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const frames = text('stack')
    ?.split('\n')
    .filter((line) => /^\s+at \S/.test(line))
    .map((line) => line.trim())
  return { type: text('type'), code: text('code'), frames }
}

/** A line of PostgreSQL that is no statement, value or row. */
const HEADLINE = /^\d{4}-\d\d-\d\d .*\b(?:LOG|WARNING|ERROR|FATAL|PANIC):/
/** What a message quotes may be a value. */
const QUOTED = /"[^"]{41,}"|'[^']*'/g

/** The last headlines of PostgreSQL's log, without statements and values. */
export async function readServerLog(file: string): Promise<string> {
  const lines = await lastLines(file)
  return lines
    .filter((line) => HEADLINE.test(line))
    .map((line) => line.replaceAll(QUOTED, '"…"').replace(/(invalid input syntax[^:]*: ).*/, '$1…'))
    .join('\n')
}

async function lastLines(file: string): Promise<string[]> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const from = Math.max(0, size - TAIL_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, TAIL_BYTES)), {
      position: from,
    })
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n')
    // The first one is cut off.
    return lines
      .slice(from > 0 ? 1 : 0)
      .filter((line) => line !== '')
      .slice(-LINES)
  } finally {
    await handle.close()
  }
}
