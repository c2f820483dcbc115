import { refusedUrl } from '../ai/calls/addresses.ts'
import { appError } from '../errors.ts'
import { waysOut } from '../transfer/sources/outgoing.ts'

/** Why nothing is fetched from an address, whatever its name resolves to; undefined: it may be tried. */
export function refusedArchive(url: URL): string | undefined {
  return refusedUrl(url, waysOut().config)
}

/** @throws unprocessable for an address that nothing is fetched from */
export function assertAllowedArchive(url: string): void {
  const message = refusedArchive(new URL(url))
  if (message === undefined) return
  throw appError('unprocessable', message, {
    details: [{ path: ['archive_url'], code: 'address_refused', message }],
  })
}
