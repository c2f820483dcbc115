import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { createRuntime, getRuntime, setRuntime } from '../runtime.ts'
import { isOpenPath, signInAddress } from './open-paths.ts'

beforeEach(() => setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere'))))
afterEach(() => setRuntime(undefined))

const ALWAYS = [
  '/health',
  '/health/live',
  '/health/ready',
  '/_next/static/chunks/a.js',
  '/icon.svg',
  '/favicon.ico',
]
const SET_UP = ['/set-up', '/api/auth/set-up']
const WITH_ACCOUNTS = [
  '/sign-in',
  '/invitation',
  '/reset',
  '/docs',
  '/docs/api',
  '/client.tgz',
  '/api/openapi.json',
  '/api/auth/ways',
  '/.well-known/oauth-authorization-server',
  '/api/repositories/018f0000-0000-7000-8000-000000000000/hook',
]
const NEVER = [
  '/',
  '/prompts',
  '/consent',
  '/account',
  '/sign-in/',
  '/sign-in/x',
  '/SIGN-IN',
  '/%73ign-in',
  '/health/',
  '/health/other',
  '/metrics',
  '/api',
  '/api/auth',
  '/api/auth-other',
  '/api/openapi.json/',
  '/api/openapi%2ejson',
  '/api/prompts',
  '/api/inngest',
  '/mcp/prompts/get',
  '/_next/image',
  '/_next/data/x.json',
  '/prompts/x.png',
  '/docsx',
  '/api/repositories',
  '/api/repositories/x',
  '/api/repositories/x/y/hook',
  '/api/repositories/x/hook/',
  '/api/repositories//hook',
]

it('opens health and files to everybody', () => {
  for (const path of ALWAYS)
    for (const state of ['accounts', 'set_up'] as const)
      expect([path, isOpenPath(path, state)]).toEqual([path, true])
})

it('opens the ways in, and the product’s own text, once there are accounts', () => {
  for (const path of [...SET_UP, ...WITH_ACCOUNTS])
    expect([path, isOpenPath(path, 'accounts')]).toEqual([path, true])
})

it('opens the set-up alone before that', () => {
  for (const path of SET_UP) expect(isOpenPath(path, 'set_up')).toBe(true)
  for (const path of WITH_ACCOUNTS) expect([path, isOpenPath(path, 'set_up')]).toEqual([path, false])
})

it('opens nothing else', () => {
  for (const path of NEVER)
    for (const state of ['accounts', 'set_up'] as const)
      expect([path, isOpenPath(path, state)]).toEqual([path, false])
})

it('leads to where somebody is let in, and back', () => {
  expect(signInAddress('/prompts/x?from=1&_rsc=abc&to=2')).toBe(
    '/sign-in?next=%2Fprompts%2Fx%3Ffrom%3D1%26to%3D2',
  )
  expect(signInAddress('/prompts?_rsc=abc')).toBe('/sign-in?next=%2Fprompts')
  Object.assign(
    getRuntime().once('access.state', () => ({})),
    { hasAccounts: false },
  )
  Object.assign(getRuntime().config, { publicUrl: 'https://prompts.example.org' })
  expect(signInAddress('/prompts')).toBe('/set-up')
})
