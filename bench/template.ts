import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { HOSTILE_TEXTS, HOSTILE_VALUES, HOSTILE_VARIABLES } from '../lib/liquid/hostile.ts'
import type { PromptContent } from '../lib/prompts/content/content.ts'
import { createSafeRenderer } from '../lib/prompts/rendering/safe-render.ts'
import type { PromptSource } from '../lib/prompts/template/types.ts'
import { analyse, compilePrompt, inferVariables, renderPrompt } from '../lib/prompts/template.ts'

/*
 * The template core alone: how many compiles, renders and analyses a second, and how long hostile
 * templates hold the event loop. Run: node bench/template.ts [--seconds 1]
 * The baseline of the same run is String.replace over the same text.
 */

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '1' } } })
const SECONDS = Number(options.seconds)

function sample(): { source: PromptSource; values: Record<string, string> } {
  const sentence =
    'You are a careful engineer. Keep to what is asked, name what you assume, and say plainly what you do not know. '
  const names = Array.from({ length: 10 }, (_, index) => `value_${index}`)
  const text = names
    .map((name, index) =>
      index % 3 === 0
        ? `## Part ${index}\n${sentence}{% if ${name} %}\nMind this: {{ ${name} | strip }}{% endif %}\n`
        : `## Part ${index}\n${sentence}\n- {{ ${name} }}\n`,
    )
    .join('\n')
    .padEnd(2_048, sentence)
  const content: PromptContent = { kind: 'text', template_content: text }
  const values = Object.fromEntries(names.map((name) => [name, `what ${name} says, in a few words`]))
  return { source: { content, variables: inferVariables(analyse(content)), includes: new Map() }, values }
}

/** Calls a second, after a warm-up. */
function rate(run: () => unknown): number {
  for (let warm = performance.now() + 300; performance.now() < warm; ) run()
  const start = performance.now()
  let calls = 0
  while (performance.now() - start < SECONDS * 1_000) {
    for (let batch = 0; batch < 20; batch++) run()
    calls += 20
  }
  return (calls / (performance.now() - start)) * 1_000
}

function throughput(): void {
  const { source, values } = sample()
  const compiled = compilePrompt(source)
  const { content } = source
  const text = content.kind === 'text' ? content.template_content : ''
  // The byte length flattens the result, as sending it would.
  const size = (result: string) => Buffer.byteLength(result)
  const baseline = rate(() =>
    size(text.replace(/\{\{ (\w+)[^}]*\}\}/g, (_mark, name: string) => values[name] ?? '')),
  )
  const rows = {
    'String.replace (baseline)': baseline,
    'render, compiled': rate(() => size(renderPrompt(compiled, values).content)),
    compile: rate(() => compilePrompt(source)),
    analyse: rate(() => analyse(content)),
  }
  console.log(`A template of ${text.length} characters with ten variables`)
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([name, perSecond]) => [
        name,
        {
          'per second': Math.round(perSecond),
          'µs each': Number((1e6 / perSecond).toFixed(1)),
          'of baseline': Number((perSecond / baseline).toFixed(3)),
        },
      ]),
    ),
  )
}

/** Milliseconds that a template takes on this thread: analysis, and compile with render. */
function inline(
  text: string,
  values: Record<string, unknown>,
): { analyse: number; render: number; ends: string } {
  const content: PromptContent = { kind: 'text', template_content: text }
  const start = performance.now()
  analyse(content)
  const analysed = performance.now()
  let ends = 'done'
  try {
    renderPrompt(compilePrompt({ content, variables: HOSTILE_VARIABLES, includes: new Map() }), values)
  } catch (error) {
    ends = error instanceof Error ? error.message : String(error)
  }
  return { analyse: analysed - start, render: performance.now() - analysed, ends: ends.slice(0, 60) }
}

async function hostile(): Promise<void> {
  const values = HOSTILE_VALUES
  const safe = createSafeRenderer({ root: process.cwd(), timeoutMs: 250, workers: 1 })
  await safe.warm()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const rows: Record<string, Record<string, number | string>> = {}
  for (const [name, text] of Object.entries(HOSTILE_TEXTS)) {
    const { analyse: analysis, render, ends } = inline(text, values)
    const content: PromptContent = { kind: 'text', template_content: text }
    delay.reset()
    delay.enable()
    const start = performance.now()
    await safe
      .render({ content, variables: HOSTILE_VARIABLES, includes: new Map() }, values)
      .catch(() => undefined)
    const took = performance.now() - start
    delay.disable()
    rows[name] = {
      'analyse ms': Math.round(analysis),
      'inline ms': Math.round(render),
      'in worker ms': Math.round(took),
      'loop held ms': Number((delay.max / 1e6).toFixed(1)),
      ends,
    }
  }
  await safe.close()
  console.log('\nHostile templates: on this thread, and as a draft in a worker (killed at 250 ms)')
  console.table(rows)
}

throughput()
await hostile()
