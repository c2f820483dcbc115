import { expect, it } from 'vitest'
import { bareEnvironment, withoutSecrets } from './child-environment.mjs'

const everything = {
  PATH: '/bin',
  TZ: 'Asia/Kolkata',
  LC_ALL: 'de_DE.UTF-8',
  HOME: '/root',
  HTTPS_PROXY: 'http://proxy',
  npm_config_registry: 'http://registry',
  INCIPIT_DIST_DIR: '.next-other',
  INCIPIT_SECRET: 'planted',
  INCIPIT_SECRET_PREVIOUS: 'planted',
  OPENAI_API_KEY: 'planted',
  acme_api_key: 'planted',
  DATABASE_URL: 'planted',
  INCIPIT_DATABASE_REPLICAS: 'planted',
  INNGEST_SIGNING_KEY: 'planted',
  SENTRY_DSN: 'planted',
  PGPASSWORD: 'planted',
}

it('gives a program that needs nothing of ours its path, time zone and plain messages', () => {
  expect(bareEnvironment(everything)).toMatchObject({ PATH: '/bin', TZ: 'Asia/Kolkata', LC_ALL: 'C' })
  expect(Object.values(bareEnvironment(everything))).not.toContain('planted')
  expect(bareEnvironment({ PATH: '/bin', HOME: '/root' })).toEqual({ PATH: '/bin', LC_ALL: 'C' })
})

it('keeps settings of npm and the build, and nothing that opens a door', () => {
  const { PATH, TZ, LC_ALL, HOME, HTTPS_PROXY, npm_config_registry, INCIPIT_DIST_DIR } = everything
  const kept = { PATH, TZ, LC_ALL, HOME, HTTPS_PROXY, npm_config_registry, INCIPIT_DIST_DIR }
  expect(withoutSecrets(everything)).toEqual(kept)
})
