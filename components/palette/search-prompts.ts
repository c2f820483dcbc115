import { listPromptsContract } from '#lib/prompts/list-contract.ts'
import { send } from '#lib/rest/client.ts'
import type { RecentPrompt } from './recent-prompts.ts'

/** Searches name, title, description and text of the prompts. */
export async function searchPrompts(q: string, limit: number, signal: AbortSignal): Promise<RecentPrompt[]> {
  const { items } = await send(listPromptsContract, { query: { q, limit } }, { signal })
  return items.map(({ name, title }) => ({ name, title: title ?? '' }))
}
