/** Where somebody goes who says nothing else. */
const START = '/prompts'

/**
 * The page to go to after signing in, as an address gives it: a path of this server, and no other. Browsers read
 * `\` as `/` and drop tabs and line breaks, so the path is what they make of it.
 */
export function ownPath(next: string | null | undefined): string {
  if (!next?.startsWith('/')) return START
  try {
    const here = 'http://incipit.invalid'
    const { origin, pathname, search, hash } = new URL(next, here)
    // `//host` at the front of a path would be an address when it is followed.
    if (origin !== here || pathname.startsWith('//')) return START
    return OUTSIDE.test(pathname) ? START : pathname + search + hash
  } catch {
    return START
  }
}

/** Pages that nobody wants to come back to, and what is no page. */
const OUTSIDE = /^\/(?:sign-in|set-up|invitation|reset|api|mcp)(?:\/|$)/
