import { expect, it } from 'vitest'
import { placeOf } from './connect.ts'

it.each([
  ['postgresql://me:secret@db.example:6432/prompts?sslmode=require', 'db.example:6432/prompts'],
  ['postgresql://me:secret@db.example/prompts', 'db.example:5432/prompts'],
  ['postgresql://me@localhost:5433/prompts?host=%2Frun%2Fpg', '/run/pg:5433/prompts'],
  ['postgresql://me:se%cret@:x', 'an address that cannot be read'],
])('names where %s leads without who goes there', (url, place) => {
  expect(placeOf(url)).toBe(place)
  expect(placeOf(url)).not.toContain('secret')
})
