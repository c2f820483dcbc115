import { expect, it } from 'vitest'
import { fingerprint } from './fingerprint.mjs'

it('is the same for the same files, and another for others', () => {
  const all = fingerprint(['scripts/launch', 'package.json'])
  expect(fingerprint(['scripts/launch', 'package.json'])).toBe(all)
  expect(fingerprint(['scripts/launch'])).not.toBe(all)
})

it('leaves out what is not wanted', () => {
  const isWanted = (path: string) => !path.endsWith('.test.ts')
  expect(fingerprint(['scripts/launch'], isWanted)).not.toBe(fingerprint(['scripts/launch']))
})

it('skips what does not exist', () => {
  expect(fingerprint(['no-such-folder', 'package.json'])).toBe(fingerprint(['package.json']))
})
