import pg from 'pg'
import { expect, it, vi } from 'vitest'
import { withCheckedTls } from './tls.ts'

const BASE = 'postgresql://me:p%40ss@db.example/prompts'

it.each([
  ['?sslmode=require', '?sslmode=verify-full'],
  ['?a=1&sslmode=prefer&b=2', '?a=1&sslmode=verify-full&b=2'],
  ['?sslmode=verify-ca', '?sslmode=verify-full'],
  ['?sslmode=verify-full', '?sslmode=verify-full'],
  ['?sslmode=no-verify', '?sslmode=no-verify'],
  ['?sslmode=disable', '?sslmode=disable'],
  ['?sslmode=require&uselibpqcompat=true', '?sslmode=require&uselibpqcompat=true'],
  ['', ''],
])('%s becomes %s', (given, taken) => {
  expect(withCheckedTls(BASE + given)).toBe(BASE + taken)
})

it.each([
  ['require', true],
  ['prefer', true],
  ['verify-ca', true],
  ['verify-full', true],
  ['no-verify', false],
])('with %s the driver checks the certificate: %s, and warns of nothing', (mode, isChecked) => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const client = new pg.Client({ connectionString: withCheckedTls(`${BASE}?sslmode=${mode}`) })
  expect(client.ssl).toEqual(isChecked ? {} : { rejectUnauthorized: false })
  expect(warned).not.toHaveBeenCalled()
  warned.mockRestore()
})
