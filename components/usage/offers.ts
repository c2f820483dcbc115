import type { Stats } from '#lib/usage/schema.ts'

/** Names that the filters offer: what was used in the span. */
export interface Offers {
  prompts: string[]
  /** Of the chosen prompt. */
  versions: number[]
  clients: (string | null)[]
}

/**
 * @param all the use of everything, where a prompt can be chosen
 * @param ofPrompt that of the chosen prompt
 */
export function offersOf(all: Stats | undefined, ofPrompt: Stats | undefined): Offers {
  return {
    prompts: (all?.by_prompt ?? []).map(({ name }) => name).toSorted(),
    versions: (ofPrompt?.by_version ?? []).map(({ version }) => version).toSorted((a, b) => b - a),
    clients: ((ofPrompt ?? all)?.by_client ?? []).map((row) => row.client),
  }
}
