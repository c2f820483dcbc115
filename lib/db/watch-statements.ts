import type pg from 'pg'
import type { DatabaseMeasures, ServerKind } from './measures.ts'

/** Has each statement of a connection measured. The library takes callbacks and gives promises: both end here. */
export function watchStatements(client: pg.PoolClient, server: ServerKind, measures: DatabaseMeasures): void {
  const query = (...args: unknown[]): unknown =>
    Reflect.apply(Reflect.get(Object.getPrototypeOf(client), 'query'), client, args)
  const watched = (...args: unknown[]): unknown => {
    const [config] = args
    const { name, text } = statementOf(config)
    const started = performance.now()
    const end = (hasFailed: boolean) => measures.ended({ server, name, text, started, hasFailed })
    const callback = args.at(-1)
    if (typeof callback === 'function') {
      const told = (error: unknown, result: unknown) => {
        end(Boolean(error))
        Reflect.apply(callback, undefined, [error, result])
      }
      return query(...args.slice(0, -1), told)
    }
    const answer = query(...args)
    if (answer instanceof Promise)
      answer.then(
        () => end(false),
        () => end(true),
      )
    return answer
  }
  Object.assign(client, { query: watched })
}

function statementOf(config: unknown): { name: string | undefined; text: string } {
  if (typeof config === 'string') return { name: undefined, text: config }
  const { name, text } = Object(config) as { name?: unknown; text?: unknown }
  return {
    name: typeof name === 'string' ? name : undefined,
    text: typeof text === 'string' ? text : '',
  }
}
