import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hideKey, screenKey } from './hide-key.ts'

const KEY = 'gw/Tenant+key=0123456789.abcdef-XYZ~"q"'

const base64 = (text: string) => Buffer.from(text).toString('base64')
/** The middle of a spelling: the first and last characters of Base64 are shared with what is around the key. */
const middle = (text: string) => text.slice(6, -6)

const SPELT: Record<string, string> = {
  'as it is': KEY,
  'in capitals': KEY.toUpperCase(),
  'from the end': KEY.split('').toReversed().join(''),
  'in a URL': encodeURIComponent(KEY),
  'in JSON': JSON.stringify(KEY),
  'in hex': Buffer.from(KEY).toString('hex'),
  'in capital hex': Buffer.from(KEY).toString('hex').toUpperCase(),
  'in Base64': base64(KEY),
  'in Base64 for URLs': Buffer.from(KEY).toString('base64url'),
  'after Bearer in Base64': base64(`Bearer ${KEY}`),
  'as a password in Base64': base64(`user:${KEY}`),
  'in the middle of Base64': base64(`{"k":"${KEY}","more":1}`),
}

describe.each(Object.entries(SPELT))('a key %s', (_way, spelt) => {
  it('is taken out of an error', () => {
    const shown = hideKey(`Refused: ${spelt} (your key)`, KEY)
    expect(shown).toMatch(/^Refused: .*\*\*\*.* \(your key\)$/)
    expect(shown).not.toContain(middle(spelt))
  })

  it('is taken out of a text however it is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(spelt.length + 20), { maxLength: 8 }), (cuts) => {
        const text = `An answer with ${spelt} in it.`
        const screen = screenKey(KEY)
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
        const pieces = places.slice(1).map((to, index) => screen.accept(text.slice(places[index], to)))
        const shown = pieces.join('') + screen.end()
        expect(shown).not.toContain(middle(spelt))
        expect(shown).toMatch(/^An answer with .*\*\*\*.* in it\.$/)
      }),
    )
  })
})

it('is taken out of an error that has it in pieces', () => {
  for (const between of [' ', '\n', '" + "', '\u200b'])
    expect(hideKey(`It is ${KEY.split('').join(between)}.`, KEY)).toBe('It is ***.')
  expect(hideKey(`It is ${KEY.slice(0, 9)} ${KEY.slice(9)}.`, KEY)).toBe('It is ***.')
})

it('leaves every other text as it is, and hands it on at once', () => {
  const screen = screenKey(KEY)
  for (const piece of ['Hello', ' from the', ' provider: 0123', ' gw is short for gateway.'])
    expect(screen.accept(piece)).toBe(piece)
  expect(screen.end()).toBe('')
})

it('hands on at the end what might have become a key', () => {
  const screen = screenKey(KEY)
  expect(screen.accept('It ends in gw/Ten')).toBe('It ends in ')
  expect(screen.end()).toBe('gw/Ten')
})

it('looks for a short key in errors alone', () => {
  expect(hideKey('The key abc is wrong', 'abc')).toBe('The key *** is wrong')
  expect(screenKey('abc').accept('abcdef')).toBe('abcdef')
})
