import { expect } from 'vitest'
import { call, textAt } from './api.ts'

/** One of each kind of page; what they are about need not exist. */
const PAGES = [
  '/',
  '/prompts',
  '/prompts/known',
  '/prompts/known/versions?from=1&to=2',
  '/prompts/known/usage',
  '/prompts/known/generations',
  '/prompts/new',
  '/categories',
  '/usage',
  '/generations',
  '/generations/0191b2a0-0000-7000-8000-000000000000',
  '/playground',
  '/connect',
  '/import',
  '/settings',
  '/no/such/page',
]

/** Checks that every page is answered 503 by one that comes back by itself, and what it needs is there. */
export async function expectWaitingPages(app: { url: string }): Promise<void> {
  const answers = await Promise.all(PAGES.map((page) => call(app, 'GET', page)))
  for (const [index, { status, headers, body, took }] of answers.entries()) {
    expect([PAGES[index], status]).toEqual([PAGES[index], 503])
    expect(took).toBeLessThan(3_000)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/)
    expect(textAt(body)).toContain("fetch('/health/ready'")
  }
  const file = await call(app, 'GET', '/icon.svg')
  expect(file.status).toBe(200)
}
