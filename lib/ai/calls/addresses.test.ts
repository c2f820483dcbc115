import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { destinationOf, refusedAddress, refusedUrl } from './addresses.ts'

const base = loadConfig({}, '/nowhere')

/** Served to others, so that nothing private may be called; or at home on one machine. */
function config({ local = false, allowed = [] as string[] } = {}) {
  return {
    ...base,
    ai: { ...base.ai, allowed_hosts: allowed },
    security: { ...base.security, allow_open: !local },
  }
}

const served = config()
const local = config({ local: true })

const PRIVATE = [
  'https://127.0.0.1',
  'https://127.1',
  'https://2130706433',
  'https://0x7f000001',
  'https://0177.0.0.1',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://[::ffff:7f00:1]',
  'https://10.0.0.1',
  'https://172.16.4.4',
  'https://192.168.1.1',
  'https://[fd00::1]',
]
const NEVER = [
  'https://169.254.169.254',
  'https://2852039166',
  'https://0xa9fea9fe',
  'https://0251.0376.0251.0376',
  'https://[::ffff:169.254.169.254]',
  'https://[fe80::1]',
  'https://[fd00:ec2::254]',
  'https://100.100.100.200',
  'https://100.64.0.1',
  'https://0.0.0.0',
  'https://[::]',
  'https://255.255.255.255',
  'https://224.0.0.1',
  'https://198.18.0.1',
  'https://[64:ff9b::7f00:1]',
  'https://[2002:7f00:1::]',
  'https://[2001::1]',
  'https://[::7f00:1]',
  'https://[fec0::1]',
  'https://[ff02::1]',
]

describe('case 20: addresses that a base URL may name', () => {
  it.each([...PRIVATE, ...NEVER])('refuses %s where others are served', (url) => {
    expect(refusedUrl(new URL(url), served)).toContain('ai.allowed_hosts')
  })

  it.each(NEVER)('refuses %s at home too', (url) => {
    expect(refusedUrl(new URL(url), local)).toBeDefined()
  })

  it.each([...PRIVATE, 'http://127.0.0.1:11434', 'http://192.168.1.1', 'http://localhost:8000'])(
    'takes %s at home',
    (url) => {
      expect(refusedUrl(new URL(url), local)).toBeUndefined()
    },
  )

  it.each(['https://api.openai.com/v1', 'https://8.8.8.8', 'https://[2606:4700::1111]:8443/v1'])(
    'takes the public address %s everywhere',
    (url) => {
      expect(refusedUrl(new URL(url), served)).toBeUndefined()
      expect(refusedUrl(new URL(url), local)).toBeUndefined()
    },
  )

  it.each([
    'http://api.openai.com',
    'http://8.8.8.8',
    'ftp://example.org',
    'file:///etc/passwd',
    'https://u:p@example.org',
  ])('refuses %s', (url) => {
    expect(refusedUrl(new URL(url), served)).toBeDefined()
  })

  it('knows local mode by more than the address it listens on', () => {
    const behindProxy = { ...local, publicUrl: 'https://prompts.example.org' }
    expect(refusedUrl(new URL('https://127.0.0.1'), behindProxy)).toBeDefined()
  })
})

describe('case 20: what a name was resolved to', () => {
  const refused = (address: string, rules = served, protocol = 'https:') =>
    refusedAddress(address, 'llm.example.org', protocol, rules)

  it.each(['127.0.0.1', '::1', '::ffff:10.0.0.1', '169.254.169.254', 'fe80::1%eth0', 'nonsense'])(
    'refuses %s',
    (address) => {
      expect(refused(address)).toBeDefined()
    },
  )

  it('takes a public address, over https alone', () => {
    expect(refused('93.184.216.34')).toBeUndefined()
    expect(refused('93.184.216.34', served, 'http:')).toContain('https')
    expect(refused('93.184.216.34', local, 'http:')).toContain('https')
  })
})

describe('what the operator allows', () => {
  const allowed = config({
    allowed: ['LLM.internal', '10.1.0.0/16', '192.168.7.7', 'fd12::/16', '169.254.9.9'],
  })

  it.each([
    'http://llm.internal:8000/v1',
    'http://10.1.2.3',
    'https://192.168.7.7',
    'http://[fd12::5]',
    'http://[::ffff:10.1.2.3]',
    'http://169.254.9.9',
  ])('takes %s', (url) => {
    expect(refusedUrl(new URL(url), allowed)).toBeUndefined()
  })

  it.each(['http://10.2.0.1', 'https://192.168.7.8', 'http://other.internal.', 'http://169.254.169.254'])(
    'does not take %s with it',
    (url) => {
      expect(refusedUrl(new URL(url), allowed)).toBeDefined()
    },
  )

  it('takes what an allowed name resolves to at home, but nothing link-local', () => {
    expect(refusedAddress('172.20.0.3', 'llm.internal', 'http:', allowed)).toBeUndefined()
    expect(refusedAddress('172.20.0.3', 'LLM.internal.', 'http:', allowed)).toBeUndefined()
    expect(refusedAddress('169.254.169.254', 'llm.internal', 'http:', allowed)).toBeDefined()
  })
})

describe('an address that nothing can be sent to', () => {
  const long = 'a'.repeat(63)

  it.each([
    'https://example.org:22/v1',
    'https://example.org:25',
    'http://127.0.0.1:6000/v1',
    'http://[::1]:10080',
    'https://example.org:0',
    `https://a${long}.example.org`,
    `https://${[long, long, long, long].join('.')}.org`,
    'https://example..org',
  ])('is refused: %s', (url) => {
    expect(refusedUrl(new URL(url), local)).toBeDefined()
  })

  it.each([`https://${long}.example.org`, 'https://example.org.:8443/v1', 'http://[::1]:11434'])(
    'is not %s',
    (url) => {
      expect(refusedUrl(new URL(url), local)).toBeUndefined()
    },
  )
})

describe('two base URLs', () => {
  it.each([
    ['https://example.org/v1', 'https://EXAMPLE.org:443/v1/'],
    ['https://example.org', 'https://example.org///'],
    ['http://127.0.0.1:80/a/../v1', 'http://127.1/./v1'],
  ])('lead to the same place: %s, %s', (one, other) => {
    expect(destinationOf(one)).toBe(destinationOf(other))
  })

  it.each([
    ['http://127.0.0.1:4077/tenant-a/v1', 'http://127.0.0.1:4077/tenant-b/v1'],
    ['https://example.org/v1', 'http://example.org/v1'],
    ['https://example.org/v1', 'https://example.org/V1'],
    ['https://example.org/v1', 'https://example.org:8443/v1'],
    ['https://example.org/tenant-a/v1', 'https://example.org/tenant-a/../tenant-b/v1'],
    ['https://example.org/tenant-a/v1', 'https://example.org/tenant-a/%2e%2e/tenant-b/v1'],
    ['https://example.org/v1', 'https://example.org/v1/other'],
    ['https://example.org/v1', 'https://example.org//v1'],
    ['https://example.org/v1', null],
  ])('lead to two places: %s, %s', (one, other) => {
    expect(destinationOf(one)).not.toBe(destinationOf(other))
  })
})
