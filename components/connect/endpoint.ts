/** What a client sees of the registry; nothing of both means all that is in `production`. */
export interface Narrowing {
  label: string
  category: string
}

const LABEL = /^(?!\d+$)[a-z0-9][a-z0-9_-]{0,63}$/

/** Whether a text can be a label: the server refuses others. */
export function isLabel(text: string): boolean {
  return LABEL.test(text)
}

/** Path and query of the endpoint; `production` is what it serves without a label. */
export function endpointPath({ label, category }: Narrowing): string {
  const query = new URLSearchParams()
  if (label !== '' && label !== 'production' && isLabel(label)) query.set('label', label)
  if (category !== '') query.set('category', category)
  return query.size === 0 ? '/api/mcp' : `/api/mcp?${query}`
}
