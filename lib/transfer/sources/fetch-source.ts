import type { ImportSource } from '../schema.ts'
import type { SourceFile } from '../source.ts'
import { fetchLangfuse } from './langfuse.ts'
import { fetchMcpPrompts } from './mcp.ts'

/** What an address gave, and what it is called in the list of imports: without its keys. */
export interface Fetched {
  files: SourceFile[]
  origin: string
}

/**
 * Fetches prompts from an address, as files in the form of its tool.
 * @throws unprocessable for an address or keys that are refused, upstream_failed, too_large
 */
export async function fetchSource(source: ImportSource): Promise<Fetched> {
  const { host } = new URL(source.url)
  const files = source.kind === 'langfuse' ? await fetchLangfuse(source) : await fetchMcpPrompts(source)
  return { files, origin: `${source.kind}: ${host}`.slice(0, 200) }
}
