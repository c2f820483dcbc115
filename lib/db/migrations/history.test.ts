import { describe, expect, it } from 'vitest'
import { checkHistory } from './history.ts'

const first = { name: '1_first', sql: '', checksum: 'a', worksBeside: undefined }
const has = (more: Record<string, string | undefined> = {}) =>
  new Map([
    ['1_first', { checksum: 'a', worksBeside: undefined }],
    ...Object.entries(more).map(
      ([name, worksBeside]) => [name, { checksum: 'b', worksBeside }] satisfies [string, object],
    ),
  ])

describe('checkHistory', () => {
  it('takes a database that has nothing else', () => {
    expect(checkHistory([first], has(), '0.2.0')).toEqual([])
  })

  it('names migrations of a newer version that this one serves beside', () => {
    expect(checkHistory([first], has({ '2_second': '0.2.0' }), '0.2.0')).toEqual(['2_second'])
    expect(checkHistory([first], has({ '2_second': '0.9.0' }), '0.10.0')).toEqual(['2_second'])
  })

  it('refuses a newer database that this version does not fit, and says from which on', () => {
    expect(() => checkHistory([first], has({ '2_second': '0.3.0' }), '0.2.9')).toThrow(
      /2_second, which this version \(0\.2\.9\) does not know. It works with version 0\.3\.0 and newer\. .*backup/,
    )
    expect(() => checkHistory([first], has({ '2_second': undefined }), '0.2.9')).toThrow('does not know')
  })

  it('refuses a migration that was edited after it was applied', () => {
    expect(() => checkHistory([{ ...first, checksum: 'other' }], has())).toThrow('was edited')
  })
})
