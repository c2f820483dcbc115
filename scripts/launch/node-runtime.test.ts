import { describe, expect, it } from 'vitest'
import { bestNode, hasNoKnownHole, runsIncipit } from './node-runtime.mjs'

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

describe('known holes of Node', () => {
  it('are not in the one that runs this', () => {
    expect(`${process.versions.node}: ${hasNoKnownHole(process.versions.node)}`).toBe(
      `${process.versions.node}: true`,
    )
  })

  it.each([
    ['20.20.2', false],
    ['22.23.3', false],
    ['22.23.4', true],
    ['23.11.0', false],
    ['24.9.0', false],
    ['24.22.1', true],
    ['25.9.0', false],
    ['26.10.0', false],
    ['26.12.1', true],
    ['26.13.0', true],
    ['27.0.0', true],
  ])('are looked up by the line of %s', (version, expected) => {
    expect(hasNoKnownHole(version)).toBe(expected)
  })

  it.each([
    [['26.12.1', '24.22.1', '26.12.1'], 0],
    [['20.20.2', '20.20.2', '26.12.1'], 2],
    // A platform whose package lags: npm's own Node is the better one, though scripts find the packaged one first.
    [['26.10.0', '26.13.0', '26.10.0'], 1],
    [['26.10.0', '22.23.4', '26.10.0'], 1],
    [['20.20.2', '20.20.2', '26.10.0'], 2],
    [['24.9.0', null, '26.10.0'], 2],
    [['20.20.2', null, null], undefined],
  ])('decide between this Node, npm’s and the packaged one: %j', (versions, best) => {
    const candidates = versions.map((version, n) => (version === null ? null : { path: String(n), version }))
    expect(bestNode(candidates)?.path).toBe(best?.toString())
  })
})
