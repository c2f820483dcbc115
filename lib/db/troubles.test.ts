import { describe, expect, it } from 'vitest'
import { createTroubles } from './troubles.ts'

function withClock() {
  const clock = { now: 0 }
  return { clock, troubles: createTroubles(5000, () => clock.now) }
}

describe('troubles', () => {
  it.each(['read_only', 'overloaded', 'lock_timeout'] as const)('%s passes by itself', (trouble) => {
    const { clock, troubles } = withClock()
    expect(troubles.has(trouble)).toBe(false)
    troubles.note(trouble)
    clock.now = 5000
    expect(troubles.has(trouble)).toBe(true)
    clock.now = 5001
    expect(troubles.has(trouble)).toBe(false)
  })

  it('a full disk stands until somebody has looked or written', () => {
    const { clock, troubles } = withClock()
    troubles.note('storage_full')
    expect(troubles.isDue('storage_full')).toBe(false)
    clock.now = 60_000
    expect(troubles.has('storage_full')).toBe(true)
    expect(troubles.isDue('storage_full')).toBe(true)
    troubles.end('storage_full')
    expect(troubles.has('storage_full')).toBe(false)
    troubles.note('storage_full')
    troubles.written()
    expect(troubles.has('storage_full')).toBe(false)
  })

  it('is no other error', () => {
    const { troubles } = withClock()
    troubles.note('conflict')
    expect(troubles.has('overloaded')).toBe(false)
  })

  it('tells listeners at once, and now and then while it goes on', () => {
    const { clock, troubles } = withClock()
    const told: string[] = []
    troubles.onTrouble((trouble) => void told.push(trouble))
    for (let n = 0; n < 10; n++) troubles.note('read_only')
    expect(told).toEqual(['read_only'])
    clock.now = 2000
    troubles.note('read_only')
    expect(told).toHaveLength(2)
  })
})
