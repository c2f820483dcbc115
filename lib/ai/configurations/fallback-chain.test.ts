import { describe, expect, it } from 'vitest'
import { isAppError } from '../../errors.ts'
import { type ChainLink, checkFallbacks } from './fallback-chain.ts'

/** Configurations by name; the id is the name. */
function links(chains: Record<string, string | null>): ChainLink[] {
  return Object.entries(chains).map(([name, fallback_id]) => ({ id: name, name, fallback_id }))
}

function refusal(chains: Record<string, string | null>, changed: string, most = 2) {
  const all = links(chains)
  const link = all.find(({ name }) => name === changed)
  if (link === undefined) throw new Error('no such link')
  try {
    return checkFallbacks(all, link, most)
  } catch (error) {
    return isAppError(error) ? [error.details[0]?.code, error.message] : error
  }
}

describe('checkFallbacks', () => {
  it('takes chains and trees', () => {
    expect(refusal({ a: 'b', b: 'c', c: null, d: 'c' }, 'b')).toBeUndefined()
    expect(refusal({ a: null }, 'a', 0)).toBeUndefined()
  })

  it.each([
    [{ a: 'a' }, 'a', 'a → a'],
    [{ a: 'b', b: 'a' }, 'b', 'b → a → b'],
    [{ a: 'b', b: 'c', c: 'a' }, 'a', 'a → b → c → a'],
  ])('refuses the circle %o', (chains, changed, named) => {
    expect(refusal(chains, changed)).toEqual(['circular', expect.stringContaining(named)])
  })

  it('refuses chains that become too long, also those that lead to it', () => {
    expect(refusal({ a: 'b', b: 'c', c: 'd', d: null }, 'a')).toEqual([
      'too_long',
      expect.stringContaining('a → b → c → d'),
    ])
    expect(refusal({ a: 'b', b: 'c', c: 'd', d: null }, 'c')).toEqual(['too_long', expect.any(String)])
    expect(refusal({ a: 'b', b: null }, 'a', 0)).toEqual(['too_long', expect.any(String)])
  })

  it('leaves alone what was too long before and is not touched', () => {
    expect(refusal({ a: 'b', b: 'c', c: 'd', d: null, e: null }, 'e')).toBeUndefined()
  })
})
