import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { dashboardText } from './dashboard.ts'
import { readsOf } from './promql.ts'
import { type Registered, registeredMetrics } from './registered.ts'

/* What docs/monitoring says about metrics holds for those that an instance has. */

const ROOT = path.resolve(import.meta.dirname, '../..')
const read = (name: string) => readFileSync(path.join(ROOT, 'docs/monitoring', name), 'utf8')

/** Labels that Prometheus adds to everything. */
const ADDED = ['job', 'instance']
/** Those that Prometheus makes itself. */
const OWN: Readonly<Record<string, string[]>> = { up: [] }

let known: ReadonlyMap<string, readonly string[]>
let registered: Registered[]
/** Kept for older dashboards; another name says the same. */
const NAMES_OF_BEFORE = new Set([
  'incipit_cached',
  'incipit_change_streams',
  'incipit_generation_streams',
  'incipit_mcp_subscriptions',
])
beforeAll(async () => {
  registered = await registeredMetrics()
  known = new Map([
    ...Object.entries(OWN),
    ...registered.flatMap(({ name, type, labels }): [string, readonly string[]][] =>
      type === 'histogram'
        ? [
            [`${name}_bucket`, [...labels, 'le']],
            [`${name}_sum`, labels],
            [`${name}_count`, labels],
          ]
        : [[name, labels]],
    ),
  ])
})

/** What a query names and there is not. */
function unknownIn(query: string): string[] {
  const { metrics, grouped } = readsOf(query)
  const wrong = metrics.flatMap(({ name, labels }) => {
    const own = known.get(name)
    if (own === undefined) return [name]
    return labels
      .filter((label) => !own.includes(label) && !ADDED.includes(label))
      .map((label) => `${name}{${label}}`)
  })
  const labels = metrics.flatMap(({ name }) => known.get(name) ?? [])
  return [...wrong, ...grouped.filter((label) => !labels.includes(label) && !ADDED.includes(label))]
}

interface Panel {
  type: string
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { expr: string; legendFormat: string }[]
}

describe('dashboard.json', () => {
  const { panels, templating, annotations } = JSON.parse(read('dashboard.json')) as {
    panels: Panel[]
    templating: { list: { name: string; query: string | { query: string } }[] }
    annotations: { list: { expr: string }[] }
  }
  const queries = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })))

  it('is as the panels of scripts/monitoring have it', () => {
    expect(read('dashboard.json')).toBe(dashboardText())
  })

  it('asks for metrics and labels that there are', () => {
    expect(queries.length).toBeGreaterThan(60)
    for (const { title, expr, legendFormat } of queries) {
      expect({ title, unknown: unknownIn(expr) }).toEqual({ title, unknown: [] })
      // A series is named by labels that the query leaves.
      const left = [...readsOf(expr).grouped, ...ADDED]
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(left).toContain(label)
    }
    for (const { expr } of annotations.list) expect(unknownIn(expr)).toEqual([])
    const choices = templating.list.flatMap(({ query }) => (typeof query === 'object' ? [query.query] : []))
    const chosen = choices.map((text) => /^label_values\((.*), (\w+)\)$/.exec(text)?.slice(1) ?? [])
    expect(chosen.map(([, label]) => label)).toEqual(ADDED)
    for (const [selector = ''] of chosen) expect(unknownIn(selector)).toEqual([])
  })

  it('shows every metric of ours, and asks for the chosen instances alone', () => {
    const shown = new Set(queries.flatMap(({ expr }) => readsOf(expr).metrics.map(({ name }) => name)))
    const missing = registered
      .map(({ name }) => name)
      .filter((name) => name.startsWith('incipit_') && !NAMES_OF_BEFORE.has(name))
      .filter((name) => ![name, `${name}_bucket`, `${name}_count`].some((each) => shown.has(each)))
    expect(missing).toEqual([])
    for (const { expr } of queries)
      for (const { labels } of readsOf(expr).metrics) expect(labels.slice(0, 2)).toEqual(['job', 'instance'])
  })

  it('has no panel over another one or beside the page', () => {
    const taken = new Set<string>()
    for (const { gridPos: at } of panels)
      for (let x = at.x; x < at.x + at.w; x++)
        for (let y = at.y; y < at.y + at.h; y++) {
          expect(x).toBeLessThan(24)
          expect(taken.has(`${x} ${y}`)).toBe(false)
          taken.add(`${x} ${y}`)
        }
  })
})

describe('alerts.yaml', () => {
  const { groups } = parse(read('alerts.yaml')) as {
    groups: {
      rules: {
        alert: string
        expr: string
        labels: Record<string, string>
        annotations: Record<string, string>
      }[]
    }[]
  }
  const rules = groups.flatMap((group) => group.rules)

  it('asks for metrics and labels that there are', () => {
    expect(rules.length).toBeGreaterThan(20)
    for (const { alert, expr, annotations } of rules) {
      expect({ alert, unknown: unknownIn(expr) }).toEqual({ alert, unknown: [] })
      const { metrics, grouped } = readsOf(expr)
      const left = [...metrics.flatMap(({ name }) => known.get(name) ?? []), ...grouped, ...ADDED]
      for (const [, label = ''] of (annotations.summary ?? '').matchAll(/\$labels\.(\w+)/g))
        expect(left).toContain(label)
    }
  })

  it('has a paragraph of the runbook for each, which its address leads to', () => {
    const runbook = read('runbook.md')
    const headings = [...runbook.matchAll(/^## (\w+)\n(.+)/gm)]
    expect(headings.map(([, name]) => name)).toEqual(rules.map(({ alert }) => alert))
    for (const [, , text = ''] of headings) expect(text.length).toBeGreaterThan(100)
    for (const { alert, labels, annotations } of rules) {
      expect(['page', 'ticket']).toContain(labels.severity)
      const [file = '', anchor] = (annotations.runbook_url ?? '').split('#')
      expect(existsSync(path.join(ROOT, file))).toBe(true)
      expect(anchor).toBe(alert.toLowerCase())
    }
  })

  it('has keys and links in the runbook that there are', () => {
    const runbook = read('runbook.md')
    const configuration = readFileSync(path.join(ROOT, 'docs/configuration.md'), 'utf8')
    for (const [, key = ''] of runbook.matchAll(/`((?:ai|database|inngest|limits|security)\.\w+)`/g))
      expect(configuration).toContain(`| \`${key}\` |`)
    for (const [, link = ''] of runbook.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g))
      expect(existsSync(path.join(ROOT, 'docs/monitoring', link))).toBe(true)
  })
})
