import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { until } from '../faults/harness/until.ts'
import { startApp } from '../start-app.ts'
import { ALERT_CASES, type Series } from './alert-cases.ts'
import { promtool, startPrometheus } from './prometheus.ts'

/** What docs/monitoring has, by the word of Prometheus itself. */

const FOLDER = path.resolve(import.meta.dirname, '../../docs/monitoring')
const RULES = path.join(FOLDER, 'alerts.yaml')

async function alertNames(): Promise<string[]> {
  const { groups } = parse(await readFile(RULES, 'utf8')) as { groups: { rules: { alert: string }[] }[] }
  return groups.flatMap(({ rules }) => rules.map(({ alert }) => alert))
}

it('promtool takes the rules', async () => {
  expect(await promtool('check', 'rules', RULES)).toContain('SUCCESS')
})

it('each alert fires when it is to, and is quiet else', async () => {
  expect(Object.keys(ALERT_CASES)).toEqual(await alertNames())
  const tests = Object.entries(ALERT_CASES).flatMap(([alert, { at, fires, quiet }]) => [
    ruleTest(alert, at, fires, [{ labels: '{}', value: 1 }]),
    ruleTest(alert, at, quiet, []),
  ])
  const folder = await mkdtemp(path.join(tmpdir(), 'incipit-rules-'))
  try {
    const file = path.join(folder, 'rules.json')
    await writeFile(file, JSON.stringify({ rule_files: [RULES], evaluation_interval: '1m', tests }))
    expect(await promtool('test', 'rules', file)).toContain('SUCCESS')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

function ruleTest(name: string, at: string, series: Series, exp_samples: object[]) {
  const input_series = Object.entries(series).map(([each, values]) => ({ series: each, values }))
  const expr = `count(ALERTS{alertname="${name}",alertstate="firing"})`
  return { name, interval: '1m', input_series, promql_expr_test: [{ expr, eval_time: at, exp_samples }] }
}

it('Prometheus scrapes the production build and answers what the dashboard asks', async () => {
  const app = await startApp()
  const prometheus = await startPrometheus(`127.0.0.1:${app.port}`, RULES)
  try {
    expect(await prometheus.rules()).toEqual(await alertNames())
    await until('the app is scraped', async () => {
      const targets = await prometheus.targets()
      return targets[`${app.url}/metrics`] === 'up'
    })
    const { panels } = JSON.parse(await readFile(path.join(FOLDER, 'dashboard.json'), 'utf8')) as {
      panels: { title: string; targets?: { expr: string }[] }[]
    }
    const queries = panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ title, expr: chosen(expr) })),
    )
    for (const title of ['Instances ready', 'Requests', 'Time of REST'])
      await until(
        `"${title}" is above nothing`,
        async () => {
          // Something to count.
          await (await fetch(`${app.url}/api/prompts`)).arrayBuffer()
          const expr = queries.find((query) => query.title === title)?.expr ?? ''
          const [sample] = await prometheus.query(expr)
          return Number(sample?.value[1]) > 0
        },
        { within: 30_000 },
      )
    for (const { expr } of queries) expect(Array.isArray(await prometheus.query(expr))).toBe(true)
  } finally {
    await prometheus.stop()
    await app.stop()
  }
})

/** As Grafana asks once job and instances are chosen. */
function chosen(expression: string): string {
  return expression
    .replaceAll('$job', 'incipit')
    .replaceAll('$instance', '.*')
    .replaceAll('$__rate_interval', '10s')
}
