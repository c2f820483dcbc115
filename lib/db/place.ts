/** Where an address leads, for logs and metrics: host, port and database, never user or password. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url)
    return `${searchParams.get('host') ?? hostname}:${searchParams.get('port') ?? (port || '5432')}${pathname}`
  } catch {
    return 'an address that cannot be read'
  }
}
