import { refusedUrl } from '../ai/calls/addresses.ts'
import { waysOut } from '../transfer/sources/outgoing.ts'
import { addressRefused } from '../webhooks/allowed-url.ts'

/** Why nothing is fetched from an address, whatever its name resolves to; undefined: it may be tried. */
export function refusedArchive(url: URL): string | undefined {
  return refusedUrl(url, waysOut().config)
}

/** @throws unprocessable for an address that nothing is fetched from */
export function assertAllowedArchive(url: string): void {
  const why = refusedArchive(new URL(url))
  if (why !== undefined) throw addressRefused('archive_url', why)
}
