import { expect, it } from 'vitest'
import { parseAsMoment } from './moment-parser.ts'

it.each([
  ['2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00.000Z'],
  ['2026-11-24T10:00Z', '2026-11-24T10:00:00.000Z'],
  ['2026-11-24T12:00:00+02:00', '2026-11-24T10:00:00.000Z'],
  ['2026-11-24T12:00:00 02:00', '2026-11-24T10:00:00.000Z'],
  ['2026', null],
  ['Nov 24', null],
  ['2026-11-24T10:00', null],
  ['2026-13-24T10:00Z', null],
  ['', null],
])('%j is the moment %j', (text, moment) => expect(parseAsMoment.parse(text)).toBe(moment))
