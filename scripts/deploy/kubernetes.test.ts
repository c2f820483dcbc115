import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { Namespace, Service, ServiceAccount } from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configurationKeys, OTHER_NAMES } from '#lib/config/environment.ts'
import { secretFileNames } from '#lib/config/secret-files.ts'
import { root } from '../root.mjs'

const folder = path.join(root, 'deploy/kubernetes')
const parts = readdirSync(folder)
const read = (file: string) => parse(readFileSync(path.join(root, file), 'utf8'))
const manifest = (file: string) => read(`deploy/kubernetes/${file}`)

const kinds: Record<string, new (data: never) => { validate(): void }> = {
  'apps/v1/Deployment': Deployment,
  'autoscaling/v2/HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'networking.k8s.io/v1/Ingress': Ingress,
  'networking.k8s.io/v1/NetworkPolicy': NetworkPolicy,
  'policy/v1/PodDisruptionBudget': PodDisruptionBudget,
  'v1/Namespace': Namespace,
  'v1/Service': Service,
  'v1/ServiceAccount': ServiceAccount,
}
/** Of the Prometheus operator: nothing here knows what it allows. */
const foreign = 'monitoring.coreos.com/v1/ServiceMonitor'

function validate(data: { apiVersion: string; kind: string }): void {
  const kind = `${data.apiVersion}/${data.kind}`
  if (kind === foreign) return
  const Model = kinds[kind]
  if (Model === undefined) throw new Error(`no schema for ${kind}`)
  new Model(data as never).validate()
}

const names = [...configurationKeys().flatMap((key) => key.names), ...OTHER_NAMES, ...secretFileNames]

describe.each(parts)('deploy/kubernetes/%s', (part) => {
  const files = readdirSync(path.join(folder, part))

  it('lists what is in it, and what exists', () => {
    const { kind, resources, components = [] } = manifest(`${part}/kustomization.yaml`)
    expect(kind).toBe(['base', 'example'].includes(part) ? 'Kustomization' : 'Component')
    for (const name of [...resources, ...components])
      expect(existsSync(path.join(folder, part, name))).toBe(true)
    expect([...resources, 'kustomization.yaml']).toEqual(expect.arrayContaining(files))
  })

  it.each(files.filter((name) => name !== 'kustomization.yaml'))('%s is what Kubernetes takes', (name) => {
    expect(() => validate(manifest(`${part}/${name}`))).not.toThrow()
  })
})

it('sees what Kubernetes does not take', () => {
  const wrong = manifest('base/service.yaml')
  wrong.spec.ports[0].port = 'http'
  expect(() => validate(wrong)).toThrow('port')
})

describe('the pods', () => {
  const { spec } = manifest('base/deployment.yaml').spec.template
  const [container] = spec.containers

  it('are given settings that exist', () => {
    const literals: string[] = manifest('example/kustomization.yaml').configMapGenerator[0].literals
    const given = [
      ...container.env.map(({ name }: { name: string }) => name),
      ...literals.map((literal) => literal.split('=')[0]),
    ]
    expect(names).toEqual(expect.arrayContaining(given))
    expect(given).toEqual(expect.arrayContaining(['DATABASE_URL_FILE', 'INCIPIT_SECRET_FILE', 'INCIPIT_URL']))
  })

  it('are asked at addresses that answer', () => {
    const { startupProbe, livenessProbe, readinessProbe } = container
    expect(container.ports[0]).toEqual({ name: 'http', containerPort: 3000 })
    expect([startupProbe, livenessProbe].map(({ httpGet }) => httpGet.path)).toEqual([
      '/health/live',
      '/health/live',
    ])
    expect(readinessProbe.httpGet.path).toBe('/health/ready')
    for (const probe of ['live', 'ready'])
      expect(existsSync(path.join(root, 'app/health', probe, 'route.ts'))).toBe(true)
  })

  it('are seen to end before they do, and have the time for it', () => {
    const [drain, shutdown] = [5, 10]
    const { periodSeconds, failureThreshold } = container.readinessProbe
    expect(periodSeconds * failureThreshold).toBeLessThan(drain)
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(drain + shutdown + 3)
  })

  it('can write to volumes alone, and rise to nothing', () => {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)).toEqual(
      expect.arrayContaining(['/data', '/tmp']),
    )
  })
})

describe('templates of platforms', () => {
  it('render.yaml has settings that exist', () => {
    const [service] = read('render.yaml').services
    expect(names).toEqual(expect.arrayContaining(service.envVars.map(({ key }: { key: string }) => key)))
    expect(service).toMatchObject({ runtime: 'docker', healthCheckPath: '/health/ready' })
    expect(existsSync(path.join(root, service.dockerfilePath))).toBe(true)
  })

  it('railway.json names what exists', () => {
    const { build, deploy } = JSON.parse(readFileSync(path.join(root, 'railway.json'), 'utf8'))
    expect(existsSync(path.join(root, build.dockerfilePath))).toBe(true)
    expect(deploy.healthcheckPath).toBe('/health/ready')
  })

  it('Dockerfile sets settings that exist, and copies what exists', () => {
    const text = readFileSync(path.join(root, 'Dockerfile'), 'utf8')
    const set = [...text.matchAll(/^(?:ENV)? +([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(set.length).toBeGreaterThan(4)
    const others = ['NODE_ENV', 'NEXT_TELEMETRY_DISABLED', 'MALLOC_ARENA_MAX']
    expect([...names, ...others]).toEqual(expect.arrayContaining(set))
    const ignored = readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n')
    for (const line of ignored.filter((each) => each.startsWith('!')))
      expect(existsSync(path.join(root, line.slice(1)))).toBe(true)
  })
})
