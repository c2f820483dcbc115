import { expect, it } from 'vitest'
import { runsTypeScript } from './node-runtime.mjs'

it.each([
  ['20.19.0', false],
  ['22.17.1', false],
  ['22.18.0', true],
  ['23.5.0', false],
  ['23.6.0', true],
  ['26.10.0', true],
])('knows whether Node %s runs TypeScript', (version, expected) => {
  expect(runsTypeScript(version)).toBe(expected)
})
