import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { failureName, KNOWN_FAILURES, remedyOf } from './remedies.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')

/** The codes that a generation or an attempt can end with, as the code that writes them has them. */
function codes(): string[] {
  const kinds = /export type FailureKind =([^\n]*\n(?: {2}\|.*\n)*)/.exec(
    read('lib/ai/providers/provider.ts'),
  )?.[1]
  const reasons = ['lib/generations/runs', 'lib/generations/sweeps', 'inngest/functions']
    .flatMap((folder) => readdirSync(path.join(ROOT, folder)).map((file) => `${folder}/${file}`))
    .concat('lib/generations/store/generation-row.ts')
    .filter((file) => !file.includes('.test.'))
    .flatMap((file) => [...read(file).matchAll(/code: '(\w+)'/g)])
  return [...new Set([...(kinds ?? '').matchAll(/'(\w+)'/g), ...reasons].map(([, code = '']) => code))]
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}

/** Errors of the app itself, which no generation ends with. */
const OTHERS = ['unprocessable']

describe('the remedy of a failure', () => {
  it('is there for every code that is written', () => {
    const written = codes().filter((code) => !OTHERS.includes(code))
    expect(written.length).toBeGreaterThan(20)
    expect(written.filter((code) => !KNOWN_FAILURES.includes(code))).toEqual([])
  })

  it.each(KNOWN_FAILURES)('of %s says what to do, and where', (code) => {
    const { name, advice, link } = remedyOf(code)
    expect(name).not.toBe('')
    expect(advice).toMatch(/\.$/)
    expect(link.href).toMatch(/^\/(settings|prompts)/)
  })

  it('helps with a code that is not known as well', () => {
    expect(remedyOf('strange_thing').advice).toMatch(/^Retry/)
    expect(failureName('strange_thing')).toBe('Strange thing')
  })
})
