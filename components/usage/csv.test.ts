import { expect, test } from 'vitest'
import { type Column, toCsv, toJson } from './csv.ts'

const COLUMNS: Column<[string, number | null]>[] = [
  { key: 'client', name: 'Client', value: ([client]) => client },
  { key: 'uses', name: 'Uses', value: ([, uses]) => uses },
]
const csv = (client: string, uses: number | null = 1) => toCsv(COLUMNS, [[client, uses]])

test('lines end with CRLF, the heading first', () => {
  expect(csv('cursor', 1234.5)).toBe('Client,Uses\r\ncursor,1234.5\r\n')
  expect(toCsv(COLUMNS, [])).toBe('Client,Uses\r\n')
})

test('what would break a line or a cell is quoted', () => {
  expect(csv('a,b')).toBe('Client,Uses\r\n"a,b",1\r\n')
  expect(csv('a "b"')).toBe('Client,Uses\r\n"a ""b""",1\r\n')
  expect(csv('a\nb')).toBe('Client,Uses\r\n"a\nb",1\r\n')
})

test('nothing is not a word', () => {
  expect(csv('a', null)).toBe('Client,Uses\r\na,\r\n')
})

test('text does not become a formula', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])
    expect(csv(text)).toBe(`Client,Uses\r\n'${text},1\r\n`)
  expect(csv('=HYPERLINK("http://a","b")')).toBe(`Client,Uses\r\n"'=HYPERLINK(""http://a"",""b"")",1\r\n`)
  expect(csv('\r=1')).toBe(`Client,Uses\r\n"'\r=1",1\r\n`)
})

test('a number below zero stays a number', () => {
  expect(csv('a', -2)).toBe('Client,Uses\r\na,-2\r\n')
})

test('a column of buttons is left out', () => {
  const buttons = { key: 'archive', name: 'Archive', value: () => null, isAction: true }
  expect(toCsv([...COLUMNS, buttons], [['a', 1]])).toBe('Client,Uses\r\na,1\r\n')
})

test('as JSON, texts stay as they are', () => {
  const buttons = { key: 'archive', name: 'Archive', value: () => null, isAction: true }
  expect(JSON.parse(toJson([...COLUMNS, buttons], [['=1+1', null]]))).toEqual([
    { client: '=1+1', uses: null },
  ])
})
