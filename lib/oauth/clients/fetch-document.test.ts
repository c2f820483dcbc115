import { describe, expect, it } from 'vitest'
import { fetchDocument, type Resolve } from './fetch-document.ts'

const resolvingTo =
  (...addresses: string[]): Resolve =>
  (_, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

const blocked = /not in the public network/

describe('case 20: the document of a client', () => {
  it.each([
    'http://example.org/client.json',
    'https://127.0.0.1/client.json',
    'https://[::1]/client.json',
    'https://[::ffff:169.254.169.254]/client.json',
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433/client.json',
    'https://0x7f000001/client.json',
    'https://10.0.0.1/client.json',
    'https://100.100.100.200/client.json',
  ])('is not read from %s', async (url) => {
    await expect(fetchDocument(url, resolvingTo('93.184.216.34'))).rejects.toThrow(blocked)
  })

  it.each([['127.0.0.1'], ['93.184.216.34', '10.0.0.1'], ['fd00::1'], ['169.254.169.254']])(
    'is not read where a name leads to %s',
    async (...addresses) => {
      await expect(fetchDocument('https://client.example/a.json', resolvingTo(...addresses))).rejects.toThrow(
        blocked,
      )
    },
  )

  it('is read from no name that leads nowhere', async () => {
    await expect(fetchDocument('https://client.example/a.json', resolvingTo())).rejects.toThrow(blocked)
  })
})
