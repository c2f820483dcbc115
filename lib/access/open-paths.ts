import { type AccessState, knownAccessState } from './state.ts'

/** Files that every page needs, the pages of those who are not signed in included. Nobody's data is in them. */
const FILE = /^\/(?:_next\/static\/.*|favicon\.ico|icon\.svg|apple-icon\.png|wordmark\.svg)$/

const HEALTH = /^\/health(?:\/live|\/ready)?$/

/** What answers those who are not known: health, ways to sign in, hooks that a host signs, and the product's own text. */
const OPEN =
  /^\/(?:sign-in|set-up|invitation|reset|docs|docs\/.*|client\.tgz|api\/openapi\.json|api\/auth\/.*|api\/repositories\/[^/]+\/hook|\.well-known\/.*)$/

/** What answers before there is an owner. */
const SET_UP = /^\/(?:set-up|api\/auth\/set-up)$/

/** Whether a path is that of a file of the pages, open in every state. Paths are compared as they were sent. */
export function isFile(path: string): boolean {
  return FILE.test(path)
}

/** Whether a request to a probe asks for the state of the installation too, which is not for everybody. */
export function asksVerbosely({ search }: { search: string }): boolean {
  return new URLSearchParams(search).has('verbose')
}

/** Whether a path answers everybody. Every other one, whether there is something or not, needs to know who asks. */
export function isOpenPath(path: string, state: AccessState): boolean {
  if (FILE.test(path) || HEALTH.test(path)) return true
  return (state === 'set_up' ? SET_UP : OPEN).test(path)
}

/**
 * The page that lets somebody in who is not known, on their way to another.
 * @param wanted path and query of that one
 */
export function signInAddress(wanted: string): string {
  if (knownAccessState() === 'set_up') return '/set-up'
  const [path = '/', search = ''] = wanted.split(/\?(.*)/s)
  const query = new URLSearchParams(search)
  // The mark of the router in the browser, which asks for a page's data alone.
  query.delete('_rsc')
  const next = query.size === 0 ? path : `${path}?${query}`
  return `/sign-in?next=${encodeURIComponent(next)}`
}
