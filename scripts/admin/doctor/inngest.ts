import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { LoadedConfig } from '#lib/config/load.ts'
import { reasonOf } from '#lib/db/database-error.ts'
import { type Finding, problem } from './finding.ts'
import { type Subject, withRuntime } from './subject.ts'
import { length } from './words.ts'

const CHECK = 'runner'
const INNGEST = 'docs/inngest.md'
const ANSWER_MS = 3_000

/** Whether an Inngest server is there, knows the functions of this app, and calls them. */
export async function checkInngest(subject: Subject): Promise<Finding[]> {
  const { config } = subject
  const { baseUrl, eventKey, signingKey, isDev } = config.inngestServer
  if (!isDev && (eventKey === undefined || signingKey === undefined))
    return [
      problem(CHECK, 'An Inngest server is named without INNGEST_EVENT_KEY or INNGEST_SIGNING_KEY.', {
        remedy: 'Set both; the app does not start without them.',
        document: INNGEST,
      }),
    ]
  return [
    ...(baseUrl === undefined ? [] : await checkServer(baseUrl, config)),
    ...(await checkCalls(subject)),
  ]
}

async function checkServer(baseUrl: string, config: LoadedConfig): Promise<Finding[]> {
  const host = URL.parse(baseUrl)?.host ?? 'of INNGEST_BASE_URL'
  const { id, names } = await ownFunctions(config)
  try {
    return judge(host, names, await askFunctions(baseUrl, id, config))
  } catch (error) {
    const reason = reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
    return [
      problem(CHECK, `The Inngest server ${host} cannot be reached: ${reason}`, {
        remedy: 'Start it, or correct INNGEST_BASE_URL; what is to be done waits in the outbox meanwhile.',
        document: INNGEST,
      }),
    ]
  }
}

function judge(host: string, names: readonly string[], known: Known): Finding[] {
  if (known === 'refused')
    return [
      problem(CHECK, `The Inngest server ${host} refuses the signing key.`, {
        remedy: 'Set INNGEST_SIGNING_KEY to the key that the server was started with.',
        document: INNGEST,
      }),
    ]
  const missing = known === 'untold' ? [] : names.filter((name) => !known.includes(name))
  if (missing.length === 0) return []
  return [
    problem(CHECK, `The Inngest server ${host} does not know these functions: ${missing.join(', ')}.`, {
      remedy:
        'Start an instance of this version, which registers them. If one runs, its log says why they are not taken; set inngest.app_url to where the server reaches the app.',
      document: 'docs/inngest.md, "An Inngest server of your own"',
    }),
  ]
}

/** The functions as a server names them. Loaded here alone: no other command needs them. */
async function ownFunctions(config: LoadedConfig): Promise<{ id: string; names: string[] }> {
  const [{ inngestClient }, { functions }] = await Promise.all([
    import('#inngest/client.ts'),
    import('#inngest/functions.ts'),
  ])
  return withRuntime(config, () => {
    const client = inngestClient()
    return { id: client.id, names: functions(client).map((each) => each.id(client.id)) }
  })
}

/** Ids of functions; refused: the key is another one; untold: this server does not say. */
type Known = readonly string[] | 'refused' | 'untold'

/** A server that has none answers null. */
const Listed = z.array(z.object({ id: z.string(), slug: z.string().optional() })).nullable()

/** @throws when it cannot be reached */
async function askFunctions(baseUrl: string, app: string, { inngestServer }: LoadedConfig): Promise<Known> {
  const { signingKey } = inngestServer
  const response = await fetch(new URL(`/v1/apps/${app}/functions`, baseUrl), {
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(signingKey !== undefined && { headers: { authorization: `Bearer ${hashed(signingKey)}` } }),
  })
  if (response.status === 401 || response.status === 403) return 'refused'
  if (!response.ok) return 'untold'
  const listed = Listed.safeParse(await response.json().catch(() => undefined))
  return listed.success ? (listed.data ?? []).map(({ id, slug }) => slug ?? id) : 'untold'
}

/** As the SDK shows a signing key: its prefix, and the SHA-256 of its bytes. */
function hashed(signingKey: string): string {
  const [, prefix = '', key = signingKey] = /^(signkey-\w+-)?(.*)$/.exec(signingKey) ?? []
  return prefix + createHash('sha256').update(Buffer.from(key, 'hex')).digest('hex')
}

async function checkCalls({ client, config }: Subject): Promise<Finding[]> {
  const { rows } = await client.query<{ ms: number }>(
    `SELECT (extract(epoch FROM clock_timestamp() - succeeded_at) * 1000)::float8 AS ms FROM upkeep
     WHERE step = 'inngest_check_in'`,
  )
  const since = rows[0]?.ms
  if (since !== undefined && since <= config.inngest.quiet_ms) return []
  const seen =
    since === undefined
      ? 'The Inngest server has never called this app.'
      : `The Inngest server has not called this app for ${length(since)}.`
  return [
    problem(CHECK, seen, {
      remedy:
        'Start an instance, which registers the functions; if it runs, set inngest.app_url to where the server reaches it.',
      document: INNGEST,
    }),
  ]
}
