import { randomBytes } from 'node:crypto'
import { isAppError, overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import type { SourceFile } from '../source.ts'
import { failedSource } from './faults.ts'
import { fieldsOf } from './langfuse.ts'
import { McpSession } from './mcp-session.ts'
import { eachInTurn } from './outgoing.ts'

export interface McpAddress {
  url: string
  headers?: Record<string, string> | undefined
}

/**
 * Fetches the prompts of another MCP server as one file that the format `mcp` reads. A server gives rendered texts:
 * each argument gets a mark as its value, and where the mark comes back stands the variable.
 * @param signal aborted when nobody waits any more
 * @throws unprocessable for an address that is not called, upstream_failed, too_large
 */
export async function fetchMcpPrompts(address: McpAddress, signal?: AbortSignal): Promise<SourceFile[]> {
  const session = new McpSession(address, signal)
  await session.open()
  try {
    const listed = await list(session)
    const mark = `incipit${randomBytes(4).toString('hex')}`
    const prompts = await eachInTurn(listed, (prompt) => withMessages(session, prompt, mark))
    const host = new URL(address.url).host.replaceAll(/[^\w.-]/g, '-')
    return [
      {
        path: `mcp/${host}.json`,
        bytes: new TextEncoder().encode(JSON.stringify({ mark, prompts }, null, 1)),
      },
    ]
  } finally {
    await session.close()
  }
}

async function list(session: McpSession): Promise<Record<string, unknown>[]> {
  const { import_files: most } = getRuntime().config.limits
  const found: Record<string, unknown>[] = []
  let cursor: unknown
  const seen = new Set<unknown>()
  do {
    const { prompts, nextCursor } = fieldsOf(
      await session.call('prompts/list', cursor === undefined ? {} : { cursor }),
    )
    if (!Array.isArray(prompts)) throw failedSource('prompts/list: the answer has no prompts.')
    found.push(...prompts.map(fieldsOf).filter(({ name }) => typeof name === 'string'))
    if (found.length > most)
      throw overLimit('limits.import_files', `The server has more than ${most} prompts`, ['source', 'url'])
    cursor = typeof nextCursor === 'string' && nextCursor !== '' ? nextCursor : undefined
    if (seen.has(cursor)) throw failedSource('prompts/list: it gives the same page again.')
    seen.add(cursor)
  } while (cursor !== undefined)
  return found
}

/** The prompt with its messages, or with the reason why there are none. */
async function withMessages(
  session: McpSession,
  prompt: Record<string, unknown>,
  mark: string,
): Promise<Record<string, unknown>> {
  const names = (Array.isArray(prompt.arguments) ? prompt.arguments : []).flatMap((each) => {
    const { name } = fieldsOf(each)
    return typeof name === 'string' ? [name] : []
  })
  const values = Object.fromEntries(names.map((name, index) => [name, `${mark}x${index}x`]))
  try {
    const { description, messages } = fieldsOf(
      await session.call('prompts/get', { name: prompt.name, arguments: values }),
    )
    if (!Array.isArray(messages)) return { ...prompt, error: 'The server gave no messages' }
    return { ...(typeof description === 'string' ? { description } : {}), ...prompt, messages }
  } catch (error) {
    // One prompt that wants other values does not end the import; a server that is gone does.
    if (!isAppError(error) || error.code !== 'unprocessable' || error.details[0]?.code !== 'method_failed')
      throw error
    return { ...prompt, error: error.message }
  }
}
