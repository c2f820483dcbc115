import { expect, it } from 'vitest'
import { ownPath } from './own-path.ts'

it.each([
  '/prompts/a?version=2#text',
  '/settings/keys',
  '/consent?client_id=https%3A%2F%2Fclient.example%2Fid',
])('leads to %s', (path) => {
  expect(ownPath(path)).toBe(path)
})

it.each([
  undefined,
  '',
  'prompts',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  'javascript:alert(1)',
  ' //evil.example',
  '/sign-in?next=/sign-in',
  '/set-up',
  '/api/auth/sign-out',
])('leads to the start page for %j', (path) => {
  expect(ownPath(path)).toBe('/prompts')
})
