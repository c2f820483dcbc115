import { type RunningApp, startApp } from '../start-app.ts'

/** Sends one request to the REST API and answers its JSON; throws on an error. */
export async function rest(app: RunningApp, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${app.url}${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

/** Two instances of the production build on one database. */
export interface TwoInstances {
  first: RunningApp
  second: RunningApp
  stop(): Promise<void>
}

/** @param env of both */
export async function startTwo(env: Record<string, string> = {}): Promise<TwoInstances> {
  const first = await startApp({ env })
  const second = await startApp({ database: first.databaseUrl, env })
  return {
    first,
    second,
    async stop() {
      await second.stop()
      await first.stop()
    },
  }
}

/** Of apps whose notifications are tested: the poll beside them would bring everything within a second as well. */
export const WITHOUT_POLL = { INCIPIT_DATABASE_POLL_INTERVAL_MS: '3600000' }

let count = 0

/** A prompt name that no other test of this run has. */
export function freshName(prefix: string): string {
  count += 1
  return `${prefix}_${process.pid}_${count}`
}

/** The text of a tool's answer. */
export function textOf(result: object): string {
  const { content } = result as { content?: { type: string; text?: string }[] }
  return content?.[0]?.text ?? ''
}
