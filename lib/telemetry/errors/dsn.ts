/** Where reports of errors go. */
export interface Destination {
  /** The address that takes envelopes. */
  url: string
  publicKey: string
}

/** Reads a DSN, which the configuration has checked: `https://<public key>@<host>/<path>/<project>`. */
export function readDsn(dsn: string): Destination {
  const { protocol, username, host, pathname } = new URL(dsn)
  const parts = pathname.split('/').filter((part) => part !== '')
  const project = parts.at(-1) ?? ''
  const path = parts.slice(0, -1).map((part) => `/${part}`)
  return { url: `${protocol}//${host}${path.join('')}/api/${project}/envelope/`, publicKey: username }
}
