import { expect, it } from 'vitest'
import { runsIncipit } from './node-runtime.mjs'

it.each([
  ['20.19.0', false],
  ['22.18.0', false],
  ['22.19.0', true],
  ['23.5.0', false],
  ['23.6.0', true],
  ['26.10.0', true],
])('knows whether Node %s runs the app', (version, expected) => {
  expect(runsIncipit(version)).toBe(expected)
})
