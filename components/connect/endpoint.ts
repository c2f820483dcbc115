import { isLabelSelector } from '#lib/prompts/rules.ts'

/** What a client sees of the registry; nothing of both means all that is in `production`. */
export interface Narrowing {
  label: string
  category: string
}

/** Path and query of the endpoint; `production` is what it serves without a label. */
export function endpointPath({ label, category }: Narrowing): string {
  const query = new URLSearchParams()
  if (label !== '' && label !== 'production' && isLabelSelector(label)) query.set('label', label)
  if (category !== '') query.set('category', category)
  return query.size === 0 ? '/api/mcp' : `/api/mcp?${query}`
}
