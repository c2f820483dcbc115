import { describe, expect, it } from 'vitest'
import { type Preference, preferredConfiguration } from './preferred-configuration.ts'

const KNOWN = [
  { name: 'a-broken', provider: 'openai' },
  { name: 'b-echo', provider: 'echo' },
  { name: 'c-usual', provider: 'anthropic' },
  { name: 'd-good', provider: 'openai' },
]

const none: Preference = { lastUsed: undefined, usual: undefined, succeeded: undefined }

describe('preferredConfiguration', () => {
  it.each<[Partial<Preference>, string]>([
    [{ lastUsed: 'b-echo', usual: 'c-usual', succeeded: 'd-good' }, 'b-echo'],
    [{ usual: 'c-usual', succeeded: 'd-good' }, 'c-usual'],
    [{ succeeded: 'd-good' }, 'd-good'],
    [{ lastUsed: 'gone', usual: 'gone', succeeded: 'd-good' }, 'd-good'],
    [{ lastUsed: 'gone' }, 'a-broken'],
  ])('for %j is %s', (preference, name) => {
    expect(preferredConfiguration(KNOWN, { ...none, ...preference })).toBe(name)
  })

  it('is a model before the echo, which is better than nothing', () => {
    expect(preferredConfiguration(KNOWN.slice(1), none)).toBe('c-usual')
    expect(preferredConfiguration(KNOWN.slice(1, 2), none)).toBe('b-echo')
    expect(preferredConfiguration([], { ...none, usual: 'a' })).toBeUndefined()
  })
})
